//! Services whose tags are in bodies only: a response that shows no body says nothing of the tag.

use http::{Method, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use tower_conditional::client::{
    BodyTag, ClientErrorReason, ConditionalClient, ConditionalClientLayer, Guard, KnownValidators,
};

use crate::support::*;

const ONE: &str = r#"{"etag": "\"1\""}"#;
const TWO: &str = r#"{"etag": "\"2\""}"#;

fn layer() -> ConditionalClientLayer {
    ConditionalClientLayer::new().body_tag(BodyTag::at("/etag").unwrap().limit(100))
}

/// Responses without a tag in a field that do not show the whole body.
fn blind() -> Vec<(Method, Response<Full<bytes::Bytes>>)> {
    let long = format!(r#"{{"etag": "\"2\"", "padding": "{}"}}"#, "x".repeat(100));
    let date = ("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT");
    vec![
        (Method::HEAD, json(&[], "")),
        (Method::HEAD, json(&[date], "")),
        (
            Method::GET,
            reply_with(206, &[("content-type", "application/json")], TWO),
        ),
        (Method::GET, json(&[("content-encoding", "gzip")], TWO)),
        (Method::GET, json(&[], &long)),
        (Method::GET, json(&[date], &long)),
    ]
}

async fn refuse(client: &ConditionalClient<Wire>) {
    send(client, with_field(put(), "if-match", "\"0\"")).await;
}

#[tokio::test]
async fn the_tag_outlives_responses_that_show_no_body() {
    for (method, response) in blind() {
        let told = format!("{method} {response:?}");
        let wire = Wire::new([json(&[], ONE), response, reply(500, &[])]);
        let client = wire.client_with(layer());
        send_and_read(&client, get()).await;
        send_and_read(&client, request(method, DOC)).await;
        send(&client, request(Method::PATCH, DOC)).await;
        assert_eq!(wire.field(2, "if-match"), [b"\"1\""], "{told}");
    }
}

#[tokio::test]
async fn and_so_does_a_rejection() {
    for (method, response) in blind() {
        let told = format!("{method} {response:?}");
        let wire = Wire::new([json(&[], ONE), reply(412, &[]), response]);
        let client = wire.client_with(layer());
        send_and_read(&client, get()).await;
        send(&client, request(Method::PATCH, DOC)).await;
        send_and_read(&client, request(method, DOC)).await;
        let error = try_send(&client, request(Method::PATCH, DOC)).await;
        assert_eq!(reason_of(error), Some(ClientErrorReason::Stale), "{told}");
    }
}

/// A write that is bound to such a response would be bound to no tag.
#[tokio::test]
async fn nothing_can_be_bound_to_them() {
    for (method, response) in blind() {
        let wire = Wire::new([response]);
        let response = send(&wire.client_with(layer()), request(method, DOC)).await;
        assert_eq!(KnownValidators::of(&response), None, "{response:?}");
    }
}

#[tokio::test]
async fn the_tag_outlives_the_head_of_another_tasks_read() {
    for response in [json(&[], TWO), reply_with(200, &[], "text")] {
        let wire = Wire::new([json(&[], ONE), response, reply(500, &[])]);
        let client = wire.client_with(layer());
        send_and_read(&client, get()).await;
        let _pending = send(&client, get()).await;
        send(&client, put()).await;
        wire.assert_field(2, "if-match", "\"1\"");
    }
}

#[tokio::test]
async fn a_later_body_replaces_the_tag_and_lifts_the_refusal() {
    let wire = Wire::new([
        json(&[], ONE),
        json(&[], TWO),
        reply(412, &[]),
        json(&[], ONE),
        reply(500, &[]),
    ]);
    let client = wire.client_with(layer());
    send_and_read(&client, get()).await;
    send_and_read(&client, get()).await;
    send(&client, put()).await;
    wire.assert_field(2, "if-match", "\"2\"");
    let pending = send(&client, get()).await;
    assert_eq!(
        reason_of(try_send(&client, put()).await),
        Some(ClientErrorReason::Stale)
    );
    pending.into_body().collect().await.unwrap();
    send(&client, put()).await;
    wire.assert_field(4, "if-match", "\"1\"");
}

/// The tags are gone, and a body that was read to its end shows it.
#[tokio::test]
async fn a_whole_body_without_a_tag_is_one() {
    for response in [
        json(&[], r#"{"a": 1}"#),
        reply_with(200, &[("content-type", "text/plain")], "text"),
        json(&[], ""),
        reply(204, &[]),
    ] {
        let told = format!("{response:?}");
        let wire = Wire::new([json(&[], ONE), response.clone(), reply(500, &[])]);
        let client = wire.client_with(layer());
        send_and_read(&client, get()).await;
        send_and_read(&client, get()).await;
        send(&client, put()).await;
        assert!(wire.field(2, "if-match").is_empty(), "{told}");

        let wire = Wire::new([reply(412, &[]), response, reply(500, &[])]);
        let client = wire.client_with(layer());
        refuse(&client).await;
        send_and_read(&client, get()).await;
        send(&client, put()).await;
        wire.assert_unconditional(2);
    }
}

#[tokio::test]
async fn a_read_that_was_sent_before_a_refusal_does_not_lift_it() {
    for response in [
        json(&[], TWO),
        json(&[], "{}"),
        reply_with(200, &[], "text"),
    ] {
        let wire = Wire::new([response, reply(412, &[]), reply(412, &[])]);
        let client = wire.client_with(layer());
        let slow = send(&client, get()).await;
        refuse(&client).await;
        // Not even if the resource had been refused before.
        refuse(&client).await;
        slow.into_body().collect().await.unwrap();
        assert_eq!(
            reason_of(try_send(&client, put()).await),
            Some(ClientErrorReason::Stale)
        );
    }
}

#[tokio::test]
async fn a_slow_body_without_a_tag_does_not_undo_what_was_learned_since() {
    let wire = Wire::new([json(&[], "{}"), json(&[], ONE), reply(500, &[])]);
    let client = wire.client_with(layer());
    let slow = send(&client, get()).await;
    send_and_read(&client, get()).await;
    slow.into_body().collect().await.unwrap();
    send(&client, put()).await;
    wire.assert_field(2, "if-match", "\"1\"");
}

#[tokio::test]
async fn a_head_without_a_tag_changes_nothing_where_tags_are_in_fields() {
    let wire = Wire::new([
        tagged("\"1\""),
        reply(200, &[]),
        reply(412, &[]),
        reply(200, &[]),
    ]);
    let client = wire.client();
    send(&client, get()).await;
    send(&client, request(Method::HEAD, DOC)).await;
    send(&client, put()).await;
    wire.assert_field(2, "if-match", "\"1\"");
    send(&client, request(Method::HEAD, DOC)).await;
    assert_eq!(
        reason_of(try_send(&client, put()).await),
        Some(ClientErrorReason::Stale)
    );
}

#[tokio::test]
async fn reading_first_needs_the_whole_body() {
    for (method, response) in blind() {
        if method == Method::HEAD {
            continue;
        }
        let told = format!("{response:?}");
        let is_part = response.status() == 206;
        let wire = Wire::new([response]);
        let client = wire.client_with(layer().guard(Guard::ReadFirst));
        let expected = match is_part {
            true => ClientErrorReason::ReadFailed(StatusCode::PARTIAL_CONTENT),
            false => ClientErrorReason::ReadIncomplete,
        };
        let reason = reason_of(try_send(&client, put()).await);
        assert_eq!(reason, Some(expected), "{told}");
        assert_eq!(wire.methods(), [Method::GET]);
    }
}

#[tokio::test]
async fn reading_first_finds_that_there_is_no_tag() {
    for response in [
        json(&[], r#"{"a": 1}"#),
        reply_with(200, &[("content-type", "text/plain")], &"text".repeat(100)),
        reply(204, &[]),
    ] {
        let wire = Wire::new([response, reply(204, &[])]);
        let client = wire.client_with(layer().guard(Guard::ReadFirst));
        send(&client, put()).await;
        wire.assert_unconditional(1);
    }
}

#[tokio::test]
async fn reading_first_needs_no_body_where_the_field_tells() {
    let long = format!(r#"{{"padding": "{}"}}"#, "x".repeat(100));
    let wire = Wire::new([json(&[("etag", "\"f\"")], &long), reply(204, &[])]);
    let client = wire.client_with(layer().guard(Guard::ReadFirst));
    send(&client, put()).await;
    wire.assert_field(1, "if-match", "\"f\"");
}
