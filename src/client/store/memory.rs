use std::fmt;

use moka::{ops::compute::Op, policy::EvictionPolicy, sync::Cache};

use super::{Entry, Key, ValidatorStore};

/// A bounded store in memory, which drops what was used longest ago. What was just read is always
/// remembered: a policy that admits by popularity would leave the write after it without a guard.
///
/// # Memory
///
/// It keeps copies, never parts of a connection's buffer. A resource takes at most 64 KiB for tags
/// (eight representations, with two tags of at most 4096 bytes each), and its URI, its credentials
/// and what the caller's requests said in the fields that Vary names, as long as these are. That is
/// 64 MiB of tags for 1024 resources of a hostile server; usual tags take less than 1 KiB a
/// resource.
///
/// Clones share what they remember.
///
/// ```
/// use tower_conditional::client::{ConditionalClientLayer, MemoryStore};
///
/// let store = MemoryStore::new(10_000);
/// let one = ConditionalClientLayer::new().store(store.clone());
/// let other = ConditionalClientLayer::new().store(store);
/// ```
#[derive(Clone)]
pub struct MemoryStore {
    entries: Cache<Key, Entry>,
}

impl MemoryStore {
    /// Remembers at most so many resources.
    pub fn new(capacity: u64) -> Self {
        Self {
            entries: Cache::builder()
                .max_capacity(capacity)
                .eviction_policy(EvictionPolicy::lru())
                .build(),
        }
    }

    /// How many resources are remembered.
    pub fn len(&self) -> u64 {
        // The count lags behind the bookkeeping.
        self.entries.run_pending_tasks();
        self.entries.entry_count()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets all.
    pub fn clear(&self) {
        self.entries.invalidate_all();
    }
}

/// 1024 resources.
impl Default for MemoryStore {
    fn default() -> Self {
        Self::new(1024)
    }
}

impl ValidatorStore for MemoryStore {
    fn get(&self, key: &Key) -> Option<Entry> {
        self.entries.get(key)
    }

    fn update(&self, key: &Key, change: &mut dyn FnMut(&mut Entry)) {
        self.entries.entry_by_ref(key).and_compute_with(|known| {
            let exists = known.is_some();
            let mut entry = known.map_or_else(Entry::new, |known| known.into_value());
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
