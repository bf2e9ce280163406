use http::{Extensions, HeaderMap, HeaderValue, header::HeaderName};

use crate::{
    date::HttpDate,
    etag::EntityTag,
    precondition::{Requirement, Validators},
};

/// A representation that exists, as a source describes it: its validators, the other fields that a
/// 304 repeats, the requirement for writes to it, and values for the handler.
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
    /// Everything else. It is boxed, because most sources set nothing else and a representation is
    /// moved on the hot path.
    pub(crate) details: Option<Box<Details>>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Details {
    pub(crate) fields: HeaderMap,
    pub(crate) requirement: Option<Requirement>,
    pub(crate) extensions: Extensions,
    queries: bool,
}

impl Representation {
    /// Creates a representation without validators: it exists, and nothing else is known.
    ///
    /// `*` in `If-Match` and `If-None-Match` matches it, but no entity tag does.
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
    ///
    /// Until its second is over, another change can have the same date. The layer does not send such
    /// a date, nor one in the future, and no precondition holds by it (RFC 9110 section 8.8.2.2).
    #[must_use]
    pub fn with_last_modified(mut self, date: HttpDate) -> Self {
        self.validators = self.validators.with_last_modified(date);
        self
    }

    /// Adds a field that a 304 must repeat because the 200 has it: `Cache-Control`,
    /// `Content-Location`, `Expires` or `Vary` (RFC 9110 section 15.4.5).
    ///
    /// The layer adds it to a 304, and also to 2xx responses to GET and HEAD, unless the
    /// handler has set a field with this name. A 304 does not get fields that describe content,
    /// such as `Content-Type`. Neither gets fields that frame content, such as `Content-Length`.
    #[must_use]
    pub fn with_field(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.details_mut().fields.append(name, value);
        self
    }

    /// Sets which methods need a precondition for this resource. This overrides the requirement of
    /// the layer, but not that of its [policy](crate::ConditionalLayer::policy).
    ///
    /// Also set
    /// [`ConditionalLayer::require_per_resource`](crate::ConditionalLayer::require_per_resource).
    /// Otherwise the layer may not ask the source about a write without a precondition.
    #[must_use]
    pub fn with_requirement(mut self, requirement: Requirement) -> Self {
        self.details_mut().requirement = Some(requirement);
        self
    }

    /// Says that these are also the validators of the results of QUERY (RFC 10008), for this request
    /// and its content.
    ///
    /// The layer then adds them to a 2xx response to QUERY as to one to GET. By default it does not:
    /// most validators are those of the resource at the URI, and the result of a query depends on its
    /// content too, which a source cannot see. Use this if the source knows better, for example
    /// because the version of a data set decides every result. The preconditions of a QUERY are
    /// evaluated in either case.
    #[must_use]
    pub fn of_queries(mut self) -> Self {
        self.details_mut().queries = true;
        self
    }

    pub(crate) fn knows_queries(&self) -> bool {
        self.details.as_ref().is_some_and(|details| details.queries)
    }

    /// Adds a value to the extensions of the request, for the handler: for example, the row that
    /// the source has read with the validators.
    #[must_use]
    pub fn with_extension<T: Clone + Send + Sync + 'static>(mut self, value: T) -> Self {
        self.details_mut().extensions.insert(value);
        self
    }

    /// Returns the fields that [`with_field`](Self::with_field) added, if there are any.
    pub fn fields(&self) -> Option<&HeaderMap> {
        let fields = &self.details.as_ref()?.fields;
        (!fields.is_empty()).then_some(fields)
    }

    /// Returns a value that [`with_extension`](Self::with_extension) added.
    ///
    /// A closure of [`respond_with`](crate::ConditionalLayer::respond_with) can use it.
    pub fn extension<T: Clone + Send + Sync + 'static>(&self) -> Option<&T> {
        self.details.as_ref()?.extensions.get()
    }

    /// Returns the validators.
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
