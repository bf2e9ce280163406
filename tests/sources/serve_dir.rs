//! `ByHead` around tower-http's `ServeDir`, which evaluates preconditions on its own. So the HEAD
//! request must not contain them, and the response to the request itself must agree with the layer.

use std::{fs, path::PathBuf};

use axum::body::Body;
use http::{Method, StatusCode};
use tower::{Layer, ServiceExt};
use tower_conditional::{ByHead, ConditionalLayer};
use tower_http::services::ServeDir;

use crate::support::request;

struct Files(PathBuf);

impl Files {
    fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("tower-conditional-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        fs::write(path.join("a.txt"), "content").unwrap();
        Self(path)
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

#[tokio::test]
async fn files_are_revalidated_by_the_validators_of_the_answer_to_head() {
    let files = Files::new("dates");
    let service = ConditionalLayer::new(ByHead::<Body>::new()).layer(ServeDir::new(&files.0));
    let send = |method, path, fields: &[(&'static str, &str)]| {
        service
            .clone()
            .oneshot(request::<Body>(method, path, fields))
    };

    let full = send(Method::GET, "/a.txt", &[]).await.unwrap();
    assert_eq!(full.status(), StatusCode::OK);
    let date = full.headers()["last-modified"].to_str().unwrap();
    let since = [("if-modified-since", date)];
    let held = send(Method::GET, "/a.txt", &since).await.unwrap();
    assert_eq!(held.status(), StatusCode::NOT_MODIFIED);
    assert!(http_body::Body::is_end_stream(held.body()));

    let old = [("if-unmodified-since", "Sun, 06 Nov 1994 08:49:37 GMT")];
    let changed = send(Method::GET, "/a.txt", &old).await.unwrap();
    assert_eq!(changed.status(), StatusCode::PRECONDITION_FAILED);

    let absent = send(Method::GET, "/b.txt", &since).await.unwrap();
    assert_eq!(absent.status(), StatusCode::NOT_FOUND);
    let absent = send(Method::DELETE, "/b.txt", &[("if-match", "*")])
        .await
        .unwrap();
    assert_eq!(absent.status(), StatusCode::PRECONDITION_FAILED);
}

/// `ServeDir` reads one line, and refused what was true over both.
#[tokio::test]
async fn a_true_if_match_in_two_lines_reaches_the_file() {
    let files = Files::new("lines");
    let service = ConditionalLayer::new(ByHead::<Body>::new()).layer(ServeDir::new(&files.0));
    let send = |fields: &[(&'static str, &str)]| {
        let get = request::<Body>(Method::GET, "/a.txt", fields);
        service.clone().oneshot(get)
    };
    let full = send(&[]).await.unwrap();
    let tag = full.headers()["etag"].to_str().unwrap();
    for lines in [["\"other\"", tag], [tag, "\"other\""]] {
        let both = lines.map(|line| ("if-match", line));
        assert_eq!(send(&both).await.unwrap().status(), StatusCode::OK);
    }
}
