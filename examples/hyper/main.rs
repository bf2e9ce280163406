//! A versioned document on plain hyper: `cargo run --example hyper -- [--listen ADDR]`
use std::{env, error::Error, pin::pin, sync::Arc, sync::Mutex};

use http::{Method, Request, Response, StatusCode, header, request::Parts};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::{server::conn::auto::Builder, service::TowerToHyperService};
use tokio::{net::TcpListener, select};
use tower::{Layer, service_fn};
use tower_conditional::*;
#[path = "../support/shutdown.rs"]
mod shutdown;

const LOST: Decision = Decision::PreconditionFailed(Field::IfMatch);
type Document = Arc<Mutex<(u64, Bytes)>>;
type Answer = Result<Response<Full<Bytes>>, Box<dyn Error + Send + Sync>>;

async fn answer(document: Document, request: Request<Incoming>) -> Answer {
    let (head, body) = request.into_parts();
    let content = Limited::new(body, 1 << 20).collect().await?.to_bytes();
    let outcome = head.extensions.get::<Outcome>();
    let seen = outcome.and_then(|outcome| outcome.validators()?.etag()?.version());
    let mut document = document.lock().unwrap();
    let mut response = Response::new(Full::default());
    let fields = response.headers_mut();
    match head.method {
        Method::GET => *response.body_mut() = document.1.clone().into(),
        Method::HEAD => drop(fields.insert(header::CONTENT_LENGTH, document.1.len().into())),
        Method::PUT if seen == Some(document.0) => *document = (document.0 + 1, content),
        // While the content came, another writer was faster than this one.
        Method::PUT => response = refusal_response(LOST, Current::Unknown).map(Full::new),
        _ => *response.status_mut() = StatusCode::NOT_IMPLEMENTED,
    }
    let tag = EntityTag::from_version(document.0);
    response.headers_mut().insert(header::ETAG, tag.into());
    Ok(response)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut stop = pin!(shutdown::Shutdown::listen()?.requested());
    let address = env::args().skip_while(|name| name != "--listen").nth(1);
    let listener = TcpListener::bind(address.as_deref().unwrap_or("127.0.0.1:3000")).await?;
    println!("listening on http://{}", listener.local_addr()?);
    let document = Document::new(Mutex::new((1, Bytes::from_static(b"first\n"))));
    let known = document.clone();
    let source = ready_fn(move |_: &Parts| EntityTag::from_version(known.lock().unwrap().0));
    let layer = ConditionalLayer::new(source).require(Requirement::methods([Method::PUT])?);
    let handler = service_fn(move |request| answer(document.clone(), request));
    let service = TowerToHyperService::new(layer.layer(handler));
    loop {
        let accepted = select! { () = &mut stop => break Ok(()), it = listener.accept() => it };
        let Ok((stream, _)) = accepted else { continue };
        let (io, service) = (TokioIo::new(stream), service.clone());
        let http = Builder::new(TokioExecutor::new());
        tokio::spawn(async move { http.serve_connection(io, service).await });
    }
}
