//! The file server of tower-http inside: the layer does what it leaves out.

use std::{
    fs,
    path::Path,
    time::{Duration, SystemTime},
};

use axum::Router;
use http::{HeaderValue, Request, header::VARY, request::Parts};
use tower_conditional::{ConditionalLayer, HttpDate, Representation, Selected, ready_fn};
use tower_http::services::ServeDir;

use crate::app::send;

/// Serves a directory with `file` and its gzip form. Both were modified an hour ago.
///
/// If `known`, the source returns this date and `Vary`. Otherwise the state is unknown to it.
fn files(name: &str, known: bool) -> (Router, HttpDate) {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&directory).unwrap();
    let modified = SystemTime::now() - Duration::from_secs(3_600);
    for (name, content) in [("file", "0123456789"), ("file.gz", "gzip")] {
        let path = directory.join(name);
        fs::write(&path, content).unwrap();
        fs::File::options()
            .write(true)
            .open(path)
            .unwrap()
            .set_modified(modified)
            .unwrap();
    }
    let date = HttpDate::try_from(modified).unwrap();
    let source = ready_fn(move |_: &Parts| {
        let representation = Representation::from(date)
            .with_field(VARY, HeaderValue::from_static("accept-encoding"));
        known
            .then_some(representation)
            .map_or(Selected::Unknown, Selected::Present)
    });
    let files = ServeDir::new(directory).precompressed_gzip();
    let app = Router::new()
        .fallback_service(files)
        .layer(ConditionalLayer::new(source));
    (app, date)
}

// The file server ignores `If-Range`, and would send a part of the new file.
#[tokio::test]
async fn a_stale_if_range_gets_the_file_in_full() {
    let (app, date) = files("stale-if-range", true);
    let get = || Request::get("/file").header("range", "bytes=5-");
    for stale in ["Sun, 06 Nov 1994 08:49:37 GMT", "\"other\""] {
        let full = send(&app, get().header("if-range", stale)).await;
        assert_eq!(
            (full.status().as_u16(), &full.body()[..]),
            (200, &b"0123456789"[..])
        );
    }
    let part = send(&app, get().header("if-range", date.as_str())).await;
    assert_eq!(
        (part.status().as_u16(), &part.body()[..]),
        (206, &b"56789"[..])
    );
    let unknown = files("unknown-if-range", false).0;
    let full = send(&unknown, get().header("if-range", date.as_str())).await;
    assert_eq!((full.status().as_u16(), full.body().len()), (200, 10));
}

// The file server reads only the first line.
#[tokio::test]
async fn every_line_of_if_none_match_counts_for_a_file() {
    let (app, _) = files("repeated-lines", false);
    let ok = send(&app, Request::get("/file")).await;
    let tag = &ok.headers()["etag"];
    let get = Request::get("/file").header("if-none-match", "\"other\"");
    let not_modified = send(&app, get.header("if-none-match", tag)).await;
    assert_eq!(not_modified.status(), 304);
    assert_eq!(&not_modified.headers()["etag"], tag);
    assert!(!not_modified.headers().contains_key("content-type"));
    assert!(not_modified.body().is_empty());
}

// The file server omits it.
#[tokio::test]
async fn vary_is_on_the_304_of_a_precompressed_file() {
    let (app, date) = files("vary", true);
    let get = || Request::get("/file").header("accept-encoding", "gzip");
    let ok = send(&app, get()).await;
    assert_eq!(
        (&ok.headers()["content-encoding"], &ok.body()[..]),
        (&HeaderValue::from_static("gzip"), &b"gzip"[..])
    );
    let not_modified = send(&app, get().header("if-modified-since", date.as_str())).await;
    assert_eq!(not_modified.status(), 304);
    assert_eq!(not_modified.headers()["vary"], ok.headers()["vary"]);
}
