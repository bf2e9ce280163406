//! The client of the document, sentence by sentence.

use axum::http::{HeaderMap, StatusCode, header::CACHE_CONTROL};
use example_cachew::client::{Client, Error, if_match, if_none_match};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::{backend::Backend, content::TAG, state::unchanged};

const OTHER: &str = "\"other\"";

fn fields() -> HeaderMap {
    let mut fields = HeaderMap::new();
    fields.insert("x-custom", "build-7".parse().unwrap());
    fields.insert(CACHE_CONTROL, "max-age=60".parse().unwrap());
    fields
}

/// A 304 has all of them, a 412 its own `Cache-Control`.
#[track_caller]
fn assert_not_modified(error: &Error) {
    assert!(matches!(error, Error::NotModified(_)), "{error:?}");
    let headers = error.headers().unwrap();
    assert_eq!(headers["etag"], TAG);
    assert_eq!(headers["x-custom"], "build-7");
    assert_eq!(headers["cache-control"], "max-age=60");
}

#[track_caller]
fn assert_failed(error: &Error) {
    assert!(matches!(error, Error::PreconditionFailed(_)), "{error:?}");
    assert_eq!(error.etag().unwrap().to_string(), TAG);
    assert_eq!(error.headers().unwrap()["x-custom"], "build-7");
}

/// "Open, Stat, Create, Delete all accept preconditions (variadic, backward compatible)"
pub(crate) async fn needs_no_preconditions(backend: &Backend) {
    let cache = backend.connect().await;
    for key in ["plain", "a/b c", "%2F", "\u{20ac}uro", "...", "?#"] {
        let opened = cache.open(key, []).await;
        assert!(matches!(opened, Err(Error::NotFound)), "{key} {opened:?}");
        assert!(matches!(cache.stat(key, []).await, Err(Error::NotFound)));
        assert!(matches!(cache.delete(key, []).await, Err(Error::NotFound)));
        let created = cache.create(key, fields(), "content", []).await.unwrap();
        assert_eq!(created["etag"], TAG);
        let stat = cache.stat(key, []).await.unwrap();
        let opened = cache.open(key, []).await.unwrap();
        for headers in [&stat, opened.headers()] {
            assert_eq!(headers["etag"], TAG);
            assert_eq!(headers["content-length"], "7");
            assert_eq!(headers["x-custom"], "build-7");
        }
        assert_eq!(opened.etag().unwrap().to_string(), TAG);
        assert_eq!(opened.bytes().await.unwrap(), "content");
        cache.delete(key, []).await.unwrap();
        let opened = cache.open(key, []).await;
        assert!(matches!(opened, Err(Error::NotFound)), "{key} {opened:?}");
    }
}

/// "GET/HEAD: If-None-Match → 304, If-Match → 412", "304 and 412 responses return headers (including
/// ETag)", and the review: "Return 412 headers from Stat".
pub(crate) async fn tells_what_reads_found(backend: &Backend) {
    let (cache, key) = (backend.connect().await, "client-reads");
    let created = cache.create(key, fields(), "content", [if_none_match("*")]);
    created.await.unwrap();
    let weak = format!("W/{TAG}");
    let reads = async {
        for tag in [TAG, weak.as_str(), "*", &format!("{OTHER}, {TAG}")] {
            let opened = cache.open(key, [if_none_match(tag)]).await;
            assert_not_modified(&opened.unwrap_err());
            let stat = cache.stat(key, [if_none_match(tag)]).await;
            assert_not_modified(&stat.unwrap_err());
        }
        for tag in [OTHER, weak.as_str()] {
            let opened = cache.open(key, [if_match(tag)]).await;
            assert_failed(&opened.unwrap_err());
            let stat = cache.stat(key, [if_match(tag)]).await;
            assert_failed(&stat.unwrap_err());
        }
        // Several lines of a field are one list.
        let lines = [if_none_match(OTHER), if_none_match(TAG)];
        assert_not_modified(&cache.open(key, lines).await.unwrap_err());
        let lines = [if_match(OTHER), if_match(TAG)];
        assert_eq!(cache.stat(key, lines).await.unwrap()["etag"], TAG);
        // With both, If-Match comes first.
        let both = [if_match(OTHER), if_none_match(TAG)];
        assert_failed(&cache.open(key, both).await.unwrap_err());
        let both = [if_match(TAG), if_none_match(OTHER)];
        let opened = cache.open(key, both).await.unwrap();
        assert_eq!(opened.bytes().await.unwrap(), "content");
    };
    unchanged(backend, key, reads).await;
}

