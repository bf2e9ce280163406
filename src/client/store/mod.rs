//! Storage for validators between a read and a write.
//!
//! A [`ValidatorStore`] maps a [`StoreKey`] to a [`StoreEntry`]. There are two kinds of keys:
//!
//! - The URI and the credentials of a request: one user's view of a resource. The entry has the
//!   validators.
//! - The URI alone, for all users. The entry says whether a write may go out without a
//!   precondition: see [`Hold`].
//!
//! [`MemoryStore`] is the default. Implement the trait to share validators between processes, or to
//! keep them on disk.
//!
//! ```
//! use std::{collections::HashMap, sync::Mutex};
//! use tower_conditional::client::{
//!     ConditionalClientLayer,
//!     store::{StoreEntry, StoreKey, ValidatorStore},
//! };
//!
//! /// Never drops an entry. Suits a program that runs briefly.
//! #[derive(Default)]
//! struct Unbounded(Mutex<HashMap<StoreKey, StoreEntry>>);
//!
//! impl ValidatorStore for Unbounded {
//!     fn get(&self, key: &StoreKey) -> Option<StoreEntry> {
//!         self.0.lock().ok()?.get(key).cloned()
//!     }
//!
//!     fn update(&self, key: &StoreKey, change: &mut dyn FnMut(&mut StoreEntry)) {
//!         if let Ok(mut entries) = self.0.lock() {
//!             let entry = entries.entry(key.clone()).or_default();
//!             change(entry);
//!             if entry.is_empty() {
//!                 entries.remove(key);
//!             }
//!         }
//!     }
//! }
//!
//! let layer = ConditionalClientLayer::new().store(Unbounded::default());
//! ```

mod entry;
mod hold;
mod key;
mod memory;
mod table;
mod uri;
mod variant;

use std::sync::Arc;

pub use self::{
    entry::StoreEntry, hold::Hold, key::StoreKey, memory::MemoryStore, variant::StoreVariant,
};
pub(super) use self::{hold::fresh_id, uri::normalized};

/// Stores what the client layer knows about each resource. See the [module docs](self).
///
/// The layer calls both methods while it handles a request, so they must not block. A store that
/// writes to a disk or to another machine keeps a copy in memory and writes behind.
///
/// A store should be bounded. A resource whose entries were dropped is treated like one that was
/// never read: its next write may have no guard. So a store keeps the holds that
/// [are rejections](Hold::is_rejection) apart from what it may drop. If it has to drop one, it
/// returns another hold for all [shared](StoreKey::is_shared) keys that it does not know.
pub trait ValidatorStore: Send + Sync + 'static {
    /// Returns the entry of the resource, or `None` if there is none.
    fn get(&self, key: &StoreKey) -> Option<StoreEntry>;

    /// Changes the entry of the resource. If there is none, `change` starts from an empty entry.
    ///
    /// An implementation calls `change` exactly once, and allows no other update of the same key
    /// in the meantime. It drops the entry if it [is empty](StoreEntry::is_empty) afterwards.
    fn update(&self, key: &StoreKey, change: &mut dyn FnMut(&mut StoreEntry));

    /// Returns the entry of one user, and the hold that all users share.
    #[doc(hidden)]
    fn view(&self, key: &StoreKey) -> (StoreEntry, Option<Hold>) {
        let entry = self.get(key).unwrap_or_default();
        let shared = self.get(&key.shared());
        (entry, shared.and_then(|shared| shared.hold()))
    }
}

impl<T: ValidatorStore + ?Sized> ValidatorStore for Arc<T> {
    fn get(&self, key: &StoreKey) -> Option<StoreEntry> {
        (**self).get(key)
    }

    fn update(&self, key: &StoreKey, change: &mut dyn FnMut(&mut StoreEntry)) {
        (**self).update(key, change);
    }

    fn view(&self, key: &StoreKey) -> (StoreEntry, Option<Hold>) {
        (**self).view(key)
    }
}
