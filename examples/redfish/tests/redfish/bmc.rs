use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Body,
    http::{
        Method, Request,
        header::{AUTHORIZATION, IF_MATCH},
    },
    middleware::map_request,
};
use example_redfish::{
    Login, Options, Tags, app, app_with_login,
    client::{Redfish, Resource},
};
use serde_json::Value;

/// A simulated BMC on a free port of the loopback interface, and what was sent to it.
pub(crate) struct Bmc {
    pub(crate) address: SocketAddr,
    sent: Arc<Mutex<Vec<Sent>>>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sent {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) if_match: Option<String>,
    pub(crate) token: bool,
    pub(crate) basic: bool,
}

impl Bmc {
    pub(crate) async fn start(tags: Tags, require_if_match: bool) -> Self {
        Self::serve(app(Options {
            tags,
            require_if_match,
        }))
        .await
    }

    /// A BMC that demands the credentials that [`client`](Self::client) has.
    pub(crate) async fn locked(tags: Tags) -> Self {
        let options = Options {
            tags,
            require_if_match: true,
        };
        let login = Login {
            user: "admin".to_owned(),
            password: "password".to_owned(),
        };
        Self::serve(app_with_login(options, login)).await
    }

    pub(crate) async fn serve(app: Router) -> Self {
        let sent = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&sent);
        let app = app.layer(map_request(move |request: Request<Body>| {
            let tag = request.headers().get(IF_MATCH);
            log.lock().unwrap().push(Sent {
                method: request.method().clone(),
                path: request.uri().path().to_owned(),
                if_match: tag.map(|tag| tag.to_str().unwrap().to_owned()),
                token: request.headers().contains_key("x-auth-token"),
                basic: request.headers().contains_key(AUTHORIZATION),
            });
            std::future::ready(request)
        }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { address, sent }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A client of its own, which shares nothing with the others.
    pub(crate) fn client(&self) -> Redfish {
        Redfish::new(&self.login()).unwrap()
    }

    pub(crate) fn login(&self) -> String {
        format!("http://admin:password@{}", self.address)
    }

    /// What is there now, as somebody else sees it.
    pub(crate) async fn now(&self, name: &str) -> Value {
        self.system().get(name).await.unwrap().clone()
    }

    pub(crate) fn system(&self) -> Resource {
        self.client().at("/redfish/v1/Systems/1")
    }

    /// What was sent since it was last asked for.
    pub(crate) fn sent(&self) -> Vec<Sent> {
        std::mem::take(&mut *self.sent.lock().unwrap())
    }

    /// The `If-Match` of the only write among what was sent since it was last asked for.
    #[track_caller]
    pub(crate) fn written_with(&self) -> Option<String> {
        let mut writes = self.sent();
        writes.retain(|sent| sent.method != Method::GET);
        assert_eq!(writes.len(), 1, "{writes:?}");
        writes.remove(0).if_match
    }
}
