use std::{iter, sync::Arc};

use http::HeaderMap;

use super::{Hold, StoreVariant};
use crate::client::{KnownValidators, ServerTag};

/// Number of representations of one resource that are remembered at the same time.
const MAX_VARIANTS: usize = 8;

/// What a store keeps under one [`StoreKey`](super::StoreKey).
///
/// Under the key of a user, it is the validators of the representations, newest first, and which
/// [`Hold`] has ended for that user. Under the key that all users share, it is the hold.
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
/// let mut rebuilt = StoreEntry::new()
///     .with_hold(entry.hold())
///     .with_released(entry.released());
/// for variant in entry.variants().iter().rev() {
///     rebuilt = rebuilt.with_variant(variant.clone());
/// }
/// assert_eq!(rebuilt, entry);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoreEntry {
    /// Clones share it: an entry is read much more often than it is changed.
    variants: Option<Arc<[StoreVariant]>>,
    hold: Option<Hold>,
    released: Option<u64>,
}

impl StoreEntry {
    /// Creates an empty entry.
    pub const fn new() -> Self {
        Self {
            variants: None,
            hold: None,
            released: None,
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

    /// Sets why a write is not sent without a precondition.
    ///
    /// Pass on what [`hold`](Self::hold) returned. Without it, a write that was rejected could be
    /// sent again with no precondition.
    #[must_use]
    pub const fn with_hold(mut self, hold: Option<Hold>) -> Self {
        self.hold = hold;
        self
    }

    /// Sets the [`id`](Hold::id) of the hold that has ended for the user.
    #[must_use]
    pub const fn with_released(mut self, id: Option<u64>) -> Self {
        self.released = id;
        self
    }

    /// Returns the representations, newest first.
    pub fn variants(&self) -> &[StoreVariant] {
        self.variants.as_deref().unwrap_or_default()
    }

    /// Returns why a write is not sent without a precondition, or `None` if it is.
    ///
    /// See [what ends it](crate::client#rejected-writes).
    pub const fn hold(&self) -> Option<Hold> {
        self.hold
    }

    /// Returns the [`id`](Hold::id) of the hold that has ended for the user: a GET of that user,
    /// sent after the hold began, has shown that there is no tag or no resource.
    pub const fn released(&self) -> Option<u64> {
        self.released
    }

    /// Reports whether the entry holds nothing. A store drops such an entry.
    pub fn is_empty(&self) -> bool {
        self.variants().is_empty() && self.hold.is_none() && self.released.is_none()
    }

    /// Reports whether a write was rejected, and no tag was learned since.
    pub(in crate::client) fn is_rejected(&self) -> bool {
        self.hold.is_some_and(Hold::is_rejection)
    }

    pub(in crate::client) fn set_hold(&mut self, hold: Option<Hold>) {
        self.hold = hold;
    }

    pub(in crate::client) fn set_released(&mut self, id: Option<u64>) {
        self.released = id;
    }

    /// Reports whether the tag of a representation is stored.
    pub(in crate::client) fn has_tag(&self) -> bool {
        let mut variants = self.variants().iter();
        variants.any(|variant| variant.validators().tag().is_some())
    }

    /// Reports whether the tag of another representation is stored.
    pub(in crate::client) fn has_tag_beside(&self, variant: &StoreVariant) -> bool {
        let mut others = self.variants().iter();
        others
            .any(|stored| !stored.has_selection_of(variant) && stored.validators().tag().is_some())
    }

    /// Adds a representation as the newest one, in place of the one that the same fields select.
    pub(in crate::client) fn insert(&mut self, variant: StoreVariant) {
        if self.variants().first() == Some(&variant) {
            return;
        }
        let others = self.variants().iter();
        let others = others.filter(|stored| !stored.has_selection_of(&variant));
        let others: Vec<_> = others.take(MAX_VARIANTS - 1).cloned().collect();
        self.set_variants(iter::once(variant).chain(others));
    }

    fn set_variants(&mut self, variants: impl Iterator<Item = StoreVariant>) {
        let variants: Arc<[_]> = variants.collect();
        self.variants = (!variants.is_empty()).then_some(variants);
    }

    /// Replaces the representation that the same fields select. Does nothing if there is none.
    pub(in crate::client) fn replace(&mut self, variant: StoreVariant) {
        let mut variants = self.variants().to_vec();
        let mut stored = variants.iter_mut();
        if let Some(stored) = stored.find(|stored| stored.has_selection_of(&variant)) {
            *stored = variant;
            self.set_variants(variants.into_iter());
        }
    }

    /// Removes the representation that the same fields select.
    pub(in crate::client) fn remove(&mut self, variant: &StoreVariant) {
        let stays = |stored: &&StoreVariant| !stored.has_selection_of(variant);
        if !self.variants().iter().all(|stored| stays(&stored)) {
            let variants: Vec<_> = self.variants().iter().filter(stays).cloned().collect();
            self.set_variants(variants.into_iter());
        }
    }

    pub(in crate::client) fn remove_all(&mut self) {
        self.variants = None;
    }

    /// Returns the stored validators of the representation that the same fields select.
    fn stored(&self, variant: &StoreVariant) -> Option<&KnownValidators> {
        let mut stored = self.variants().iter();
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
        self.variants()
            .iter()
            .find(|variant| variant.is_selected_by(request))
            .map(StoreVariant::validators)
    }

    /// Returns the tag that guards a write: that of the selected representation, or else of the
    /// newest one. A write rarely carries the fields of the read before it.
    pub(in crate::client) fn tag_to_write(&self, request: &HeaderMap) -> Option<&ServerTag> {
        let tagged = || {
            let has_tag = |variant: &StoreVariant| variant.validators().tag().is_some();
            self.variants()
                .iter()
                .filter(move |variant| has_tag(variant))
        };
        tagged()
            .find(|variant| variant.is_selected_by(request))
            .or_else(|| tagged().next())
            .and_then(|variant| variant.validators().tag())
    }
}
