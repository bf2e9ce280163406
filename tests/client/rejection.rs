//! 412 and 428, and what never follows them.

use http::Method;
use tower_conditional::{
    Field,
    client::{ClientErrorReason, ConditionalClientLayer, Guard, KnownValidators, Rejection},
};

use crate::support::*;

#[tokio::test]
async fn a_412_tells_what_was_sent_and_what_is_current() {
    let wire = Wire::new([tagged("\"1\""), reply(412, &[("etag", "W/\"2\"")])]);
    let client = wire.client();
    send(&client, get()).await;
    let response = send(&client, request(Method::PATCH, DOC)).await;
    let refused = Rejection::of(&response).unwrap();
    assert_eq!(refused.status(), 412);
    assert_eq!(refused.method(), Method::PATCH);
    assert_eq!(refused.uri(), DOC);
    assert_eq!(refused.sent().unwrap(), "\"1\"");
    assert_eq!(refused.precondition().unwrap().0, Field::IfMatch);
    assert_eq!(refused.current().unwrap().as_bytes(), b"W/\"2\"");
}

#[tokio::test]
async fn a_428_tells_that_nothing_was_sent() {
    let wire = Wire::new([reply(428, &[])]);
    let response = send(&wire.client(), put()).await;
    let refused = Rejection::of(&response).unwrap();
    assert_eq!(refused.status(), 428);
    assert!(refused.precondition().is_none() && refused.sent().is_none());
    assert!(refused.current().is_none());
}

#[tokio::test]
async fn the_callers_precondition_is_told_as_well() {
    let wire = Wire::new([reply(412, &[])]);
    let write = with_field(put(), "if-none-match", "*");
    let response = send(&wire.client(), write).await;
    let refused = Rejection::of(&response).unwrap();
    let (field, value) = refused.precondition().unwrap();
    assert_eq!((field, value.as_bytes()), (Field::IfNoneMatch, &b"*"[..]));
    assert!(refused.sent().is_none());
}

#[tokio::test]
async fn what_was_sent_after_reading_first_is_told() {
    let wire = Wire::new([tagged("\"1\""), reply(412, &[])]);
    let client = wire.client_with(ConditionalClientLayer::new().guard(Guard::ReadFirst));
    let response = send(&client, put()).await;
    assert_eq!(Rejection::of(&response).unwrap().sent().unwrap(), "\"1\"");
}

#[tokio::test]
async fn other_responses_are_not_refused() {
    let wire = Wire::new([reply(409, &[]), reply(200, &[])]);
    let client = wire.client();
    assert!(Rejection::of(&send(&client, put()).await).is_none());
    assert!(Rejection::of(&send(&client, put()).await).is_none());
}

/// At least one popular client answers a 412 by sending the write again without If-Match.
#[tokio::test]
async fn a_refused_write_is_never_sent_without_its_precondition() {
    for guard in [Guard::WhenKnown, Guard::ReadFirst, Guard::Required] {
        let wire = Wire::new([
            tagged("\"1\""),
            reply(412, &[("etag", "\"2\"")]),
            tagged("\"2\""),
            reply(204, &[]),
        ]);
        let client = wire.client_with(ConditionalClientLayer::new().guard(guard));
        send(&client, get()).await;
        send(&client, put()).await;
        for method in [Method::PUT, Method::PATCH, Method::DELETE] {
            let error = try_send(&client, request(method, DOC)).await.unwrap_err();
            assert!(error.request().is_some() && error.reason() == ClientErrorReason::Stale);
            assert!(error.to_string().contains("not read since"), "{error}");
        }
        assert_eq!(wire.methods(), [Method::GET, Method::PUT], "{guard:?}");

        send(&client, get()).await;
        send(&client, put()).await;
        wire.assert_field(3, "if-match", "\"2\"");
    }
}

#[tokio::test]
async fn nor_when_the_caller_had_set_the_precondition() {
    let wire = Wire::new([reply(412, &[("etag", "\"2\"")])]);
    let client = wire.client();
    send(&client, with_field(put(), "if-match", "\"1\"")).await;
    assert_eq!(
        reason_of(try_send(&client, put()).await),
        Some(ClientErrorReason::Stale)
    );
}

