use std::fmt;

use moka::{ops::compute::Op, policy::EvictionPolicy, sync::Cache};

use super::{StoreEntry, StoreKey, ValidatorStore};

/// A bounded store in memory that drops the least recently used entry.
///
/// Eviction is strictly by recency. A policy that weighs popularity could drop a resource right
/// after it was read, and leave the write that follows without a guard.
///
/// Clones share their entries.
///
/// # Memory
///
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
}

impl MemoryStore {
    /// Creates a store for at most `capacity` resources.
    pub fn new(capacity: u64) -> Self {
        Self {
            entries: Cache::builder()
                .max_capacity(capacity)
                .eviction_policy(EvictionPolicy::lru())
                .build(),
        }
    }

    /// Returns the number of resources in the store.
    pub fn len(&self) -> u64 {
        // The count is only correct once pending writes and evictions are done.
        self.entries.run_pending_tasks();
        self.entries.entry_count()
    }

    /// Reports whether the store is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Removes all entries.
    pub fn clear(&self) {
        self.entries.invalidate_all();
    }
}

impl Default for MemoryStore {
    /// Creates a store for 1024 resources.
    fn default() -> Self {
        Self::new(1024)
    }
}

impl ValidatorStore for MemoryStore {
    fn get(&self, key: &StoreKey) -> Option<StoreEntry> {
        self.entries.get(key)
    }

    fn update(&self, key: &StoreKey, change: &mut dyn FnMut(&mut StoreEntry)) {
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
