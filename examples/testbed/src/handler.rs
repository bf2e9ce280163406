//! The wrapped handler. It reports that it ran, and which Range it received.

use std::{
    convert::Infallible,
    future::{Ready, ready},
};

use bytes::Bytes;
use http::{
    HeaderValue, Method, Request, Response, StatusCode,
    header::{CONTENT_TYPE, ETAG, RANGE},
};
use http_body_util::Full;

use super::state::{Exists, State};

pub(crate) fn handle<B>(request: Request<B>) -> Ready<Result<Response<Full<Bytes>>, Infallible>> {
    let state = State::of(request.extensions());
    let method = request.method();
    let status = state
        .status
        .unwrap_or_else(|| default_status(&state.exists, method));

    let body = match (method, status) {
        (&Method::HEAD, _)
        | (_, StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT | StatusCode::NOT_MODIFIED) => {
            Full::default()
        }
        _ => Full::from("the handler ran\n"),
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    headers.insert("test-handler", HeaderValue::from_static("ran"));
    if let Some(etag) = &state.handler_etag {
        headers.insert(ETAG, etag.clone());
    }
    for range in request.headers().get_all(RANGE) {
        headers.append("test-range", range.clone());
    }
    ready(Ok(response))
}

fn default_status(exists: &Exists, method: &Method) -> StatusCode {
    match (exists, method) {
        (Exists::No, &Method::GET | &Method::HEAD) => StatusCode::NOT_FOUND,
        (Exists::No, method) if method.as_str() == "QUERY" => StatusCode::NOT_FOUND,
        (Exists::No, &Method::PUT) => StatusCode::CREATED,
        _ => StatusCode::OK,
    }
}
