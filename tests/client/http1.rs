//! Over HTTP, by the clients that people use, against this crate's own layer.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{Json, Router, extract::State, http::StatusCode, routing::get};
use bytes::Bytes;
use http::{HeaderMap, Method, Request, request::Parts};
use http_body_util::{BodyExt, Full};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use serde_json::json;
use tower::{Service, ServiceBuilder, ServiceExt};
use tower_conditional::{
    ConditionalLayer, EntityTag, Requirement,
    client::{BodyTag, ClientErrorReason, ConditionalClientLayer, Rejection, Revalidate},
    ready_fn,
};

pub(crate) type Version = Arc<Mutex<u64>>;

/// A note whose tag is in the field and in the body; 428 for writes without a precondition.
pub(crate) fn app(version: Version) -> Router {
    let source = Arc::clone(&version);
    let source = ready_fn(move |_: &Parts| EntityTag::from_version(*source.lock().unwrap()));
    Router::new()
        .route("/note", get(read).put(write))
        .layer(ConditionalLayer::new(source).require(Requirement::WRITES))
        .with_state(version)
}

async fn read(State(version): State<Version>) -> Json<serde_json::Value> {
    let tag = EntityTag::from_version(*version.lock().unwrap());
    Json(json!({ "etag": tag.to_string() }))
}

async fn write(State(version): State<Version>) -> (StatusCode, HeaderMap) {
    let mut version = version.lock().unwrap();
    *version += 1;
    let mut headers = HeaderMap::new();
    headers.insert("etag", EntityTag::from_version(*version).into());
    (StatusCode::NO_CONTENT, headers)
}

pub(crate) async fn serve(app: Router) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

#[tokio::test]
async fn by_hyper_util() {
    let version = Version::new(Mutex::new(1));
    let uri = format!("http://{}/note", serve(app(Arc::clone(&version))).await);
    let mut client = ServiceBuilder::new()
        .layer(ConditionalClientLayer::new().body_tag(BodyTag::at("/etag").unwrap()))
        .service(Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>());
    let request = |method: Method| {
        let builder = Request::builder().method(method).uri(&uri);
        builder.body(Full::from("new")).unwrap()
    };

    let response = client
        .ready()
        .await
        .unwrap()
        .call(request(Method::PUT))
        .await
        .unwrap();
    assert_eq!(response.status(), 428);
    assert!(Rejection::of(&response).unwrap().sent().is_none());

    let mut read = request(Method::GET);
    *read.body_mut() = Full::default();
    let response = client
        .ready()
        .await
        .unwrap()
        .call(read.clone())
        .await
        .unwrap();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(body, r#"{"etag":"\"1\""}"#);

    // Twice: the second time with the tag of the first write's response.
    for _ in 0..2 {
        let write = request(Method::PUT);
        let response = client.ready().await.unwrap().call(write).await.unwrap();
        assert_eq!(response.status(), 204);
    }
    assert_eq!(*version.lock().unwrap(), 3);

    read.extensions_mut().insert(Revalidate);
    let response = client.ready().await.unwrap().call(read).await.unwrap();
    assert_eq!(response.status(), 304);

    *version.lock().unwrap() = 10;
    let response = client
        .ready()
        .await
        .unwrap()
        .call(request(Method::PUT))
        .await
        .unwrap();
    let refused = Rejection::of(&response).unwrap();
    assert_eq!(refused.status(), 412);
    assert_eq!(refused.sent().unwrap(), "\"3\"");
    assert_eq!(refused.current().unwrap().as_bytes(), b"\"10\"");
    let error = client
        .ready()
        .await
        .unwrap()
        .call(request(Method::PUT))
        .await
        .unwrap_err();
    assert_eq!(error.reason(), ClientErrorReason::Stale);
    assert_eq!(*version.lock().unwrap(), 10);
}
