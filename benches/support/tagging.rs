//! `EtagLayer` in relation to the hash that it computes.

use std::{
    convert::Infallible,
    future::{Future, ready},
    hint::black_box,
    pin::pin,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use bytes::Bytes;
use futures_util::task::noop_waker_ref;
use http::{HeaderValue, Request, Response, header::ETAG};
use http_body_util::Full;
use sha2::{Digest, Sha256};
use tower::{Layer, Service, service_fn};
use tower_conditional::{EntityTag, EtagLayer, tagging::EtagBody};

use super::exchanges::Tagging;

const LENGTHS: [usize; 2] = [1_024, 65_536];
const ROUNDS: usize = 21;

/// The bytes that are hashed in a round.
const BYTES: usize = 32 * 1_024 * 1_024;

/// Measures both in turns.
pub(crate) fn measure() -> Vec<Tagging> {
    let rows = LENGTHS.into_iter().map(|length| {
        let body = Bytes::from(vec![b'a'; length]);
        let mut call = tagged(body.clone());
        let rounds = (0..=ROUNDS).map(|_| {
            let hash = time(length, || {
                black_box(Sha256::digest(black_box(&body)));
            });
            let layer = time(length, || {
                black_box(call());
            });
            layer.as_secs_f64() / hash.as_secs_f64()
        });
        // The first round warms up.
        let ratios = rounds.skip(1).collect();
        Tagging { length, ratios }
    });
    rows.collect()
}

/// Asserts that the layer tags with that hash.
pub(crate) fn check() {
    for length in LENGTHS {
        let body = Bytes::from(vec![b'a'; length]);
        let tag = EntityTag::from_digest(Sha256::digest(&body));
        assert_eq!(
            tagged(body)().headers()[ETAG],
            HeaderValue::from(tag),
            "{length}"
        );
    }
}

fn time(length: usize, mut run: impl FnMut()) -> Duration {
    let start = Instant::now();
    for _ in 0..BYTES / length {
        run();
    }
    start.elapsed()
}

/// Returns the call of a service in the layer. It responds with this body.
fn tagged(body: Bytes) -> impl FnMut() -> Response<EtagBody<Full<Bytes>, Sha256>> {
    let respond = move |_: Request<()>| {
        let response = Response::new(Full::new(body.clone()));
        ready(Ok::<_, Infallible>(response))
    };
    let mut service = EtagLayer::new().layer(service_fn(respond));
    move || {
        let mut context = Context::from_waker(noop_waker_ref());
        match pin!(service.call(Request::new(()))).poll(&mut context) {
            Poll::Ready(Ok(response)) => response,
            Poll::Ready(Err(never)) => match never {},
            Poll::Pending => panic!("the service waits for nothing"),
        }
    }
}
