//! What has been written, by path.
//!
//! Each path that has an answer in the cache or a question to the source has one [`Path`], which
//! counts the writes that have ended. Those two own it, and the table only refers to it. So the
//! table is as large as what the cache holds, and a write to one path says nothing of another. A
//! write looks for the path when it ends. If there is none, nobody has an answer from before.

use std::{
    borrow::Cow,
    collections::{HashMap, hash_map::Entry},
    fmt,
};

use http::{Uri, uri::PathAndQuery};

// The models in `tests/interleavings` compile this file with other types of these names.
use super::sync::{Arc, AtomicU64, Mutex, MutexGuard, Ordering, PoisonError, Weak};
use crate::target::class;

/// The table of paths. Nothing else is locked or called while it is locked.
#[derive(Clone, Default)]
pub(super) struct Paths(Arc<Table>);

#[derive(Default)]
struct Table {
    /// By the class of the path, so that all names of a resource have one count. The hasher is
    /// keyed, because clients choose the paths.
    paths: Mutex<HashMap<Arc<[u8]>, Weak<Path>>>,
    /// The number of times that everything was invalidated.
    cleared: AtomicU64,
}

struct Path {
    class: Arc<[u8]>,
    writes: AtomicU64,
    table: Arc<Table>,
}

impl Paths {
    fn path(&self, path: &str) -> Arc<Path> {
        let class = class_of(path);
        let mut paths = self.0.lock();
        if let Some(path) = paths.get(&*class).and_then(Weak::upgrade) {
            return path;
        }
        let class: Arc<[u8]> = class.into();
        let path = Arc::new(Path {
            class: class.clone(),
            writes: AtomicU64::new(0),
            table: self.0.clone(),
        });
        paths.insert(class, Arc::downgrade(&path));
        path
    }

    /// Returns what has been written to this path so far.
    pub(super) fn seen(&self, path: &str) -> Seen {
        let path = self.path(path);
        Seen {
            count: path.count(),
            path,
        }
    }

    /// Begins a write, which ends when the returned value is dropped.
    pub(super) fn begin(&self, uri: &Uri) -> Write {
        let path = uri.path_and_query().cloned();
        Write {
            paths: self.clone(),
            path: Some(path.unwrap_or_else(|| PathAndQuery::from_static("/"))),
        }
    }

    /// Invalidates all answers for this path.
    pub(super) fn forget(&self, path: &str) {
        let class = class_of(path);
        let path = self.0.lock().get(&*class).and_then(Weak::upgrade);
        if let Some(path) = path {
            path.writes.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Invalidates all answers.
    pub(super) fn forget_all(&self) {
        self.0.cleared.fetch_add(1, Ordering::SeqCst);
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.lock().len()
    }
}

impl Table {
    fn lock(&self) -> MutexGuard<'_, HashMap<Arc<[u8]>, Weak<Path>>> {
        self.paths.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Path {
    /// The sum changes if either number does, because neither ever decreases.
    fn count(&self) -> u64 {
        self.writes.load(Ordering::SeqCst) + self.table.cleared.load(Ordering::SeqCst)
    }
}

impl Drop for Path {
    fn drop(&mut self) {
        let mut paths = self.table.lock();
        if let Entry::Occupied(known) = paths.entry(self.class.clone()) {
            // Another value may have taken the place since the last owner of this one went away.
            if known.get().strong_count() == 0 {
                known.remove();
            }
        }
    }
}

impl fmt::Debug for Paths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Paths")
    }
}

/// What had been written to a path at some moment.
#[derive(Clone)]
pub(super) struct Seen {
    path: Arc<Path>,
    count: u64,
}

impl Seen {
    /// Reports whether nothing has been written since.
    pub(super) fn is_current(&self) -> bool {
        self.path.count() == self.count
    }
}

/// A write in progress. It ends when this is dropped: after a response, an error, or a
/// cancellation.
pub(super) struct Write {
    paths: Paths,
    path: Option<PathAndQuery>,
}

impl Write {
    /// Ends the write as one that changed nothing.
    pub(super) fn changed_nothing(mut self) {
        self.path = None;
    }
}

impl Drop for Write {
    fn drop(&mut self) {
        if let Some(path) = &self.path {
            self.paths.forget(path.path());
        }
    }
}

/// Returns the class of a path. Most paths have it in them.
pub(super) fn class_of(path: &str) -> Cow<'_, [u8]> {
    let within = path.as_bytes().strip_prefix(b"/").filter(|segments| {
        let mut last = b'/';
        let are_plain = segments.iter().all(|&byte| {
            let is_plain = byte != b'%' && !(last == b'/' && matches!(byte, b'/' | b'.'));
            last = byte;
            is_plain
        });
        are_plain && (segments.is_empty() || last != b'/')
    });
    within.map_or_else(|| class(path).into(), Cow::Borrowed)
}
