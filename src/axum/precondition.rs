use std::{error::Error, fmt};

use axum_core::{
    extract::FromRequestParts,
    response::{IntoResponse, Response},
};
use http::{
    Request, StatusCode,
    header::{ACCEPT_ENCODING, CONTENT_TYPE, HeaderValue},
    request::Parts,
};

use crate::{
    etag::{EntityTag, Version},
    precondition::{Decision, Field, Preconditions, Validators, is_safe},
    refusal::RefusalBody,
    server::{Expected, Outcome},
    source::Selected,
};

/// What the [`ConditionalLayer`](crate::ConditionalLayer) decided about the request, as an extractor
/// for the handler of a write.
///
/// Another writer may come between the layer's check and the write. Close that gap where the data is
/// stored:
///
/// - with a statement that succeeds only if the state is as [`expected`](Self::expected), such as
///   `UPDATE … WHERE id = ? AND version = ?` with [`version`](Self::version). If it finds no row,
///   return the error that [`lost`](Self::lost) makes.
/// - with [`recheck`](Self::recheck), in the transaction or under the lock in which the handler
///   writes.
///
/// It keeps what it needs of the request, so other extractors may take the rest.
///
/// # Rejections
///
/// The extraction fails with a 500, and the handler does not run, if a write has preconditions and no
/// layer evaluated them. So a forgotten `ConditionalLayer` never is an unguarded write of a
/// client that asked for a guarded one. The layer evaluates nothing where its source
/// [leaves the request to the handler](Selected::LeftToHandler).
///
/// A request that has no preconditions, and needs none, gives a precondition that expects anything.
/// So does every read: there is nothing to write, and nothing to check again. For a handler that
/// rechecks reads, enable
/// [`ConditionalLayer::outcome_of_reads`](crate::ConditionalLayer::outcome_of_reads).
///
/// ```
/// use axum::{body::Body, routing::put, Router};
/// use http::Request;
/// use tower::ServiceExt;
/// use tower_conditional::axum::Precondition;
///
/// # tokio_test::block_on(async {
/// // Nobody added a layer.
/// let app: Router = Router::new().route("/note", put(|_: Precondition| async { "written" }));
///
/// let request = Request::put("/note").body(Body::empty()).unwrap();
/// assert_eq!(app.clone().oneshot(request).await.unwrap().status(), 200);
///
/// let request = Request::put("/note").header("if-match", "\"7\"").body(Body::empty()).unwrap();
/// assert_eq!(app.oneshot(request).await.unwrap().status(), 500);
/// # });
/// ```
#[derive(Clone, Debug)]
pub struct Precondition {
    evaluated: Option<Box<Evaluated>>,
}

#[derive(Clone, Debug)]
struct Evaluated {
    outcome: Outcome,
    /// As much of the request's head as evaluating again takes.
    head: Parts,
}