/// "POST: If-Match/If-None-Match → 412, returns new ETag in response", "DELETE: If-Match/If-None-Match
/// → 412"
pub(crate) async fn tells_what_writes_found(backend: &Backend) {
    let (cache, key) = (backend.connect().await, "client-writes");
    let nothing = async {
        // Without an entry, If-Match must fail, and there is no tag to tell.
        for tag in [TAG, "*"] {
            let created = cache.create(key, fields(), "lost", [if_match(tag)]).await;
            let error = created.unwrap_err();
            assert!(matches!(error, Error::PreconditionFailed(_)), "{error:?}");
            assert!(error.etag().is_none());
            let deleted = cache.delete(key, [if_match(tag)]).await;
            assert!(matches!(deleted, Err(Error::PreconditionFailed(_))));
        }
    };
    unchanged(backend, key, nothing).await;
    // ... and If-None-Match must pass.
    let created = cache.create(key, fields(), "content", [if_none_match(TAG)]);
    assert_eq!(created.await.unwrap()["etag"], TAG);

    let refused = async {
        for stale in [
            if_none_match("*"),
            if_none_match(TAG),
            if_match(OTHER),
            if_match(format!("W/{TAG}")),
        ] {
            let created = cache.create(key, fields(), "lost", [stale.clone()]);
            assert_failed(&created.await.unwrap_err());
            let deleted = cache.delete(key, [stale]).await;
            assert_failed(&deleted.unwrap_err());
        }
    };
    unchanged(backend, key, refused).await;

    // The tag of a refusal is that of the next attempt.
    let stat = cache.stat(key, [if_match(OTHER)]).await;
    let current = stat.unwrap_err().etag().unwrap();
    let created = cache.create(key, HeaderMap::new(), "new", [if_match(&current)]);
    let created = created.await.unwrap();
    assert_ne!(created["etag"], TAG);
    let gone = cache.delete(key, [if_match(&current)]).await.unwrap_err();
    assert_eq!(gone.headers().unwrap()["etag"], created["etag"]);
    let deleted = cache.delete(key, [if_match(created["etag"].clone())]);
    deleted.await.unwrap();
    assert!(matches!(cache.stat(key, []).await, Err(Error::NotFound)));
}

/// What is no tag is ignored in If-None-Match: the write would go unguarded.
pub(crate) async fn sends_nothing_without_the_guard_it_was_given(backend: &Backend) {
    let (cache, key) = (backend.connect().await, "client-guards");
    cache.create(key, fields(), "content", []).await.unwrap();
    let invalid = async {
        for tag in ["", " ", "unquoted", "\"open", "\"a\nb\"", "*, *"] {
            for guard in [if_match(tag), if_none_match(tag)] {
                let created = cache.create(key, fields(), "lost", [guard.clone()]).await;
                assert!(matches!(created, Err(Error::Invalid(_))), "{tag:?}");
                let deleted = cache.delete(key, [guard.clone()]).await;
                assert!(matches!(deleted, Err(Error::Invalid(_))), "{tag:?}");
                let opened = cache.open(key, [guard]).await;
                assert!(matches!(opened, Err(Error::Invalid(_))), "{tag:?}");
            }
        }
        for key in ["", ".", ".."] {
            let created = cache.create(key, fields(), "lost", []).await;
            assert!(matches!(created, Err(Error::Invalid(_))), "{key:?}");
        }
    };
    unchanged(backend, key, invalid).await;
}

/// The service refuses before it has read the content, of which much is still to be sent.
pub(crate) async fn gets_the_refusal_of_a_large_upload(backend: &Backend) {
    let (cache, key) = (backend.connect().await, "client-large");
    cache.create(key, fields(), "content", []).await.unwrap();
    let large = async {
        for _ in 0..3 {
            let content = vec![b'x'; 20 << 20];
            let created = cache.create(key, fields(), content, [if_match(OTHER)]);
            assert_failed(&created.await.unwrap_err());
        }
    };
    unchanged(backend, key, large).await;
}

/// A service that answers every connection with these bytes.
async fn answering(bytes: &'static str) -> Client {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(bytes.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    Client::new(&format!("http://{address}/")).unwrap()
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_other_refusals_are_told() {
    let cache = answering("HTTP/1.1 307 Temporary Redirect\r\nLocation: /elsewhere\r\n\r\n").await;
    let error = cache.delete("key", [if_match(TAG)]).await.unwrap_err();
    assert!(matches!(
        error,
        Error::Refused {
            status: StatusCode::TEMPORARY_REDIRECT,
            ..
        }
    ));
    let cache = answering("HTTP/1.1 431 Too Large\r\nContent-Length: 4\r\n\r\ntoo\n").await;
    let error = cache
        .create("key", fields(), "content", [])
        .await
        .unwrap_err();
    assert!(error.to_string().ends_with(": too"), "{error}");
}

#[tokio::test]
async fn content_that_ends_too_early_is_an_error() {
    let cache = answering("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf").await;
    let opened = cache.open("key", []).await.unwrap();
    assert!(matches!(opened.bytes().await, Err(Error::Transport(_))));
}
