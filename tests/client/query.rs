//! QUERY (RFC 10008): safe, and its representation is that of the result, not of the resource.

use http::Method;
use tower_conditional::client::{
    ConditionalClientLayer, CreateOnly, Guard, KnownValidators, Rejection, Revalidate,
};

use crate::support::*;

fn query() -> http::Request<http_body_util::Full<bytes::Bytes>> {
    request(Method::from_bytes(b"QUERY").unwrap(), DOC)
}

#[tokio::test]
async fn it_is_not_guarded() {
    for guard in [Guard::WhenKnown, Guard::ReadFirst, Guard::Required] {
        let layer = ConditionalClientLayer::new()
            .guard(guard)
            .guard_method(query().method().clone(), guard)
            .revalidate(true);
        let wire = Wire::new([tagged("\"1\""), reply(200, &[]), reply(200, &[])]);
        let client = wire.client_with(layer);
        send(&client, get()).await;
        send(&client, with_extension(query(), CreateOnly)).await;
        wire.assert_unconditional(1);
        send(&client, with_extension(query(), Revalidate)).await;
        wire.assert_unconditional(2);
    }
}

#[tokio::test]
async fn it_teaches_nothing_about_the_resource() {
    for status in [200, 203, 204, 206, 304, 404, 410, 412, 428, 500] {
        let wire = Wire::new([
            tagged("\"1\""),
            reply(status, &[("etag", "\"result\"")]),
            reply(500, &[]),
        ]);
        let layer =
            ConditionalClientLayer::new().guard_method(query().method().clone(), Guard::WhenKnown);
        let client = wire.client_with(layer);
        send(&client, get()).await;
        let own = with_field(query(), "if-match", "\"result\"");
        let response = send(&client, own).await;
        assert_eq!(KnownValidators::of(&response), None);
        let is_rejected = Rejection::of(&response).is_some();
        assert_eq!(is_rejected, [412, 428].contains(&status));
        send(&client, put()).await;
        assert_eq!(wire.field(2, "if-match"), [b"\"1\""], "{status}");
    }
}
