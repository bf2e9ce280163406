//! Tags in JSON bodies.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body::Frame;
use http_body_util::{BodyExt, Full, StreamBody};
use tower::{Layer, ServiceExt, service_fn};
use tower_conditional::client::{
    BodyTag, ClientErrorReason, ConditionalClientLayer, Guard, KnownValidators,
};

use crate::support::*;

pub(crate) fn layer() -> ConditionalClientLayer {
    ConditionalClientLayer::new().body_tag(BodyTag::at("/etag").unwrap())
}

async fn collect(response: Reply) -> Response<Bytes> {
    let (head, body) = response.into_parts();
    Response::from_parts(head, body.collect().await.unwrap().to_bytes())
}

#[tokio::test]
async fn a_tag_in_the_body_guards_writes() {
    let text = r#"{"a": 1, "etag": "W/\"1\""}"#;
    let wire = Wire::new([json(&[], text), reply(204, &[])]);
    let client = wire.client_with(layer());
    let response = send(&client, get()).await;
    assert_eq!(
        KnownValidators::of(&response),
        None,
        "the body was not read yet"
    );
    let response = collect(response).await;
    assert_eq!(response.body(), text);
    let known = KnownValidators::of_collected(&response).unwrap();
    assert_eq!(known.body_tag().unwrap().as_bytes(), b"W/\"1\"");
    send(&client, put()).await;
    wire.assert_field(1, "if-match", "W/\"1\"");
}

