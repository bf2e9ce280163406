//! A versioned document on plain hyper: `cargo run --example hyper -- --listen 127.0.0.1:3000`
use std::{env, error::Error, pin::pin, sync::Arc, sync::Mutex, time::Duration};

use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::{server::conn::auto::Builder, service::TowerToHyperService};
use tokio::{net::TcpListener, select, signal::ctrl_c, time::timeout};
use tower::{Layer, service_fn};
use tower_conditional::drain::{DrainBody, DrainLayer};
use tower_conditional::{
    ConditionalLayer, EntityTag, Outcome, Representation, Requirement, ready_fn,
};

/// Caches may keep a response, but ask each time whether it is still the same.
const NO_CACHE: HeaderValue = HeaderValue::from_static("no-cache");

type BoxError = Box<dyn Error + Send + Sync>;
type Upload = Request<DrainBody<Incoming>>;
type Answer = Response<Full<Bytes>>;
const PATIENCE: Duration = Duration::from_secs(10); // for the head, and for the content
type Document = Arc<Mutex<(u64, Bytes)>>; // the version, and the content

async fn handle(document: Document, request: Upload) -> Result<Answer, BoxError> {
    let (head, body) = request.into_parts();
    let content = timeout(PATIENCE, Limited::new(body, 1 << 20).collect())
        .await??
        .to_bytes();
    let mut document = document.lock().unwrap();
    // Another writer may have been faster while the content arrived: then this is the layer's own 412.
    if let Some(outcome) = head.extensions.get::<Outcome>() {
        if let Err(refusal) = outcome.recheck(&head, EntityTag::from_version(document.0)) {
            return Ok(refusal.map(|body| Full::new(body.into())));
        }
    }
    let mut response = Response::new(Full::default());
    match head.method {
        Method::GET => *response.body_mut() = Full::new(document.1.clone()),
        Method::HEAD => {
            // Over HTTP/2 hyper would send a body in response to HEAD.
            let fields = response.headers_mut();
            fields.insert(header::CONTENT_LENGTH, document.1.len().into());
        }
        Method::PUT => *document = (document.0 + 1, content),
        _ => *response.status_mut() = StatusCode::NOT_IMPLEMENTED,
    }
    let tag = EntityTag::from_version(document.0);
    response.headers_mut().insert(header::ETAG, tag.into());
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, NO_CACHE);
    Ok(response)
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let address = env::args().skip_while(|name| name != "--listen").nth(1);
    let listener = TcpListener::bind(address.as_deref().unwrap_or("127.0.0.1:3000")).await?;
    println!("listening on http://{}", listener.local_addr()?);
    let document = Document::new(Mutex::new((1, Bytes::from_static(b"first\n"))));
    let known = document.clone();
    let source = ready_fn(move |_| {
        let tag = EntityTag::from_version(known.lock().unwrap().0);
        // A 304 carries what the 200 would (RFC 9110 section 15.4.5).
        Representation::from(tag).with_field(header::CACHE_CONTROL, NO_CACHE)
    });
    // 304 for a read of the version that the client has, 412 for a write to another version, and 428
    // for a PUT without a precondition.
    let layer = ConditionalLayer::new(source).require(Requirement::methods([Method::PUT])?);
    let handler = service_fn(move |request| handle(document.clone(), request));
    // The rest of a refused PUT is read, so that its client gets the 412.
    let service = TowerToHyperService::new(DrainLayer::new().layer(layer.layer(handler)));
    let mut stop = pin!(ctrl_c());
    loop {
        let accepted = select! {
            accepted = listener.accept() => accepted,
            stopped = &mut stop => return Ok(stopped?),
        };
        let Ok((stream, _)) = accepted else { continue };
        let service = service.clone();
        tokio::spawn(async move {
            // HTTP/1.1, and HTTP/2 with prior knowledge.
            let mut http = Builder::new(TokioExecutor::new());
            // A client that stops in the middle of a request does not hold the connection.
            http.http1()
                .timer(TokioTimer::new())
                .header_read_timeout(PATIENCE);
            http.http2()
                .timer(TokioTimer::new())
                .keep_alive_interval(PATIENCE);
            http.serve_connection(TokioIo::new(stream), service).await
        });
    }
}
