//! The client's layer around reqwest, as the documentation of `tower_conditional::client` has it.

use example_redfish::Tags;
use http::{Method, Request};
use reqwest::Body;
use serde_json::json;
use tower::{Service, ServiceBuilder, ServiceExt};
use tower_conditional::client::{ConditionalClientLayer, Rejection};

use crate::bmc::Bmc;

/// reqwest's client is a service of its own request type: a filter makes it from http's.
#[tokio::test]
async fn writes_carry_the_tag_of_what_was_read() {
    let bmc = Bmc::start(Tags::Strong, true).await;
    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let mut client = ServiceBuilder::new()
        .layer(ConditionalClientLayer::new())
        .map_response(http::Response::<Body>::from)
        .filter(|request: Request<Body>| reqwest::Request::try_from(request))
        .service(http);
    let request = |method: Method, content: &str| {
        Request::builder()
            .method(method)
            .uri(bmc.url() + "/redfish/v1/Systems/1")
            .header("content-type", "application/json")
            .body(Body::from(content.to_owned()))
            .unwrap()
    };

    let read = request(Method::GET, "");
    let response = client.ready().await.unwrap().call(read).await.unwrap();
    assert_eq!(response.status(), 200);
    let write = request(Method::PATCH, r#"{"AssetTag": "ours"}"#);
    let response = client.ready().await.unwrap().call(write).await.unwrap();
    assert!(response.status().is_success(), "{response:?}");

    let theirs = json!({ "AssetTag": "theirs" });
    bmc.system().patch(theirs).await.unwrap();
    let write = request(Method::PATCH, r#"{"AssetTag": "lost"}"#);
    let response = client.ready().await.unwrap().call(write).await.unwrap();
    let refused = Rejection::of(&response).unwrap();
    assert_eq!(refused.status(), 412);
    assert!(refused.sent().is_some());
    assert_eq!(bmc.system().get("AssetTag").await.unwrap(), "theirs");
}
