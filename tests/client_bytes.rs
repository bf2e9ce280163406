//! How many bytes the store in memory needs for a resource: counted on the heap, which is the same
//! on each run.
#![cfg(feature = "client")]

use std::{
    convert::Infallible,
    future::{Ready, ready},
    hint::black_box,
};

use allocation_counter::measure;
use bytes::Bytes;
use futures_util::FutureExt;
use http::{
    HeaderValue, Method, Request, Response,
    header::{AUTHORIZATION, ETAG, IF_MATCH},
};
use http_body_util::Full;
use tower::{Layer, Service, service_fn};
use tower_conditional::client::{ConditionalClientLayer, store::MemoryStore};

const MANY: usize = 10_000;

/// A tag of 34 bytes, as 128 bits make in hex digits. It is part of the buffer of a connection.
fn tag(number: usize) -> HeaderValue {
    let head = format!("etag: \"{number:032x}\"\r\n\r\n{}", "x".repeat(1_000));
    HeaderValue::from_maybe_shared(Bytes::from(head).slice(6..40)).unwrap()
}

/// A URI of 40 bytes.
fn uri(number: usize) -> String {
    format!("http://api.example.org/documents/{number:07}")
}

fn number(uri: &http::Uri) -> usize {
    uri.path().rsplit('/').next().unwrap().parse().unwrap()
}

fn respond(request: Request<()>) -> Ready<Result<Response<Full<Bytes>>, Infallible>> {
    let mut response = Response::new(Full::default());
    let tag = tag(number(request.uri()));
    if request.method() == Method::PUT {
        assert_eq!(request.headers()[IF_MATCH], tag);
    }
    response.headers_mut().insert(ETAG, tag);
    ready(Ok(response))
}

/// Sends each of the methods to each URI, and returns how many bytes a resource needs then.
fn bytes(methods: &[Method], user: Option<&'static str>) -> u64 {
    let store = MemoryStore::new(MANY as u64);
    let layer = ConditionalClientLayer::new().store(store.clone());
    let mut client = layer.layer(service_fn(respond));
    let kept = measure(|| {
        for method in methods {
            for number in 0..MANY {
                let mut request = Request::new(());
                *request.method_mut() = method.clone();
                *request.uri_mut() = uri(number).parse().unwrap();
                if let Some(user) = user {
                    let user = HeaderValue::from_static(user);
                    request.headers_mut().insert(AUTHORIZATION, user);
                }
                black_box(client.call(request).now_or_never().unwrap().unwrap());
            }
        }
    });
    assert_eq!(store.len(), MANY as u64);
    let bytes = u64::try_from(kept.bytes_current).unwrap() / MANY as u64;
    println!("{bytes} bytes for a resource after {methods:?} of {user:?}");
    bytes
}

#[test]
fn a_resource_needs_300_bytes() {
    assert_eq!(uri(0).len(), 40);
    assert_eq!(tag(0).len(), 34);
    assert!(bytes(&[Method::GET], None) <= 300);
    assert!(bytes(&[Method::GET, Method::PUT, Method::GET], None) <= 300);
}

/// The hold that all users share has an entry of its own.
#[test]
fn a_user_adds_the_credentials_and_the_hold_of_all() {
    let user = "Bearer 0123456789abcdef";
    let bytes = bytes(&[Method::GET, Method::PUT], Some(user));
    assert!(bytes <= 300 + 40 + 150, "{bytes}");
}
