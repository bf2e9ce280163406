//! Logging in and out, and Basic credentials.

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
};
use example_redfish::{Login, Options, Tags, app_with_login, client::Redfish};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::bmc::Bmc;

const SESSIONS: &str = "/redfish/v1/SessionService/Sessions";
const SYSTEM: &str = "/redfish/v1/Systems/1";

#[tokio::test]
async fn a_session_carries_a_token_until_it_is_deleted() {
    let bmc = Bmc::locked(Tags::Weak).await;
    let client = bmc.client();
    let mut root = client.connect().await.unwrap();
    assert_eq!(root.get("Id").await.unwrap(), "RootService");
    let sent = bmc.sent();
    assert_eq!(sent.len(), 2, "the root, once, and the login: {sent:?}");
    assert_eq!(
        (sent[1].method.as_str(), &*sent[1].path),
        ("POST", SESSIONS)
    );
    assert!(sent.iter().all(|sent| !sent.basic && !sent.token));

    let mut system = client.find("system").await.unwrap();
    system.set("AssetTag", "ours").await.unwrap();
    let sent = bmc.sent();
    assert!(
        sent.iter().all(|sent| sent.token && !sent.basic),
        "{sent:?}"
    );
    client.connect().await.unwrap();
    let again = bmc.sent();
    assert!(again.iter().all(|sent| sent.method == "GET"), "{again:?}");
    let mut sessions = client.at(SESSIONS);
    assert_eq!(sessions.members().await.unwrap().len(), 1);

    bmc.sent();
    client.logout().await.unwrap();
    let sent = bmc.sent();
    assert_eq!((sent.len(), sent[0].method.as_str()), (1, "DELETE"));
    assert!(sent[0].token && sent[0].if_match.is_none());
    let mut sessions = bmc.client().at(SESSIONS);
    assert!(sessions.members().await.unwrap().is_empty());
    client.logout().await.unwrap();
    assert_eq!(bmc.sent().len(), 1, "nothing more is sent");
}

/// Before `connect()`, and without it.
#[tokio::test]
async fn basic_credentials_do_without_a_session() {
    let bmc = Bmc::locked(Tags::Weak).await;
    bmc.system().set("AssetTag", "ours").await.unwrap();
    assert!(bmc.sent().iter().all(|sent| sent.basic && !sent.token));
    assert_eq!(bmc.now("AssetTag").await, "ours");

    for login in ["", "admin:wrong@", "other:password@", "admin@"] {
        let client = Redfish::new(&format!("http://{login}{}", bmc.address)).unwrap();
        let changes = json!({ "AssetTag": "theirs" });
        let failure = client.patch(SYSTEM, &changes, Some("*")).await.unwrap_err();
        assert!(failure.to_string().contains("401"), "{failure}");
        assert_eq!(client.connect().await.is_ok(), login.is_empty());
    }
    assert_eq!(bmc.now("AssetTag").await, "ours");
    let mut sessions = bmc.client().at(SESSIONS);
    assert!(sessions.members().await.unwrap().is_empty());
}

/// A user name and a password may have any character. In a URL they are encoded.
#[tokio::test]
async fn credentials_in_a_url_are_decoded() {
    let login = Login {
        user: "jane@example.com".to_owned(),
        password: "a/b:c%ü".to_owned(),
    };
    let bmc = Bmc::serve(app_with_login(Options::default(), login)).await;
    let url = format!(
        "http://jane%40example.com:a%2Fb%3Ac%25%C3%BC@{}",
        bmc.address
    );
    let client = Redfish::new(&url).unwrap();
    client.at(SYSTEM).set("AssetTag", "basic").await.unwrap();
    client.connect().await.unwrap();
    client.at(SYSTEM).set("AssetTag", "session").await.unwrap();
    assert!(!format!("{client:?}").contains("a/b"), "{client:?}");
}

/// A session that the BMC has ended: nothing is written, and `connect()` logs in again.
#[tokio::test]
async fn an_ended_session_can_be_followed_by_another() {
    let bmc = Bmc::locked(Tags::Strong).await;
    let client = bmc.client();
    client.connect().await.unwrap();
    let mut system = client.find("system").await.unwrap();
    system.json().await.unwrap();
    let sessions = bmc.client().at(SESSIONS).members().await.unwrap();
    for session in sessions {
        session.delete().await.unwrap();
    }
    let failure = system.set("AssetTag", "lost").await.unwrap_err();
    assert!(failure.to_string().contains("401"), "{failure}");
    assert_eq!(bmc.now("AssetTag").await, "MyServer");
    client.connect().await.unwrap();
    // The tag is that of what was read, whatever the credentials.
    system.set("AssetTag", "ours").await.unwrap();
    assert_eq!(bmc.now("AssetTag").await, "ours");
    client.logout().await.unwrap();
}

