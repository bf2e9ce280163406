//! From which responses the layer learns, and on which it forgets.

use http::Method;
use tower_conditional::client::{ConditionalClientLayer, KnownValidators, store::MemoryStore};

use crate::support::*;

/// After a GET with tag `"1"`, and this, what does a PUT carry?
async fn after(
    method: Method,
    response: http::Response<http_body_util::Full<bytes::Bytes>>,
) -> Option<String> {
    let wire = Wire::new([tagged("\"1\""), response, reply(500, &[])]);
    let client = wire.client();
    send(&client, get()).await;
    send(&client, request(method, DOC)).await;
    match try_send(&client, put()).await {
        Ok(_) => wire
            .field(2, "if-match")
            .pop()
            .map(|line| String::from_utf8(line).unwrap()),
        Err(error) => Some(format!("{:?}", error.reason())),
    }
}

#[tokio::test]
async fn learns_from_reads() {
    for status in [200, 203, 204, 206] {
        let response = reply(status, &[("etag", "\"2\"")]);
        assert_eq!(
            after(Method::GET, response).await.unwrap(),
            "\"2\"",
            "{status}"
        );
    }
    let head = after(Method::HEAD, tagged("\"2\"")).await;
    assert_eq!(head.unwrap(), "\"2\"");
    assert_eq!(
        after(Method::GET, reply(200, &[])).await,
        None,
        "it has no tag any more"
    );
}

#[tokio::test]
async fn learns_from_writes() {
    for method in [Method::PUT, Method::PATCH] {
        for status in [200, 201, 204, 209] {
            let response = reply(status, &[("etag", "\"2\"")]);
            let tag = after(method.clone(), response).await;
            assert_eq!(tag.unwrap(), "\"2\"", "{method} {status}");
        }
    }
}

#[tokio::test]
async fn forgets_after_a_write_that_tells_no_tag() {
    for method in [Method::PUT, Method::PATCH, Method::DELETE] {
        for status in [200, 201, 202, 204] {
            assert_eq!(after(method.clone(), reply(status, &[])).await, None);
        }
    }
    // 202: not yet done, so the tag is of something else.
    let accepted = reply(202, &[("etag", "\"task\"")]);
    assert_eq!(after(Method::PATCH, accepted).await, None);
    let deleted = reply(200, &[("etag", "\"message\"")]);
    assert_eq!(after(Method::DELETE, deleted).await, None);
}

#[tokio::test]
async fn forgets_what_is_gone() {
    for status in [404, 410] {
        for method in [Method::GET, Method::HEAD, Method::PATCH, Method::POST] {
            let response = reply(status, &[("etag", "\"error page\"")]);
            assert_eq!(after(method, response).await, None);
        }
    }
}

#[tokio::test]
async fn a_failed_precondition_ends_what_was_known_and_teaches_nothing() {
    let response = reply(412, &[("etag", "\"2\"")]);
    assert_eq!(after(Method::PUT, response).await.unwrap(), "Stale");
}

#[tokio::test]
async fn failures_and_redirects_change_nothing() {
    for status in [301, 307, 400, 401, 403, 409, 428, 500, 503] {
        for method in [Method::GET, Method::PUT] {
            let response = reply(status, &[("etag", "\"error page\"")]);
            let tag = after(method.clone(), response).await;
            assert_eq!(tag.unwrap(), "\"1\"", "{method} {status}");
        }
    }
}

#[tokio::test]
async fn other_unsafe_methods_change_nothing() {
    let response = reply(201, &[("etag", "\"the new member\"")]);
    assert_eq!(after(Method::POST, response).await.unwrap(), "\"1\"");
}

#[tokio::test]
async fn the_response_tells_what_was_remembered() {
    let date = "Sun, 06 Nov 1994 08:49:37 GMT";
    let wire = Wire::new([reply(200, &[("etag", "W/\"1\""), ("last-modified", date)])]);
    let response = send(&wire.client(), get()).await;
    let known = KnownValidators::of(&response).unwrap();
    assert_eq!(known.field_tag().unwrap().as_bytes(), b"W/\"1\"");
    assert!(known.field_tag().unwrap().is_weak());
    assert_eq!(known.last_modified().unwrap().as_str(), date);
    assert!(known.body_tag().is_none());
}

#[tokio::test]
async fn resources_are_told_apart_by_their_whole_uri() {
    let wire = Wire::new([tagged("\"1\""), reply(204, &[]), reply(204, &[])]);
    let client = wire.client();
    send(&client, get()).await;
    send(&client, request(Method::PUT, "http://server/doc?x")).await;
    send(&client, request(Method::PUT, "http://other/doc")).await;
    wire.assert_unconditional(1);
    wire.assert_unconditional(2);
}

#[tokio::test]
async fn the_host_field_stands_for_an_authority() {
    let wire = Wire::new([tagged("\"1\""), reply(500, &[]), reply(500, &[])]);
    let client = wire.client();
    let on = |method, host: &str| with_field(request(method, "/doc"), "host", host);
    send(&client, on(Method::GET, "a")).await;
    send(&client, on(Method::PUT, "b")).await;
    wire.assert_unconditional(1);
    send(&client, on(Method::PUT, "a")).await;
    wire.assert_field(2, "if-match", "\"1\"");
}

#[tokio::test]
async fn what_is_forgotten_leaves_the_store() {
    let date = [("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT")];
    for (method, response) in [
        (Method::GET, reply(404, &[])),
        (Method::GET, reply(200, &[])),
        (Method::PUT, reply(204, &[])),
        (Method::PUT, reply(204, &date)),
        (Method::DELETE, reply(204, &[])),
    ] {
        let store = MemoryStore::new(10);
        let layer = ConditionalClientLayer::new().store(store.clone());
        let wire = Wire::new([tagged("\"1\""), response]);
        let client = wire.client_with(layer);
        send(&client, get()).await;
        assert_eq!(store.len(), 1);
        send(&client, request(method.clone(), DOC)).await;
        assert!(store.is_empty(), "{method}");
    }
}

/// A write to another name of the resource went out without its tag.
#[tokio::test]
async fn all_names_of_a_resource_are_one() {
    let names = [
        "http://server/doc",
        "http://server:80/doc",
        "HTTP://SERVER/doc",
        "http://server:/doc",
        "http://server/%64oc",
        "http://server/a/../doc",
    ];
    for read in names {
        for write in names {
            let wire = Wire::new([tagged("\"1\""), reply(500, &[])]);
            let client = wire.client();
            send(&client, request(Method::GET, read)).await;
            send(&client, request(Method::PUT, write)).await;
            wire.assert_field(1, "if-match", "\"1\"");
        }
    }
}

#[tokio::test]
async fn all_names_of_a_host_are_one() {
    for host in ["a", "A", "a:80", "a:"] {
        let wire = Wire::new([tagged("\"1\""), reply(500, &[])]);
        let client = wire.client();
        let on = |method, host: &str| with_field(request(method, "/doc"), "host", host);
        send(&client, on(Method::GET, host)).await;
        send(&client, on(Method::PUT, "a")).await;
        wire.assert_field(1, "if-match", "\"1\"");
    }
}
