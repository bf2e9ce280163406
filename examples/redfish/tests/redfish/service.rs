//! The service itself, as any client sees it.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use example_redfish::{Options, Tags, app};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tower::ServiceExt;

use crate::bmc::Bmc;

const SYSTEM: &str = "/redfish/v1/Systems/1";

async fn send(
    bmc: &Bmc,
    method: Method,
    path: &str,
    fields: &[(&str, &str)],
    content: &str,
) -> (StatusCode, http::HeaderMap, Value) {
    let mut request = reqwest::Client::new().request(method, bmc.url() + path);
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    let response = request.body(content.to_owned()).send().await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let text = response.text().await.unwrap();
    (
        status,
        headers,
        serde_json::from_str(&text).unwrap_or_default(),
    )
}

#[tokio::test]
async fn every_resource_is_one_of_redfish() {
    let bmc = Bmc::start(Tags::Weak, false).await;
    let mut paths = vec!["/redfish/v1".to_owned()];
    let mut seen = 0;
    while let Some(path) = paths.pop() {
        let (status, headers, json) = send(&bmc, Method::GET, &path, &[], "").await;
        assert_eq!(status, 200, "{path}");
        assert_eq!(json["@odata.id"], path);
        assert_eq!(json["@odata.etag"], headers["etag"].to_str().unwrap());
        assert!(json["@odata.type"].as_str().unwrap().starts_with('#'));
        assert!(json["Name"].is_string(), "{path}");
        assert_eq!(headers["odata-version"], "4.0");
        match json["Members"].as_array() {
            Some(members) => assert_eq!(json["Members@odata.count"], members.len()),
            None => assert!(json["Id"].is_string(), "{path}"),
        }
        links(&json, &path, &mut paths);
        seen += 1;
        assert!(seen < 50, "links go in circles");
    }
    assert!(seen >= 11, "{seen}");
}

/// Links further down.
fn links(json: &Value, from: &str, paths: &mut Vec<String>) {
    if let Some(link) = json["@odata.id"].as_str() {
        if link.starts_with(&format!("{from}/")) && !paths.iter().any(|known| known == link) {
            paths.push(link.to_owned());
        }
    }
    for value in json
        .as_object()
        .into_iter()
        .flat_map(|object| object.values())
    {
        for value in value
            .as_array()
            .map_or(std::slice::from_ref(value), Vec::as_slice)
        {
            if value.is_object() {
                links(value, from, paths);
            }
        }
    }
}

#[tokio::test]
async fn refusals_carry_extended_information_and_come_before_the_content() {
    let bmc = Bmc::start(Tags::Weak, true).await;
    let before = bmc.system().json().await.unwrap().clone();
    for (fields, status, storage, message) in [
        (&[][..], 428, "no-store", "Base.1.18.PreconditionRequired"),
        (
            &[("if-match", "W/\"0\"")],
            412,
            "no-cache",
            "Base.1.18.PreconditionFailed",
        ),
    ] {
        let (found, headers, json) = send(&bmc, Method::PATCH, SYSTEM, fields, "nonsense").await;
        assert_eq!(found, status);
        assert_eq!(headers["content-type"], "application/json;charset=utf-8");
        assert_eq!(headers["cache-control"], storage);
        assert!(headers.contains_key("etag"));
        assert_eq!(json["error"]["code"], message);
        let info = &json["error"]["@Message.ExtendedInfo"][0];
        assert_eq!(info["MessageId"], message);
        assert!(info["Resolution"].is_string());
    }
    let any = [("if-match", "*")];
    let (found, _, json) = send(&bmc, Method::PATCH, SYSTEM, &any, "nonsense").await;
    assert_eq!(found, 400);
    assert_eq!(json["error"]["code"], "Base.1.18.MalformedJSON");
    let (_, _, after) = send(&bmc, Method::GET, SYSTEM, &[], "").await;
    assert_eq!(
        after, before,
        "nothing was written, and the tag is the same"
    );
}

#[tokio::test]
async fn content_is_checked() {
    let bmc = Bmc::start(Tags::None, false).await;
    for (content, message) in [
        (json!([]), "UnrecognizedRequestBody"),
        (json!({ "Boot": 1 }), "UnrecognizedRequestBody"),
        (json!({ "AssetTag": 1 }), "PropertyValueTypeError"),
        (json!({ "IndicatorLED": "Pink" }), "PropertyValueNotInList"),
        (json!({ "PowerState": "Warm" }), "PropertyValueNotInList"),
        (json!({ "SystemType": "Virtual" }), "PropertyNotWritable"),
        (
            json!({ "AssetTag": "x", "Colour": "Pink" }),
            "PropertyUnknown",
        ),
    ] {
        let text = content.to_string();
        let (status, _, json) = send(&bmc, Method::PATCH, SYSTEM, &[], &text).await;
        assert_eq!(status, 400, "{text}");
        assert_eq!(
            json["error"]["code"],
            format!("Base.1.18.{message}"),
            "{text}"
        );
    }
    let (_, _, json) = send(&bmc, Method::GET, SYSTEM, &[], "").await;
    assert_eq!(json["AssetTag"], "MyServer", "all or nothing");
    let accounts = "/redfish/v1/AccountService/Accounts";
    for content in [
        json!({}),
        json!({ "UserName": "a", "Password": "b", "RoleId": "c" }),
    ] {
        let (status, ..) = send(&bmc, Method::POST, accounts, &[], &content.to_string()).await;
        assert_eq!(status, 400);
    }
    let (_, _, json) = send(&bmc, Method::GET, accounts, &[], "").await;
    assert_eq!(json["Members@odata.count"], 1);
}

