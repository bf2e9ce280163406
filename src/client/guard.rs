use http::Method;

/// How a write without a precondition of its caller's is guarded against a lost update.
///
/// The layer has one for each method, see [`ConditionalClientLayer::guard`]; one in the extensions
/// of a request holds for that request.
///
/// [`ConditionalClientLayer::guard`]: super::ConditionalClientLayer::guard
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Guard {
    /// Not at all.
    Off,
    /// With the tag that is known. Where none is known the write is sent as it is: the service may
    /// have no tags.
    #[default]
    WhenKnown,
    /// With the tag that is known, or else that of a GET sent before. A resource that has no tag is
    /// written as it is; one that does not exist is created by PUT with `If-None-Match: *`. Where a
    /// [`BodyTag`](super::BodyTag) is set, a resource has none only if its JSON body was read to its
    /// end: when that breaks off, is coded, or above the limit, the result is a
    /// [`ClientError`](super::ClientError), and the write is not sent.
    ///
    /// This guards against whoever writes between that GET and the write. It cannot know of a
    /// change before, which the caller has not seen.
    ReadFirst,
    /// With the tag that is known. Where none is known the write is not sent: the result is a
    /// [`ClientError`](super::ClientError).
    Required,
}

/// In the extensions of an unsafe request: create, but do not replace. The layer adds
/// `If-None-Match: *` (RFC 9110 section 13.1.2), unless the caller has set a precondition.
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

/// In the extensions of a GET or HEAD: ask whether the representation has changed. The layer adds
/// `If-None-Match` and `If-Modified-Since` as far as it knows validators, unless the caller has set
/// a precondition or asks for a range. The caller has kept the representation, and gets the 304.
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

/// In the extensions of a GET: the representation itself is needed, whatever the layer's settings
/// say. A 304 would be of no use.
#[derive(Clone, Copy, Debug)]
pub(super) struct Whole;

/// The guard of each method.
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

    /// Whether a success of this method has replaced the representation.
    pub(super) fn is_write(&self, method: &Method) -> bool {
        is_write(method) || self.methods.iter().any(|(known, _)| known == method)
    }
}

fn is_write(method: &Method) -> bool {
    matches!(*method, Method::PUT | Method::PATCH | Method::DELETE)
}
