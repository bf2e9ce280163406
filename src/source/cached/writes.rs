use std::{
    collections::hash_map::RandomState,
    fmt,
    hash::BuildHasher,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// Counts the writes that have ended, by the hash of their paths.
///
/// An entry holds the count from before the source was asked, and is valid only while the count
/// stays the same. So a slow answer is never used after a write that it may not include, no matter
/// when it is put into the cache. If the hashes of two paths collide, a write to one path
/// invalidates the answers for the other, which costs one look-up.
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

    /// Returns the number of writes to this path that have ended.
    pub(super) fn over(&self, path: &str) -> u64 {
        self.counters[self.index(path)].load(Ordering::SeqCst)
    }

    /// Begins a write, which ends when the returned value is dropped.
    pub(super) fn begin(&self, path: &str) -> Write {
        Write {
            index: self.index(path),
            writes: self.clone(),
        }
    }

    /// Invalidates the entries of all paths.
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

/// A write in progress. It ends when this is dropped: after a response, an error, or a
/// cancellation.
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
