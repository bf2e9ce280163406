//! A versioned document in axum: `cargo run --example axum -- --listen 127.0.0.1:3000`
use std::{env, error::Error, sync::Arc, sync::Mutex};

use axum::{Router, body::Bytes, extract::State, response::Response, routing::get};
use http::request::Parts;
use tower_conditional::{
    ConditionalLayer, CurrentState, EntityTag, Outcome, Requirement, ready_fn,
};

type Document = Arc<Mutex<(u64, Bytes)>>; // the version, and the content

/// The layer answers 304 in place of this, or puts the tag on what it returns.
async fn read(State(document): State<Document>) -> Bytes {
    document.lock().unwrap().1.clone()
}

/// Runs only with an `If-Match` that was true; but another writer may be faster still.
async fn write(State(document): State<Document>, head: Parts, content: Bytes) -> Response {
    let mut document = document.lock().unwrap();
    let current = EntityTag::from_version(document.0).into();
    let outcome = head.extensions.get::<Outcome>();
    if let Some(refused) = outcome.and_then(|it| it.recheck(&head, CurrentState::Present(&current)))
    {
        return refused.map(Into::into);
    }
    *document = (document.0 + 1, content);
    let response = Response::builder().header("etag", EntityTag::from_version(document.0));
    response.body("written\n".into()).unwrap()
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let document = Document::new(Mutex::new((1, Bytes::from_static(b"first\n"))));
    let known = document.clone();
    let source = ready_fn(move |_: &Parts| EntityTag::from_version(known.lock().unwrap().0));
    let layer = ConditionalLayer::new(source).require(Requirement::WRITES); // 428 for an unguarded PUT
    let app = Router::new().route("/", get(read).put(write).route_layer(layer));
    let address = env::args().skip_while(|name| name != "--listen").nth(1);
    let address = address.unwrap_or_else(|| "127.0.0.1:3000".to_owned());
    let listener = tokio::net::TcpListener::bind(address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    let stop = async { drop(tokio::signal::ctrl_c().await) };
    Ok(axum::serve(listener, app.with_state(document))
        .with_graceful_shutdown(stop)
        .await?)
}
