use http::{HeaderMap, HeaderName, HeaderValue};

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
    selecting: Option<Selecting>,
    validators: KnownValidators,
}

impl StoreVariant {
    /// Creates a variant that every request selects.
    pub const fn new(validators: KnownValidators) -> Self {
        Self {
            selecting: Some(Vec::new()),
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
        self.selecting
            .get_or_insert_with(Vec::new)
            .push((name, value));
        self
    }

    /// Marks the selecting fields as unknown, as `Vary: *` does. No request selects the
    /// representation then, but its tag still guards writes.
    #[must_use]
    pub fn with_unknown_selection(mut self) -> Self {
        self.selecting = None;
        self
    }

    /// Returns the selecting fields, or `None` for `Vary: *`.
    pub fn selecting(&self) -> Option<&[(HeaderName, Option<HeaderValue>)]> {
        self.selecting.as_deref()
    }

    /// Returns the validators.
    pub const fn validators(&self) -> &KnownValidators {
        &self.validators
    }

    /// Reads the variant from the fields of a response and of the request that it answers.
    pub(in crate::client) fn from_fields(response: &HeaderMap, request: &HeaderMap) -> Self {
        Self {
            selecting: fields::selecting(response, request),
            validators: KnownValidators::from_fields(response),
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
        self.selecting.as_ref().is_some_and(|selecting| {
            selecting
                .iter()
                .all(|(name, value)| fields::joined(request, name) == *value)
        })
    }
}
