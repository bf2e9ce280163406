use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use moka::{ops::compute::Op, policy::EvictionPolicy, sync::Cache};

use super::{Hold, StoreEntry, StoreKey, ValidatorStore};

/// Number of rejections that are kept at the same time.
const MAX_REJECTIONS: usize = 4096;

/// A bounded store in memory that drops the least recently used entry, but no rejection.
///
/// Eviction is strictly by recency. A policy that weighs popularity could drop a resource right
/// after it was read, and leave the write that follows without a guard.
///
/// Rejections do not take part in it. If 4096 resources are rejected, and none of them was read
/// since, the store no longer distinguishes them: then a write of any resource that it does not
/// know counts as rejected until that resource is read, or [`clear`](Self::clear) is called.
///
/// Clones share their entries.
///
/// # Memory
///
/// For each resource there is one entry per user, and one small entry for all of them.
/// The store holds copies, never slices of a connection's buffer. An entry has at most eight
/// representations with two tags of at most 4096 bytes each, which makes 64 KiB. On top of that
/// come the URI, the credentials, and the values of the request fields that `Vary` names. A hostile
/// server can thus fill 64 MiB of a store of 1024 resources with tags. Ordinary tags need less than
/// 1 KiB per resource.
///
/// ```
/// use tower_conditional::client::{ConditionalClientLayer, store::MemoryStore};
///
/// let store = MemoryStore::new(10_000);
/// let one = ConditionalClientLayer::new().store(store.clone());
/// let other = ConditionalClientLayer::new().store(store);
/// ```
#[derive(Clone)]
pub struct MemoryStore {
    entries: Cache<StoreKey, StoreEntry>,
    /// The tag holds. They can be dropped, as the tags can.
    tagged: Cache<StoreKey, Hold>,
    rejected: Arc<Mutex<Rejections>>,
}

#[derive(Default)]
struct Rejections {
    holds: HashMap<StoreKey, Hold>,
    /// Stands for all rejections that found no place.
    others: Option<Hold>,
}

impl MemoryStore {
    /// Creates a store for at most `capacity` resources. Users of one resource count one by one.
    pub fn new(capacity: u64) -> Self {
        Self {
            entries: lru(capacity),
            tagged: lru(capacity),
            rejected: Arc::default(),
        }
    }

    /// Returns the number of resources in the store, counted once for each user.
    pub fn len(&self) -> u64 {
        // The count is only correct once pending writes and evictions are done.
        self.entries.run_pending_tasks();
        self.entries.entry_count()
    }

    /// Reports whether the store is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Removes all entries, rejections included.
    pub fn clear(&self) {
        let mut rejected = self.rejected();
        self.entries.invalidate_all();
        self.tagged.invalidate_all();
        *rejected = Rejections::default();
    }

    fn rejected(&self) -> MutexGuard<'_, Rejections> {
        self.rejected.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hold(&self, key: &StoreKey, rejected: &Rejections) -> Option<Hold> {
        let hold = rejected.holds.get(key).copied();
        hold.or_else(|| self.tagged.get(key)).or(rejected.others)
    }

    fn update_shared(&self, key: &StoreKey, change: &mut dyn FnMut(&mut StoreEntry)) {
        let mut rejected = self.rejected();
        let mut entry = StoreEntry::new().with_hold(self.hold(key, &rejected));
        change(&mut entry);
        match entry.hold() {
            Some(hold) if hold.is_rejection() => {
                rejected.insert(key, hold);
                self.tagged.invalidate(key);
            }
            Some(hold) => {
                self.tagged.insert(key.clone(), hold);
                rejected.holds.remove(key);
            }
            None => {
                self.tagged.invalidate(key);
                rejected.holds.remove(key);
            }
        }
    }
}

impl Rejections {
    fn insert(&mut self, key: &StoreKey, hold: Hold) {
        if self.others == Some(hold) {
            return;
        }
        if self.holds.len() >= MAX_REJECTIONS && !self.holds.contains_key(key) {
            self.holds.clear();
            // Another one each time: some users may have been released from the one before.
            self.others = Some(Hold::rejected());
        }
        self.holds.insert(key.clone(), hold);
    }
}

fn lru<T: Clone + Send + Sync + 'static>(capacity: u64) -> Cache<StoreKey, T> {
    Cache::builder()
        .max_capacity(capacity)
        .eviction_policy(EvictionPolicy::lru())
        .build()
}

impl Default for MemoryStore {
    /// Creates a store for 1024 resources.
    fn default() -> Self {
        Self::new(1024)
    }
}

impl ValidatorStore for MemoryStore {
    fn get(&self, key: &StoreKey) -> Option<StoreEntry> {
        if key.is_shared() {
            let hold = self.hold(key, &self.rejected());
            return hold.map(|hold| StoreEntry::new().with_hold(Some(hold)));
        }
        self.entries.get(key)
    }

    fn update(&self, key: &StoreKey, change: &mut dyn FnMut(&mut StoreEntry)) {
        if key.is_shared() {
            return self.update_shared(key, change);
        }
        self.entries.entry_by_ref(key).and_compute_with(|known| {
            let exists = known.is_some();
            let mut entry = known.map_or_else(StoreEntry::new, |known| known.into_value());
            change(&mut entry);
            match (entry.is_empty(), exists) {
                (false, _) => Op::Put(entry),
                (true, true) => Op::Remove,
                (true, false) => Op::Nop,
            }
        });
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore")
            .field("capacity", &self.entries.policy().max_capacity())
            .finish_non_exhaustive()
    }
}
