//! One resource, several users and representations.

use http::{HeaderName, Method};
use tower_conditional::client::{ClientErrorReason, ConditionalClientLayer, Guard, Revalidate};

use crate::support::*;

#[tokio::test]
async fn users_do_not_share_tags() {
    let wire = Wire::new([tagged("\"a\""), tagged("\"b\""), reply(500, &[])]);
    let client = wire.client();
    let by = |method, user: &str| with_field(request(method, DOC), "authorization", user);
    send(&client, by(Method::GET, "Basic a")).await;
    send(&client, by(Method::GET, "Basic b")).await;
    send(&client, by(Method::PUT, "Basic a")).await;
    wire.assert_field(2, "if-match", "\"a\"");
    // Nor does a token that was renewed lift the guard.
    let reason = reason_of(try_send(&client, put()).await);
    assert_eq!(reason, Some(ClientErrorReason::UnknownTag));
}

/// After a 412 with one token, the write went out unguarded with another.
#[tokio::test]
async fn a_rejection_counts_for_all_users() {
    let by = |method, user: &str| with_field(request(method, DOC), "authorization", user);
    for guard in [Guard::WhenKnown, Guard::ReadFirst, Guard::Required] {
        let wire = Wire::new([reply(412, &[])]);
        let client = wire.client_with(ConditionalClientLayer::new().guard(guard));
        let own = with_field(by(Method::PUT, "Basic a"), "if-match", "\"0\"");
        send(&client, own).await;
        for write in [
            by(Method::PUT, "Basic a"),
            by(Method::PATCH, "Basic b"),
            put(),
        ] {
            let reason = reason_of(try_send(&client, write).await);
            assert_eq!(reason, Some(ClientErrorReason::Stale));
        }
        assert_eq!(wire.methods().len(), 1);
    }
}

/// What an anonymous user sees has no tag, which says nothing about what others see.
#[tokio::test]
async fn a_read_without_a_tag_ends_a_rejection_for_its_user_only() {
    let by = |method, user: &str| with_field(request(method, DOC), "authorization", user);
    for seen in [reply(200, &[]), reply(404, &[])] {
        let wire = Wire::new([reply(412, &[]), seen, reply(500, &[])]);
        let client = wire.client();
        let own = with_field(by(Method::PUT, "Basic a"), "if-match", "\"0\"");
        send(&client, own).await;
        send(&client, get()).await;
        let reason = reason_of(try_send(&client, by(Method::PUT, "Basic a")).await);
        assert_eq!(reason, Some(ClientErrorReason::Stale));
        send(&client, put()).await;
        wire.assert_unconditional(2);
    }
}

/// The resource has been read, but the tag is not this user's.
#[tokio::test]
async fn a_tag_of_one_user_leaves_the_others_without_an_unguarded_write() {
    let by = |method, user: &str| with_field(request(method, DOC), "authorization", user);
    for (guard, expected) in [
        (Guard::WhenKnown, Some(ClientErrorReason::UnknownTag)),
        (Guard::ReadFirst, None),
    ] {
        let wire = Wire::new([
            reply(412, &[]),
            tagged("\"b\""),
            tagged("\"a\""),
            reply(204, &[]),
        ]);
        let client = wire.client_with(ConditionalClientLayer::new().guard(guard));
        let own = with_field(by(Method::PUT, "Basic a"), "if-match", "\"0\"");
        send(&client, own).await;
        send(&client, by(Method::GET, "Basic b")).await;
        let reason = reason_of(try_send(&client, by(Method::PUT, "Basic a")).await);
        assert_eq!(reason, expected);
        if expected.is_none() {
            wire.assert_field(3, "if-match", "\"a\"");
        }
    }
}

#[tokio::test]
async fn the_fields_with_credentials_are_configurable() {
    let token = HeaderName::from_static("x-auth-token");
    let wire = Wire::new([tagged("\"a\""), reply(500, &[])]);
    let client = wire.client_with(ConditionalClientLayer::new().credentials([token]));
    let by = |method, token: &str| with_field(request(method, DOC), "x-auth-token", token);
    send(&client, by(Method::GET, "1")).await;
    let reason = reason_of(try_send(&client, by(Method::PUT, "2")).await);
    assert_eq!(reason, Some(ClientErrorReason::UnknownTag));
    // Authorization is not one of them any more.
    send(
        &client,
        with_field(by(Method::PUT, "1"), "authorization", "Basic a"),
    )
    .await;
    wire.assert_field(1, "if-match", "\"a\"");
}

fn variant(tag: &str, vary: &str) -> http::Response<http_body_util::Full<bytes::Bytes>> {
    reply(200, &[("etag", tag), ("vary", vary)])
}

#[tokio::test]
async fn representations_are_told_apart_by_vary() {
    let wire = Wire::new([
        variant("\"json\"", "Accept"),
        variant("\"html\"", "accept"),
        reply(304, &[]),
        reply(200, &[]),
        reply(500, &[]),
        reply(500, &[]),
    ]);
    let client = wire.client();
    let accept = |request, value: &str| with_field(request, "accept", value);
    send(&client, accept(get(), "application/json")).await;
    send(&client, accept(get(), "text/html")).await;

    let again = with_extension(accept(get(), "application/json"), Revalidate);
    send(&client, again).await;
    wire.assert_field(2, "if-none-match", "\"json\"");
    send(
        &client,
        with_extension(accept(get(), "image/png"), Revalidate),
    )
    .await;
    wire.assert_unconditional(3);

    send(&client, accept(put(), "application/json")).await;
    wire.assert_field(4, "if-match", "\"json\"");
}

#[tokio::test]
async fn a_write_without_those_fields_gets_the_newest_tag() {
    for vary in ["accept", "*"] {
        let wire = Wire::new([
            variant("\"1\"", vary),
            variant("\"2\"", vary),
            reply(500, &[]),
        ]);
        let client = wire.client();
        send(&client, with_field(get(), "accept", "a/a")).await;
        send(&client, with_field(get(), "accept", "b/b")).await;
        send(&client, put()).await;
        wire.assert_field(2, "if-match", "\"2\"");
    }
}

#[tokio::test]
async fn a_write_changes_all_representations() {
    let wire = Wire::new([
        variant("\"json\"", "accept"),
        reply(204, &[("etag", "\"new\"")]),
        reply(500, &[]),
    ]);
    let client = wire.client();
    send(&client, with_field(get(), "accept", "a/a")).await;
    send(&client, put()).await;
    send(&client, with_field(put(), "accept", "a/a")).await;
    wire.assert_field(2, "if-match", "\"new\"");
}
