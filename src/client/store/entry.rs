use std::sync::atomic::{AtomicU64, Ordering};

use http::HeaderMap;

use super::StoreVariant;
use crate::client::{KnownValidators, ServerTag};

/// Number of representations of one resource that are remembered at the same time.
const MAX_VARIANTS: usize = 8;

/// What a store keeps about one resource: the validators of its representations, newest first, and
/// whether a write to it was rejected since.
///
/// An entry is a plain value. A store can take it apart and rebuild it:
///
/// ```
/// use tower_conditional::client::{
///     KnownValidators,
///     store::{StoreEntry, StoreVariant},
/// };
///
/// let entry = StoreEntry::new().with_variant(StoreVariant::new(KnownValidators::new()));
///
/// let mut rebuilt = StoreEntry::new().with_rejected(entry.is_rejected());
/// for variant in entry.variants().iter().rev() {
///     rebuilt = rebuilt.with_variant(variant.clone());
/// }
/// assert_eq!(rebuilt.variants(), entry.variants());
/// ```
#[derive(Clone, Debug, Default)]
pub struct StoreEntry {
    variants: Vec<StoreVariant>,
    rejection: Option<RejectionMark>,
}

/// Identifies one rejection, so that a later one is recognised as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::client) struct RejectionMark(u64);

impl RejectionMark {
    /// The mark of an entry that a store has rebuilt.
    const RESTORED: Self = Self(0);

    /// Returns a mark that no other rejection in this process has.
    pub(in crate::client) fn next() -> Self {
        static LAST: AtomicU64 = AtomicU64::new(0);
        Self(LAST.fetch_add(1, Ordering::Relaxed) + 1)
    }

    #[cfg(test)]
    pub(in crate::client) const fn of(number: u64) -> Self {
        Self(number)
    }
}

impl StoreEntry {
    /// Creates an empty entry.
    pub const fn new() -> Self {
        Self {
            variants: Vec::new(),
            rejection: None,
        }
    }

    /// Adds a representation as the newest one.
    ///
    /// It replaces the representation that the same request fields select. An entry holds at most
    /// eight representations; the oldest is dropped.
    #[must_use]
    pub fn with_variant(mut self, variant: StoreVariant) -> Self {
        self.insert(variant);
        self
    }

    /// Sets whether a write to the resource was rejected.
    ///
    /// Pass on what [`is_rejected`](Self::is_rejected) returned. Without it, the write that was
    /// rejected could be sent again with no precondition.
    ///
    /// A rebuilt entry does not distinguish its rejection from an earlier rebuilt one. Keep clones
    /// while the process runs, and rebuild entries only after a restart.
    #[must_use]
    pub const fn with_rejected(mut self, rejected: bool) -> Self {
        self.rejection = if rejected {
            Some(RejectionMark::RESTORED)
        } else {
            None
        };
        self
    }

    /// Returns the representations, newest first.
    pub fn variants(&self) -> &[StoreVariant] {
        &self.variants
    }

    /// Reports whether a write was rejected with 412, and the resource was not read since.
    ///
    /// The layer does not send a guarded write while this is true and no tag is known. Without a
    /// tag the write would undo a change that the caller has not seen. See [what ends a
    /// rejection](crate::client#rejected-writes).
    pub const fn is_rejected(&self) -> bool {
        self.rejection.is_some()
    }

    /// Reports whether the entry holds nothing. A store drops such an entry.
    pub fn is_empty(&self) -> bool {
        self.variants.is_empty() && self.rejection.is_none()
    }

    pub(in crate::client) const fn rejection(&self) -> Option<RejectionMark> {
        self.rejection
    }

    pub(in crate::client) fn set_rejection(&mut self, rejection: Option<RejectionMark>) {
        self.rejection = rejection;
    }

    /// Adds a representation as the newest one, in place of the one that the same fields select.
    pub(in crate::client) fn insert(&mut self, variant: StoreVariant) {
        self.remove(&variant);
        self.variants.insert(0, variant);
        self.variants.truncate(MAX_VARIANTS);
    }

    /// Replaces the representation that the same fields select. Does nothing if there is none.
    pub(in crate::client) fn replace(&mut self, variant: StoreVariant) {
        let mut stored = self.variants.iter_mut();
        if let Some(stored) = stored.find(|stored| stored.has_selection_of(&variant)) {
            *stored = variant;
        }
    }

    /// Removes the representation that the same fields select.
    pub(in crate::client) fn remove(&mut self, variant: &StoreVariant) {
        self.variants
            .retain(|stored| !stored.has_selection_of(variant));
    }

    pub(in crate::client) fn remove_all(&mut self) {
        self.variants.clear();
    }

    /// Returns the stored validators of the representation that the same fields select.
    fn stored(&self, variant: &StoreVariant) -> Option<&KnownValidators> {
        let mut stored = self.variants.iter();
        stored
            .find(|stored| stored.has_selection_of(variant))
            .map(StoreVariant::validators)
    }

    /// Returns the stored tag of the representation that the same fields select.
    pub(in crate::client) fn tag_of(&self, variant: &StoreVariant) -> Option<&ServerTag> {
        self.stored(variant)?.tag()
    }

    /// Returns its stored field tag.
    pub(in crate::client) fn field_tag_of(&self, variant: &StoreVariant) -> Option<&ServerTag> {
        self.stored(variant)?.field_tag()
    }

    /// Returns the validators of the representation that a request with these fields selects.
    pub(in crate::client) fn selected_by(&self, request: &HeaderMap) -> Option<&KnownValidators> {
        self.variants
            .iter()
            .find(|variant| variant.is_selected_by(request))
            .map(StoreVariant::validators)
    }

    /// Returns the tag that guards a write: that of the selected representation, or else of the
    /// newest one. A write rarely carries the fields of the read before it.
    pub(in crate::client) fn tag_to_write(&self, request: &HeaderMap) -> Option<&ServerTag> {
        let tagged = || {
            let has_tag = |variant: &StoreVariant| variant.validators().tag().is_some();
            self.variants.iter().filter(move |variant| has_tag(variant))
        };
        tagged()
            .find(|variant| variant.is_selected_by(request))
            .or_else(|| tagged().next())
            .and_then(|variant| variant.validators().tag())
    }
}
