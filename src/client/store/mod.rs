//! Where validators are kept between a read and a write.

mod entry;
mod key;
mod memory;

use std::sync::Arc;

pub use self::{
    entry::{Entry, Variant},
    key::Key,
    memory::MemoryStore,
};

/// Keeps what is remembered of each resource.
///
/// It is asked while a request is made, so it must answer at once: a store that writes to a disk or
/// to another machine keeps a copy in memory and writes behind. It should be bounded; losing an
/// entry costs a write its guard, as if the resource had never been read.
///
/// ```
/// use std::{collections::HashMap, sync::Mutex};
/// use tower_conditional::client::{ConditionalClientLayer, Entry, Key, ValidatorStore};
///
/// /// Remembers everything, for a program that runs briefly.
/// #[derive(Default)]
/// struct Unbounded(Mutex<HashMap<Key, Entry>>);
///
/// impl ValidatorStore for Unbounded {
///     fn get(&self, key: &Key) -> Option<Entry> {
///         self.0.lock().ok()?.get(key).cloned()
///     }
///
///     fn update(&self, key: &Key, change: &mut dyn FnMut(&mut Entry)) {
///         if let Ok(mut entries) = self.0.lock() {
///             let entry = entries.entry(key.clone()).or_default();
///             change(entry);
///             if entry.is_empty() {
///                 entries.remove(key);
///             }
///         }
///     }
/// }
///
/// let layer = ConditionalClientLayer::new().store(Unbounded::default());
/// ```
pub trait ValidatorStore: Send + Sync + 'static {
    /// What is remembered of the resource.
    fn get(&self, key: &Key) -> Option<Entry>;

    /// Changes what is remembered of the resource, starting from an empty entry if that is nothing.
    ///
    /// `change` is called exactly once, and no other update of this key happens meanwhile. An entry
    /// that is [empty](Entry::is_empty) afterwards is to be dropped.
    fn update(&self, key: &Key, change: &mut dyn FnMut(&mut Entry));
}

impl<T: ValidatorStore + ?Sized> ValidatorStore for Arc<T> {
    fn get(&self, key: &Key) -> Option<Entry> {
        (**self).get(key)
    }

    fn update(&self, key: &Key, change: &mut dyn FnMut(&mut Entry)) {
        (**self).update(key, change);
    }
}
