//! Services in process, with and without the layer, and requests to them.

use std::{
    convert::Infallible,
    fmt::Debug,
    future::{Future, ready},
    pin::pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::Path,
    handler::Handler,
    routing::{MethodRouter, get},
};
use bytes::Bytes;
use futures_util::task::noop_waker_ref;
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode,
    header::{CONTENT_TYPE, ETAG, IF_MATCH, IF_NONE_MATCH},
    request::Parts,
};
use http_body_util::{Full, combinators::UnsyncBoxBody};
use tower::{Layer, Service, service_fn};
use tower_conditional::{
    ByHead, Cached, EntityTag, FromResponse, axum::from_fn, client::ConditionalClientLayer,
    drain::DrainLayer, lock::WriteLock, ready_fn, source_fn,
};
use tower_http::{map_response_body::MapResponseBodyLayer, set_header::SetResponseHeaderLayer};

use super::cases::{Case, PAGE, TAG};

/// What handles a request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Server {
    /// A service that answers 200 with a body of 1 KiB.
    Bare,
    /// The same in the layer.
    Layered,
    /// The same in the layer with a lock.
    Locked,
    /// The same in the layer that reads what the service leaves of a request.
    Drained,
    /// The same in a layer of tower-http that puts an ETag on the response.
    SetHeader,
    /// A handler in an axum router that answers the same.
    Axum,
    /// The same router in the layer.
    AxumLayered,
    /// The same router in a layer of tower-http that changes nothing but the type of the body.
    AxumMapped,
    /// Handlers that compare If-None-Match and If-Match themselves.
    AxumByHand,
    /// The service in the layer that asks it by HEAD.
    ByHead,
    /// The service in the layer that uses the tag of its response.
    FromResponse,
    /// The service in the layer, with a cache around the source.
    Cached,
    /// A client in the client layer, which remembers tags and guards writes.
    Client,
    /// The router in the layer, with a source that is a closure over the path.
    AxumSourceFn,
    /// The same, with a source that is a function of the extractor `Path`.
    AxumFromFn,
}

impl Server {
    pub(crate) const ALL: [Server; 15] = [
        Server::Bare,
        Server::Layered,
        Server::Locked,
        Server::Drained,
        Server::SetHeader,
        Server::Axum,
        Server::AxumLayered,
        Server::AxumMapped,
        Server::AxumByHand,
        Server::ByHead,
        Server::FromResponse,
        Server::Cached,
        Server::Client,
        Server::AxumSourceFn,
        Server::AxumFromFn,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Server::Bare => "tower",
            Server::Layered => "tower+layer",
            Server::Locked => "tower+lock",
            Server::Drained => "tower+drain",
            Server::SetHeader => "tower+set-header",
            Server::Axum => "axum",
            Server::AxumLayered => "axum+layer",
            Server::AxumMapped => "axum+map-body",
            Server::AxumByHand => "axum+by-hand",
            Server::ByHead => "tower+by-head",
            Server::FromResponse => "tower+response",
            Server::Cached => "tower+cached",
            Server::Client => "client",
            Server::AxumSourceFn => "axum+source_fn",
            Server::AxumFromFn => "axum+from_fn",
        }
    }

    /// Returns the status of the response of this server.
    pub(crate) fn status(self, case: &Case) -> StatusCode {
        match self {
            Server::FromResponse if case.method == Method::PUT && case.field.is_some() => {
                StatusCode::NOT_IMPLEMENTED
            }
            Server::Layered
            | Server::Locked
            | Server::AxumLayered
            | Server::ByHead
            | Server::FromResponse
            | Server::Cached
            | Server::AxumSourceFn
            | Server::AxumFromFn => case.status,
            Server::AxumByHand if case.field.is_some() => case.status,
            _ => StatusCode::OK,
        }
    }

    pub(crate) fn start(self, case: &Case) -> Call {
        let validators = case.validators();
        let layer = case.layer(ready_fn(move |_| validators.clone()));
        let own_tag = case.own_tag;
        let bare = service_fn(move |request: Request<Body>| {
            ready(Ok::<_, Infallible>(respond(request, own_tag)))
        });
        let tagged =
            service_fn(|request: Request<Body>| ready(Ok::<_, Infallible>(respond(request, true))));
        // As `axum::serve` serves it: the layers are applied once.
        let router = |route| Router::new().route("/page", route).with_state(());
        let route = || match own_tag {
            true => methods(tagged_handler),
            false => methods(handler),
        };
        match self {
            Server::Bare => call(bare),
            Server::Layered => call(layer.layer(bare)),
            Server::Locked => call(layer.lock(WriteLock::new()).layer(bare)),
            Server::Drained => {
                let bare =
                    service_fn(|request| ready(Ok::<_, Infallible>(respond(request, false))));
                call(DrainLayer::new().layer(bare))
            }
            Server::SetHeader => {
                let etag = HeaderValue::from(&TAG);
                call(SetResponseHeaderLayer::if_not_present(ETAG, etag).layer(bare))
            }
            Server::Axum => call(router(route())),
            Server::AxumLayered => call(router(route().route_layer(layer))),
            Server::AxumMapped => {
                let layer = MapResponseBodyLayer::new(UnsyncBoxBody::new);
                call(router(route().route_layer(layer)))
            }
            Server::AxumByHand => call(router(get(read_by_hand).post(handler).put(write_by_hand))),
            Server::ByHead => call(case.layer(ByHead::<Body>::new()).layer(tagged)),
            Server::FromResponse => call(case.layer(FromResponse).layer(tagged)),
            Server::Cached => {
                let validators = case.validators();
                let source = ready_fn(move |_| validators.clone());
                let cached = Cached::new(source, 1_024, Duration::from_secs(3_600));
                call(case.layer(cached).layer(bare))
            }
            Server::Client => call(ConditionalClientLayer::new().layer(tagged)),
            Server::AxumSourceFn => {
                let layer = case.layer(source_fn(by_path));
                call(captured(route().route_layer(layer)))
            }
            Server::AxumFromFn => {
                let layer = case.layer(from_fn(by_extractor));
                call(captured(route().route_layer(layer)))
            }
        }
    }
}

