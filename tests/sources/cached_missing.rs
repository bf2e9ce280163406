//! When `Cached` keeps that nothing is there.

use std::{convert::Infallible, time::Duration};

use http::{Method, Request};
use tower::{Layer, Service, service_fn};
use tower_conditional::{ByHead, Cached, ConditionalLayer, Selected, ready_fn};

use crate::support::{Counter, request, response, tag};

const LONG: Duration = Duration::from_secs(3600);
const MATCH: (&str, &str) = ("if-none-match", "\"1\"");

/// A kept `Missing` can be older than the resource. A handler that has it must not then answer a
/// part of it to a client that has a part of another version.
#[tokio::test]
async fn a_ranged_read_is_not_told_that_nothing_is_there() {
    let asked = Counter::default();
    let counter = asked.clone();
    let source = ready_fn(move |_| {
        counter.add_one();
        if counter.get() == 1 {
            Selected::Missing
        } else {
            tag("2").into()
        }
    });
    let handler = service_fn(|_: Request<String>| async {
        Ok::<_, Infallible>(response::<String>(206, &[]))
    });
    let source = Cached::new(source, 100, LONG);
    let mut service = ConditionalLayer::new(source).layer(handler);
    let read = ("if-match", "\"1\"");
    for _ in 0..2 {
        let answer = service
            .call(request(Method::GET, "/a", &[read]))
            .await
            .unwrap();
        assert_eq!(answer.status().as_u16(), 206);
    }
    let ranged = request(Method::GET, "/a", &[read, ("range", "bytes=5-")]);
    assert_eq!(service.call(ranged).await.unwrap().status().as_u16(), 412);
    assert_eq!(asked.get(), 2);
}

/// A 404 may depend on the fields that its `Vary` names, which `Missing` cannot say.
#[tokio::test]
async fn a_404_by_head_is_not_kept() {
    let heads = Counter::default();
    let counter = heads.clone();
    let service = service_fn(move |request: Request<String>| {
        if request.method() == Method::HEAD {
            counter.add_one();
        }
        let known = request.headers().contains_key("cookie");
        let answer = if known {
            response::<String>(200, &[("etag", "\"1\""), ("vary", "cookie")])
        } else {
            response(404, &[("vary", "cookie")])
        };
        async { Ok::<_, Infallible>(answer) }
    });
    let source = Cached::new(ByHead::<String>::new(), 100, LONG);
    let mut service = ConditionalLayer::new(source).layer(service);
    for (cookie, status, questions) in [(None, 404, 1), (Some("1"), 304, 2), (Some("1"), 304, 2)] {
        let fields: Vec<_> = [MATCH]
            .into_iter()
            .chain(cookie.map(|c| ("cookie", c)))
            .collect();
        let answer = service
            .call(request(Method::GET, "/a", &fields))
            .await
            .unwrap();
        assert_eq!((answer.status().as_u16(), heads.get()), (status, questions));
    }
}
