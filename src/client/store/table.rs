//! A map from [`StoreKey`]s that is small for each of them, and knows which was used last.

use std::collections::hash_map::RandomState;

use hashlink::linked_hash_map::{LinkedHashMap, RawEntryMut};
use http::{HeaderName, HeaderValue};

use super::StoreKey;

/// What is looked up: a resource, for one user or for all.
#[derive(Clone, Copy)]
pub(super) struct Id<'a> {
    key: &'a StoreKey,
    hash: u64,
    credentials: &'a [(HeaderName, HeaderValue)],
}

impl<'a> Id<'a> {
    /// The resource for the user whose key it is.
    pub(super) fn user(key: &'a StoreKey) -> Self {
        Self {
            key,
            hash: key.user_hash(),
            credentials: key.credentials(),
        }
    }

    /// The resource for all users, which is the same as for a user without credentials.
    pub(super) const fn all(key: &'a StoreKey) -> Self {
        Self {
            key,
            hash: key.target_hash(),
            credentials: &[],
        }
    }

    pub(super) const fn is_for_all(self) -> bool {
        self.credentials.is_empty()
    }
}

/// The parts of a key in one piece, with a line feed after each: no part contains one.
///
/// It owns its bytes, and needs half of the memory of a key.
pub(super) struct Name {
    hash: u64,
    text: Box<[u8]>,
}

impl Name {
    fn new(id: Id<'_>) -> Self {
        let mut text = Vec::new();
        let fields = id.credentials.iter();
        let fields = fields.flat_map(|(name, value)| [name.as_str().as_bytes(), value.as_bytes()]);
        for part in id.key.parts().into_iter().chain(fields) {
            text.extend_from_slice(part);
            text.push(b'\n');
        }
        Self {
            hash: id.hash,
            text: text.into(),
        }
    }

    fn is_of(&self, id: Id<'_>) -> bool {
        let [scheme, authority, target, host] = id.key.parts();
        // As in the comparison of URIs, the case of these two does not count.
        let rest = strip(&self.text, scheme, <[u8]>::eq_ignore_ascii_case)
            .and_then(|rest| strip(rest, authority, <[u8]>::eq_ignore_ascii_case))
            .and_then(|rest| strip(rest, target, <[u8]>::eq))
            .and_then(|rest| strip(rest, host, <[u8]>::eq));
        let rest = id.credentials.iter().fold(rest, |rest, (name, value)| {
            let rest = strip(rest?, name.as_str().as_bytes(), <[u8]>::eq)?;
            strip(rest, value.as_bytes(), <[u8]>::eq)
        });
        rest.is_some_and(<[u8]>::is_empty)
    }
}

/// Removes a part and the line feed after it.
fn strip<'a>(
    text: &'a [u8],
    part: &[u8],
    is_same: impl Fn(&[u8], &[u8]) -> bool,
) -> Option<&'a [u8]> {
    let end = text.get(part.len()).filter(|&&end| end == b'\n');
    end.filter(|_| is_same(&text[..part.len()], part))
        .map(|_| &text[part.len() + 1..])
}

/// The entries, in the order of their last use.
pub(super) struct Table<V> {
    /// The hasher is not used: a key has its hash.
    entries: LinkedHashMap<Name, V, RandomState>,
}

impl<V> Table<V> {
    pub(super) fn new() -> Self {
        Self {
            entries: LinkedHashMap::with_hasher(RandomState::new()),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    fn entry(&mut self, id: Id<'_>) -> RawEntryMut<'_, Name, V, RandomState> {
        self.entries
            .raw_entry_mut()
            .from_hash(id.hash, |name| name.hash == id.hash && name.is_of(id))
    }

    /// Returns the value without noting that it was used.
    pub(super) fn peek(&mut self, id: Id<'_>) -> Option<&mut V> {
        match self.entry(id) {
            RawEntryMut::Occupied(entry) => Some(entry.into_mut()),
            RawEntryMut::Vacant(_) => None,
        }
    }

    /// Returns the value, and makes it the last that was used.
    pub(super) fn get(&mut self, id: Id<'_>) -> Option<&mut V> {
        match self.entry(id) {
            RawEntryMut::Occupied(mut entry) => {
                entry.to_back();
                Some(entry.into_mut())
            }
            RawEntryMut::Vacant(_) => None,
        }
    }

    pub(super) fn insert(&mut self, id: Id<'_>, value: V) {
        match self.entry(id) {
            RawEntryMut::Occupied(mut entry) => {
                entry.to_back();
                entry.replace_value(value);
            }
            RawEntryMut::Vacant(entry) => {
                entry.insert_with_hasher(id.hash, Name::new(id), value, |name| name.hash);
            }
        }
    }

    /// Inserts what another table held under this name. This one must hold nothing under it.
    pub(super) fn take_over(&mut self, name: Name, value: V) {
        let hash = name.hash;
        let entry = self.entries.raw_entry_mut().from_hash(hash, |_| false);
        if let RawEntryMut::Vacant(entry) = entry {
            entry.insert_with_hasher(hash, name, value, |name| name.hash);
        }
    }

    pub(super) fn remove(&mut self, id: Id<'_>) -> Option<V> {
        match self.entry(id) {
            RawEntryMut::Occupied(entry) => Some(entry.remove()),
            RawEntryMut::Vacant(_) => None,
        }
    }

    /// Removes the least recently used entry if there are more than `capacity`.
    pub(super) fn evict(&mut self, capacity: usize) -> Option<(Name, V)> {
        if self.len() <= capacity {
            return None;
        }
        let (name, _) = self.entries.iter().next()?;
        let (hash, text) = (name.hash, name.text.as_ptr());
        let oldest = self.entries.raw_entry_mut();
        match oldest.from_hash(hash, |name| name.text.as_ptr() == text) {
            RawEntryMut::Occupied(entry) => Some(entry.remove_entry()),
            RawEntryMut::Vacant(_) => None,
        }
    }
}