/// A router whose path has a parameter.
fn captured(route: MethodRouter) -> Router {
    Router::new().route("/{page}", route).with_state(())
}

/// What a user writes by hand, wrong under `nest` and with percent-encoding.
pub(crate) fn by_path(head: &Parts) -> impl Future<Output = Option<EntityTag>> + use<> {
    let known = head.uri.path().strip_prefix('/') == Some("page");
    async move { known.then(|| TAG.clone()) }
}

pub(crate) async fn by_extractor(Path(page): Path<String>) -> Option<EntityTag> {
    (page == "page").then(|| TAG.clone())
}

/// Calls the service, drops the response, and returns its status.
pub(crate) type Call = Box<dyn FnMut(Request<Body>) -> StatusCode>;

fn call<S, B>(mut service: S) -> Call
where
    S: Service<Request<Body>, Response = Response<B>> + 'static,
    S::Error: Debug,
{
    Box::new(move |request| {
        let context = &mut Context::from_waker(noop_waker_ref());
        assert!(service.poll_ready(context).is_ready());
        match pin!(service.call(request)).poll(context) {
            Poll::Ready(response) => response.expect("nothing fails").status(),
            Poll::Pending => unreachable!("nothing is waited for"),
        }
    })
}

fn respond<B>(_: Request<B>, own_tag: bool) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::copy_from_slice(&PAGE)));
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
    if own_tag {
        response.headers_mut().insert(ETAG, HeaderValue::from(&TAG));
    }
    response
}

fn methods<H, T>(handler: H) -> MethodRouter
where
    H: Handler<T, ()>,
    T: 'static,
{
    get(handler.clone()).post(handler.clone()).put(handler)
}

async fn handler() -> ([(HeaderName, HeaderValue); 1], Bytes) {
    let html = HeaderValue::from_static("text/html");
    ([(CONTENT_TYPE, html)], Bytes::copy_from_slice(&PAGE))
}

/// Sets the entity tag itself.
async fn tagged_handler() -> Answer {
    answer(StatusCode::OK)
}

type Answer = (StatusCode, [(HeaderName, HeaderValue); 2], Bytes);

fn answer(status: StatusCode) -> Answer {
    let html = HeaderValue::from_static("text/html");
    let fields = [(CONTENT_TYPE, html), (ETAG, HeaderValue::from(&TAG))];
    let content = match status {
        StatusCode::OK => Bytes::copy_from_slice(&PAGE),
        _ => Bytes::new(),
    };
    (status, fields, content)
}

async fn read_by_hand(headers: HeaderMap) -> Answer {
    answer(match headers.get(IF_NONE_MATCH) {
        Some(value) if value == TAG.as_header_value() => StatusCode::NOT_MODIFIED,
        _ => StatusCode::OK,
    })
}

async fn write_by_hand(headers: HeaderMap) -> Answer {
    answer(match headers.get(IF_MATCH) {
        Some(value) if value != TAG.as_header_value() => StatusCode::PRECONDITION_FAILED,
        _ => StatusCode::OK,
    })
}
