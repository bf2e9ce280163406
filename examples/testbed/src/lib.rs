//! The test bed: one service. The first segment of the path selects a profile.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_util::{
    FutureExt,
    future::{Either, Map},
};
use http::{
    HeaderValue, Method, Request, Response, StatusCode,
    header::{CONTENT_TYPE, ETAG},
};
use http_body_util::{BodyExt, Full, combinators::UnsyncBoxBody};
use tower::{
    Service, ServiceExt,
    util::{BoxCloneSyncService, Oneshot},
};

mod handler;
mod profiles;
mod serve;
mod state;

pub use self::serve::serve;
use self::{profiles::profiles, state::State};

/// The body of every response.
pub type Body = UnsyncBoxBody<Bytes, Infallible>;

type Profile<B> = BoxCloneSyncService<Request<B>, Response<Body>, Infallible>;

/// The test bed for requests with bodies of type `B`. It reads no body.
pub struct App<B> {
    profiles: Arc<[(&'static str, Profile<B>)]>,
}

impl<B: Send + 'static> App<B> {
    /// Creates the test bed with all profiles.
    pub fn new() -> Self {
        Self {
            profiles: profiles().into(),
        }
    }

    fn find(&self, path: &str) -> Result<Profile<B>, String> {
        let rest = path.strip_prefix('/').unwrap_or_default();
        let segment = rest.split('/').next().unwrap_or_default();
        self.profiles
            .iter()
            .find(|(name, _)| *name == segment)
            .map(|(_, profile)| profile.clone())
            .ok_or_else(|| {
                let names: Vec<_> = self.profiles.iter().map(|(name, _)| *name).collect();
                format!("no profile here; the profiles are /{}\n", names.join(", /"))
            })
    }
}

impl<B: Send + 'static> Service<Request<B>> for App<B> {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Either<Map<Oneshot<Profile<B>, Request<B>>, fn(Answer) -> Answer>, Refused>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let profile = match self.find(request.uri().path()) {
            Ok(profile) => profile,
            Err(message) => return refuse(request.method(), StatusCode::NOT_FOUND, message),
        };
        let unquoted = ["/restheart", "/ironic"]
            .iter()
            .any(|profile| request.uri().path().starts_with(profile));
        match State::read(request.headers(), unquoted) {
            Ok(state) => {
                let as_told: fn(Answer) -> Answer = match state.unquoted {
                    true => |answer| answer.map(without_quotes),
                    false => |answer| answer,
                };
                request.extensions_mut().insert(Arc::new(state));
                Either::Left(profile.oneshot(request).map(as_told))
            }
            Err(message) => refuse(request.method(), StatusCode::BAD_REQUEST, message),
        }
    }
}

impl<B: Send + 'static> Default for App<B> {
    fn default() -> Self {
        Self::new()
    }
}

impl<B> Clone for App<B> {
    fn clone(&self) -> Self {
        Self {
            profiles: Arc::clone(&self.profiles),
        }
    }
}

type Answer = Result<Response<Body>, Infallible>;

type Refused = Ready<Answer>;

/// Sends the entity tag without quotes, as RESTHeart and the specification of Ironic do.
fn without_quotes(mut response: Response<Body>) -> Response<Body> {
    if let Some(etag) = response.headers_mut().get_mut(ETAG) {
        let unquoted: Vec<u8> = etag
            .as_bytes()
            .iter()
            .copied()
            .filter(|&byte| byte != b'"')
            .collect();
        if let Ok(unquoted) = HeaderValue::from_bytes(&unquoted) {
            *etag = unquoted;
        }
    }
    response
}

/// Makes a response of the test bed itself, without any layer.
fn refuse<F>(method: &Method, status: StatusCode, message: String) -> Either<F, Refused> {
    // Over HTTP/2 hyper would send content in a response to HEAD.
    let content = match *method {
        Method::HEAD => Full::default(),
        _ => Full::from(message),
    };
    let mut response = Response::new(content.boxed_unsync());
    *response.status_mut() = status;
    let text = HeaderValue::from_static("text/plain");
    response.headers_mut().insert(CONTENT_TYPE, text);
    Either::Right(ready(Ok(response)))
}
