use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{
    Hold, StoreEntry, StoreKey, ValidatorStore,
    table::{Id, Table},
};

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
/// For each resource there is one entry per user. If none of them is without credentials, there is
/// one more small entry for all of them. The store holds copies, never slices of a connection's
/// buffer. An entry has at most eight representations with two tags of at most 4096 bytes each,
/// which makes 64 KiB. On top of that come the URI, the credentials, and the values of the request
/// fields that `Vary` names. A hostile server can thus fill 64 MiB of a store of 1024 resources with
/// tags. A resource with a URI of 40 bytes and an ordinary tag of 34 needs about 300 bytes.
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
    memory: Arc<Mutex<Memory>>,
}

struct Memory {
    capacity: usize,
    /// One entry for each user. The one for the user without credentials also has the tag hold of all
    /// users, so that most resources need no other entry.
    entries: Table<StoreEntry>,
    /// The tag holds of all other resources. They can be dropped, as the tags can.
    tagged: Table<Hold>,
    rejections: Rejections,
}

struct Rejections {
    holds: Table<Hold>,
    /// Stands for all rejections that found no place.
    others: Option<Hold>,
}

impl MemoryStore {
    /// Creates a store for at most `capacity` resources. Users of one resource count one by one.
    pub fn new(capacity: u64) -> Self {
        let capacity = usize::try_from(capacity).unwrap_or(usize::MAX);
        Self {
            memory: Arc::new(Mutex::new(Memory::new(capacity))),
        }
    }

    /// Returns the number of resources in the store, counted once for each user.
    pub fn len(&self) -> u64 {
        u64::try_from(self.lock().entries.len()).unwrap_or(u64::MAX)
    }

    /// Reports whether the store is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Removes all entries, rejections included.
    pub fn clear(&self) {
        let mut memory = self.lock();
        *memory = Memory::new(memory.capacity);
    }

    fn lock(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Memory {
    fn new(capacity: usize) -> Self {
        Self {
            capacity,
            entries: Table::new(),
            tagged: Table::new(),
            rejections: Rejections {
                holds: Table::new(),
                others: None,
            },
        }
    }

    /// Returns the hold of the resource that all users share.
    fn hold(&mut self, key: &StoreKey) -> Option<Hold> {
        let id = Id::all(key);
        let tag_hold = match self.entries.peek(id) {
            Some(entry) => entry.hold(),
            None => self.tagged.get(id).copied(),
        };
        self.rejections.or(id, tag_hold)
    }

    fn set_tag_hold(&mut self, id: Id<'_>, hold: Option<Hold>) {
        match (self.entries.peek(id), hold) {
            (Some(entry), _) => entry.set_hold(hold),
            (None, None) => drop(self.tagged.remove(id)),
            (None, Some(hold)) => {
                self.tagged.insert(id, hold);
                self.tagged.evict(self.capacity);
            }
        }
    }

    fn update_shared(&mut self, key: &StoreKey, change: &mut dyn FnMut(&mut StoreEntry)) {
        let mut entry = StoreEntry::new().with_hold(self.hold(key));
        change(&mut entry);
        let id = Id::all(key);
        match entry.hold() {
            Some(hold) if hold.is_rejection() => {
                self.rejections.insert(id, hold);
                self.set_tag_hold(id, None);
            }
            hold => {
                self.set_tag_hold(id, hold);
                self.rejections.holds.remove(id);
            }
        }
    }

    fn update(&mut self, key: &StoreKey, change: &mut dyn FnMut(&mut StoreEntry)) {
        let id = Id::user(key);
        let known = self.entries.get(id);
        let mut entry = known.as_deref().map_or_else(StoreEntry::new, of_user);
        change(&mut entry);
        // The hold of all users is not the user's to change.
        entry.set_hold(None);
        match (known, entry.is_empty()) {
            (None, true) => {}
            (None, false) => self.insert(id, entry),
            (Some(known), false) => *known = entry.with_hold(known.hold()),
            (Some(known), true) => {
                let tag_hold = known.hold();
                self.entries.remove(id);
                self.set_tag_hold(id, tag_hold);
            }
        }
    }

    fn insert(&mut self, id: Id<'_>, entry: StoreEntry) {
        let tag_hold = match id.is_for_all() {
            true => self.tagged.remove(id),
            false => None,
        };
        self.entries.insert(id, entry.with_hold(tag_hold));
        if let Some((name, evicted)) = self.entries.evict(self.capacity) {
            // Other users may have entries that need the hold.
            if let Some(tag_hold) = evicted.hold() {
                self.tagged.take_over(name, tag_hold);
                self.tagged.evict(self.capacity);
            }
        }
    }
}

/// Returns a user's entry without the hold of all users.
fn of_user(kept: &StoreEntry) -> StoreEntry {
    kept.clone().with_hold(None)
}

impl Rejections {
    /// Returns the rejection of the resource, or else `tag_hold`, or else what stands for others.
    fn or(&mut self, id: Id<'_>, tag_hold: Option<Hold>) -> Option<Hold> {
        let hold = match self.holds.len() {
            0 => None,
            _ => self.holds.peek(id).copied(),
        };
        hold.or(tag_hold).or(self.others)
    }

    fn insert(&mut self, id: Id<'_>, hold: Hold) {
        if self.others == Some(hold) {
            return;
        }
        if self.holds.len() >= MAX_REJECTIONS && self.holds.peek(id).is_none() {
            self.holds = Table::new();
            // Another one each time: some users may have been released from the one before.
            self.others = Some(Hold::rejected());
        }
        self.holds.insert(id, hold);
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
        let mut memory = self.lock();
        if key.is_shared() {
            let hold = memory.hold(key);
            return hold.map(|hold| StoreEntry::new().with_hold(Some(hold)));
        }
        memory.entries.get(Id::user(key)).as_deref().map(of_user)
    }

    fn update(&self, key: &StoreKey, change: &mut dyn FnMut(&mut StoreEntry)) {
        let mut memory = self.lock();
        match key.is_shared() {
            true => memory.update_shared(key, change),
            false => memory.update(key, change),
        }
    }

    fn view(&self, key: &StoreKey) -> (StoreEntry, Option<Hold>) {
        let mut memory = self.lock();
        let id = Id::user(key);
        let kept = memory.entries.get(id).cloned().unwrap_or_default();
        let hold = match kept.hold() {
            // The same entry has the hold, so nothing else is looked up.
            Some(tag_hold) => memory.rejections.or(id, Some(tag_hold)),
            None => memory.hold(key),
        };
        (kept.with_hold(None), hold)
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore")
            .field("capacity", &self.lock().capacity)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