impl Precondition {
    /// Returns what must still be true when the handler writes, for the layer's decision to hold.
    ///
    /// Match on it if the handler serves more than `If-Match` with an entity tag:
    ///
    /// ```
    /// use tower_conditional::{axum::Precondition, Expected};
    ///
    /// fn statement(precondition: &Precondition) -> String {
    ///     match precondition.expected() {
    ///         Expected::Tag(tag) => match tag.version::<i64>() {
    ///             Some(version) => format!("UPDATE … WHERE id = ? AND version = {version}"),
    ///             None => "SELECT 1 WHERE FALSE".to_owned(), // not a tag of this service
    ///         },
    ///         Expected::Absent => "INSERT … ON CONFLICT DO NOTHING".to_owned(),
    ///         Expected::Exists => "UPDATE … WHERE id = ?".to_owned(),
    ///         Expected::Unconstrained => "INSERT … ON CONFLICT DO UPDATE …".to_owned(),
    ///         _ => "SELECT 1 WHERE FALSE".to_owned(), // this resource has no modification date
    ///     }
    /// }
    /// ```
    pub fn expected(&self) -> Expected<'_> {
        self.outcome()
            .map_or(Expected::Unconstrained, Outcome::expected)
    }

    /// Returns the version that must still be current, for `UPDATE … WHERE version = ?`: the number
    /// in the entity tag that the layer evaluated, if [`EntityTag::from_version`] made it.
    ///
    /// For `If-Match: *` it is that of the representation that the layer found, although any would
    /// do.
    ///
    /// `None` does not mean that the write is free. The resource may have to be absent, or its tag
    /// may have no version. `WHERE version = NULL` is never true, so that the write is then refused.
    /// To create resources, match on [`expected`](Self::expected).
    pub fn version<V: Version>(&self) -> Option<V> {
        let tag = match self.expected() {
            Expected::Tag(tag) => Some(tag),
            Expected::Exists => self.outcome()?.validators().and_then(Validators::etag),
            _ => None,
        };
        tag.and_then(EntityTag::version)
    }

    /// Evaluates the preconditions again, against the state when the handler writes.
    ///
    /// `current` is what a source would answer, or a reference to it: an entity tag, validators, or
    /// an `Option` of them, where `None` means that there is no representation. See
    /// [`Outcome::recheck`].
    ///
    /// # Errors
    ///
    /// Returns the layer's own answer if the method must not be performed.
    pub fn recheck(&self, current: impl Into<Selected>) -> Result<(), PreconditionRejection> {
        match &self.evaluated {
            Some(evaluated) => evaluated
                .outcome
                .recheck(&evaluated.head, current)
                .map_err(PreconditionRejection::new),
            None => Ok(()),
        }
    }

    /// Makes the answer to a write that failed because the state was not as
    /// [`expected`](Self::expected) any more: the layer's own 412.
    ///
    /// `current` is the state now, as for [`recheck`](Self::recheck); use [`Selected::Unknown`] if it
    /// was not read again. See [`Outcome::lost`].
    pub fn lost(&self, current: impl Into<Selected>) -> PreconditionRejection {
        PreconditionRejection::new(match &self.evaluated {
            Some(evaluated) => evaluated.outcome.lost(&evaluated.head, current),
            None => Decision::PreconditionFailed(Field::IfMatch).response(current),
        })
    }

    /// Returns the outcome of the layer. It is `None` if the request depends on nothing, and for a
    /// read unless
    /// [`outcome_of_reads`](crate::ConditionalLayer::outcome_of_reads) is enabled.
    pub fn outcome(&self) -> Option<&Outcome> {
        self.evaluated.as_ref().map(|evaluated| &evaluated.outcome)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Precondition {
    type Rejection = PreconditionRejection;

    async fn from_request_parts(head: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let evaluated = match head.extensions.get::<Outcome>() {
            Some(outcome) => Some(Box::new(Evaluated {
                outcome: outcome.clone(),
                head: keep(head, outcome),
            })),
            None if !is_safe(&head.method)
                && Preconditions::new(&head.method, &head.headers).is_conditional() =>
            {
                return Err(PreconditionRejection::not_evaluated());
            }
            None => None,
        };
        Ok(Self { evaluated })
    }
}

/// Copies what evaluating again takes: all of it if a closure of the application makes the refusals,
/// since it may look at anything.
fn keep(head: &Parts, outcome: &Outcome) -> Parts {
    if outcome.responds_by_closure() {
        return head.clone();
    }
    const FIELDS: [Field; 5] = [
        Field::IfMatch,
        Field::IfUnmodifiedSince,
        Field::IfNoneMatch,
        Field::IfModifiedSince,
        Field::IfRange,
    ];
    let (mut kept, ()) = Request::new(()).into_parts();
    kept.method = head.method.clone();
    for name in FIELDS
        .map(Field::header_name)
        .into_iter()
        .chain([ACCEPT_ENCODING])
    {
        for line in head.headers.get_all(&name) {
            kept.headers.append(name.clone(), line.clone());
        }
    }
    kept
}

/// The answer to a request whose preconditions do not hold any more where the handler writes, or were
/// not evaluated at all. See [`Precondition`].
///
/// It is the layer's own response:
/// [`ConditionalLayer::respond_with`](crate::ConditionalLayer::respond_with) applies to it.
#[derive(Debug)]
pub struct PreconditionRejection {
    /// It is large, and rare.
    response: Box<http::Response<RefusalBody>>,
}

impl PreconditionRejection {
    fn new(response: http::Response<RefusalBody>) -> Self {
        Self {
            response: Box::new(response),
        }
    }

    fn not_evaluated() -> Self {
        const TEXT: &str = "This request has preconditions that nobody has evaluated, so it was not \
            performed. To the developer: the handler extracts `Precondition`, so add a \
            `ConditionalLayer` of tower-conditional to its route, after all of its methods: \
            `get(read).put(write).route_layer(layer)`. If there is one, its source left this request \
            to the handler.\n";
        let mut response = http::Response::new(RefusalBody::from(TEXT));
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        let text = HeaderValue::from_static("text/plain; charset=utf-8");
        response.headers_mut().insert(CONTENT_TYPE, text);
        Self::new(response)
    }

    /// Returns the status code of the answer.
    pub fn status(&self) -> StatusCode {
        self.response.status()
    }
}

/// Returns the answer itself.
impl From<PreconditionRejection> for http::Response<RefusalBody> {
    fn from(rejection: PreconditionRejection) -> Self {
        *rejection.response
    }
}

impl IntoResponse for PreconditionRejection {
    fn into_response(self) -> Response {
        IntoResponse::into_response(*self.response)
    }
}

impl fmt::Display for PreconditionRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the preconditions do not hold: {}", self.status())
    }
}

impl Error for PreconditionRejection {}
