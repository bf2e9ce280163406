//! GET, PUT and DELETE on a directory of files, in which no update gets lost. No handler knows of
//! entity tags: the layer asks `ServeDir`, whose tags are modification times and sizes, under a lock.

use std::{
    fs, io,
    path::{Component, Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use axum::{Router, body::Body, extract::Request, response::IntoResponse, routing::get};
use futures_util::StreamExt;
use http::StatusCode;
use percent_encoding::percent_decode_str;
use tokio::{io::AsyncWriteExt, time::sleep};
use tower::{Layer, ServiceExt};
use tower_conditional::{ByHead, ConditionalLayer, Requirement, lock::WriteLock};
use tower_http::{services::ServeDir, timeout::RequestBodyTimeoutLayer};

/// Returns the service. A client that sends nothing of its content for as long as `patience` loses
/// the lock, and one that waits so long for the lock is answered 503.
pub fn files(root: &Path, patience: Duration) -> io::Result<Router> {
    let root: Arc<Path> = root.canonicalize()?.into();
    let [of_key, of_read, of_put, of_delete] = [(); 4].map(|()| Arc::clone(&root));
    // The file and not the path: with a link to a directory, a file has several paths.
    let lock = WriteLock::new()
        .key(move |head| {
            resolve(&of_key, head.uri.path()).map(|path| path.into_os_string().into_encoded_bytes())
        })
        .timeout(move || sleep(patience));
    let layer = ConditionalLayer::new(ByHead::<Body>::new())
        .require(Requirement::WRITES)
        .lock(lock);
    let resource = get(move |request| read(of_read, request))
        .put(move |request| put(of_put, request))
        .delete(move |request| delete(of_delete, request))
        .layer(RequestBodyTimeoutLayer::new(patience));
    Ok(Router::new().fallback_service(layer.layer(resource)))
}

/// Returns the file that a path names. It need not exist, but its directory must.
fn resolve(root: &Path, path: &str) -> Option<PathBuf> {
    let decoded = percent_decode_str(path).decode_utf8().ok()?;
    let path = root.join(decoded.trim_start_matches('/'));
    // A name with a dot is that of a file that is being written, or leads out of the directory.
    let is_allowed = |part: Component<'_>| matches!(part, Component::Normal(name) if !name.as_encoded_bytes().starts_with(b"."));
    let mut inside = path.strip_prefix(root).ok()?.components();
    let directory = path.parent()?.canonicalize().ok()?;
    let allowed = inside.all(is_allowed) && directory.starts_with(root) && !path.is_dir();
    (allowed && !decoded.ends_with('/') && !decoded.contains(['\0', '\\']))
        .then(|| directory.join(path.file_name().unwrap_or_default()))
}

async fn read(root: Arc<Path>, request: Request) -> impl IntoResponse {
    match resolve(&root, request.uri().path()) {
        Some(_) => ServeDir::new(&root).oneshot(request).await.into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn put(root: Arc<Path>, request: Request) -> Result<StatusCode, StatusCode> {
    const FAILED: fn(io::Error) -> StatusCode = |_| StatusCode::INTERNAL_SERVER_ERROR;
    let path = resolve(&root, request.uri().path()).ok_or(StatusCode::CONFLICT)?;
    let mut new = tempfile::Builder::new();
    let new = new.prefix(".").tempfile_in(path.parent().unwrap_or(&root));
    let new = new.map_err(FAILED)?;
    let mut writer = tokio::fs::File::from_std(new.reopen().map_err(FAILED)?);
    let mut content = request.into_body().into_data_stream();
    while let Some(bytes) = content.next().await {
        let bytes = bytes.map_err(|_| StatusCode::BAD_REQUEST)?;
        writer.write_all(&bytes).await.map_err(FAILED)?;
    }
    writer.flush().await.map_err(FAILED)?;
    // From here on without `tokio::fs`, which goes on after a cancellation has released the lock.
    let old = fs::metadata(&path).and_then(|old| old.modified()).ok();
    // The clock may be coarse, or may have been set back. Each version has a time of its own.
    let after = old.map_or(UNIX_EPOCH, |old| old + Duration::from_micros(1));
    let modified = new.as_file().set_modified(SystemTime::now().max(after));
    modified.map_err(FAILED)?;
    new.persist(&path).map_err(|error| FAILED(error.error))?;
    Ok(old.map_or(StatusCode::CREATED, |_| StatusCode::NO_CONTENT))
}

async fn delete(root: Arc<Path>, request: Request) -> StatusCode {
    match resolve(&root, request.uri().path()).map(fs::remove_file) {
        Some(Ok(())) => StatusCode::NO_CONTENT,
        _ => StatusCode::NOT_FOUND,
    }
}
