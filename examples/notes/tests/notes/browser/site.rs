//! The service, and what it has seen of requests.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    extract::{Request, State},
    middleware::{Next, from_fn_with_state},
    response::{Html, Response},
    routing::get,
};
use http::Method;
use tokio::net::TcpListener;

use crate::service::{Service, field};

type Log = Arc<Mutex<Vec<String>>>;

pub(crate) struct Site {
    pub(crate) service: Service,
    log: Log,
    /// The URL of a page that is not the service's.
    pub(crate) elsewhere: String,
}

/// A note that a scenario has for itself.
pub(crate) struct Note {
    pub(crate) id: String,
    pub(crate) path: String,
    pub(crate) tag: String,
    /// Of the page that shows it.
    pub(crate) url: String,
}

impl Site {
    pub(crate) async fn start() -> Self {
        let log = Log::default();
        let recorder = log.clone();
        let service = Service::on_sqlite_behind(move |notes| {
            let app = Router::new().fallback_service(notes);
            app.layer(from_fn_with_state(recorder, record))
        });
        let page = Router::new().route("/", get(async || Html("<title>Elsewhere</title>")));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let elsewhere = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, page).await });
        Self {
            service: service.await,
            log,
            elsewhere,
        }
    }

    pub(crate) async fn note(&self, title: &str, text: &str) -> Note {
        let note = serde_json::json!({"title": title, "text": text});
        let post = self.service.request(Method::POST, "/notes").json(&note);
        let path = field(&post.send().await.unwrap(), "location");
        let id = path["/notes/".len()..].to_owned();
        Note {
            url: format!("http://{}/#{id}", self.service.address),
            tag: self.tag(&path).await,
            id,
            path,
        }
    }

    /// Returns the tag that a browser gets, because it accepts gzip.
    pub(crate) async fn tag(&self, path: &str) -> String {
        let get = self.service.get(path).header("accept-encoding", "gzip");
        field(&get.send().await.unwrap(), "etag")
    }

    /// Changes a note as somebody else would.
    pub(crate) async fn change(&self, note: &Note, title: &str, text: &str) -> String {
        let put = self.service.put(&note.path, title, text);
        let changed = put.header("if-match", "*").send().await.unwrap();
        assert_eq!(changed.status(), 200);
        self.tag(&note.path).await
    }

    /// Returns how often the service has answered this request of the browser so.
    pub(crate) fn seen(&self, request: &str) -> usize {
        let log = self.log.lock().unwrap();
        log.iter().filter(|line| **line == request).count()
    }

    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().join("\n")
    }
}

/// Returns the tag as it is without a content coding.
pub(crate) fn plain(tag: &str) -> String {
    tag.replace("-gzip", "")
}

/// As in `GET /notes If-None-Match: "1" 304`.
async fn record(State(log): State<Log>, request: Request, next: Next) -> Response {
    // Those of the test have none.
    let by_browser = request.headers().contains_key("user-agent");
    let mut line = format!("{} {}", request.method(), request.uri().path());
    for name in ["If-Match", "If-None-Match"] {
        if let Some(value) = request.headers().get(name) {
            line += &format!(" {name}: {}", value.to_str().unwrap());
        }
    }
    let response = next.run(request).await;
    line += &format!(" {}", response.status().as_u16());
    if by_browser {
        log.lock().unwrap().push(line);
    }
    response
}
