//! Which writes get a precondition, and which.

use http::{Method, StatusCode};
use tower_conditional::client::{
    ClientErrorReason, ConditionalClientLayer, CreateOnly, Guard, KnownValidators,
};

use crate::support::*;

#[tokio::test]
async fn writes_carry_the_known_tag() {
    for method in [Method::PUT, Method::PATCH, Method::DELETE] {
        let wire = Wire::new([tagged("\"1\""), reply(204, &[])]);
        let client = wire.client();
        send(&client, get()).await;
        send(&client, request(method, DOC)).await;
        wire.assert_unconditional(0);
        wire.assert_field(1, "if-match", "\"1\"");
    }
}

#[tokio::test]
async fn other_methods_do_not() {
    for method in [Method::POST, Method::GET, Method::HEAD, Method::OPTIONS] {
        let wire = Wire::new([tagged("\"1\""), reply(200, &[])]);
        let client = wire.client();
        send(&client, get()).await;
        send(&client, request(method, DOC)).await;
        wire.assert_unconditional(1);
    }
}

#[tokio::test]
async fn an_unknown_tag_is_graceful_by_default() {
    let wire = Wire::new([reply(204, &[])]);
    send(&wire.client(), put()).await;
    wire.assert_unconditional(0);
}

#[tokio::test]
async fn tags_go_back_byte_for_byte() {
    for tag in [
        "W/\"1\"",
        "55e84c0a",
        "W/eeee",
        "\"abc\"-gzip",
        "\"\"",
        "\"a,b\"",
        "\"\u{e9}\"",
    ] {
        let wire = Wire::new([tagged(tag), reply(204, &[])]);
        let client = wire.client();
        send(&client, get()).await;
        send(&client, put()).await;
        wire.assert_field(1, "if-match", tag);
    }
}

#[tokio::test]
async fn what_would_not_guard_is_no_tag() {
    for tag in ["*", "", "a, b", "\"a\", \"b\""] {
        let wire = Wire::new([tagged(tag), reply(204, &[])]);
        let client = wire.client();
        send(&client, get()).await;
        send(&client, put()).await;
        wire.assert_unconditional(1);
    }
    let wire = Wire::new([
        reply(200, &[("etag", "\"1\""), ("etag", "\"2\"")]),
        reply(204, &[]),
    ]);
    let client = wire.client();
    send(&client, get()).await;
    send(&client, put()).await;
    wire.assert_unconditional(1);
}

#[tokio::test]
async fn the_callers_precondition_wins() {
    for (name, value) in [
        ("if-match", "\"mine\""),
        ("if-none-match", "*"),
        ("if-unmodified-since", "Sun, 06 Nov 1994 08:49:37 GMT"),
    ] {
        let wire = Wire::new([tagged("\"1\""), reply(204, &[])]);
        let client = wire.client();
        send(&client, get()).await;
        send(&client, with_field(put(), name, value)).await;
        wire.assert_field(1, name, value);
        if name != "if-match" {
            wire.assert_no_field(1, "if-match");
        }
    }
}

#[tokio::test]
async fn there_is_one_line_always() {
    let wire = Wire::new([reply(204, &[]), reply(200, &[])]);
    let client = wire.client();
    let write = with_field(with_field(put(), "if-match", "\"a\""), "if-match", "\"b\"");
    send(&client, write).await;
    wire.assert_field(0, "if-match", "\"a\", \"b\"");
    let read = with_field(
        with_field(get(), "if-none-match", "\"a\""),
        "if-none-match",
        "\"b\"",
    );
    send(&client, read).await;
    wire.assert_field(1, "if-none-match", "\"a\", \"b\"");
}

#[tokio::test]
async fn guards_are_configurable_by_method_and_request() {
    let layer = ConditionalClientLayer::new()
        .guard(Guard::Required)
        .guard_method(Method::DELETE, Guard::Off)
        .guard_method(Method::POST, Guard::WhenKnown);
    let wire = Wire::new([
        tagged("\"1\""),
        reply(500, &[]),
        reply(500, &[]),
        reply(500, &[]),
    ]);
    let client = wire.client_with(layer);
    send(&client, get()).await;
    send(&client, request(Method::DELETE, DOC)).await;
    wire.assert_unconditional(1);
    send(&client, request(Method::POST, DOC)).await;
    wire.assert_field(2, "if-match", "\"1\"");
    send(&client, with_extension(put(), Guard::Off)).await;
    wire.assert_unconditional(3);
}

#[tokio::test]
async fn a_required_tag_that_is_unknown_is_an_error_before_sending() {
    let wire = Wire::new([]);
    let client = wire.client_with(ConditionalClientLayer::new().guard(Guard::Required));
    let error = try_send(&client, put()).await.unwrap_err();
    assert_eq!(error.reason(), ClientErrorReason::UnknownTag);
    let (method, uri) = error.request().unwrap();
    assert_eq!((method, uri.to_string().as_str()), (&Method::PUT, DOC));
    assert!(error.to_string().contains("read it before"), "{error}");
    assert!(error.into_inner().is_none());
    assert!(wire.methods().is_empty());
}

