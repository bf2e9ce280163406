//! Layers inside of the client layer: redirects and retries.

use std::{
    future::{Ready, ready},
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use tower::{Layer, Service, ServiceBuilder, retry::Policy, service_fn};
use tower_conditional::client::{
    ClientErrorReason, ConditionalClientLayer, FinalUri, Guard, KnownValidators, Rejection, Resent,
    Update, UpdateError, Updated,
};
use tower_http::follow_redirect::{FollowRedirectLayer, RequestUri};

use crate::support::*;

fn answered_by(uri: &'static str, mut response: Response<Full<Bytes>>) -> Response<Full<Bytes>> {
    let uri = FinalUri(uri.parse().unwrap());
    response.extensions_mut().insert(uri);
    response
}

/// After a redirect that was followed inside, a write carried the tag of another resource.
#[tokio::test]
async fn what_another_resource_has_answered_teaches_nothing() {
    for uri in [
        "http://server/other",
        "http://other/doc",
        "https://server/doc",
        "/other",
    ] {
        for (method, response) in [
            (Method::GET, tagged("\"other\"")),
            (Method::HEAD, tagged("\"other\"")),
            (Method::GET, reply(200, &[])),
            (Method::GET, reply(404, &[])),
            (Method::GET, reply(304, &[("etag", "\"other\"")])),
            (Method::PUT, reply(200, &[("etag", "\"other\"")])),
        ] {
            let told = format!("{uri} {method} {response:?}");
            let wire = Wire::new([tagged("\"1\""), answered_by(uri, response), reply(500, &[])]);
            let client = wire.client();
            send(&client, get()).await;
            let response = send(&client, request(method, DOC)).await;
            assert_eq!(KnownValidators::of(&response), None, "{told}");
            send(&client, put()).await;
            assert_eq!(wire.field(2, "if-match"), [b"\"1\""], "{told}");
        }
    }
}

#[tokio::test]
async fn another_name_of_the_resource_is_the_resource() {
    for uri in [DOC, "http://SERVER:80/%64oc", "/doc"] {
        let wire = Wire::new([answered_by(uri, tagged("\"1\"")), reply(500, &[])]);
        let client = wire.client();
        send(&client, get()).await;
        send(&client, put()).await;
        wire.assert_field(1, "if-match", "\"1\"");
    }
}

#[tokio::test]
async fn a_412_counts_whoever_answers() {
    let wire = Wire::new([answered_by("http://server/other", reply(412, &[]))]);
    let client = wire.client();
    let response = send(&client, with_field(put(), "if-match", "\"1\"")).await;
    assert!(Rejection::of(&response).is_some());
    let reason = reason_of(try_send(&client, put()).await);
    assert_eq!(reason, Some(ClientErrorReason::Stale));
}

#[tokio::test]
async fn reading_first_does_not_read_another_resource() {
    for response in [tagged("\"other\""), reply(200, &[]), reply(404, &[])] {
        let status = response.status();
        let wire = Wire::new([answered_by("http://server/other", response)]);
        let client = wire.client_with(ConditionalClientLayer::new().guard(Guard::ReadFirst));
        let reason = reason_of(try_send(&client, put()).await);
        assert_eq!(reason, Some(ClientErrorReason::ReadFailed(status)));
        assert_eq!(wire.methods(), [Method::GET]);
    }
}

fn read() -> Update {
    Update::new(Request::get(DOC).body(()).unwrap())
}

#[tokio::test]
async fn an_update_does_not_write_what_it_has_not_read() {
    let other = || answered_by("http://server/other", tagged("\"other\""));
    let wire = Wire::new([other()]);
    let updated = read().run(wire.client(), |_| Some(put())).await.unwrap();
    assert!(matches!(updated, Updated::Unguarded(_)));
    assert_eq!(wire.methods(), [Method::GET]);

    // It may write what has answered.
    let wire = Wire::new([other(), reply(204, &[])]);
    let write = |_: &Response<Bytes>| Some(request(Method::PUT, "http://server/other"));
    let updated = read().run(wire.clone(), write).await.unwrap();
    assert!(matches!(updated, Updated::Done(_)));
    wire.assert_field(1, "if-match", "\"other\"");
}

/// The layer of tower-http tells the last URI.
#[tokio::test]
async fn redirects_that_tower_http_follows_are_seen() {
    let wire = Wire::new([
        reply(302, &[("location", "/other")]),
        tagged("\"other\""),
        reply(500, &[]),
    ]);
    let client = ServiceBuilder::new()
        .layer(ConditionalClientLayer::new())
        .map_response(|mut response: Response<_>| {
            if let Some(RequestUri(uri)) = response.extensions().get().cloned() {
                response.extensions_mut().insert(FinalUri(uri));
            }
            response
        })
        .layer(FollowRedirectLayer::new())
        .service(wire.clone());
    for request in [get(), put()] {
        tower::ServiceExt::oneshot(client.clone(), request)
            .await
            .unwrap();
    }
    wire.assert_unconditional(2);
}

type Lost = &'static str;
type Answer = Result<Response<Full<Bytes>>, Lost>;

/// A counter whose answer to the first write is lost.
#[derive(Clone, Default)]
struct Counter(Arc<Mutex<(u64, u64)>>);

impl Counter {
    fn answer(&self, request: &Request<Full<Bytes>>) -> Answer {
        let mut state = self.0.lock().unwrap();
        let tag = format!("\"{}\"", state.0);
        if *request.method() == Method::PUT {
            state.1 += 1;
            if request.headers()["if-match"] != tag {
                return Ok(reply(412, &[]));
            }
            state.0 += 1;
            if state.1 == 1 {
                return Err("the connection was closed");
            }
        }
        Ok(reply_with(200, &[("etag", &tag)], &state.0.to_string()))
    }

    fn service(
        &self,
    ) -> impl Service<
        Request<Full<Bytes>>,
        Response = Response<Full<Bytes>>,
        Error = Lost,
        Future = Ready<Answer>,
    > + Clone {
        let counter = self.clone();
        service_fn(move |request| ready(counter.answer(&request)))
    }

    fn count(&self) -> u64 {
        self.0.lock().unwrap().0
    }
}

fn increment(_: &Response<Bytes>) -> Option<Request<Full<Bytes>>> {
    Some(put())
}

#[derive(Clone, Default)]
struct OnError {
    says_so: bool,
    has_failed: bool,
}

impl<B, E> Policy<Request<Full<Bytes>>, Response<B>, E> for OnError {
    type Future = Ready<()>;

    fn retry(
        &mut self,
        _: &mut Request<Full<Bytes>>,
        result: &mut Result<Response<B>, E>,
    ) -> Option<Ready<()>> {
        match result {
            Err(_) => {
                self.has_failed = true;
                return Some(ready(()));
            }
            Ok(response) if self.has_failed && self.says_so => {
                response.extensions_mut().insert(Resent);
            }
            Ok(_) => {}
        }
        None
    }

    fn clone_request(&mut self, request: &Request<Full<Bytes>>) -> Option<Request<Full<Bytes>>> {
        Some(request.clone())
    }
}

/// The first answer was lost, the write's own success made the second one a 412, and the change was
/// made twice.
#[tokio::test]
async fn a_write_that_was_retried_is_not_made_anew() {
    let counter = Counter::default();
    let client = ServiceBuilder::new()
        .retry(OnError::default())
        .layer(ConditionalClientLayer::new())
        .service(counter.service());
    let updated = read().run(client, increment).await.unwrap();
    assert!(matches!(updated, Updated::Ambiguous(response) if response.status() == 412));
    assert_eq!(counter.count(), 1);

    let counter = Counter::default();
    let says_so = OnError {
        says_so: true,
        ..OnError::default()
    };
    let client = ServiceBuilder::new()
        .layer(ConditionalClientLayer::new())
        .retry(says_so)
        .service(counter.service());
    let updated = read().run(client, increment).await.unwrap();
    assert!(matches!(updated, Updated::Ambiguous(_)));
    assert_eq!(counter.count(), 1);
}

#[tokio::test]
async fn a_lost_answer_ends_an_update() {
    let counter = Counter::default();
    let client = ConditionalClientLayer::new().layer(counter.service());
    let error = read().run(client, increment).await.unwrap_err();
    assert!(matches!(error, UpdateError::Service(_)));
    assert_eq!(counter.count(), 1);
}

/// Each attempt is a new write.
#[tokio::test]
async fn attempts_of_an_update_are_not_retries() {
    let wire = Wire::new([
        tagged("\"1\""),
        reply(412, &[]),
        tagged("\"2\""),
        reply(412, &[]),
        tagged("\"3\""),
        reply(204, &[]),
    ]);
    let updated = read().run(wire.client(), increment).await.unwrap();
    let Updated::Done(response) = updated else {
        panic!("{updated:?}");
    };
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
}
