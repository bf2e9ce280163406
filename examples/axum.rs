//! A versioned document in axum: `cargo run --example axum -- --listen 127.0.0.1:3000`
use std::{env, io, sync::Arc, sync::Mutex};

use axum::{Router, body::Bytes, extract::State, routing::get};
use http::{HeaderName, HeaderValue, Response, header::ETAG, request::Parts};
use tokio::{net::TcpListener, signal::ctrl_c};
use tower_conditional::{ConditionalLayer, EntityTag, Outcome, RefusalBody, Requirement, ready_fn};

type Document = Arc<Mutex<(u64, Bytes)>>; // the version, and the content
type Written = Result<[(HeaderName, HeaderValue); 1], Response<RefusalBody>>;

/// Runs unless the client has this version already. The layer adds the tag to the response.
async fn read(State(document): State<Document>) -> Bytes {
    document.lock().unwrap().1.clone()
}

/// Runs if `If-Match` has the current tag. Checks again, since another writer may have been faster.
async fn write(State(document): State<Document>, head: Parts, content: Bytes) -> Written {
    let mut document = document.lock().unwrap();
    if let Some(outcome) = head.extensions.get::<Outcome>() {
        outcome.recheck(&head, EntityTag::from_version(document.0))?; // the layer's own 412
    }
    *document = (document.0 + 1, content);
    Ok([(ETAG, EntityTag::from_version(document.0).into())])
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let document = Document::new(Mutex::new((1, Bytes::from_static(b"first\n"))));
    let known = document.clone();
    let source = ready_fn(move |_| EntityTag::from_version(known.lock().unwrap().0));
    let layer = ConditionalLayer::new(source).require(Requirement::WRITES);
    let app = Router::new().route("/", get(read).put(write).route_layer(layer));
    let address = env::args().nth(2).unwrap_or("127.0.0.1:3000".to_owned()); // --listen ADDR
    let listener = TcpListener::bind(address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    let serving = axum::serve(listener, app.with_state(document));
    let stop = async { drop(ctrl_c().await) };
    serving.with_graceful_shutdown(stop).await
}
