//! The service on a port of its own, and short ways to ask it.

use std::{convert::Infallible, net::SocketAddr, time::Duration};

use axum::extract::Request;
use example_notes::{Notes, Store, notes};
use http::{HeaderName, Method, StatusCode};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};
use sqlx::{AnyConnection, Connection};
use tempfile::{TempDir, tempdir};
use tokio::net::TcpListener;
use tower::{Service as TowerService, make::Shared};

pub(crate) struct Service {
    pub(crate) address: SocketAddr,
    client: Client,
    database: String,
    /// Kept for as long as the service runs.
    _directory: Option<TempDir>,
}

/// What axum serves.
pub(crate) trait App:
    TowerService<Request, Response = axum::response::Response, Error = Infallible, Future: Send>
    + Clone
    + Send
    + 'static
{
}

impl<S> App for S where
    S: TowerService<Request, Response = axum::response::Response, Error = Infallible, Future: Send>
        + Clone
        + Send
        + 'static
{
}

impl Service {
    pub(crate) async fn on_sqlite() -> Self {
        Self::on_sqlite_behind(|notes| notes).await
    }

    /// With something between the service and its clients.
    pub(crate) async fn on_sqlite_behind<S: App>(wrap: impl FnOnce(Notes) -> S) -> Self {
        let directory = tempdir().unwrap();
        let database = format!("sqlite:{}", directory.path().join("notes.db").display());
        let mut service = Self::serve(&database, wrap).await;
        service._directory = Some(directory);
        service
    }

    pub(crate) async fn on(database: &str) -> Self {
        Self::serve(database, |notes| notes).await
    }

    async fn serve<S: App>(database: &str, wrap: impl FnOnce(Notes) -> S) -> Self {
        let store = Store::open(database).await.unwrap();
        store.seed().await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = Shared::new(wrap(notes(store, Duration::from_secs(60))));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self {
            address,
            client: Client::new(),
            database: database.to_owned(),
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

    /// A path under which there is no note.
    pub(crate) async fn no_note(&self) -> String {
        let (path, tag) = self.a_note().await;
        let deleted = self.delete(&path).header("if-match", tag).send();
        assert_eq!(deleted.await.unwrap().status(), StatusCode::NO_CONTENT);
        path
    }

    /// Changes the modification date of a note, or of the list, in the database.
    pub(crate) async fn set_date(&self, path: &str, unix_seconds: i64) {
        let mut database = AnyConnection::connect(&self.database).await.unwrap();
        let update = match path.strip_prefix("/notes/") {
            Some(id) => sqlx::query("UPDATE notes SET updated_at = $1 WHERE id = $2")
                .bind(unix_seconds)
                .bind(id.parse::<i64>().unwrap()),
            None => sqlx::query("UPDATE latest SET updated_at = $1").bind(unix_seconds),
        };
        let updated = update.execute(&mut database).await.unwrap();
        assert_eq!(updated.rows_affected(), 1);
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
