//! A versioned document in axum: `cargo run --example axum -- --listen 127.0.0.1:3000`
use std::{env, io, sync::Arc, sync::Mutex};

use axum::{Router, body::Bytes, extract::State, response::Response, routing::get};
use http::request::Parts;
use tokio::{net::TcpListener, signal::ctrl_c};
use tower_conditional::{ConditionalLayer, Current, EntityTag, Outcome, Requirement, ready_fn};

type Document = Arc<Mutex<(u64, Bytes)>>; // the version, and the content

/// The layer answers 304 in place of this, or adds the tag to the response.
async fn read(State(document): State<Document>) -> Bytes {
    document.lock().unwrap().1.clone()
}

/// Runs only if `If-Match` named the current tag. Checks again: another writer may be faster.
async fn write(State(document): State<Document>, head: Parts, content: Bytes) -> Response {
    let mut document = document.lock().unwrap();
    let current = EntityTag::from_version(document.0).into();
    let outcome = head.extensions.get::<Outcome>();
    if let Some(refused) = outcome.and_then(|it| it.recheck(&head, Current::Present(&current))) {
        return refused.map(Into::into);
    }
    *document = (document.0 + 1, content);
    let response = Response::builder().header("etag", EntityTag::from_version(document.0));
    response.body("written\n".into()).unwrap()
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let document = Document::new(Mutex::new((1, Bytes::from_static(b"first\n"))));
    let known = document.clone();
    let source = ready_fn(move |_: &Parts| EntityTag::from_version(known.lock().unwrap().0));
    let layer = ConditionalLayer::new(source).require(Requirement::WRITES); // 428 without If-Match
    let app = Router::new().route("/", get(read).put(write).route_layer(layer));
    let address = env::args().skip_while(|name| name != "--listen").nth(1);
    let listener = TcpListener::bind(address.as_deref().unwrap_or("127.0.0.1:3000")).await?;
    println!("listening on http://{}", listener.local_addr()?);
    let stop = async { drop(ctrl_c().await) };
    let serving = axum::serve(listener, app.with_state(document));
    serving.with_graceful_shutdown(stop).await
}
