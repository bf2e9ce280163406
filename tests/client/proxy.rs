//! Proxies that rewrite the tag in the field, but not in the body.

use std::sync::{Arc, Mutex};

use axum::response::Response;
use bytes::Bytes;
use http::{HeaderValue, Method, Request};
use http_body_util::{BodyExt, Full};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use tower::{Layer, ServiceExt};
use tower_conditional::client::{BodyTag, ConditionalClientLayer};

use crate::http1::{Version, app, serve};

/// What becomes of a strong tag on its way to the client.
type Rewrite = fn(&str) -> String;

const REWRITES: [(&str, Rewrite); 3] = [
    ("mod_deflate", |tag| {
        format!("{}-gzip\"", &tag[..tag.len() - 1])
    }),
    ("Apache 2.2", |tag| format!("{tag}-gzip")),
    ("nginx", |tag| format!("W/{tag}")),
];

async fn put_after_get(rewrite: Rewrite, layer: ConditionalClientLayer) -> (u16, u64) {
    let version = Version::new(Mutex::new(1));
    let proxied = app(Arc::clone(&version)).layer(tower::util::MapResponseLayer::new(
        move |mut response: Response| {
            if let Some(tag) = response.headers().get("etag") {
                let tag = rewrite(tag.to_str().unwrap());
                let tag = HeaderValue::try_from(tag).unwrap();
                response.headers_mut().insert("etag", tag);
            }
            response
        },
    ));
    let uri = format!("http://{}/note", serve(proxied).await);
    let client = layer.layer(Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>());
    let request = |method| {
        let builder = Request::builder().method(method).uri(&uri);
        builder.body(Full::<Bytes>::default()).unwrap()
    };
    let read = client.clone().oneshot(request(Method::GET)).await.unwrap();
    read.into_body().collect().await.unwrap();
    let written = client.oneshot(request(Method::PUT)).await.unwrap();
    let version = *version.lock().unwrap();
    (written.status().as_u16(), version)
}

#[tokio::test]
async fn the_tag_in_the_body_gets_through() {
    for (proxy, rewrite) in REWRITES {
        let layer = ConditionalClientLayer::new().body_tag(BodyTag::at("/etag").unwrap());
        assert_eq!(put_after_get(rewrite, layer).await, (204, 2), "{proxy}");
    }
}

#[tokio::test]
async fn the_one_in_the_field_fails_closed() {
    for (proxy, rewrite) in REWRITES {
        let layer = ConditionalClientLayer::new();
        assert_eq!(put_after_get(rewrite, layer).await, (412, 1), "{proxy}");
    }
}