#[tokio::test]
async fn it_goes_before_the_field_and_is_kept_apart() {
    let wire = Wire::new([
        json(&[("etag", "\"1-gzip\"")], r#"{"etag": "\"1\""}"#),
        tagged("\"1-gzip\""),
        reply(500, &[]),
    ]);
    let client = wire.client_with(layer());
    let response = send(&client, get()).await;
    let head = KnownValidators::of(&response).unwrap().clone();
    assert_eq!(head.tag().unwrap().as_bytes(), b"\"1-gzip\"");
    let known = KnownValidators::of_collected(&collect(response).await).unwrap();
    assert_eq!(known.field_tag(), head.field_tag());
    assert_eq!(known.tag().unwrap().as_bytes(), b"\"1\"");
    assert!(head.body_tag().is_none(), "a value does not change");
    // A HEAD that confirms the field's tag does not take the body's away.
    send(&client, request(Method::HEAD, DOC)).await;
    send(&client, put()).await;
    wire.assert_field(2, "if-match", "\"1\"");
}

/// A caller cannot bind a write to "no tag" before it is known whether there is one.
#[tokio::test]
async fn before_the_body_is_read_nothing_is_known_of_it() {
    let wire = Wire::new([json(&[], r#"{"etag": "\"1\""}"#), reply(204, &[])]);
    let client = wire.client_with(layer());
    let response = send(&client, get()).await;
    let mut write = put();
    if let Some(known) = KnownValidators::of(&response) {
        write.extensions_mut().insert(known.clone());
    }
    response.into_body().collect().await.unwrap();
    send(&client, write).await;
    wire.assert_field(1, "if-match", "\"1\"");
}

#[tokio::test]
async fn a_collected_body_without_a_tag_is_known_to_have_none() {
    let date = ("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT");
    for (response, has_date) in [
        (json(&[date], "{}"), true),
        (json(&[], "{}"), false),
        (reply_with(200, &[date], "text"), true),
    ] {
        let wire = Wire::new([response]);
        let response = collect(send(&wire.client_with(layer()), get()).await).await;
        let known = KnownValidators::of_collected(&response).unwrap();
        assert!(known.tag().is_none());
        assert_eq!(known.last_modified().is_some(), has_date);
    }
    let wire = Wire::new([reply(500, &[("etag", "\"error page\"")])]);
    let response = collect(send(&wire.client_with(layer()), get()).await).await;
    assert_eq!(KnownValidators::of_collected(&response), None);
}

#[tokio::test]
async fn a_write_that_answers_with_the_representation_tells_the_new_tag() {
    let wire = Wire::new([
        json(&[], r#"{"etag": "\"1\""}"#),
        json(&[], r#"{"etag": "\"2\""}"#),
        json(&[], r#"{"message": "done"}"#),
    ]);
    let client = wire.client_with(layer());
    send_and_read(&client, get()).await;
    send_and_read(&client, put()).await;
    wire.assert_field(1, "if-match", "\"1\"");
    send_and_read(&client, put()).await;
    wire.assert_field(2, "if-match", "\"2\"");
    let reason = reason_of(try_send(&client, put()).await);
    assert_eq!(reason, Some(ClientErrorReason::UnknownTag));
}

#[tokio::test]
async fn not_looked_for_where_it_cannot_be() {
    let text = r#"{"etag": "\"1\""}"#;
    for response in [
        reply_with(200, &[("content-type", "text/plain")], text),
        reply_with(200, &[], text),
        json(&[("content-encoding", "gzip")], text),
        reply_with(206, &[("content-type", "application/json")], text),
        reply_with(202, &[("content-type", "application/json")], text),
        json(&[], r#"{"etag": "\"1\""#),
        json(&[], r#"{"etag": 1}"#),
        json(&[], r#"{"etag": "*"}"#),
        json(&[], ""),
    ] {
        let told = format!("{response:?}");
        let wire = Wire::new([response, reply(204, &[])]);
        let client = wire.client_with(layer());
        send_and_read(&client, get()).await;
        send(&client, put()).await;
        assert!(wire.field(1, "if-match").is_empty(), "{told}");
    }
}

#[tokio::test]
async fn a_body_above_the_limit_streams_through() {
    let padding = "x".repeat(100);
    let text = format!(r#"{{"etag": "\"1\"", "padding": "{padding}"}}"#);
    for (limit, known) in [(text.len(), true), (text.len() - 1, false), (0, false)] {
        let layer =
            ConditionalClientLayer::new().body_tag(BodyTag::at("/etag").unwrap().limit(limit));
        let wire = Wire::new([json(&[], &text), reply(204, &[])]);
        let client = wire.client_with(layer);
        assert_eq!(send_and_read(&client, get()).await, text);
        send(&client, put()).await;
        assert_eq!(!wire.field(1, "if-match").is_empty(), known, "{limit}");
    }
}

#[tokio::test]
async fn a_body_that_was_not_read_to_its_end_teaches_nothing() {
    let wire = Wire::new([
        json(&[("etag", "\"f\"")], r#"{"etag": "\"1\""}"#),
        reply(204, &[]),
    ]);
    let client = wire.client_with(layer());
    drop(send(&client, get()).await);
    send(&client, put()).await;
    wire.assert_field(1, "if-match", "\"f\"");
}

#[tokio::test]
async fn what_was_learned_since_stays() {
    let wire = Wire::new([
        json(&[("etag", "\"1\"")], r#"{"etag": "\"old\""}"#),
        reply(204, &[("etag", "\"2\"")]),
        reply(500, &[]),
    ]);
    let client = wire.client_with(layer());
    let slow = send(&client, get()).await;
    send(&client, put()).await;
    slow.into_body().collect().await.unwrap();
    send(&client, put()).await;
    wire.assert_field(2, "if-match", "\"2\"");
}

#[tokio::test]
async fn a_body_that_ends_after_a_refusal_does_not_lift_it() {
    let wire = Wire::new([json(&[], r#"{"etag": "\"1\""}"#), reply(412, &[])]);
    let client = wire.client_with(layer());
    let slow = send(&client, get()).await;
    send(&client, with_field(put(), "if-match", "\"0\"")).await;
    slow.into_body().collect().await.unwrap();
    assert_eq!(
        reason_of(try_send(&client, put()).await),
        Some(ClientErrorReason::Stale)
    );
}

#[tokio::test]
async fn reading_first_reads_the_body() {
    let wire = Wire::new([json(&[], r#"{"etag": "\"1\""}"#), reply(204, &[])]);
    let client = wire.client_with(layer().guard(Guard::ReadFirst));
    send(&client, put()).await;
    wire.assert_field(1, "if-match", "\"1\"");
}

#[tokio::test]
async fn reading_first_that_breaks_off_keeps_the_write_back() {
    let sent = Arc::new(Mutex::new(0));
    let count = Arc::clone(&sent);
    let inner = service_fn(move |_: Request<Full<Bytes>>| {
        *count.lock().unwrap() += 1;
        let frames = [
            Ok(Frame::data(Bytes::from_static(b"{\"etag\":\"x\"}"))),
            Err("reset"),
        ];
        let body = StreamBody::new(futures_util::stream::iter(frames));
        let builder = Response::builder().header("content-type", "application/json");
        std::future::ready(Ok::<_, Infallible>(builder.body(body).unwrap()))
    });
    let client = layer().guard(Guard::ReadFirst).layer(inner);
    let Err(error) = client.oneshot(put()).await else {
        panic!("the write was sent");
    };
    assert_eq!(error.reason(), ClientErrorReason::ReadIncomplete);
    assert!(error.to_string().contains("broke off"), "{error}");
    assert_eq!(*sent.lock().unwrap(), 1);
}