async fn send(
    app: &Router,
    method: &str,
    path: &str,
    fields: &[(&str, &str)],
    content: &Value,
) -> (StatusCode, http::HeaderMap, Value) {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::from(content.to_string())).unwrap();
    let (head, body) = app.clone().oneshot(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let json = serde_json::from_slice(&body).unwrap_or_default();
    (head.status, head.headers, json)
}

/// 401 takes precedence over 412 and 428, and a token over everything else.
#[tokio::test]
async fn the_service_checks_each_token() {
    let app = example_redfish::app(Options {
        tags: Tags::Weak,
        require_if_match: true,
    });
    let login = json!({ "UserName": "a", "Password": "b" });
    let changes = json!({ "AssetTag": "theirs" });
    let (status, headers, _) = send(&app, "POST", SESSIONS, &[], &login).await;
    assert_eq!(status, 201);
    let token = headers["x-auth-token"].to_str().unwrap();
    let session = headers["location"].to_str().unwrap();
    let mine = [("x-auth-token", token)];
    let (status, ..) = send(&app, "GET", SYSTEM, &mine, &Value::Null).await;
    assert_eq!(status, 200);
    let shorter = &token[1..];
    for fields in [
        &[("x-auth-token", "nonsense")][..],
        &[("x-auth-token", "")],
        &[("x-auth-token", shorter)],
        &[("x-auth-token", token), ("x-auth-token", token)],
        &[("x-auth-token", "nonsense"), ("if-match", "\"stale\"")],
        &[("x-auth-token", "nonsense"), ("if-match", "*")],
    ] {
        let (status, headers, json) = send(&app, "PATCH", SYSTEM, fields, &changes).await;
        assert_eq!(status, 401, "{fields:?}");
        assert!(headers.contains_key("www-authenticate"));
        assert!(!headers.contains_key("etag"), "nobody is told the tag");
        assert!(json["error"]["code"].is_string());
    }
    let (status, ..) = send(&app, "DELETE", session, &mine, &Value::Null).await;
    assert_eq!(status, 204);
    let any = [("x-auth-token", token), ("if-match", "*")];
    let (status, ..) = send(&app, "PATCH", SYSTEM, &any, &changes).await;
    assert_eq!(status, 401, "the session has ended");
    let (.., json) = send(&app, "GET", SYSTEM, &[], &Value::Null).await;
    assert_eq!(json["AssetTag"], "MyServer");
}

/// A login is a POST to a collection: its precondition was ignored.
#[tokio::test]
async fn a_login_is_evaluated() {
    let app = example_redfish::app(Options::default());
    let login = json!({ "UserName": "a", "Password": "b" });
    let stale = [("if-match", "W/\"stale\"")];
    let (status, headers, _) = send(&app, "POST", SESSIONS, &stale, &login).await;
    assert_eq!(status, 412);
    assert!(!headers.contains_key("x-auth-token"));
    let (_, headers, json) = send(&app, "GET", SESSIONS, &[], &Value::Null).await;
    assert_eq!(json["Members@odata.count"], 0);
    let tag = headers["etag"].to_str().unwrap();
    let (status, ..) = send(&app, "POST", SESSIONS, &[("if-match", tag)], &login).await;
    assert_eq!(status, 201);
}

/// What is kept is bounded.
#[tokio::test]
async fn the_oldest_session_makes_room_and_accounts_are_limited() {
    let app = example_redfish::app(Options::default());
    let login = json!({ "UserName": "a", "Password": "b" });
    let mut tokens = Vec::new();
    for _ in 0..65 {
        let (status, headers, _) = send(&app, "POST", SESSIONS, &[], &login).await;
        assert_eq!(status, 201);
        tokens.push(headers["x-auth-token"].to_str().unwrap().to_owned());
    }
    let count = async |path: &str| {
        let (.., json) = send(&app, "GET", path, &[], &Value::Null).await;
        json["Members"].as_array().unwrap().len()
    };
    assert_eq!(count(SESSIONS).await, 64);
    for (token, status) in [(&tokens[0], 401), (&tokens[1], 200), (&tokens[64], 200)] {
        let fields = [("x-auth-token", token.as_str())];
        let (found, ..) = send(&app, "GET", SYSTEM, &fields, &Value::Null).await;
        assert_eq!(found, status);
    }
    let accounts = "/redfish/v1/AccountService/Accounts";
    let account = json!({ "UserName": "a", "Password": "b", "RoleId": "Operator" });
    for number in 2..=65 {
        let (status, ..) = send(&app, "POST", accounts, &[], &account).await;
        assert_eq!(status, if number <= 64 { 201 } else { 400 });
    }
    assert_eq!(count(accounts).await, 64);
}
