//! Updates under Tower's retry.

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body_util::Full;
use tower::{ServiceBuilder, ServiceExt, service_fn};
use tower_conditional::client::{ResponseBody, Update, UpdateRetry, Updated};

use crate::support::*;

/// Appends to the document; runs that are refused are repeated.
async fn run(wire: &Wire, attempts: usize, times: usize) -> Updated<ResponseBody<Full<Bytes>>> {
    let client = wire.client();
    let updates = ServiceBuilder::new()
        .retry(UpdateRetry::new(times))
        .service(service_fn(move |update: Update| {
            update.run(client.clone(), |read: &Response<Bytes>| {
                let text = [read.body(), &b"+"[..]].concat();
                Some(request(Method::PUT, DOC).map(|_| Full::from(text)))
            })
        }));
    let update = Update::new(Request::get(DOC).body(()).unwrap()).attempts(attempts);
    updates.oneshot(update).await.unwrap()
}

fn text(tag: &str, text: &str) -> Response<Full<Bytes>> {
    reply_with(200, &[("etag", tag)], text)
}

#[tokio::test]
async fn reads_again_and_rebuilds_the_write() {
    let wire = Wire::new([
        text("\"1\"", "a"),
        reply(412, &[]),
        text("\"2\"", "b"),
        reply(204, &[]),
    ]);
    assert!(matches!(run(&wire, 1, 3).await, Updated::Done(_)));
    wire.assert_field(1, "if-match", "\"1\"");
    wire.assert_field(2, "cache-control", "no-cache");
    wire.assert_field(3, "if-match", "\"2\"");
    assert_eq!(wire.content(3).await, "b+");
}

#[tokio::test]
async fn at_most_so_many_times() {
    for (attempts, times) in [(1, 0), (1, 1), (1, 4), (3, 2)] {
        let wire = Wire::new((0..100).map(|n| match n % 2 {
            0 => text("\"1\"", "a"),
            _ => reply(412, &[]),
        }));
        assert!(matches!(
            run(&wire, attempts, times).await,
            Updated::Refused(_)
        ));
        let writes = attempts + times;
        assert_eq!(wire.methods().len(), 2 * writes);
        for n in 0..writes {
            wire.assert_field(2 * n + 1, "if-match", "\"1\"");
        }
    }
}

#[tokio::test]
async fn never_without_a_precondition_after_a_refusal() {
    let wire = Wire::new([text("\"1\"", "a"), reply(412, &[]), reply(200, &[])]);
    assert!(matches!(run(&wire, 1, 9).await, Updated::Unguarded(_)));
    assert_eq!(wire.methods(), [Method::GET, Method::PUT, Method::GET]);
}

#[tokio::test]
async fn other_results_are_final() {
    for status in [204, 409, 428] {
        let wire = Wire::new([text("\"1\"", "a"), reply(status, &[])]);
        run(&wire, 1, 9).await;
        assert_eq!(wire.methods().len(), 2, "{status}");
    }
}

#[tokio::test]
async fn a_refused_write_to_what_has_no_tag_is_not_repeated() {
    let wire = Wire::new([reply(200, &[]), reply(412, &[]), reply(200, &[])]);
    assert!(matches!(run(&wire, 1, 9).await, Updated::Unguarded(_)));
    let writes = wire.methods();
    assert_eq!(writes, [Method::GET, Method::PUT, Method::GET]);
}
