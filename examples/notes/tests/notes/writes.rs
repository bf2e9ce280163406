//! Writing, one client at a time.

use http::{Method, StatusCode, header::CACHE_CONTROL};
use serde_json::{Value, json};

use crate::service::{Service, field, no_field, problem};

pub(crate) async fn an_unconditional_write_is_refused(service: &Service) {
    let (path, tag) = service.a_note().await;
    for write in [
        service.put(&path, "x", "x"),
        service.patch(&path, json!({"title": "x"})),
        service.delete(&path),
        // Create-only guards no update, and a list of tags neither.
        service
            .put(&path, "x", "x")
            .header("if-none-match", "\"0\""),
    ] {
        let refused = write.send().await.unwrap();
        assert_eq!(field(&refused, "etag"), tag);
        assert_eq!(refused.headers()[CACHE_CONTROL], "no-store");
        problem(refused, 428).await;
    }
    assert_eq!(service.json(&path).await["title"], "A note");
}

pub(crate) async fn a_stale_write_is_refused_and_loses_nothing(service: &Service) {
    let (path, stale) = service.a_note().await;
    let first = service
        .put(&path, "First", "of two")
        .header("if-match", &stale)
        .send();
    let first = first.await.unwrap();
    assert_eq!(first.status(), StatusCode::OK);
    let current = field(&first, "etag");

    for write in [
        service.put(&path, "Second", ""),
        service.patch(&path, json!({"title": "Second"})),
        service.delete(&path),
    ] {
        for tag in [&stale, &format!("W/{stale}"), &format!("{stale}-gzip")] {
            let write = write.try_clone().unwrap();
            let refused = write.header("if-match", tag).send().await.unwrap();
            assert_eq!(field(&refused, "etag"), current, "to write again with");
            assert_eq!(problem(refused, 412).await["field"], "If-Match");
        }
    }
    assert_eq!(
        service.json(&path).await,
        json!({"title": "First", "text": "of two"})
    );
}

pub(crate) async fn a_write_returns_the_tag_of_what_it_wrote(service: &Service) {
    let (path, mut tag) = service.a_note().await;
    for write in [
        service.put(&path, "Put", "whole"),
        service.patch(&path, json!({"title": "Patched"})),
        service.patch(&path, json!({})),
    ] {
        let written = write.header("if-match", &tag).send().await.unwrap();
        assert_eq!(written.status(), StatusCode::OK);
        assert_eq!(field(&written, "content-location"), path);
        let new = field(&written, "etag");
        assert_ne!(new, tag);
        let content: Value = written.json().await.unwrap();

        let read = service.get(&path).send().await.unwrap();
        assert_eq!(field(&read, "etag"), new);
        assert_eq!(read.json::<Value>().await.unwrap(), content);
        tag = new;
    }
}

pub(crate) async fn patch_changes_only_what_it_names(service: &Service) {
    let (path, tag) = service.a_note().await;
    let before = service.json(&path).await;
    let edit = service
        .request(Method::PATCH, &path)
        .header("content-type", "application/merge-patch+json")
        .body(r#"{"title":"Ünïcode \"quoted\" 🗒"}"#);
    let edited = edit.header("if-match", &tag).send().await.unwrap();
    assert_eq!(edited.status(), StatusCode::OK);
    let after = service.json(&path).await;
    assert_eq!(after["title"], "Ünïcode \"quoted\" 🗒");
    assert_eq!(after["text"], before["text"]);
}

pub(crate) async fn put_creates_and_create_only_creates_once(service: &Service) {
    for create_only in [false, true] {
        let path = service.no_note().await;
        let put = |title| {
            let put = service.put(&path, title, "");
            if create_only {
                put.header("if-none-match", "*")
            } else {
                put
            }
        };
        let created = put("Made").send().await.unwrap();
        assert_eq!(created.status(), StatusCode::CREATED);
        assert_eq!(field(&created, "location"), path);
        let tag = field(&created, "etag");

        let again = put("Made again").send().await.unwrap();
        assert_eq!(field(&again, "etag"), tag);
        if create_only {
            assert_eq!(problem(again, 412).await["field"], "If-None-Match");
        } else {
            problem(again, 428).await;
        }
        assert_eq!(service.json(&path).await["title"], "Made");
    }
}

pub(crate) async fn a_deleted_note_is_gone(service: &Service) {
    let (path, tag) = service.a_note().await;
    let deleted = service.delete(&path).header("if-match", &tag).send();
    let deleted = deleted.await.unwrap();
    assert_eq!(deleted.status(), StatusCode::NO_CONTENT);
    no_field(&deleted, http::header::ETAG);

    let gone = service.get(&path).header("if-none-match", "*").send();
    problem(gone.await.unwrap(), 404).await;
    problem(service.delete(&path).send().await.unwrap(), 404).await;
    let edit = service.patch(&path, json!({"title": "x"}));
    problem(edit.send().await.unwrap(), 404).await;
    // There is nothing that an If-Match could match.
    let any = service.delete(&path).header("if-match", "*").send();
    let any = any.await.unwrap();
    no_field(&any, http::header::ETAG);
    problem(any, 412).await;
}

/// Else a client that did not notice the deletion would overwrite the new note.
pub(crate) async fn a_version_never_comes_back(service: &Service) {
    let (path, old) = service.a_note().await;
    let deleted = service.delete(&path).header("if-match", &old).send();
    assert_eq!(deleted.await.unwrap().status(), StatusCode::NO_CONTENT);
    let mut seen = vec![old.clone()];
    for title in ["Second life", "Third life"] {
        let created = service.put(&path, title, "").send().await.unwrap();
        assert_eq!(created.status(), StatusCode::CREATED);
        let new = field(&created, "etag");
        assert!(!seen.contains(&new), "{new} again after {seen:?}");

        let stale = service
            .put(&path, "Ghost", "")
            .header("if-match", &old)
            .send();
        problem(stale.await.unwrap(), 412).await;
        let cached = service.get(&path).header("if-none-match", &old).send();
        assert_eq!(cached.await.unwrap().status(), StatusCode::OK);

        let deleted = service.delete(&path).header("if-match", &new).send();
        assert_eq!(deleted.await.unwrap().status(), StatusCode::NO_CONTENT);
        seen.push(new);
    }
}
