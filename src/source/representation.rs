use http::{Extensions, HeaderMap, HeaderValue, header::HeaderName};

use crate::{
    date::HttpDate,
    etag::EntityTag,
    precondition::{Requirement, Validators},
};

/// What a source tells of the selected representation: its validators, the other fields that a 304
/// repeats, what is required of a write to it, and whatever the handler can use.
///
/// ```
/// use http::{header::{CACHE_CONTROL, VARY}, HeaderValue};
/// use tower_conditional::{EntityTag, Representation, Requirement};
///
/// let representation = Representation::from(EntityTag::from_version(7))
///     .with_field(CACHE_CONTROL, HeaderValue::from_static("no-cache"))
///     .with_field(VARY, HeaderValue::from_static("accept-encoding"))
///     .with_requirement(Requirement::WRITES);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Representation {
    pub(crate) validators: Validators,
    /// Most sources tell nothing else, and this type is moved along the hot path.
    pub(crate) details: Option<Box<Details>>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Details {
    pub(crate) fields: HeaderMap,
    pub(crate) requirement: Option<Requirement>,
    pub(crate) extensions: Extensions,
}

impl Representation {
    /// A representation without validators: it exists, and that is all that is known.
    ///
    /// `If-Match: *` and `If-None-Match: *` match it; no entity tag does.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the entity tag.
    #[must_use]
    pub fn with_etag(mut self, etag: EntityTag) -> Self {
        self.validators = self.validators.with_etag(etag);
        self
    }

    /// Sets the modification date.
    #[must_use]
    pub fn with_last_modified(mut self, date: HttpDate) -> Self {
        self.validators = self.validators.with_last_modified(date);
        self
    }

    /// Adds a field that a 200 carries and that a 304 must repeat: Cache-Control,
    /// Content-Location, Expires or Vary (RFC 9110 section 15.4.5).
    ///
    /// It is put on the 304, and on 2xx responses to GET and HEAD where the handler set no field of
    /// this name, so that both carry the same. Fields that describe content, such as Content-Type,
    /// are left off the 304, and fields that frame it, such as Content-Length, are left off both.
    #[must_use]
    pub fn with_field(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.details_mut().fields.append(name, value);
        self
    }

    /// Says which methods need a precondition on this very resource, whatever the layer's own
    /// requirement says.
    ///
    /// The layer asks its source about unconditional writes only if it was told so by
    /// [`ConditionalLayer::require_per_resource`](crate::ConditionalLayer::require_per_resource).
    #[must_use]
    pub fn with_requirement(mut self, requirement: Requirement) -> Self {
        self.details_mut().requirement = Some(requirement);
        self
    }

    /// Adds a value to the request's extensions, for the handler: a row that was read along with
    /// the validators, for instance.
    #[must_use]
    pub fn with_extension<T: Clone + Send + Sync + 'static>(mut self, value: T) -> Self {
        self.details_mut().extensions.insert(value);
        self
    }

    /// The fields that a 304 repeats, if there are any.
    pub fn fields(&self) -> Option<&HeaderMap> {
        let fields = &self.details.as_ref()?.fields;
        (!fields.is_empty()).then_some(fields)
    }

    /// Returns a value that [`with_extension`](Self::with_extension) added, for a closure of
    /// [`respond_with`](crate::ConditionalLayer::respond_with) that uses what the source read.
    pub fn extension<T: Clone + Send + Sync + 'static>(&self) -> Option<&T> {
        self.details.as_ref()?.extensions.get()
    }

    /// The validators.
    pub const fn validators(&self) -> &Validators {
        &self.validators
    }

    fn details_mut(&mut self) -> &mut Details {
        self.details.get_or_insert_with(Box::default)
    }
}

impl From<Validators> for Representation {
    fn from(validators: Validators) -> Self {
        Self {
            validators,
            ..Self::default()
        }
    }
}

impl From<EntityTag> for Representation {
    fn from(etag: EntityTag) -> Self {
        Validators::from(etag).into()
    }
}

impl From<HttpDate> for Representation {
    fn from(date: HttpDate) -> Self {
        Validators::from(date).into()
    }
}
