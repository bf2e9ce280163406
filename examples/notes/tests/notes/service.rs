//! The service on a port of its own, and short ways to ask it.

use std::{future::pending, net::SocketAddr};

use example_notes::{Store, notes, serve, temporary::TemporaryDirectory};
use http::{HeaderName, Method, StatusCode};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;

pub(crate) struct Service {
    pub(crate) address: SocketAddr,
    client: Client,
    /// Kept for as long as the service runs.
    _directory: Option<TemporaryDirectory>,
}

impl Service {
    pub(crate) async fn on_sqlite() -> Self {
        let directory = TemporaryDirectory::new("notes-test").unwrap();
        let database = format!("sqlite:{}", directory.path().join("notes.db").display());
        let mut service = Self::on(&database).await;
        service._directory = Some(directory);
        service
    }

    pub(crate) async fn on(database: &str) -> Self {
        let store = Store::open(database).await.unwrap();
        store.seed().await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(serve(listener, notes(store), pending()));
        Self {
            address,
            client: Client::new(),
            _directory: None,
        }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("http://{}{path}", self.address))
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.request(Method::GET, path)
    }

    pub(crate) fn put(&self, path: &str, title: &str, text: &str) -> RequestBuilder {
        let note = json!({"title": title, "text": text});
        self.request(Method::PUT, path).json(&note)
    }

    pub(crate) fn patch(&self, path: &str, edit: Value) -> RequestBuilder {
        self.request(Method::PATCH, path).json(&edit)
    }

    pub(crate) fn delete(&self, path: &str) -> RequestBuilder {
        self.request(Method::DELETE, path)
    }

    /// Makes a note of several hundred bytes; its path and tag.
    pub(crate) async fn a_note(&self) -> (String, String) {
        let note = json!({"title": "A note", "text": "line\n".repeat(100)});
        let post = self.request(Method::POST, "/notes").json(&note);
        let created = post.send().await.unwrap();
        assert_eq!(created.status(), StatusCode::CREATED);
        (field(&created, "location"), field(&created, "etag"))
    }

    /// The modification date, as soon as its second is over. Before that it is not sent.
    pub(crate) async fn date(&self, path: &str) -> String {
        loop {
            let response = self.get(path).send().await.unwrap();
            if response.headers().contains_key("last-modified") {
                return field(&response, "last-modified");
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }

    /// A path under which there is no note.
    pub(crate) async fn no_note(&self) -> String {
        let (path, tag) = self.a_note().await;
        let deleted = self.delete(&path).header("if-match", tag).send();
        assert_eq!(deleted.await.unwrap().status(), StatusCode::NO_CONTENT);
        path
    }

    pub(crate) async fn json(&self, path: &str) -> Value {
        let response = self.get(path).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        response.json().await.unwrap()
    }
}

/// The value of a field that the response has exactly once.
#[track_caller]
pub(crate) fn field(response: &Response, name: &str) -> String {
    let mut values = response.headers().get_all(name).iter();
    let value = values
        .next()
        .unwrap_or_else(|| panic!("no {name} in {response:?}"));
    assert!(values.next().is_none(), "two {name} in {response:?}");
    value.to_str().unwrap().to_owned()
}

#[track_caller]
pub(crate) fn no_field(response: &Response, name: HeaderName) {
    assert!(
        !response.headers().contains_key(&name),
        "{name} in {response:?}"
    );
}

/// The problem details of a response with this status.
pub(crate) async fn problem(response: Response, status: u16) -> Value {
    assert_eq!(response.status(), status);
    assert_eq!(field(&response, "content-type"), "application/problem+json");
    let problem: Value = response.json().await.unwrap();
    assert_eq!(problem["status"], status);
    assert!(problem["title"].is_string(), "{problem}");
    assert!(problem["detail"].is_string(), "{problem}");
    problem
}
