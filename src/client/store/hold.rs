use std::{
    collections::hash_map::RandomState,
    hash::BuildHasher,
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

/// Why the layer does not send a write of a resource without a precondition.
///
/// The resource has had a tag, or a write of it was rejected with 412. A hold counts for all users.
/// For one user it ends when a GET of that user shows that there is nothing to guard: see
/// [`StoreEntry::released`](super::StoreEntry::released).
///
/// ```
/// use tower_conditional::client::store::Hold;
///
/// let hold = Hold::new(7, true);
/// assert_eq!((hold.id(), hold.is_rejection()), (7, true));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hold {
    id: u64,
    is_rejection: bool,
}

impl Hold {
    /// Creates a hold from what a store has kept of one.
    pub const fn new(id: u64, is_rejection: bool) -> Self {
        Self { id, is_rejection }
    }

    /// Returns the number that distinguishes this hold from all others, those of other processes
    /// included.
    pub const fn id(self) -> u64 {
        self.id
    }

    /// Reports whether a write was rejected with 412, and no tag was learned since. Otherwise the
    /// resource has had a tag.
    pub const fn is_rejection(self) -> bool {
        self.is_rejection
    }

    /// Returns the hold that begins with a rejection.
    pub(in crate::client) fn rejected() -> Self {
        Self::new(fresh_id(), true)
    }
}

/// Returns a number that no other hold has, as far as 64 random bits can tell.
pub(in crate::client) fn fresh_id() -> u64 {
    static FIRST: OnceLock<u64> = OnceLock::new();
    static MADE: AtomicU64 = AtomicU64::new(0);
    let first = FIRST.get_or_init(|| RandomState::new().hash_one(MADE.as_ptr()));
    first.wrapping_add(MADE.fetch_add(1, Ordering::Relaxed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_differ() {
        let mut ids: Vec<_> = (0..1000).map(|_| fresh_id()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 1000);
    }
}
