//! Which requests `Cached` serves from memory, and under which names.

use std::{convert::Infallible, time::Duration};

use axum::{Router, body::Body, routing::get as on_get};
use http::{Method, Request};
use tower::{Layer, Service, ServiceExt, service_fn};
use tower_conditional::{ByHead, Cached, ConditionalLayer, ready_fn};

use crate::support::{Counter, request, response, tag};

const LONG: Duration = Duration::from_secs(3600);
const MATCH: (&str, &str) = ("if-none-match", "\"1\"");

/// A service behind `Cached`, whose source answers with the tag of how often it was asked.
struct App {
    asked: Counter,
    source: Cached<tower_conditional::source::BoxedSource>,
}

impl App {
    fn new() -> Self {
        use tower_conditional::ValidatorSource;

        let asked = Counter::default();
        let counter = asked.clone();
        let source = ready_fn(move |_| {
            counter.add_one();
            tag(&counter.get().to_string())
        });
        let source = Cached::new(source.boxed(), 100, LONG);
        Self { asked, source }
    }

    /// Sends a request, and returns the status and how often the source was asked for it.
    async fn send(
        &self,
        method: Method,
        uri: &str,
        fields: &[(&'static str, &str)],
    ) -> (u16, usize) {
        let handler = service_fn(|_: Request<String>| async {
            Ok::<_, Infallible>(response::<String>(200, &[]))
        });
        let mut service = ConditionalLayer::new(self.source.clone()).layer(handler);
        let before = self.asked.get();
        let answer = service.call(request(method, uri, fields)).await.unwrap();
        (answer.status().as_u16(), self.asked.get() - before)
    }

    async fn get(&self, uri: &str, fields: &[(&'static str, &str)]) -> (u16, usize) {
        self.send(Method::GET, uri, fields).await
    }
}

#[tokio::test]
async fn no_cache_gets_past_the_cache_and_refreshes_it() {
    for demand in [
        ("cache-control", "no-cache"),
        ("cache-control", "max-stale=5, No-Cache"),
        ("cache-control", "max-age=0"),
        ("cache-control", "max-age=oops"),
        ("pragma", "no-cache"),
    ] {
        let app = App::new();
        assert_eq!(app.get("/a", &[MATCH]).await, (304, 1));
        assert_eq!(app.get("/a", &[MATCH]).await, (304, 0));
        assert_eq!(
            app.get("/a", &[MATCH, demand]).await,
            (200, 1),
            "{demand:?}"
        );
        assert_eq!(
            app.get("/a", &[MATCH]).await,
            (200, 0),
            "the new answer is kept"
        );
        assert_eq!(
            app.get("/a", &[MATCH, demand]).await,
            (200, 1),
            "{demand:?}"
        );
    }
}

#[tokio::test]
async fn other_demands_do_not() {
    for demands in [
        &[("cache-control", "max-age=60")][..],
        &[("cache-control", "max-stale")],
        &[("pragma", "no-cache"), ("cache-control", "max-age=60")],
        &[("cache-control", "x=no-cache")],
    ] {
        let app = App::new();
        assert_eq!(app.get("/a", &[MATCH]).await, (304, 1));
        let fields = [&[MATCH][..], demands].concat();
        assert_eq!(app.get("/a", &fields).await, (304, 0), "{demands:?}");
    }
}

#[tokio::test]
async fn the_answer_to_a_request_with_no_store_is_not_kept() {
    let app = App::new();
    let no_store = ("cache-control", "no-store");
    assert_eq!(app.get("/a", &[MATCH, no_store]).await, (304, 1));
    assert_eq!(app.get("/a", &[MATCH]).await, (200, 1));
}

#[tokio::test]
async fn two_names_of_one_resource_have_one_answer() {
    for (names, host) in [
        (
            &[
                "/d/test",
                "/d/%74est",
                "/d/%74%65st",
                "/x/../d/test",
                "/d/./test",
            ][..],
            "h",
        ),
        (&["/d/test?q=~", "/d/test?q=%7E"], "h"),
        (
            &["http://h/d", "http://H/d", "http://h:80/d", "http://h:/d"],
            "h",
        ),
        (&["https://h", "https://h/", "https://h:443/"], "h"),
    ] {
        let app = App::new();
        for (n, name) in names.iter().enumerate() {
            let questions = usize::from(n == 0);
            let fields = [MATCH, ("host", host)];
            assert_eq!(app.get(name, &fields).await, (304, questions), "{name}");
        }
    }
}

#[tokio::test]
async fn two_resources_have_two_answers() {
    for (one, other) in [
        ("/a/b", "/a%2Fb"),
        ("/a", "/A"),
        ("/a", "/a?"),
        ("/a", "/a/"),
        ("http://h/a", "https://h/a"),
        ("http://h/a", "http://i/a"),
        ("http://h/a", "http://h:8080/a"),
    ] {
        let app = App::new();
        app.get(one, &[]).await;
        assert_eq!(app.get(other, &[]).await.1, 1, "{one} {other}");
    }
}

/// Once, a PUT under another name left the old answer until its time to live was over.
#[tokio::test]
async fn a_write_under_any_name_invalidates_all_names() {
    for write in [
        "/d/test",
        "/d/%74est",
        "/d/%54/../test",
        "http://other:80/d/test?q",
    ] {
        let app = App::new();
        for name in ["/d/test", "/d/%74est", "/d/test?q"] {
            app.get(name, &[]).await;
        }
        app.send(Method::PUT, write, &[]).await;
        for name in ["/d/test", "/d/test?q"] {
            assert_eq!(app.get(name, &[]).await.1, 1, "{write} {name}");
        }
        assert_eq!(
            app.get("/d/%74est", &[]).await.1,
            0,
            "the new answer serves this, too"
        );
    }
}

/// A router may treat another name as another path. What it says of that must not be told to those
/// who ask for the resource itself.
#[tokio::test]
async fn the_answer_for_another_name_is_not_that_for_the_resource() {
    let router: Router = Router::new()
        .route("/d/test", on_get(|| async { [("etag", "\"1\"")] }))
        .fallback(|| async { [("etag", "\"fallback\"")] });
    let source = Cached::new(ByHead::<Body>::new(), 100, LONG);
    let service = ConditionalLayer::new(source).layer(router);
    let get = |path: &'static str| {
        let asked: Request<Body> = request(Method::GET, path, &[MATCH]);
        let service = service.clone();
        async move { service.oneshot(asked).await.unwrap().status().as_u16() }
    };
    for _ in 0..2 {
        assert_eq!(get("/d/%74est").await, 200);
    }
    for _ in 0..2 {
        assert_eq!(get("/d/test").await, 304);
    }
}

/// QUERY has content, on which its representation depends (RFC 10008). It is safe, even if the
/// version of `http` does not know it.
#[tokio::test]
async fn a_query_asks_the_source_and_is_not_kept_and_invalidates_nothing() {
    let app = App::new();
    let query = || Method::from_bytes(b"QUERY").unwrap();
    assert_eq!(app.send(query(), "/a", &[MATCH]).await.1, 1);
    assert_eq!(app.send(query(), "/a", &[MATCH]).await.1, 1, "not kept");
    assert_eq!(app.get("/a", &[MATCH]).await.1, 1, "nor for GET");
    assert_eq!(
        app.send(query(), "/a", &[MATCH]).await.1,
        1,
        "not served from memory"
    );
    app.send(query(), "/a", &[]).await;
    assert_eq!(app.get("/a", &[MATCH]).await.1, 0, "not invalidated");
    assert_eq!(
        app.send(Method::HEAD, "/a", &[MATCH]).await.1,
        0,
        "HEAD is as GET"
    );
}

#[tokio::test]
async fn a_request_that_is_too_large_is_not_kept() {
    let long = "x".repeat(5000);
    let app = App::new();
    for uri in [
        format!("/{long}"),
        format!("/?{long}"),
        format!("http://{long}/"),
    ] {
        for _ in 0..2 {
            assert_eq!(app.get(&uri, &[MATCH]).await.1, 1);
        }
    }
    let huge = "x".repeat(17_000);
    for _ in 0..2 {
        assert_eq!(app.get("/a", &[MATCH, ("cookie", &huge)]).await.1, 1);
        assert_eq!(app.get("/b", &[MATCH, ("host", &long)]).await.1, 1);
    }
    assert_eq!(app.get("/a", &[MATCH, ("cookie", &long)]).await.1, 1);
    assert_eq!(
        app.get("/a", &[MATCH, ("cookie", &huge)]).await.1,
        0,
        "served, though"
    );
}

#[tokio::test]
async fn the_longest_request_is_kept() {
    for (host, asked) in [(0, 0), (1, 1)] {
        let (uri, host) = (format!("/{}", "x".repeat(4095)), "h".repeat(host));
        let app = App::new();
        app.get(&uri, &[MATCH, ("host", &host)]).await;
        assert_eq!(app.get(&uri, &[MATCH, ("host", &host)]).await.1, asked);
    }
    // Nothing is kept of the cookie, so without it the answer is the same one.
    for (more, asked) in [(0, 0), (1, 1)] {
        let others = ["/a", "cookie", MATCH.0, MATCH.1].concat().len();
        let cookie = "x".repeat(16 * 1024 - others + more);
        let app = App::new();
        app.get("/a", &[MATCH, ("cookie", &cookie)]).await;
        assert_eq!(app.get("/a", &[MATCH]).await.1, asked);
    }
}

#[tokio::test]
async fn a_request_with_several_hosts_asks_the_source() {
    let app = App::new();
    for _ in 0..2 {
        let fields = [MATCH, ("host", "a"), ("host", "b")];
        assert_eq!(app.get("/a", &fields).await.1, 1);
    }
}
