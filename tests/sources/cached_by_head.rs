//! A cache around the wrapped service itself.

use std::{convert::Infallible, time::Duration};

use http::{Method, Request};
use tower::{Layer, ServiceExt, service_fn};
use tower_conditional::{ByHead, Cached, ConditionalLayer};

use crate::support::{Counter, assert_answer, request, response};

const LONG: Duration = Duration::from_secs(3600);

fn get() -> Request<String> {
    request(Method::GET, "/a", &[("if-none-match", "\"1\"")])
}

#[tokio::test]
async fn one_head_serves_many_requests() {
    let heads = Counter::default();
    let counter = heads.clone();
    let service = service_fn(move |request: Request<String>| {
        if request.method() == Method::HEAD {
            counter.add_one();
        }
        async { Ok::<_, Infallible>(response::<String>(200, &[("etag", "\"1\"")])) }
    });
    let source = Cached::new(ByHead::<String>::new(), 100, LONG);
    let layered = ConditionalLayer::new(source).layer(service);
    for _ in 0..3 {
        let answer = layered.clone().oneshot(get()).await.unwrap();
        assert_answer(&answer, 304, Some("\"1\""));
    }
    assert_eq!(heads.get(), 1);
    let write = request(Method::PUT, "/a", &[("if-match", "\"1\"")]);
    assert_answer(
        &layered.clone().oneshot(write).await.unwrap(),
        200,
        Some("\"1\""),
    );
    assert_eq!(heads.get(), 2);
    layered.oneshot(get()).await.unwrap();
    assert_eq!(heads.get(), 3);
}
