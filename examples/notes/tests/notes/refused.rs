//! Requests that are wrong whatever their preconditions: a clear answer, and nothing is lost.

use example_notes::LARGEST_CONTENT;
use http::{Method, StatusCode};
use serde_json::json;

use crate::{
    raw::Held,
    service::{Service, field, problem},
};

pub(crate) async fn content_that_is_no_note(service: &Service) {
    let (path, tag) = service.a_note().await;
    let json = "application/json";
    for (method, media_type, content, status) in [
        (Method::PUT, json, "", 400),
        (Method::PUT, json, r#"{"title":"x","text":"#, 400),
        (
            Method::PUT,
            json,
            "{\"title\":\"\u{1}\",\"text\":\"\"}",
            400,
        ),
        (Method::PUT, json, r#"{"title":"no text"}"#, 422),
        (Method::PUT, json, r#"{"title":1,"text":"x"}"#, 422),
        (Method::PUT, json, r#"{"title":"x","text":"x","id":7}"#, 422),
        (Method::PUT, json, r#"{"title":"x","text":"\u0000"}"#, 422),
        (Method::PUT, json, r#"["title","text"]"#, 422),
        (
            Method::PUT,
            json,
            r#"{"title":"x","title":"y","text":"x"}"#,
            422,
        ),
        (Method::PUT, json, "null", 422),
        (Method::PATCH, json, r#"{"title":null}"#, 422),
        (Method::PATCH, json, r#"{"colour":"red"}"#, 422),
        (Method::PATCH, json, r#"{"text":"\u0000"}"#, 422),
        (
            Method::PUT,
            "text/plain",
            r#"{"title":"x","text":"x"}"#,
            415,
        ),
    ] {
        let request = service.request(method, &path).header("if-match", &tag);
        let request = request.header("content-type", media_type).body(content);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), status, "{content}");
        problem(response, status).await;
    }
    let not_utf8 = service.request(Method::PUT, &path).header("if-match", &tag);
    let not_utf8 = not_utf8.header("content-type", json);
    let not_utf8 = not_utf8.body(&b"{\"title\":\"\xff\",\"text\":\"\"}"[..]);
    problem(not_utf8.send().await.unwrap(), 400).await;

    let read = service.get(&path).send().await.unwrap();
    assert_eq!(field(&read, "etag"), tag, "the note is what it was");
}

pub(crate) async fn content_that_is_too_large(service: &Service) {
    let (path, tag) = service.a_note().await;
    let put = |size: usize| {
        let put = service.put(&path, "", &"x".repeat(size));
        put.header("if-match", &tag).send()
    };
    problem(put(LARGEST_CONTENT).await.unwrap(), 413).await;
    let read = service.get(&path).send().await.unwrap();
    assert_eq!(field(&read, "etag"), tag);

    let just_fits = LARGEST_CONTENT - json!({"title": "", "text": ""}).to_string().len();
    assert_eq!(put(just_fits).await.unwrap().status(), StatusCode::OK);
}

pub(crate) async fn ids_that_no_note_has(service: &Service) {
    for id in [
        "0",
        "-1",
        "+1",
        "01",
        "1.0",
        "x",
        "9007199254740992",
        "99999999999999999999",
    ] {
        let path = format!("/notes/{id}");
        for (method, condition) in [
            (Method::GET, "if-none-match"),
            (Method::PUT, "if-none-match"),
            (Method::DELETE, "if-unmodified-since"),
        ] {
            let note = json!({"title": "x", "text": "x"});
            let request = service.request(method, &path).json(&note);
            let response = request.header(condition, "*").send().await.unwrap();
            problem(response, 404).await;
        }
    }
    problem(service.get("/notes/1/2").send().await.unwrap(), 404).await;
    problem(service.get("/nowhere").send().await.unwrap(), 404).await;

    let largest = "/notes/9007199254740991";
    let created = service.put(largest, "x", "x").send().await.unwrap();
    assert_eq!(created.status(), StatusCode::CREATED);
}

/// The source and the handlers see the same id, so the tag of a note guards each form of its path.
pub(crate) async fn a_percent_encoded_id_is_the_same_note(service: &Service) {
    let (path, tag) = service.a_note().await;
    let (notes, id) = path.split_at("/notes/".len());
    let digits: String = id.bytes().map(|digit| format!("%{digit:02X}")).collect();
    let encoded = format!("{notes}{digits}");
    let read = service.get(&encoded).header("if-none-match", &tag).send();
    assert_eq!(read.await.unwrap().status(), StatusCode::NOT_MODIFIED);

    let stale = service.put(&encoded, "x", "").header("if-match", "\"0\"");
    problem(stale.send().await.unwrap(), 412).await;
    let bare = service.put(&encoded, "x", "").send();
    problem(bare.await.unwrap(), 428).await;
    assert_eq!(service.json(&path).await["title"], "A note");
    let put = service.put(&encoded, "New", "").header("if-match", &tag);
    assert_eq!(put.send().await.unwrap().status(), StatusCode::OK);
    assert_eq!(service.json(&path).await["title"], "New");
}

/// What would be refused anyhow is, before preconditions (RFC 9110 section 13.2.1).
pub(crate) async fn methods_that_a_resource_does_not_have(service: &Service) {
    let (path, _) = service.a_note().await;
    for (method, path, allowed) in [
        (Method::DELETE, "/notes", "GET,HEAD,POST"),
        (Method::PUT, "/notes", "GET,HEAD,POST"),
        (Method::POST, path.as_str(), "GET,HEAD,PUT,PATCH,DELETE"),
    ] {
        let plain = service.request(method.clone(), path).send().await.unwrap();
        assert_eq!(field(&plain, "allow"), allowed);
        problem(plain, 405).await;
        let conditional = service.request(method, path).header("if-match", "\"0\"");
        problem(conditional.send().await.unwrap(), 405).await;
    }
    let nowhere = service
        .delete("/nowhere")
        .header("if-match", "\"0\"")
        .send();
    problem(nowhere.await.unwrap(), 404).await;
}

/// The point of deciding before the handler runs: nobody uploads what is refused.
pub(crate) async fn a_refused_write_does_not_wait_for_its_content(service: &Service) {
    let (path, tag) = service.a_note().await;
    for (condition, status) in [("if-match: \"0\"", "412"), ("x-condition: none", "428")] {
        let held = Held::put(service.address, &path, condition, "Never sent").await;
        let refused = held.response().await;
        assert!(
            refused.starts_with(&format!("HTTP/1.1 {status} ")),
            "{refused}"
        );
        assert!(
            refused.contains(&format!("\r\netag: {tag}\r\n")),
            "{refused}"
        );
    }
}
