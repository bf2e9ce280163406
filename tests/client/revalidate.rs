//! Reads that ask for changes only.

use http::Method;
use tower_conditional::client::{BodyTag, ConditionalClientLayer, KnownValidators, Revalidate};

use crate::support::*;

const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

#[tokio::test]
async fn the_304_goes_to_the_caller() {
    let wire = Wire::new([
        reply(200, &[("etag", "\"1\""), ("last-modified", DATE)]),
        reply(304, &[("etag", "\"1\"")]),
        reply(500, &[]),
    ]);
    let client = wire.client();
    send(&client, get()).await;
    let response = send(&client, with_extension(get(), Revalidate)).await;
    assert_eq!(response.status(), 304);
    wire.assert_field(1, "if-none-match", "\"1\"");
    wire.assert_field(1, "if-modified-since", DATE);
    let known = KnownValidators::of(&response).unwrap();
    assert_eq!(known.field_tag().unwrap().as_bytes(), b"\"1\"");
    send(&client, put()).await;
    wire.assert_field(2, "if-match", "\"1\"");
}

#[tokio::test]
async fn by_date_alone() {
    let wire = Wire::new([reply(200, &[("last-modified", DATE)]), reply(304, &[])]);
    let client = wire.client_with(ConditionalClientLayer::new().revalidate(true));
    send(&client, get()).await;
    send(&client, request(Method::HEAD, DOC)).await;
    wire.assert_unconditional(0);
    wire.assert_no_field(1, "if-none-match");
    wire.assert_field(1, "if-modified-since", DATE);
}

#[tokio::test]
async fn not_unless_it_is_asked_for() {
    let wire = Wire::new([tagged("\"1\""), tagged("\"1\"")]);
    let client = wire.client();
    send(&client, get()).await;
    send(&client, get()).await;
    wire.assert_unconditional(1);
}

#[tokio::test]
async fn not_beside_the_callers_own() {
    let client_of = |wire: &Wire| wire.client_with(ConditionalClientLayer::new().revalidate(true));
    for (name, value) in [
        ("if-none-match", "\"mine\""),
        ("if-modified-since", DATE),
        ("if-match", "\"mine\""),
        ("range", "bytes=1-"),
    ] {
        let wire = Wire::new([tagged("\"1\""), tagged("\"1\"")]);
        let client = client_of(&wire);
        send(&client, get()).await;
        send(&client, with_field(get(), name, value)).await;
        wire.assert_field(1, name, value);
        for other in ["if-none-match", "if-modified-since"] {
            if other != name {
                wire.assert_no_field(1, other);
            }
        }
    }
}

#[tokio::test]
async fn either_tag_of_the_representation_counts() {
    // As some proxies leave the 304's tag, rewrite it, and rewrite what they have rewritten.
    for confirmed in ["\"1\"", "\"1-br\"", "\"1-br-br\""] {
        let layer = ConditionalClientLayer::new()
            .revalidate(true)
            .body_tag(BodyTag::at("/etag").unwrap());
        let wire = Wire::new([
            json(&[("etag", "\"1-br\"")], r#"{"etag": "\"1\""}"#),
            reply(304, &[("etag", confirmed)]),
            reply(304, &[("etag", confirmed)]),
            reply(500, &[]),
        ]);
        let client = wire.client_with(layer);
        send_and_read(&client, get()).await;
        for nth in [1, 2] {
            send(&client, get()).await;
            wire.assert_field(nth, "if-none-match", "\"1-br\", \"1\"");
        }
        send(&client, put()).await;
        wire.assert_field(3, "if-match", "\"1\"");
    }
}

#[tokio::test]
async fn a_304_to_the_callers_own_question_is_news() {
    let wire = Wire::new([
        tagged("\"1\""),
        reply(304, &[("etag", "\"2\"")]),
        reply(500, &[]),
    ]);
    let client = wire.client();
    send(&client, get()).await;
    send(&client, with_field(get(), "if-none-match", "\"2\"")).await;
    send(&client, put()).await;
    wire.assert_field(2, "if-match", "\"2\"");
}

#[tokio::test]
async fn a_304_that_tells_no_tag_is_none() {
    let wire = Wire::new([tagged("\"1\""), reply(304, &[]), reply(500, &[])]);
    let client = wire.client();
    send(&client, get()).await;
    send(&client, with_extension(get(), Revalidate)).await;
    send(&client, put()).await;
    wire.assert_field(2, "if-match", "\"1\"");
}

#[tokio::test]
async fn a_304_to_the_callers_own_question_may_be_no_news() {
    // The field's tag, and the same in a 304: exactly, not well-formed, weakened.
    for (stored, confirmed) in [("\"1\"", "\"1\""), ("1", "1"), ("\"1\"", "W/\"1\"")] {
        let layer = ConditionalClientLayer::new().body_tag(BodyTag::at("/etag").unwrap());
        let wire = Wire::new([
            json(&[("etag", stored)], r#"{"etag": "\"body\""}"#),
            reply(304, &[("etag", confirmed)]),
            reply(500, &[]),
        ]);
        let client = wire.client_with(layer);
        send_and_read(&client, get()).await;
        send(&client, with_field(get(), "if-none-match", stored)).await;
        send(&client, put()).await;
        wire.assert_field(2, "if-match", "\"body\"");
    }
}
