//! GET, PUT and DELETE on a directory of files. No handler knows of entity tags: the layer checks
//! them under a lock, so no update gets lost.

use std::{
    fs::{self, File, Metadata},
    io,
    path::{Component, Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use axum::{Router, body::Body, extract::Request, response::IntoResponse, routing::get};
use futures_util::StreamExt;
use http::{StatusCode, header::ETAG, request::Parts};
use percent_encoding::percent_decode_str;
use sha2::{Digest, Sha256};
use tokio::{io::AsyncWriteExt, task::spawn_blocking, time::sleep};
use tower::ServiceExt;
use tower_conditional::{
    ConditionalLayer, EntityTag, HttpDate, Requirement, Selected, Validators, lock::WriteLock,
    source_fn,
};
use tower_http::{services::ServeDir, timeout::RequestBodyTimeoutLayer};

/// What entity tags are made of. By time needs a file system that keeps fractions of a second.
#[derive(Clone, Copy, Debug)]
pub enum Tags {
    ByContent,
    ByTimeAndSize,
}

/// Returns the service. A client that stops within the content loses its request after `patience`.
pub fn files(root: &Path, tags: Tags, patience: Duration) -> io::Result<Router> {
    let root: Arc<Path> = root.canonicalize()?.into();
    let [of_key, of_source, of_read, of_put, of_delete] = [(); 5].map(|()| root.clone());
    // The file and not the path: with a link to a directory, it has several paths.
    let lock = WriteLock::new()
        .key(move |head| {
            Some(
                resolve(&of_key, head.uri.path())?
                    .into_os_string()
                    .into_encoded_bytes(),
            )
        })
        .timeout(move || sleep(patience));
    let source = source_fn(move |head: &Parts| {
        let path = resolve(&of_source, head.uri.path());
        async move {
            match path {
                Some(path) => spawn_blocking(move || look_up(&path, tags))
                    .await
                    .map_err(io::Error::other)?,
                None => Ok(Selected::LeftToHandler),
            }
        }
    });
    let layer = ConditionalLayer::new(source)
        .require(Requirement::WRITES)
        .lock(lock);
    let resource = get(move |request| read(of_read, request))
        .put(move |request| put(of_put, request))
        .delete(move |request| delete(of_delete, request))
        .route_layer(layer)
        .layer(RequestBodyTimeoutLayer::new(patience));
    Ok(Router::new().fallback_service(resource))
}

/// Returns the file that a path names. Names that begin with a dot are for files that are written.
fn resolve(root: &Path, path: &str) -> Option<PathBuf> {
    let path = percent_decode_str(path)
        .decode_utf8()
        .ok()
        .filter(|path| !path.ends_with('/') && !path.contains(['\0', '\\']))?;
    let path = root.join(path.trim_start_matches('/'));
    let inside = path.strip_prefix(root).ok()?;
    let visible = |part: Component<'_>| matches!(part, Component::Normal(name) if !name.as_encoded_bytes().starts_with(b"."));
    let directory = path.parent()?.canonicalize().ok()?;
    let allowed = inside.components().all(visible) && directory.starts_with(root) && !path.is_dir();
    allowed.then(|| directory.join(path.file_name().unwrap_or_default()))
}

fn look_up(path: &Path, tags: Tags) -> io::Result<Selected> {
    let mut file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Selected::Missing),
        file => file?,
    };
    let metadata = file.metadata()?;
    let modified = metadata.modified()?;
    let tag = match tags {
        Tags::ByContent => {
            let mut hash = Sha256::new();
            io::copy(&mut file, &mut hash)?;
            EntityTag::from_digest(hash.finalize())
        }
        Tags::ByTimeAndSize => {
            let time = modified
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default()
                .as_nanos();
            EntityTag::strong(format!("{time:x}-{:x}", metadata.len())).map_err(io::Error::other)?
        }
    };
    let validators = Validators::from(tag);
    Ok(HttpDate::try_from(modified)
        .map_or(validators.clone(), |date| {
            validators.with_last_modified(date)
        })
        .into())
}

/// The layer has evaluated the preconditions, by other tags than those of `ServeDir`.
async fn read(root: Arc<Path>, mut request: Request) -> impl IntoResponse {
    if resolve(&root, request.uri().path()).is_none() {
        return StatusCode::NOT_FOUND.into_response();
    }
    for name in [
        "if-match",
        "if-none-match",
        "if-modified-since",
        "if-unmodified-since",
        "if-range",
    ] {
        request.headers_mut().remove(name);
    }
    let mut response = ServeDir::new(&root).oneshot(request).await.into_response();
    response.headers_mut().remove(ETAG);
    response
}

async fn put(root: Arc<Path>, request: Request) -> Result<StatusCode, StatusCode> {
    const FAILED: fn(io::Error) -> StatusCode = |_| StatusCode::INTERNAL_SERVER_ERROR;
    let path = resolve(&root, request.uri().path()).ok_or(StatusCode::CONFLICT)?;
    let directory = path.parent().unwrap_or(&root);
    let new = tempfile::Builder::new()
        .prefix(".")
        .tempfile_in(directory)
        .map_err(FAILED)?;
    let mut writer = tokio::fs::File::from_std(new.reopen().map_err(FAILED)?);
    let mut content = Body::into_data_stream(request.into_body());
    while let Some(bytes) = content.next().await {
        writer
            .write_all(&bytes.map_err(|_| StatusCode::BAD_REQUEST)?)
            .await
            .map_err(FAILED)?;
    }
    writer.flush().await.map_err(FAILED)?;
    // Not by `tokio::fs`: it would go on after a cancellation, when the lock is released.
    let old = fs::metadata(&path).ok();
    let after = |old: &Metadata| Some(old.modified().ok()? + Duration::from_micros(1));
    let modified = SystemTime::now().max(old.as_ref().and_then(after).unwrap_or(UNIX_EPOCH));
    new.as_file().set_modified(modified).map_err(FAILED)?;
    new.persist(&path).map_err(|error| FAILED(error.error))?;
    Ok(old.map_or(StatusCode::CREATED, |_| StatusCode::NO_CONTENT))
}

async fn delete(root: Arc<Path>, request: Request) -> StatusCode {
    let removed = resolve(&root, request.uri().path()).map(fs::remove_file);
    removed
        .and_then(Result::ok)
        .map_or(StatusCode::NOT_FOUND, |()| StatusCode::NO_CONTENT)
}
