//! Real proxies in front of the service, which compress its responses and change its tags. The table
//! in the guide, "Behind proxies and CDNs", says the same.

mod configurations;

use std::net::SocketAddr;

use axum::extract::Request;
use example_support::daemon::Daemon;
use http::{Method, header::ACCEPT_ENCODING};
use reqwest::{Body, Client, RequestBuilder};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::{
    races::{at_once, only_winner},
    service::{Service, field},
};

/// How often a large upload has to get its answer.
const TIMES: usize = 20;
const LARGE: usize = 8 << 20;

struct Proxy {
    name: &'static str,
    daemon: Daemon,
    /// That its client accepts.
    coding: &'static str,
    /// `"x"` in a 200 of the proxy.
    tag: &'static str,
    client: Client,
}

/// The service, which does not compress here.
async fn origin() -> Service {
    let start = Service::on_sqlite_behind(|notes| {
        ServiceExt::<Request>::map_request(notes, |mut request: Request| {
            request.headers_mut().remove(ACCEPT_ENCODING);
            request
        })
    });
    start.await
}

async fn through(
    name: &'static str,
    start: impl FnOnce(SocketAddr) -> Daemon,
    coding: &'static str,
    tag: &'static str,
) {
    let service = origin().await;
    let proxy = Proxy {
        name,
        daemon: start(service.address),
        coding,
        tag,
        client: Client::new(),
    };
    proxy.reads_and_writes(&service).await;
    proxy.refuses_uploads(&service).await;
    proxy.has_one_winner_a_version(&service).await;
}

impl Proxy {
    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, self.daemon.url(&path[1..]));
        request.header(ACCEPT_ENCODING, self.coding)
    }

    fn put(&self, path: &str, tag: &str, title: &str) -> RequestBuilder {
        let put = self.request(Method::PUT, path).json(&note(title));
        put.header("if-match", tag)
    }

    /// The tag that its clients get in place of this one.
    fn changed(&self, tag: &str) -> String {
        self.tag.replace('x', tag.trim_matches('"'))
    }

    async fn reads_and_writes(&self, service: &Service) {
        let (path, own) = service.a_note().await;
        let read = self.request(Method::GET, &path).send().await.unwrap();
        assert_eq!(read.status(), 200);
        assert_eq!(
            field(&read, "content-encoding"),
            self.coding,
            "{}",
            self.name
        );
        let first = field(&read, "etag");
        assert_eq!(first, self.changed(&own));

        let again = self.request(Method::GET, &path);
        let again = again.header("if-none-match", &first).send().await.unwrap();
        assert_eq!(again.status(), 304, "{}", self.name);
        assert!(again.bytes().await.unwrap().is_empty());

        let put = self.put(&path, &first, "once").send().await.unwrap();
        assert_eq!(put.status(), 200, "{}", self.name);
        let second = field(&put, "etag");
        let stale = self.put(&path, &first, "lost").send().await.unwrap();
        assert_eq!(stale.status(), 412, "{}", self.name);
        assert_eq!(service.json(&path).await, note("once"));

        // The write's own tag.
        let put = self.put(&path, &second, "twice").send().await.unwrap();
        assert_eq!(put.status(), 200, "{}", self.name);
        assert_ne!(field(&put, "etag"), second);
        let unguarded = self.request(Method::PUT, &path).json(&note("lost"));
        assert_eq!(unguarded.send().await.unwrap().status(), 428);
        let stale = self.request(Method::DELETE, &path);
        let stale = stale.header("if-match", &second).send().await.unwrap();
        assert_eq!(stale.status(), 412, "{}", self.name);
        assert_eq!(service.json(&path).await, note("twice"));

        // A read sees the write.
        let read = self.request(Method::GET, &path);
        let read = read.header("if-none-match", &second).send().await.unwrap();
        assert_eq!(read.status(), 200, "{}", self.name);
    }

    /// Without `DrainLayer`, all but lighttpd answer 502 or 503, or nothing.
    async fn refuses_uploads(&self, service: &Service) {
        let (path, _) = service.a_note().await;
        let before = service.json(&path).await;
        for (conditions, status) in [(Some("\"0\""), 412), (None, 428)] {
            for round in 0..TIMES {
                let mut put = self.request(Method::PUT, &path);
                put = put.header("content-type", "application/json");
                if let Some(tag) = conditions {
                    put = put.header("if-match", tag);
                }
                let refused = put.body(Body::from(vec![b' '; LARGE])).send().await;
                let refused = refused.unwrap_or_else(|error| panic!("{}: {error}", self.name));
                assert_eq!(refused.status(), status, "{}, round {round}", self.name);
            }
        }
        assert_eq!(service.json(&path).await, before);
        println!(
            "{}, {LARGE} bytes: {TIMES} of {TIMES} for 412 and for 428",
            self.name
        );
    }

    async fn has_one_winner_a_version(&self, service: &Service) {
        const WRITERS: usize = 12;
        let (path, _) = service.a_note().await;
        let read = self.request(Method::GET, &path).send().await.unwrap();
        let mut tag = field(&read, "etag");
        for round in 0..20 {
            let title = |writer| format!("{round}, by {writer}");
            let puts = (0..WRITERS).map(|writer| self.put(&path, &tag, &title(writer)));
            let responses = at_once(puts).await;
            let (winner, response) = only_winner(responses, http::StatusCode::PRECONDITION_FAILED);
            assert_eq!(service.json(&path).await, note(&title(winner)));
            tag = field(&response, "etag");
        }
        println!(
            "{}, {WRITERS} writers: one winner for each of 20 versions",
            self.name
        );
    }
}

/// Some KiB, so that the proxies compress it.
fn note(title: &str) -> Value {
    json!({"title": title, "text": "line\n".repeat(700)})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs nginx"]
async fn behind_nginx() {
    through("nginx gzip", configurations::nginx, "gzip", "W/\"x\"").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Apache httpd"]
async fn behind_apache_deflate() {
    let start = |origin| configurations::apache(origin, "deflate", "DEFLATE");
    through("Apache mod_deflate", start, "gzip", "\"x-gzip\"").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Apache httpd"]
async fn behind_apache_brotli() {
    let start = |origin| configurations::apache(origin, "brotli", "BROTLI_COMPRESS");
    through("Apache mod_brotli", start, "br", "\"x-br\"").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Varnish"]
async fn behind_varnish() {
    through("Varnish", configurations::varnish, "gzip", "W/\"x\"").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs HAProxy"]
async fn behind_haproxy() {
    through("HAProxy", configurations::haproxy, "gzip", "W/\"x\"").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Caddy"]
async fn behind_caddy() {
    // 2.6. From 2.8 on it is "x-gzip", which the service accepts as well.
    through("Caddy", configurations::caddy, "gzip", "\"x\"").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs lighttpd"]
async fn behind_lighttpd() {
    through("lighttpd", configurations::lighttpd, "gzip", "\"x-gzip\"").await;
}
