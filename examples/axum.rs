//! A versioned document in axum: `cargo run --example axum -F axum -- --listen 127.0.0.1:3000`
use std::{env, io, sync::Arc, sync::Mutex};

use axum::{Router, body::Bytes, extract::State, response::Result, routing::get};
use tokio::{net::TcpListener, signal::ctrl_c};
use tower_conditional::axum::{Precondition, from_fn_with_state};
use tower_conditional::{ConditionalLayer, EntityTag, Requirement};

type Document = Arc<Mutex<(u64, Bytes)>>; // the version, and the content

/// The source: asked before `read` and `write`.
async fn version(State(document): State<Document>) -> EntityTag {
    EntityTag::from_version(document.lock().unwrap().0)
}

/// Runs unless the client has this version already. The layer adds the tag to the response.
async fn read(State(document): State<Document>) -> Bytes {
    document.lock().unwrap().1.clone()
}

/// Runs if `If-Match` has the current tag. Checks again, since another writer may have been faster.
async fn write(
    State(document): State<Document>,
    guard: Precondition,
    new: Bytes,
) -> Result<EntityTag> {
    let mut document = document.lock().unwrap();
    guard.recheck(EntityTag::from_version(document.0))?; // the layer's own 412
    *document = (document.0 + 1, new);
    Ok(EntityTag::from_version(document.0))
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let document = Document::new(Mutex::new((1, Bytes::from_static(b"first\n"))));
    let layer = ConditionalLayer::new(from_fn_with_state(document.clone(), version));
    let guarded = get(read)
        .put(write)
        .route_layer(layer.require(Requirement::WRITES));
    let app = Router::new().route("/", guarded).with_state(document);
    let address = env::args().nth(2).unwrap_or("127.0.0.1:3000".to_owned()); // --listen ADDR
    let listener = TcpListener::bind(address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app)
        .with_graceful_shutdown(async { drop(ctrl_c().await) })
        .await
}
