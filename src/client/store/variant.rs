use http::{HeaderMap, HeaderName, HeaderValue};

use super::StoreEntry;
use crate::client::{KnownValidators, ServerTag, fields, fields::Selecting};

/// The validators of one representation, with the request fields that selected it.
///
/// The selecting fields are those that `Vary` named in the response (RFC 9110 section 12.5.5). Their
/// values may be cookies or tokens, so `Debug` does not print them.
///
/// ```
/// use http::{HeaderValue, header::ACCEPT};
/// use tower_conditional::client::{KnownValidators, store::StoreVariant};
///
/// let json = HeaderValue::from_static("application/json");
/// let variant = StoreVariant::new(KnownValidators::new()).with_selecting(ACCEPT, Some(json));
/// assert_eq!(variant.selecting().unwrap().len(), 1);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreVariant {
    /// `None` if every request selects it. Empty if it is not known which do: a store holds many
    /// variants, and this is the smallest that can be made in a `const fn`.
    selecting: Option<Box<Selecting>>,
    validators: KnownValidators,
}

impl StoreVariant {
    /// Creates a variant that every request selects.
    pub const fn new(validators: KnownValidators) -> Self {
        Self {
            selecting: None,
            validators,
        }
    }

    /// Adds a selecting field. A request selects the representation only if the field has this
    /// value, or is absent where `value` is `None`.
    ///
    /// The value is marked as sensitive.
    #[must_use]
    pub fn with_selecting(mut self, name: HeaderName, mut value: Option<HeaderValue>) -> Self {
        value.iter_mut().for_each(|v| v.set_sensitive(true));
        let mut selecting = self.selecting.unwrap_or_default().into_vec();
        selecting.push((name, value));
        self.selecting = Some(selecting.into());
        self
    }

    /// Marks the selecting fields as unknown, as `Vary: *` does. No request selects the
    /// representation then, but its tag still guards writes.
    #[must_use]
    pub fn with_unknown_selection(mut self) -> Self {
        self.selecting = Some(Box::default());
        self
    }

    /// Returns the selecting fields, or `None` for `Vary: *`.
    pub fn selecting(&self) -> Option<&[(HeaderName, Option<HeaderValue>)]> {
        match self.selecting.as_deref() {
            None => Some(&[]),
            Some([]) => None,
            known => known,
        }
    }

    /// Returns the validators.
    pub const fn validators(&self) -> &KnownValidators {
        &self.validators
    }

    /// Reads the variant from the fields of a response and of the request that it answers. What
    /// `stored` has already is shared with it, and not copied.
    pub(in crate::client) fn from_fields(
        response: &HeaderMap,
        request: &HeaderMap,
        stored: &StoreEntry,
    ) -> Self {
        let selecting = match fields::selecting(response, request) {
            Some(selecting) if selecting.is_empty() => None,
            selecting => Some(selecting.unwrap_or_default()),
        };
        let stored = stored.variants().first().map(Self::validators);
        Self {
            selecting,
            validators: KnownValidators::from_fields_like(response, stored),
        }
    }

    pub(in crate::client) fn with_body_tag(mut self, tag: ServerTag) -> Self {
        self.validators = self.validators.with_body_tag(tag);
        self
    }

    /// Reports whether the same request fields select both.
    pub(in crate::client) fn has_selection_of(&self, other: &Self) -> bool {
        self.selecting == other.selecting
    }

    pub(in crate::client) fn is_selected_by(&self, request: &HeaderMap) -> bool {
        self.selecting().is_some_and(|selecting| {
            selecting
                .iter()
                .all(|(name, value)| fields::joined(request, name) == *value)
        })
    }
}
