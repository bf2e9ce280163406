//! A versioned document: `cargo run --example axum -F axum -- --listen 127.0.0.1:3000`
use std::{env, io, sync::Arc, sync::Mutex};

use axum::{Router, body::Bytes, extract::State, response::Result, routing::get};
use tokio::{net::TcpListener, signal::ctrl_c};
use tower_conditional::axum::{Precondition, from_fn_with_state};
use tower_conditional::{ConditionalLayer, EntityTag, Requirement};

type Doc = Arc<Mutex<(u64, Bytes)>>; // the version, and the content
async fn version(State(doc): State<Doc>) -> EntityTag {
    EntityTag::from_version(doc.lock().unwrap().0)
}

/// Runs unless the client has this version. The layer adds the tag to the response.
async fn read(State(doc): State<Doc>) -> Bytes {
    doc.lock().unwrap().1.clone()
}

/// Runs if `If-Match` has the current tag. Checks again, since another writer may be faster.
async fn write(State(doc): State<Doc>, guard: Precondition, new: Bytes) -> Result<EntityTag> {
    let mut doc = doc.lock().unwrap();
    guard.recheck(EntityTag::from_version(doc.0))?; // the layer's own 412
    *doc = (doc.0 + 1, new);
    Ok(EntityTag::from_version(doc.0))
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let doc = Doc::new(Mutex::new((1, Bytes::from_static(b"first\n"))));
    let layer = ConditionalLayer::new(from_fn_with_state(doc.clone(), version));
    let layer = layer.require(Requirement::WRITES);
    let routes = get(read).put(write).route_layer(layer);
    let app = Router::new().route("/", routes).with_state(doc);
    let address = env::args().nth(2).unwrap_or("127.0.0.1:3000".to_owned()); // --listen ADDR
    let listener = TcpListener::bind(address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    let stop = async { drop(ctrl_c().await) };
    let serving = axum::serve(listener, app);
    serving.with_graceful_shutdown(stop).await
}
