//! From which responses the layer learns, and on which it forgets.

use http::Method;
use tower_conditional::client::{
    ClientErrorReason, ConditionalClientLayer, CreateOnly, Guard, KnownValidators,
    store::MemoryStore,
};

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
            let next = after(method.clone(), reply(status, &[])).await;
            assert_eq!(next.unwrap(), "UnknownTag", "{method} {status}");
        }
    }
    // 202: not yet done, so the tag is of something else.
    let accepted = reply(202, &[("etag", "\"task\"")]);
    let next = after(Method::PATCH, accepted).await;
    assert_eq!(next.unwrap(), "UnknownTag");
    let deleted = reply(200, &[("etag", "\"message\"")]);
    let next = after(Method::DELETE, deleted).await;
    assert_eq!(next.unwrap(), "UnknownTag");
}

/// After a write that was answered without a tag, the next one went out unguarded.
#[tokio::test]
async fn what_had_a_tag_is_not_written_without_one_unless_the_caller_says_so() {
    let written = || [tagged("\"1\""), reply(204, &[])];
    for (write, field) in [
        (with_extension(put(), Guard::Off), None),
        (with_extension(put(), CreateOnly), Some("if-none-match")),
        (with_field(put(), "if-match", "*"), Some("if-match")),
    ] {
        let wire = Wire::new(written().into_iter().chain([reply(500, &[])]));
        let client = wire.client();
        send(&client, get()).await;
        send(&client, put()).await;
        let reason = reason_of(try_send(&client, put()).await);
        assert_eq!(reason, Some(ClientErrorReason::UnknownTag));
        assert_eq!(wire.methods().len(), 2);
        send(&client, write).await;
        match field {
            Some(name) => wire.assert_field(2, name, "*"),
            None => wire.assert_unconditional(2),
        }
    }
    let replies = [tagged("\"2\""), reply(500, &[])];
    let wire = Wire::new(written().into_iter().chain(replies));
    let client = wire.client();
    send(&client, get()).await;
    send(&client, put()).await;
    send(&client, with_extension(put(), Guard::ReadFirst)).await;
    wire.assert_field(3, "if-match", "\"2\"");
}

#[tokio::test]
async fn a_read_that_finds_no_tag_ends_that() {
    for response in [reply(200, &[]), reply(404, &[])] {
        let wire = Wire::new([tagged("\"1\""), reply(204, &[]), response, reply(204, &[])]);
        let client = wire.client();
        send(&client, get()).await;
        send(&client, put()).await;
        send(&client, get()).await;
        send(&client, put()).await;
        wire.assert_unconditional(3);
    }
}

#[tokio::test]
async fn forgets_what_is_gone() {
    for status in [404, 410] {
        for method in [Method::GET, Method::HEAD, Method::PATCH, Method::POST] {
            let response = reply(status, &[("etag", "\"error page\"")]);
            let next = after(method.clone(), response).await;
            match method {
                Method::GET => assert_eq!(next, None),
                // Only a GET shows that there is nothing to guard.
                _ => assert_eq!(next.unwrap(), "UnknownTag", "{method}"),
            }
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
        (Method::PATCH, reply(404, &[])),
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