#[tokio::test]
async fn a_refusal_ends_where_the_tags_end() {
    let wire = Wire::new([
        tagged("\"1\""),
        reply(412, &[]),
        reply(200, &[]),
        reply(204, &[]),
    ]);
    let client = wire.client();
    send(&client, get()).await;
    send(&client, put()).await;
    send(&client, get()).await;
    send(&client, put()).await;
    wire.assert_unconditional(3);
}

#[tokio::test]
async fn the_caller_can_insist() {
    let wire = Wire::new([tagged("\"1\""), reply(412, &[]), reply(204, &[])]);
    let client = wire.client();
    send(&client, get()).await;
    send(&client, put()).await;
    send(&client, with_extension(put(), Guard::Off)).await;
    wire.assert_unconditional(2);
}

#[tokio::test]
async fn what_tells_no_tag_does_not_end_a_refusal() {
    let own = |method| with_field(request(method, DOC), "if-match", "\"9\"");
    for (write, response) in [
        (own(Method::PATCH), reply(204, &[])),
        (own(Method::PATCH), reply(202, &[("etag", "\"task\"")])),
        (own(Method::DELETE), reply(204, &[])),
        (own(Method::DELETE), reply(404, &[])),
        (request(Method::POST, DOC), reply(410, &[])),
        (request(Method::HEAD, DOC), reply(404, &[])),
    ] {
        let told = format!("{} {}", write.method(), response.status());
        let wire = Wire::new([tagged("\"1\""), reply(412, &[]), response]);
        let client = wire.client();
        send(&client, get()).await;
        send(&client, put()).await;
        send(&client, write).await;
        let error = try_send(&client, put()).await;
        assert_eq!(reason_of(error), Some(ClientErrorReason::Stale), "{told}");
    }
}

#[tokio::test]
async fn a_read_or_a_tag_ends_a_refusal() {
    let own = with_field(request(Method::PATCH, DOC), "if-match", "\"9\"");
    for (request, response, tag) in [
        (own, reply(204, &[("etag", "\"3\"")]), Some("\"3\"")),
        (get(), tagged("\"2\""), Some("\"2\"")),
        (get(), reply(404, &[]), None),
    ] {
        let wire = Wire::new([tagged("\"1\""), reply(412, &[]), response, reply(500, &[])]);
        let client = wire.client();
        send(&client, get()).await;
        send(&client, put()).await;
        send(&client, request).await;
        send(&client, put()).await;
        match tag {
            Some(tag) => wire.assert_field(3, "if-match", tag),
            None => wire.assert_unconditional(3),
        }
    }
}

/// Its task has read the resource before tags came, and another one was refused since.
#[tokio::test]
async fn binding_to_a_representation_without_a_tag_does_not_end_a_refusal() {
    let wire = Wire::new([reply(200, &[]), reply(412, &[])]);
    let client = wire.client();
    let read = send(&client, get()).await;
    let known = KnownValidators::of(&read).unwrap().clone();
    send(&client, with_field(put(), "if-match", "\"1\"")).await;
    let error = try_send(&client, with_extension(put(), known)).await;
    assert_eq!(reason_of(error), Some(ClientErrorReason::Stale));
}

/// Somebody has created it since the layer found that it does not exist.
#[tokio::test]
async fn creating_after_reading_first_can_be_refused() {
    let wire = Wire::new([
        reply(404, &[]),
        reply(412, &[]),
        tagged("\"7\""),
        reply(204, &[]),
    ]);
    let client = wire.client_with(ConditionalClientLayer::new().guard(Guard::ReadFirst));
    send(&client, put()).await;
    wire.assert_field(1, "if-none-match", "*");
    assert_eq!(
        reason_of(try_send(&client, put()).await),
        Some(ClientErrorReason::Stale)
    );
    send(&client, get()).await;
    send(&client, put()).await;
    wire.assert_field(3, "if-match", "\"7\"");
}
