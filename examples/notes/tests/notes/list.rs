//! The list of all notes.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::service::{Service, field, problem};

fn item<'a>(list: &'a Value, path: &str) -> Option<&'a Value> {
    let items = list.as_array().expect("the list is an array");
    items
        .iter()
        .find(|item| format!("/notes/{}", item["id"]) == path)
}

pub(crate) async fn the_list_has_each_notes_tag(service: &Service) {
    let (path, tag) = service.a_note().await;
    let list = service.json("/notes").await;
    assert!(
        list.as_array().unwrap().len() >= 2,
        "the seeds are there too: {list}"
    );
    let item = item(&list, &path).unwrap();
    assert_eq!(item["title"], "A note");
    assert_eq!(item["etag"], tag.as_str());

    // The tag is the one that the note itself has.
    let edit = service.patch(&path, json!({"text": "from the list"}));
    let edited = edit
        .header("if-match", item["etag"].as_str().unwrap())
        .send();
    assert_eq!(edited.await.unwrap().status(), StatusCode::OK);
}

pub(crate) async fn the_lists_tag_changes_with_every_change(service: &Service) {
    let list_tag = async || field(&service.get("/notes").send().await.unwrap(), "etag");
    let mut seen = vec![list_tag().await];
    let mut changed = async |what: &str| {
        let old = seen.last().unwrap().clone();
        let list = service.get("/notes").header("if-none-match", &old).send();
        assert_eq!(list.await.unwrap().status(), StatusCode::OK, "after {what}");
        let new = list_tag().await;
        assert!(!seen.contains(&new), "{new} again, after {what}");
        let list = service.get("/notes").header("if-none-match", &new).send();
        assert_eq!(list.await.unwrap().status(), StatusCode::NOT_MODIFIED);
        seen.push(new);
    };

    let (path, tag) = service.a_note().await;
    changed("POST").await;
    let put = service
        .put(&path, "Same", "same")
        .header("if-match", &tag)
        .send();
    let tag = field(&put.await.unwrap(), "etag");
    changed("PUT").await;
    let edit = service.patch(&path, json!({"text": "not in the list"}));
    let edited = edit.header("if-match", &tag).send();
    let tag = field(&edited.await.unwrap(), "etag");
    changed("PATCH of what the list does not show").await;
    let deleted = service.delete(&path).header("if-match", &tag).send();
    assert_eq!(deleted.await.unwrap().status(), StatusCode::NO_CONTENT);
    changed("DELETE").await;

    let current = list_tag().await;
    let refused = service
        .put("/notes/1", "x", "x")
        .header("if-match", "\"0\"")
        .send();
    assert_eq!(
        refused.await.unwrap().status(),
        StatusCode::PRECONDITION_FAILED
    );
    assert_eq!(list_tag().await, current, "nothing happened");
}

/// "Make it, unless somebody else made one since I looked."
pub(crate) async fn post_can_depend_on_the_list(service: &Service) {
    let post = |tag: &str| {
        let note = json!({"title": "Only if nothing changed", "text": ""});
        let post = service.request(Method::POST, "/notes").json(&note);
        post.header("if-match", tag).send()
    };
    let tag = field(&service.get("/notes").send().await.unwrap(), "etag");
    assert_eq!(post(&tag).await.unwrap().status(), StatusCode::CREATED);
    let refused = post(&tag).await.unwrap();
    assert_ne!(field(&refused, "etag"), tag);
    problem(refused, 412).await;
}

pub(crate) async fn post_does_not_take_an_id_that_a_client_chose(service: &Service) {
    // New notes are numbered like versions: take the next few numbers away.
    let (path, _) = service.a_note().await;
    let last: u64 = path.trim_start_matches("/notes/").parse().unwrap();
    let taken: Vec<_> = (last + 3..last + 8)
        .map(|id| format!("/notes/{id}"))
        .collect();
    for path in &taken {
        let created = service
            .put(path, "Chosen", "")
            .header("if-none-match", "*")
            .send();
        assert_eq!(created.await.unwrap().status(), StatusCode::CREATED);
    }
    for _ in &taken {
        let (path, _) = service.a_note().await;
        assert!(!taken.contains(&path), "{path} was taken");
    }
    for path in &taken {
        assert_eq!(service.json(path).await["title"], "Chosen");
    }
}
