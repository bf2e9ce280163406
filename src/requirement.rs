//! Which requests must be conditional (RFC 6585 section 3).

use std::sync::Arc;

use http::{Method, request::Parts};

use crate::{ConfigError, Current};

/// The methods that need a precondition which guards against a lost update.
///
/// A safe method never needs one, nor does CONNECT.
///
/// ```
/// use http::Method;
/// use tower_conditional::Requirement;
///
/// assert!(Requirement::WRITES.covers(&Method::PATCH));
/// assert!(!Requirement::WRITES.covers(&Method::POST), "a POST often creates something else");
/// assert!(!Requirement::NONE.covers(&Method::DELETE));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement(Methods);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Methods {
    None,
    Writes,
    Deletes,
    Listed(Arc<[Method]>),
}

impl Requirement {
    /// No method.
    pub const NONE: Requirement = Requirement(Methods::None);

    /// PUT, PATCH and DELETE.
    pub const WRITES: Requirement = Requirement(Methods::Writes);

    /// DELETE.
    pub const DELETES: Requirement = Requirement(Methods::Deletes);

    /// These methods.
    ///
    /// # Errors
    ///
    /// When there is none, or when one of them is safe or CONNECT: it never needs a precondition.
    ///
    /// ```
    /// use http::Method;
    /// use tower_conditional::Requirement;
    ///
    /// let patches = Requirement::methods([Method::PATCH])?;
    /// assert!(patches.covers(&Method::PATCH));
    /// assert!(!patches.covers(&Method::PUT));
    /// assert!(Requirement::methods([Method::GET]).is_err(), "GET is safe");
    /// # Ok::<(), tower_conditional::ConfigError>(())
    /// ```
    pub fn methods(methods: impl IntoIterator<Item = Method>) -> Result<Self, ConfigError> {
        let methods: Arc<[Method]> = methods.into_iter().collect();
        if methods.is_empty() {
            return Err(ConfigError::no_method());
        }
        match methods.iter().find(|method| !can_be_required(method)) {
            Some(method) => Err(ConfigError::method(method.clone())),
            None => Ok(Self(Methods::Listed(methods))),
        }
    }

    #[inline]
    pub(crate) const fn is_none(&self) -> bool {
        matches!(self.0, Methods::None)
    }

    /// Whether a request of this method must be conditional.
    pub fn covers(&self, method: &Method) -> bool {
        match &self.0 {
            Methods::None => false,
            Methods::Writes => matches!(*method, Method::PUT | Method::PATCH | Method::DELETE),
            Methods::Deletes => *method == Method::DELETE,
            Methods::Listed(methods) => methods.contains(method),
        }
    }
}

/// No method.
impl Default for Requirement {
    fn default() -> Self {
        Self::NONE
    }
}

pub(crate) fn can_be_required(method: &Method) -> bool {
    !method.is_safe() && *method != Method::CONNECT
}

/// Says for each request what holds for it, before the source's answer and the layer's requirement
/// are heard; see the [crate's docs](crate#policies).
///
/// Any `Fn(&Parts, Current<'_>) -> R` is one, where `R` is a [`Ruling`] or an
/// `Option<Requirement>`.
pub trait RequestPolicy {
    /// Whether the policy ever speaks. If not, it is not called, and does not make the layer ask
    /// its source about unconditional writes.
    const SPEAKS: bool = true;

    /// What holds for this request, given what is known of the representation.
    fn rule(&self, head: &Parts, current: Current<'_>) -> Ruling;
}

impl<F, R> RequestPolicy for F
where
    F: Fn(&Parts, Current<'_>) -> R,
    R: Into<Ruling>,
{
    fn rule(&self, head: &Parts, current: Current<'_>) -> Ruling {
        self(head, current).into()
    }
}

/// What a [`RequestPolicy`] says of a request.
///
/// ```
/// use http::request::Parts;
/// use tower_conditional::{ready_fn, ConditionalLayer, Current, EntityTag, Ruling};
///
/// # let source = ready_fn(|_: &Parts| EntityTag::from_version(1));
/// // Version 1 of this interface has no entity tags.
/// let layer = ConditionalLayer::new(source).policy(|head: &Parts, _: Current<'_>| {
///     match head.headers.get("api-version").map(|version| version.as_bytes()) {
///         Some(b"1") => Ruling::Refuse,
///         _ => Ruling::Silent,
///     }
/// });
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ruling {
    /// Nothing: the source's answer decides what is required, and then the layer's requirement.
    #[default]
    Silent,
    /// These methods must be conditional, whatever the resource and the layer say.
    Require(Requirement),
    /// Its preconditions are ignored, nothing is required, and no validators are put on its
    /// response: it is of a kind that knows no entity tags, of an older API version for example.
    ///
    /// A client of that kind which sends `If-Match` all the same believes itself guarded, and is
    /// not. [`Refuse`](Self::Refuse) tells it.
    Ignore,
    /// As [`Ignore`](Self::Ignore), but if the request has preconditions it is answered
    /// 406 Not Acceptable (Ironic).
    Refuse,
}

/// `None` is [`Ruling::Silent`].
impl From<Option<Requirement>> for Ruling {
    fn from(requirement: Option<Requirement>) -> Self {
        requirement.map_or(Ruling::Silent, Ruling::Require)
    }
}

impl From<Requirement> for Ruling {
    fn from(requirement: Requirement) -> Self {
        Ruling::Require(requirement)
    }
}

/// The policy that never speaks.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct NoPolicy;

impl RequestPolicy for NoPolicy {
    const SPEAKS: bool = false;

    fn rule(&self, _: &Parts, _: Current<'_>) -> Ruling {
        Ruling::Silent
    }
}
