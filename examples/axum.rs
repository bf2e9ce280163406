//! A versioned document in axum: `cargo run --example axum -- --listen 127.0.0.1:3000`
use std::{env, io, sync::Arc, sync::Mutex};

use axum::{Router, body::Bytes, extract::State, response::IntoResponse, routing::get};
use http::request::Parts;
use tokio::{net::TcpListener, signal::ctrl_c};
use tower_conditional::{ConditionalLayer, EntityTag, Outcome, RefusalBody, Requirement, ready_fn};

type Document = Arc<Mutex<(u64, Bytes)>>; // the version, and the content

/// Runs unless the client has this version already. The layer adds the tag to the response.
async fn read(State(document): State<Document>) -> Bytes {
    document.lock().unwrap().1.clone()
}

/// Runs if `If-Match` has the current tag. Checks again, since another writer may have been faster.
async fn write(
    State(document): State<Document>,
    head: Parts,
    content: Bytes,
) -> Result<impl IntoResponse, http::Response<RefusalBody>> {
    let mut document = document.lock().unwrap();
    if let Some(outcome) = head.extensions.get::<Outcome>() {
        outcome.recheck(&head, EntityTag::from_version(document.0))?; // the layer's own 412
    }
    *document = (document.0 + 1, content);
    Ok([("etag", EntityTag::from_version(document.0).to_string())])
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let document = Document::new(Mutex::new((1, Bytes::from_static(b"first\n"))));
    let known = document.clone();
    let source = ready_fn(move |_| EntityTag::from_version(known.lock().unwrap().0));
    let layer = ConditionalLayer::new(source).require(Requirement::WRITES); // else 428
    let app = Router::new().route("/", get(read).put(write).route_layer(layer));
    let address = env::args().skip_while(|name| name != "--listen").nth(1);
    let listener = TcpListener::bind(address.as_deref().unwrap_or("127.0.0.1:3000")).await?;
    println!("listening on http://{}", listener.local_addr()?);
    let serving = axum::serve(listener, app.with_state(document));
    serving
        .with_graceful_shutdown(async { drop(ctrl_c().await) })
        .await
}
