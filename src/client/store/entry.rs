use http::{HeaderMap, HeaderName, HeaderValue};

use crate::client::{Remembered, fields, fields::Selecting};

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
    refused: bool,
}

impl Entry {
    /// Nothing is known.
    pub const fn new() -> Self {
        Self {
            variants: Vec::new(),
            refused: false,
        }
    }

    /// Adds a representation, which becomes the newest one. It takes the place of the one that the
    /// same request fields select, and there are at most eight.
    #[must_use]
    pub fn with_variant(mut self, variant: Variant) -> Self {
        self.insert(variant);
        self
    }

    /// Says whether a precondition has failed since the resource was last read.
    #[must_use]
    pub const fn with_refused(mut self, refused: bool) -> Self {
        self.refused = refused;
        self
    }

    /// The representations, newest first.
    pub fn variants(&self) -> &[Variant] {
        &self.variants
    }

    /// Whether a precondition has failed since the resource was last read: a guarded write is then
    /// not sent, for without its tag it would undo a change that nobody has looked at.
    pub const fn is_refused(&self) -> bool {
        self.refused
    }

    /// Whether nothing is known. A store drops such an entry.
    pub fn is_empty(&self) -> bool {
        self.variants.is_empty() && !self.refused
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

    /// A representation was read. One without validators is forgotten.
    pub(in crate::client) fn read(&mut self, variant: Variant) {
        self.refused = false;
        if variant.remembered.is_empty() {
            self.variants
                .retain(|known| known.selecting != variant.selecting);
        } else {
            self.insert(variant);
        }
    }

    /// As [`read`](Self::read), but the response had no content: if its tag is the one that is
    /// known, so is the tag in the body.
    pub(in crate::client) fn read_head(&mut self, variant: Variant) {
        self.refused = false;
        let same = self.position(variant.selecting.as_ref()).is_some_and(|at| {
            let known = self.variants[at].remembered.field_tag();
            known.is_some() && known == variant.remembered.field_tag()
        });
        if !same {
            self.read(variant);
        }
    }

    /// The resource was written: all representations have changed.
    pub(in crate::client) fn written(&mut self, variant: Option<Variant>) {
        self.refused = false;
        self.variants.clear();
        self.variants.extend(variant);
    }

    /// The resource does not exist.
    pub(in crate::client) fn gone(&mut self) {
        *self = Self::new();
    }

    /// A precondition has failed: what is known is wrong.
    pub(in crate::client) fn refuse(&mut self) {
        self.variants.clear();
        self.refused = true;
    }

    /// The body of a response that was learned from has ended, and has a tag. What was learned in
    /// between stays.
    pub(in crate::client) fn body_read(&mut self, variant: Variant) {
        match self.position(variant.selecting.as_ref()) {
            Some(at) => {
                let known = self.variants[at].remembered.field_tag();
                if known == variant.remembered.field_tag() {
                    self.variants[at] = variant;
                }
            }
            None if !self.refused && variant.remembered.field_tag().is_none() => {
                self.insert(variant);
            }
            None => {}
        }
    }

    /// The representation that a request with these fields selects.
    pub(in crate::client) fn selected_by(&self, request: &HeaderMap) -> Option<&Remembered> {
        self.variants
            .iter()
            .find(|variant| variant.is_selected_by(request))
            .map(Variant::remembered)
    }

    /// The one that a write changes: the selected one, else the newest, since a write rarely
    /// carries the fields of the read before it.
    pub(in crate::client) fn to_write(&self, request: &HeaderMap) -> Option<&Remembered> {
        self.selected_by(request)
            .or_else(|| self.variants.first().map(Variant::remembered))
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
