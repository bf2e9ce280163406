//! Documents behind a router, guarded by the layer.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::{
    Extension, Router,
    body::Body,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::get,
};
use bytes::Bytes;
use http::{Request, StatusCode, request::Parts};
use http_body_util::BodyExt;
use tower::ServiceExt;
use tower_conditional::{
    ConditionalLayer, EntityTag, Outcome, Requirement, Selected, ValidatorSource, source_fn,
};

/// Numbered documents with versions.
#[derive(Clone)]
pub(crate) struct Documents(Arc<Mutex<BTreeMap<u64, (u64, String)>>>);

impl Documents {
    /// Creates document 1, in version 7.
    pub(crate) fn new() -> Self {
        let content = "document ".repeat(100);
        Self(Arc::new(Mutex::new(BTreeMap::from([(1, (7, content))]))))
    }

    fn source(&self) -> impl ValidatorSource<Future: Send> + Clone + Send + Sync + use<> {
        let documents = self.clone();
        source_fn(move |head: &Parts| {
            let id = head
                .uri
                .path()
                .strip_prefix("/documents/")
                .and_then(|id| id.parse().ok());
            let documents = documents.clone();
            async move {
                tokio::task::yield_now().await;
                let documents = documents.0.lock().unwrap();
                documents
                    .get(&id?)
                    .map(|(version, _)| EntityTag::from_version(*version))
            }
        })
    }

    fn routes(&self) -> Router {
        Router::new()
            .route("/documents/{id}", get(read).put(write))
            .with_state(self.clone())
    }

    pub(crate) fn guarded(&self) -> Router {
        let layer = ConditionalLayer::new(self.source())
            .require(Requirement::WRITES)
            .record_decision(true);
        self.routes().layer(layer)
    }

    pub(crate) fn version(&self) -> u64 {
        self.0.lock().unwrap()[&1].0
    }
}

async fn read(
    State(documents): State<Documents>,
    Path(id): Path<u64>,
) -> Result<String, StatusCode> {
    let documents = documents.0.lock().unwrap();
    let document = documents.get(&id).ok_or(StatusCode::NOT_FOUND)?;
    Ok(document.1.clone())
}

/// Repeats the check where the data is stored.
async fn write(
    State(documents): State<Documents>,
    Path(id): Path<u64>,
    Extension(outcome): Extension<Outcome>,
    request: Request<Body>,
) -> Response {
    let (head, content) = request.into_parts();
    let content = content.collect().await.unwrap().to_bytes();
    let content = String::from_utf8(content.into()).unwrap();
    let expected = outcome
        .validators()
        .and_then(|validators| validators.etag()?.version());
    let mut documents = documents.0.lock().unwrap();
    if documents.get(&id).map(|(version, _)| *version) != expected {
        return outcome.lost(&head, Selected::Unknown).into_response();
    }
    let version = expected.unwrap_or_default() + 1;
    documents.insert(id, (version, content));
    StatusCode::NO_CONTENT.into_response()
}

pub(crate) async fn send(app: &Router, request: http::request::Builder) -> Response<Bytes> {
    let request: Request<Body> = request.body(Body::from("new")).unwrap();
    let (head, body) = app.clone().oneshot(request).await.unwrap().into_parts();
    Response::from_parts(head, body.collect().await.unwrap().to_bytes())
}
