use std::{
    collections::hash_map::RandomState,
    fmt,
    hash::BuildHasher,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// How many writes are over, counted by the hash of their paths.
///
/// An entry holds the count that was read before its source was asked, and is of use only while
/// the count is still that. A slow answer can therefore never outlive a write that it may not have
/// seen, whenever it is put into the cache. Paths that share a counter cost each other a question.
#[derive(Clone)]
pub(super) struct Writes {
    counters: Arc<[AtomicU64]>,
    hasher: RandomState,
}

const COUNTERS: usize = 1024;

impl Writes {
    pub(super) fn new() -> Self {
        Self {
            counters: (0..COUNTERS).map(|_| AtomicU64::new(0)).collect(),
            hasher: RandomState::new(),
        }
    }

    fn index(&self, path: &str) -> usize {
        (self.hasher.hash_one(path) % COUNTERS as u64) as usize
    }

    pub(super) fn over(&self, path: &str) -> u64 {
        self.counters[self.index(path)].load(Ordering::SeqCst)
    }

    pub(super) fn begin(&self, path: &str) -> Write {
        Write {
            index: self.index(path),
            writes: self.clone(),
        }
    }

    pub(super) fn forget_all(&self) {
        for counter in self.counters.iter() {
            counter.fetch_add(1, Ordering::SeqCst);
        }
    }
}

impl fmt::Debug for Writes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Writes")
    }
}

/// A write that is over when this is dropped: it was answered, failed, or was cancelled.
#[derive(Debug)]
pub(super) struct Write {
    index: usize,
    writes: Writes,
}

impl Drop for Write {
    fn drop(&mut self) {
        self.writes.counters[self.index].fetch_add(1, Ordering::SeqCst);
    }
}