/// axum's own answers to these had no JSON. There is no network here: nobody reads all of what is too large.
#[tokio::test]
async fn what_the_framework_refuses_has_extended_information_too() {
    let app = app(Options {
        tags: Tags::Weak,
        require_if_match: true,
    });
    let send = async |method: &Method, path: &str, field: &str, content: &str| {
        let request = Request::builder().method(method).uri(path);
        let request = request.header("if-match", field);
        let request = request.body(Body::from(content.to_owned())).unwrap();
        let response = app.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        (head, serde_json::from_slice::<Value>(&body).unwrap())
    };
    let accounts = "/redfish/v1/AccountService/Accounts";
    let state = async || {
        let system = send(&Method::GET, SYSTEM, "*", "").await.1;
        [system, send(&Method::GET, accounts, "*", "").await.1]
    };
    let before = state().await;
    let large = json!({ "AssetTag": "x".repeat(2 << 20) }).to_string();
    let stale = "W/\"0\"";
    for (method, path, field, content, status, message) in [
        (Method::PATCH, SYSTEM, "*", &*large, 413, "PayloadTooLarge"),
        (Method::POST, accounts, "*", &large, 413, "PayloadTooLarge"),
        (
            Method::PATCH,
            SYSTEM,
            stale,
            &large,
            412,
            "PreconditionFailed",
        ),
        (Method::DELETE, SYSTEM, "*", "", 405, "OperationNotAllowed"),
        (Method::PUT, SYSTEM, stale, "{}", 405, "OperationNotAllowed"),
        (
            Method::PATCH,
            accounts,
            "*",
            "{}",
            405,
            "OperationNotAllowed",
        ),
    ] {
        let (head, json) = send(&method, path, field, content).await;
        let what = format!("{method} {path} {status}");
        assert_eq!(head.status, status, "{what}");
        assert_eq!(head.headers.contains_key("allow"), status == 405, "{what}");
        let content_type = &head.headers["content-type"];
        assert_eq!(content_type, "application/json;charset=utf-8", "{what}");
        let message = format!("Base.1.18.{message}");
        assert_eq!(json["error"]["code"], message, "{what}");
        let info = &json["error"]["@Message.ExtendedInfo"][0];
        assert_eq!(info["MessageId"], message, "{what}");
    }
    assert_eq!(state().await, before, "nothing was written");
}

#[tokio::test]
async fn sessions_and_methods() {
    let bmc = Bmc::start(Tags::Weak, true).await;
    let login = json!({ "UserName": "a", "Password": "b" }).to_string();
    let sessions = "/redfish/v1/SessionService/Sessions";
    let (status, headers, _) = send(&bmc, Method::POST, sessions, &[], &login).await;
    assert_eq!(status, 201);
    assert!(headers.contains_key("x-auth-token"));
    let session = headers["location"].to_str().unwrap();
    let (status, ..) = send(&bmc, Method::DELETE, session, &[], "").await;
    assert_eq!(status, 204);
    let (status, ..) = send(&bmc, Method::GET, session, &[], "").await;
    assert_eq!(status, 404);
    let (status, headers, _) = send(&bmc, Method::DELETE, SYSTEM, &[], "").await;
    assert_eq!(status, 405);
    assert!(headers.contains_key("allow"));
    let (status, _, json) = send(&bmc, Method::GET, "/redfish", &[], "").await;
    assert_eq!(
        (status, &json["v1"]),
        (StatusCode::OK, &json!("/redfish/v1/"))
    );
    let (status, _, json) = send(&bmc, Method::GET, "/redfish/v1/", &[], "").await;
    assert_eq!(
        (status, &json["Id"]),
        (StatusCode::OK, &json!("RootService"))
    );
}

/// The layer lets a write pass, and another one is done while its handler waits for the content.
#[tokio::test]
async fn the_tag_is_checked_again_where_the_resource_is_written() {
    let bmc = Bmc::start(Tags::Strong, true).await;
    let (_, headers, _) = send(&bmc, Method::GET, SYSTEM, &[], "").await;
    let tag = headers["etag"].to_str().unwrap();
    let content = json!({ "AssetTag": "slow" }).to_string();

    let mut slow = TcpStream::connect(bmc.address).await.unwrap();
    let head = format!(
        "PATCH {SYSTEM} HTTP/1.1\r\nHost: bmc\r\nConnection: close\r\nIf-Match: {tag}\r\n\
         Content-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        content.len()
    );
    slow.write_all(head.as_bytes()).await.unwrap();
    let mut interim = [0; b"HTTP/1.1 100 Continue\r\n\r\n".len()];
    slow.read_exact(&mut interim).await.unwrap();
    assert!(interim.starts_with(b"HTTP/1.1 100 "));

    let fast = json!({ "AssetTag": "fast" }).to_string();
    let (status, ..) = send(&bmc, Method::PATCH, SYSTEM, &[("if-match", tag)], &fast).await;
    assert_eq!(status, 200);

    slow.write_all(content.as_bytes()).await.unwrap();
    let mut answer = String::new();
    slow.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 412 "), "{answer}");
    assert!(answer.contains("Base.1.18.PreconditionFailed"), "{answer}");
    let (_, _, json) = send(&bmc, Method::GET, SYSTEM, &[], "").await;
    assert_eq!(json["AssetTag"], "fast");
}