#[tokio::test]
async fn reads_first() {
    let wire = Wire::new([
        tagged("\"1\""),
        reply(204, &[("etag", "\"2\"")]),
        reply(204, &[]),
    ]);
    let client = wire.client_with(ConditionalClientLayer::new().guard(Guard::ReadFirst));
    let mut write = with_field(put(), "content-type", "text/plain");
    write = with_field(write, "accept", "text/plain");
    send(&client, write).await;
    assert_eq!(wire.methods(), [Method::GET, Method::PUT]);
    wire.assert_no_field(0, "content-type");
    wire.assert_field(0, "accept", "text/plain");
    wire.assert_field(0, "cache-control", "no-cache");
    wire.assert_field(1, "if-match", "\"1\"");
    wire.assert_field(1, "content-type", "text/plain");
    wire.assert_no_field(1, "cache-control");

    send(&client, with_field(put(), "accept", "text/plain")).await;
    assert_eq!(wire.methods().len(), 3, "the tag of the write is known");
    wire.assert_field(2, "if-match", "\"2\"");
}

#[tokio::test]
async fn reads_first_what_has_no_tag_or_does_not_exist() {
    let layer = ConditionalClientLayer::new().guard(Guard::ReadFirst);
    for (status, method, if_none_match) in [
        (200, Method::PUT, None),
        (404, Method::PUT, Some("*")),
        (410, Method::PUT, Some("*")),
        (404, Method::PATCH, None),
        (404, Method::DELETE, None),
    ] {
        let wire = Wire::new([reply(status, &[]), reply(204, &[])]);
        let client = wire.client_with(layer.clone());
        send(&client, request(method, DOC)).await;
        wire.assert_no_field(1, "if-match");
        match if_none_match {
            Some(value) => wire.assert_field(1, "if-none-match", value),
            None => wire.assert_no_field(1, "if-none-match"),
        }
    }
}

#[tokio::test]
async fn a_read_that_fails_keeps_the_write_back() {
    let wire = Wire::new([reply(401, &[("etag", "\"error page\"")])]);
    let client = wire.client_with(ConditionalClientLayer::new().guard(Guard::ReadFirst));
    let reason = reason_of(try_send(&client, put()).await);
    assert_eq!(
        reason,
        Some(ClientErrorReason::ReadFailed(StatusCode::UNAUTHORIZED))
    );
    assert_eq!(wire.methods(), [Method::GET]);
}

#[tokio::test]
async fn create_only() {
    let wire = Wire::new([tagged("\"1\""), reply(412, &[]), reply(204, &[])]);
    let client = wire.client();
    send(&client, get()).await;
    send(&client, with_extension(put(), CreateOnly)).await;
    wire.assert_field(1, "if-none-match", "*");
    wire.assert_no_field(1, "if-match");
    // That the resource exists is no news of its state.
    send(&client, put()).await;
    wire.assert_field(2, "if-match", "\"1\"");
}

#[tokio::test]
async fn a_write_can_be_bound_to_what_was_read() {
    let wire = Wire::new([tagged("\"1\""), tagged("\"2\""), reply(412, &[])]);
    let client = wire.client();
    let mine = send(&client, get()).await;
    send(&client, get()).await;
    let known = KnownValidators::of(&mine).unwrap().clone();
    send(&client, with_extension(put(), known)).await;
    wire.assert_field(2, "if-match", "\"1\"");
}

#[tokio::test]
async fn bound_to_a_representation_without_a_tag() {
    let wire = Wire::new([tagged("\"1\"")]);
    let client = wire.client_with(ConditionalClientLayer::new().guard(Guard::Required));
    send(&client, get()).await;
    let error = try_send(&client, with_extension(put(), KnownValidators::new())).await;
    assert_eq!(reason_of(error), Some(ClientErrorReason::UnknownTag));
}

/// A service that checks a digest, a replay or a signature answered 400 to the GET, and the write
/// was never sent.
#[tokio::test]
async fn reading_first_leaves_the_fields_of_the_write_behind() {
    let of_the_write = [
        ("digest", "SHA-256=abc"),
        ("repr-digest", "sha-256=:abc:"),
        ("content-md5", "abc"),
        ("content-type", "text/plain"),
        ("idempotency-key", "\"1\""),
        ("x-http-method-override", "PATCH"),
        ("x-method-override", "PATCH"),
        ("upgrade", "h2c"),
        ("connection", "upgrade"),
        ("expect", "100-continue"),
        ("trailer", "etag"),
        ("prefer", "respond-async"),
        ("signature", "sig=:abc:"),
    ];
    let wire = Wire::new([tagged("\"1\""), reply(204, &[])]);
    let client = wire.client_with(ConditionalClientLayer::new().guard(Guard::ReadFirst));
    let mut write = with_field(put(), "authorization", "Basic a");
    for (name, value) in of_the_write {
        write = with_field(write, name, value);
    }
    send(&client, write).await;
    assert_eq!(wire.methods(), [Method::GET, Method::PUT]);
    wire.assert_field(0, "authorization", "Basic a");
    for (name, value) in of_the_write {
        wire.assert_no_field(0, name);
        wire.assert_field(1, name, value);
    }
}
