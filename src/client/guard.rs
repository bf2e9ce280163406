use http::Method;

/// How the layer guards a write against lost updates.
///
/// A guard applies to requests that have no precondition of the caller's. Set it for all writes by
/// [`ConditionalClientLayer::guard`], for a method by [`ConditionalClientLayer::guard_method`], or
/// for one request by putting it into the request's extensions.
///
/// [`ConditionalClientLayer::guard`]: super::ConditionalClientLayer::guard
/// [`ConditionalClientLayer::guard_method`]: super::ConditionalClientLayer::guard_method
///
/// ```
/// use http::Request;
/// use tower_conditional::client::Guard;
///
/// let request = Request::delete("http://localhost/notes/1")
///     .extension(Guard::Required)
///     .body("")?;
/// # Ok::<(), http::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Guard {
    /// Sends the write without a guard.
    Off,
    /// Sends the known tag. If no tag is known, sends the write without a guard, since the service
    /// may have no tags.
    ///
    /// A resource that has had a tag is not written without one: after a write that was answered
    /// without a tag, for example, or with other credentials. The write fails with
    /// [`UnknownTag`](super::ClientErrorReason::UnknownTag), until a GET shows the tag, or that
    /// there is none. Use [`CreateOnly`] to create a resource again after it was deleted.
    #[default]
    WhenKnown,
    /// Sends the known tag. If no tag is known, sends a GET first, and then the write with the tag
    /// of the response. A resource that has no tag is written without a guard. A PUT to a resource
    /// that does not exist is sent with `If-None-Match: *`.
    ///
    /// The write is not sent if the GET fails, or if a tag may be in a body that cannot be
    /// searched: see [`ReadFailed`](super::ClientErrorReason::ReadFailed) and
    /// [`ReadIncomplete`](super::ClientErrorReason::ReadIncomplete).
    ///
    /// This guards only against changes between that GET and the write. It does not guard against
    /// earlier changes that the caller has not seen.
    ReadFirst,
    /// Sends the known tag. If no tag is known, the write is not sent, and fails with
    /// [`UnknownTag`](super::ClientErrorReason::UnknownTag).
    Required,
}

/// Request extension that makes a write create a resource, but never replace one.
///
/// The layer adds `If-None-Match: *` (RFC 9110 section 13.1.2) to a request with an unsafe method,
/// unless the caller has set a precondition. If the resource exists, the response is a 412.
///
/// ```
/// use http::Request;
/// use tower_conditional::client::CreateOnly;
///
/// let request = Request::put("http://localhost/notes/1")
///     .extension(CreateOnly)
///     .body("new")?;
/// # Ok::<(), http::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CreateOnly;

/// Request extension that makes a GET or HEAD ask whether the representation has changed.
///
/// The layer adds the known validators in `If-None-Match` and `If-Modified-Since` (RFC 9110
/// sections 13.1.2 and 13.1.3), unless the caller has set a precondition or `Range`. Use it if you
/// have kept the representation: the response may be a 304.
///
/// ```
/// use http::Request;
/// use tower_conditional::client::Revalidate;
///
/// let request = Request::get("http://localhost/notes/1")
///     .extension(Revalidate)
///     .body("")?;
/// # Ok::<(), http::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Revalidate;

/// Request extension that asks for the representation itself, so that the layer does not revalidate
/// whatever its settings are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Whole;

/// The guards of all methods.
#[derive(Clone, Debug, Default)]
pub(super) struct Guards {
    writes: Guard,
    methods: Vec<(Method, Guard)>,
}

impl Guards {
    pub(super) fn set_writes(&mut self, guard: Guard) {
        self.writes = guard;
    }

    pub(super) fn set(&mut self, method: Method, guard: Guard) {
        self.methods.retain(|(known, _)| *known != method);
        self.methods.push((method, guard));
    }

    pub(super) fn of(&self, method: &Method) -> Guard {
        match self.methods.iter().find(|(known, _)| known == method) {
            Some((_, guard)) => *guard,
            None if is_write(method) => self.writes,
            None => Guard::Off,
        }
    }

    /// Reports whether a success with this method changes the representation.
    pub(super) fn is_write(&self, method: &Method) -> bool {
        is_write(method) || self.methods.iter().any(|(known, _)| known == method)
    }
}

fn is_write(method: &Method) -> bool {
    matches!(*method, Method::PUT | Method::PATCH | Method::DELETE)
}
