use std::sync::atomic::{AtomicU64, Ordering};

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::client::{Remembered, ServerTag, fields, fields::Selecting};

/// Representations of one resource that are remembered at the same time.
const MAX_VARIANTS: usize = 8;

/// What is remembered of one resource: the validators of its representations, newest first, or
/// that a precondition with them has failed.
///
/// An entry is plain data. A store that keeps it elsewhere takes it apart and rebuilds it:
///
/// ```
/// use tower_conditional::client::{Entry, Remembered, Variant};
///
/// let entry = Entry::new().with_variant(Variant::new(Remembered::new()));
/// let mut rebuilt = Entry::new().with_refused(entry.is_refused());
/// for variant in entry.variants().iter().rev() {
///     rebuilt = rebuilt.with_variant(variant.clone());
/// }
/// assert_eq!(rebuilt.variants().len(), 1);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Entry {
    variants: Vec<Variant>,
    refused: Option<Refusal>,
}

/// A precondition that has failed, told apart from later ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Refusal(u64);

impl Refusal {
    /// One that a store has written down and read back.
    const RESTORED: Self = Self(0);

    fn new() -> Self {
        static LAST: AtomicU64 = AtomicU64::new(0);
        Self(LAST.fetch_add(1, Ordering::Relaxed) + 1)
    }
}

impl Entry {
    /// Nothing is known.
    pub const fn new() -> Self {
        Self {
            variants: Vec::new(),
            refused: None,
        }
    }

    /// Adds a representation, which becomes the newest one. It takes the place of the one that the
    /// same request fields select, and there are at most eight.
    #[must_use]
    pub fn with_variant(mut self, variant: Variant) -> Self {
        self.insert(variant);
        self
    }

    /// Says whether a precondition has failed since the resource was last read, or its tag told.
    #[must_use]
    pub const fn with_refused(mut self, refused: bool) -> Self {
        self.refused = match refused {
            true => Some(Refusal::RESTORED),
            false => None,
        };
        self
    }

    /// The representations, newest first.
    pub fn variants(&self) -> &[Variant] {
        &self.variants
    }

    /// Whether a precondition has failed since the resource was last read, or its tag told: a guarded
    /// write is then not sent, for without its tag it would undo a change that nobody has looked at.
    pub const fn is_refused(&self) -> bool {
        self.refused.is_some()
    }

    /// Whether nothing is known. A store drops such an entry.
    pub fn is_empty(&self) -> bool {
        self.variants.is_empty() && self.refused.is_none()
    }

    fn insert(&mut self, variant: Variant) {
        self.variants
            .retain(|known| known.selecting != variant.selecting);
        self.variants.insert(0, variant);
        self.variants.truncate(MAX_VARIANTS);
    }

    fn position(&self, selecting: Option<&Selecting>) -> Option<usize> {
        self.variants
            .iter()
            .position(|known| known.selecting.as_ref() == selecting)
    }

    fn tag_of(&self, selecting: Option<&Selecting>) -> Option<&ServerTag> {
        self.variants[self.position(selecting)?].remembered.tag()
    }

    /// Whether a precondition has failed since the entry was this one.
    fn refused_since(&self, before: &Self) -> bool {
        self.refused.is_some() && self.refused != before.refused
    }

    /// A representation was read whose tag is in its fields, or that has none: then what was known
    /// of it when the request was sent is forgotten, and what was learned since stays.
    pub(in crate::client) fn read(&mut self, variant: Variant, before: &Self) {
        if variant.remembered.tag().is_some() {
            self.refused = None;
            self.insert(variant);
            return;
        }
        let selecting = variant.selecting.as_ref();
        if self.refused_since(before) || self.tag_of(selecting) != before.tag_of(selecting) {
            return;
        }
        self.refused = None;
        self.variants
            .retain(|known| known.selecting != variant.selecting);
        if !variant.remembered.is_empty() {
            self.insert(variant);
        }
    }

    /// A representation was read that may have a tag where it was not seen, or not yet: what is
    /// known stays, for a stale tag fails closed.
    pub(in crate::client) fn glimpsed(&mut self, variant: Variant) {
        let untagged = self.tag_of(variant.selecting.as_ref()).is_none();
        if self.refused.is_none() && untagged && !variant.remembered.is_empty() {
            self.insert(variant);
        }
    }

