//! The conditional layer: where validators come from, and what is required.

use std::time::SystemTime;

use axum::{
    extract::FromRequestParts,
    response::{IntoResponse, Response},
    routing::MethodRouter,
};
use http::{
    HeaderMap, HeaderValue, Method,
    header::{CACHE_CONTROL, VARY},
    request::Parts,
};
use tower_conditional::{
    ConditionalLayer, CurrentState, Decision, Field, Outcome, Preconditions, Representation,
    Requirement, Rules, Validators, source_fn,
};

use super::{
    note::{Changed, Version},
    problem::Problem,
    resource::Resource,
    store::Store,
};

/// PUT, PATCH and DELETE of a note that exists must be conditional. Others are answered 428.
const REQUIREMENT: Requirement = Requirement::WRITES;

/// Proxies that compress change `"7"` to `"7-gzip"` or similar (Apache, lighttpd, Caddy, Jetty) or
/// to `W/"7"` (nginx, HAProxy, Varnish, CDNs), and do not undo it in requests.
const RULES: Rules = Rules::RFC9110
    .coding_suffixes(&["-gzip", "-br", "-zstd", "--gzip"])
    .weakened_by_proxy(true);

/// Puts the layer around the handlers of one route, but not around its 405, which takes precedence
/// over preconditions (RFC 9110 section 13.2.1).
pub(crate) fn guard(handlers: MethodRouter<Store>, store: Store) -> MethodRouter<Store> {
    let source = source_fn(move |head: &Parts| {
        let (store, resource) = (store.clone(), Resource::of(head.uri.path()));
        async move {
            let changed = match resource {
                Some(resource) => store.changed(resource).await?,
                None => None,
            };
            Ok::<_, sqlx::Error>(changed.map(representation))
        }
    });
    handlers.route_layer(
        ConditionalLayer::new(source)
            .require(REQUIREMENT)
            .rules(RULES),
    )
}

fn representation(changed: Changed) -> Representation {
    // A 304 must carry the fields that a 200 would have (RFC 9110 section 15.4.5). `no-cache` makes
    // caches revalidate each time, and the compression adds Vary to a 200.
    Representation::from(Validators::from(changed))
        .with_field(CACHE_CONTROL, HeaderValue::from_static("no-cache"))
        .with_field(VARY, HeaderValue::from_static("accept-encoding"))
}

/// The state that the preconditions of a write were evaluated against, and what is needed to
/// evaluate them again.
pub(crate) struct Evaluated {
    method: Method,
    headers: HeaderMap,
    /// `None` if there was no representation, or if the request is a POST that depends on none.
    pub(crate) version: Option<Version>,
}

impl<S: Sync> FromRequestParts<S> for Evaluated {
    type Rejection = Problem;

    async fn from_request_parts(head: &mut Parts, _: &S) -> Result<Self, Problem> {
        let outcome = head.extensions.get::<Outcome>();
        Ok(Self {
            method: head.method.clone(),
            headers: head.headers.clone(),
            version: outcome
                .and_then(|outcome| outcome.validators()?.etag())
                .and_then(Version::from_tag),
        })
    }
}

impl Evaluated {
    /// Evaluates the preconditions again, after another writer has changed the state.
    ///
    /// They may still be true, as `If-Match: *` is. If not, this is the response of the layer.
    pub(crate) fn again(&mut self, changed: Option<Changed>) -> Option<Response> {
        let validators = changed.map(Validators::from);
        let current = match &validators {
            Some(validators) => CurrentState::Present(validators),
            None => CurrentState::Missing,
        };
        let decision = Preconditions::new(&self.method, &self.headers)
            .required(REQUIREMENT.covers(&self.method))
            .evaluate(current, &RULES, SystemTime::now());
        // Two versions of the same second have the same date, so a date does not guard here.
        let decision = match decision {
            Decision::Perform(date @ Field::IfUnmodifiedSince) => {
                Decision::PreconditionFailed(date)
            }
            decision => decision,
        };
        if !decision.performs() {
            return Some(decision.response(current).into_response());
        }
        self.version = changed.map(|changed| changed.version);
        None
    }
}
