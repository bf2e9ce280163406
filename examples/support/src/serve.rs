//! Serves an app until the process is asked to stop.

use std::{convert::Infallible, error::Error, future::Future, io, pin::pin, time::Duration};

use axum::{body::Body, http::Request, response::Response};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};
use tower::Service;

use crate::shutdown::Shutdown;

/// How long a client may take for the head of a request.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// How long requests in progress may take when the process is asked to stop.
const GRACE: Duration = Duration::from_secs(3);

/// What [`serve`] serves: a router, or one with a layer around it.
pub trait App:
    Service<Request<Incoming>, Response = Response<Body>, Error = Infallible, Future: Send>
    + Clone
    + Send
    + 'static
{
}

impl<S> App for S where
    S: Service<Request<Incoming>, Response = Response<Body>, Error = Infallible, Future: Send>
        + Clone
        + Send
        + 'static
{
}

/// Prints the address as the first line of stdout. Port 0 means any free one.
pub async fn serve(address: &str, app: impl App) -> Result<(), Box<dyn Error>> {
    let stop = Shutdown::listen()?;
    let listener = TcpListener::bind(address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    serve_until(stop.requested(), listener, app, PATIENCE).await;
    Ok(())
}

/// Serves HTTP/1.1, and HTTP/2 with prior knowledge. A client that stops within the head of a request
/// loses its connection after `patience`.
pub async fn serve_until(
    stop: impl Future<Output = ()>,
    listener: TcpListener,
    app: impl App,
    patience: Duration,
) {
    let open = |stream| async {
        begins(&stream).await?;
        Ok(stream)
    };
    serve_opened(stop, listener, app, http(patience), patience, open).await;
}

/// What [`serve_opened`] needs to serve connections.
pub type Http = Builder<TokioExecutor>;

/// Returns a server of HTTP/1.1 and HTTP/2. A client that stops within the head of a request loses its
/// connection after `patience`.
pub fn http(patience: Duration) -> Http {
    let mut http = Builder::new(TokioExecutor::new());
    let timer = TokioTimer::new();
    http.http1()
        .timer(timer.clone())
        .header_read_timeout(patience);
    http.http2().timer(timer).keep_alive_interval(patience);
    http
}

/// Serves connections that are opened first, by a handshake for example. A client that stops within
/// that loses its connection after `patience`, too.
pub async fn serve_opened<F, S>(
    stop: impl Future<Output = ()>,
    listener: TcpListener,
    app: impl App,
    http: Http,
    patience: Duration,
    open: impl Fn(TcpStream) -> F,
) where
    F: Future<Output = io::Result<S>> + Send + 'static,
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let connections = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => accepted.map(|(stream, _)| stream),
            () = &mut stop => break,
        };
        let Ok(stream) = stream else {
            // Too many open files, most likely. Another connection may end in the meantime.
            sleep(Duration::from_millis(100)).await;
            continue;
        };
        // Otherwise content that follows its head waits until the client has acknowledged the head.
        let _ = stream.set_nodelay(true);
        let (http, watcher) = (http.clone(), connections.watcher());
        let app = TowerToHyperService::new(app.clone());
        let opened = timeout(patience, open(stream));
        tokio::spawn(async move {
            if let Ok(Ok(stream)) = opened.await {
                let connection = http.serve_connection(TokioIo::new(stream), app);
                // A broken connection concerns its client only.
                let _ = watcher.watch(connection.into_owned()).await;
            }
        });
    }
    drop(listener);
    // A client that stops half-way does not keep the process.
    let _ = timeout(GRACE, connections.shutdown()).await;
}

/// Waits until the version of HTTP is known. hyper's own timeout begins after that.
async fn begins(stream: &TcpStream) -> io::Result<()> {
    const PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    let mut start = [0; PREFACE.len()];
    loop {
        let length = stream.peek(&mut start).await?;
        if length == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if length == start.len() || !PREFACE.starts_with(&start[..length]) {
            return Ok(());
        }
        // `peek` returns the same bytes at once until more arrive.
        sleep(Duration::from_millis(10)).await;
    }
}