    /// A tag was told in the fields of a response to HEAD: if it is the one that is known, so is the
    /// tag in the body.
    pub(in crate::client) fn read_head(&mut self, variant: Variant) {
        let same = self.position(variant.selecting.as_ref()).is_some_and(|at| {
            self.variants[at].remembered.field_tag() == variant.remembered.field_tag()
        });
        self.refused = None;
        if !same {
            self.insert(variant);
        }
    }

    /// The resource was written: all representations have changed. A refusal stays until a tag is
    /// told: whoever was refused has not looked at this change either.
    pub(in crate::client) fn written(&mut self, variant: Option<Variant>) {
        if variant.is_some() {
            self.refused = None;
        }
        self.variants.clear();
        self.variants.extend(variant);
    }

    /// The resource does not exist, as a write was told. A refusal stays.
    pub(in crate::client) fn gone(&mut self) {
        self.variants.clear();
    }

    /// The resource does not exist, as its reader was told.
    pub(in crate::client) fn read_gone(&mut self, before: &Self) {
        self.variants.clear();
        if !self.refused_since(before) {
            self.refused = None;
        }
    }

    /// A precondition has failed: what is known is wrong.
    pub(in crate::client) fn refuse(&mut self) {
        self.variants.clear();
        self.refused = Some(Refusal::new());
    }

    /// The body of a response that was learned from has ended, and has a tag. What was learned from
    /// fields in between stays.
    pub(in crate::client) fn body_read(&mut self, variant: Variant, before: &Self) {
        let selecting = variant.selecting.as_ref();
        let at = self.position(selecting);
        let known = at.and_then(|at| self.variants[at].remembered.field_tag());
        if variant.remembered.field_tag().is_some() {
            if let Some(at) = at.filter(|_| known == variant.remembered.field_tag()) {
                self.variants[at] = variant;
            }
        } else if !self.refused_since(before)
            && (known.is_none() || self.tag_of(selecting) == before.tag_of(selecting))
        {
            self.refused = None;
            self.insert(variant);
        }
    }

    /// The representation that a request with these fields selects.
    pub(in crate::client) fn selected_by(&self, request: &HeaderMap) -> Option<&Remembered> {
        self.variants
            .iter()
            .find(|variant| variant.is_selected_by(request))
            .map(Variant::remembered)
    }

    /// The tag of the one that a write changes: the selected one, else the newest, since a write
    /// rarely carries the fields of the read before it.
    pub(in crate::client) fn tag_to_write(&self, request: &HeaderMap) -> Option<&ServerTag> {
        let tagged = || {
            let tag = |variant: &Variant| variant.remembered.tag().is_some();
            self.variants.iter().filter(move |variant| tag(variant))
        };
        tagged()
            .find(|variant| variant.is_selected_by(request))
            .or_else(|| tagged().next())
            .and_then(|variant| variant.remembered.tag())
    }
}

/// The validators of one representation, and the request fields that selected it (Vary).
#[derive(Clone, Debug)]
pub struct Variant {
    selecting: Option<Selecting>,
    remembered: Remembered,
}

impl Variant {
    /// A representation that every request selects.
    pub const fn new(remembered: Remembered) -> Self {
        Self {
            selecting: Some(Vec::new()),
            remembered,
        }
    }

    /// Adds a field that must have this value, or be absent, in a request that selects the
    /// representation.
    #[must_use]
    pub fn with_selecting(mut self, name: HeaderName, value: Option<HeaderValue>) -> Self {
        self.selecting
            .get_or_insert_with(Vec::new)
            .push((name, value));
        self
    }

    /// No request is known to select it: `Vary: *`. Writes are still guarded by its tag.
    #[must_use]
    pub fn with_unknown_selection(mut self) -> Self {
        self.selecting = None;
        self
    }

    /// The selecting fields of the request; `None` is `Vary: *`.
    pub fn selecting(&self) -> Option<&[(HeaderName, Option<HeaderValue>)]> {
        self.selecting.as_deref()
    }

    /// The validators.
    pub const fn remembered(&self) -> &Remembered {
        &self.remembered
    }

    pub(in crate::client) fn learned(
        response: &HeaderMap,
        request: &HeaderMap,
        remembered: Remembered,
    ) -> Self {
        Self {
            selecting: fields::selecting(response, request),
            remembered,
        }
    }

    fn is_selected_by(&self, request: &HeaderMap) -> bool {
        self.selecting.as_ref().is_some_and(|selecting| {
            selecting
                .iter()
                .all(|(name, value)| fields::joined(request, name) == *value)
        })
    }
}
