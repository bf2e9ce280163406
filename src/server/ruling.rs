use crate::precondition::Requirement;

/// What a closure of [`ConditionalLayer::policy`](crate::ConditionalLayer::policy) returns for a
/// request.
///
/// ```
/// use tower_conditional::{ready_fn, ConditionalLayer, EntityTag, Ruling};
///
/// # let source = ready_fn(|_| EntityTag::from_version(1));
/// // Version 1 of this interface has no entity tags.
/// let layer = ConditionalLayer::new(source).policy(|head, _| {
///     match head.headers.get("api-version").map(|version| version.as_bytes()) {
///         Some(b"1") => Ruling::NotAcceptable,
///         _ => Ruling::Default,
///     }
/// });
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ruling {
    /// Uses the requirement of the source's answer, or else that of the layer.
    #[default]
    Default,
    /// Requires a precondition for these methods, regardless of what the source and the layer
    /// require.
    Require(Requirement),
    /// Ignores the preconditions of the request, requires nothing, and adds no validators to the
    /// response: for a kind of request without entity tags, such as an older API version.
    ///
    /// A client of that kind that sends `If-Match` believes that its write is guarded, but it is
    /// not. [`NotAcceptable`](Self::NotAcceptable) reports this to the client.
    Ignore,
    /// Does the same as [`Ignore`](Self::Ignore), except that a request with preconditions is
    /// answered 406 Not Acceptable (Ironic).
    NotAcceptable,
}

/// Converts `None` to [`Ruling::Default`].
impl From<Option<Requirement>> for Ruling {
    fn from(requirement: Option<Requirement>) -> Self {
        requirement.map_or(Ruling::Default, Ruling::Require)
    }
}

impl From<Requirement> for Ruling {
    fn from(requirement: Requirement) -> Self {
        Ruling::Require(requirement)
    }
}
