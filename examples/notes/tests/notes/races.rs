//! Many writers at once: the layer lets several pass, and the database decides.

use std::sync::Arc;

use futures_util::future::join_all;
use http::StatusCode;
use reqwest::{RequestBuilder, Response};
use serde_json::json;
use tokio::sync::Barrier;

use crate::{
    conditional::NOVEMBER_1994,
    raw::Held,
    service::{Service, field, problem},
};

/// Sends all of them at the same time, each from a task of its own.
pub(crate) async fn at_once(requests: impl IntoIterator<Item = RequestBuilder>) -> Vec<Response> {
    let requests: Vec<_> = requests.into_iter().collect();
    let barrier = Arc::new(Barrier::new(requests.len()));
    let tasks = requests.into_iter().map(|request| {
        let barrier = Arc::clone(&barrier);
        tokio::spawn(async move {
            barrier.wait().await;
            request.send().await.unwrap()
        })
    });
    let responses = join_all(tasks).await;
    responses.into_iter().map(Result::unwrap).collect()
}

/// The response of the only winner, while all others got this status.
#[track_caller]
pub(crate) fn only_winner(responses: Vec<Response>, losers: StatusCode) -> (usize, Response) {
    let statuses: Vec<_> = responses.iter().map(Response::status).collect();
    let winners = statuses.iter().filter(|status| status.is_success()).count();
    let lost = statuses.iter().filter(|status| **status == losers).count();
    assert_eq!((winners, lost), (1, statuses.len() - 1), "{statuses:?}");
    let mut numbered = responses.into_iter().enumerate();
    numbered
        .find(|(_, response)| response.status().is_success())
        .unwrap()
}

pub(crate) async fn of_two_writers_of_one_version_one_wins(service: &Service) {
    let (path, mut tag) = service.a_note().await;
    for round in 0..50 {
        let titles = [format!("{round} left"), format!("{round} right")];
        let puts = titles.each_ref().map(|title| {
            let put = service.put(&path, title, "");
            put.header("if-match", &tag)
        });
        let responses = at_once(puts).await;
        let (winner, response) = only_winner(responses, StatusCode::PRECONDITION_FAILED);
        assert_eq!(service.json(&path).await["title"], titles[winner]);
        tag = field(&response, "etag");
    }
}

/// Read, add one, write, and begin again after a 412: what every client should do.
pub(crate) async fn no_increment_is_lost(service: &Service) {
    const WRITERS: usize = 6;
    const INCREMENTS: usize = 15;
    let path = service.no_note().await;
    let created = service.put(&path, "0", "").send().await.unwrap();
    assert_eq!(created.status(), StatusCode::CREATED);

    let writer = async || {
        let mut done = 0;
        while done < INCREMENTS {
            let read = service.get(&path).send().await.unwrap();
            let tag = field(&read, "etag");
            let note: serde_json::Value = read.json().await.unwrap();
            let count: usize = note["title"].as_str().unwrap().parse().unwrap();
            let put = service.put(&path, &(count + 1).to_string(), "");
            let written = put.header("if-match", tag).send().await.unwrap();
            match written.status() {
                StatusCode::OK => done += 1,
                StatusCode::PRECONDITION_FAILED => {}
                status => panic!("{status}"),
            }
        }
    };
    join_all((0..WRITERS).map(|_| writer())).await;
    let count = (WRITERS * INCREMENTS).to_string();
    assert_eq!(service.json(&path).await["title"], count);
}

pub(crate) async fn of_many_creations_one_creates(service: &Service) {
    for (create_only, losers) in [
        (true, StatusCode::PRECONDITION_FAILED),
        (false, StatusCode::PRECONDITION_REQUIRED),
    ] {
        for _ in 0..10 {
            let path = service.no_note().await;
            let titles: Vec<_> = (0..6).map(|writer| format!("Of writer {writer}")).collect();
            let puts = titles.iter().map(|title| {
                let put = service.put(&path, title, "");
                if create_only {
                    put.header("if-none-match", "*")
                } else {
                    put
                }
            });
            let (winner, response) = only_winner(at_once(puts).await, losers);
            assert_eq!(response.status(), StatusCode::CREATED);
            let read = service.get(&path).send().await.unwrap();
            assert_eq!(field(&read, "etag"), field(&response, "etag"));
            let note: serde_json::Value = read.json().await.unwrap();
            assert_eq!(note["title"], titles[winner]);
        }
    }
}

/// What was true of the version that went is true of the one that came.
pub(crate) async fn any_version_will_do_for_an_asterisk(service: &Service) {
    let (path, _) = service.a_note().await;
    let patches = (0..6).map(|writer| {
        let patch = service.patch(&path, json!({"title": writer.to_string()}));
        patch.header("if-match", "*")
    });
    let mut tags = Vec::new();
    for response in at_once(patches).await {
        assert_eq!(response.status(), StatusCode::OK);
        tags.push(field(&response, "etag"));
    }
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), 6, "each made a version of its own: {tags:?}");
}

pub(crate) async fn deletion_and_change_exclude_each_other(service: &Service) {
    for _ in 0..20 {
        let (path, tag) = service.a_note().await;
        let requests = [
            service.patch(&path, json!({"title": "Kept"})),
            service.delete(&path),
        ];
        let responses = at_once(requests.map(|request| request.header("if-match", &tag))).await;
        let (winner, _) = only_winner(responses, StatusCode::PRECONDITION_FAILED);
        let status = service.get(&path).send().await.unwrap().status();
        let kept = [StatusCode::OK, StatusCode::NOT_FOUND];
        assert_eq!(status, kept[winner]);
    }
}

/// The layer has let the request pass, and then another writer is faster.
pub(crate) async fn the_check_is_repeated_where_the_data_lives(service: &Service) {
    let (path, tag) = service.a_note().await;
    let held = Held::put(service.address, &path, &format!("if-match: {tag}"), "Late").await;
    let held = held.passed().await;
    let faster = service
        .put(&path, "Faster", "")
        .header("if-match", &tag)
        .send();
    let current = field(&faster.await.unwrap(), "etag");

    let refused = held.finish().await;
    assert!(refused.starts_with("HTTP/1.1 412 "), "{refused}");
    assert!(
        refused.contains(&format!("\r\netag: {current}\r\n")),
        "{refused}"
    );
    assert_eq!(service.json(&path).await["title"], "Faster");

    // It is the answer that the layer gives on its own, word for word.
    let layers = service
        .put(&path, "Late", "")
        .header("if-match", &tag)
        .send();
    let layers = problem(layers.await.unwrap(), 412).await;
    let (_, content) = refused.split_once("\r\n\r\n").unwrap();
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(content).unwrap(),
        layers
    );
}

/// The same where there was nothing, or what there was is gone.
pub(crate) async fn the_check_for_existence_is_repeated_too(service: &Service) {
    let path = service.no_note().await;
    for (condition, status) in [("if-none-match: *", "412"), ("x-condition: none", "428")] {
        let held = Held::put(service.address, &path, condition, "Late").await;
        let held = held.passed().await;
        let faster = service.put(&path, "Faster", "").send().await.unwrap();
        assert_eq!(faster.status(), StatusCode::CREATED);
        let tag = field(&faster, "etag");
        let refused = held.finish().await;
        assert!(
            refused.starts_with(&format!("HTTP/1.1 {status} ")),
            "{refused}"
        );
        assert!(
            refused.contains(&format!("\r\netag: {tag}\r\n")),
            "{refused}"
        );
        assert_eq!(service.json(&path).await["title"], "Faster");

        let condition = format!("if-match: {tag}");
        let held = Held::put(service.address, &path, &condition, "Late").await;
        let held = held.passed().await;
        let deleted = service.delete(&path).header("if-match", &tag).send();
        assert_eq!(deleted.await.unwrap().status(), StatusCode::NO_CONTENT);
        let refused = held.finish().await;
        assert!(refused.starts_with("HTTP/1.1 412 "), "{refused}");
        let read = service.get(&path).send().await.unwrap();
        assert_eq!(
            read.status(),
            StatusCode::NOT_FOUND,
            "nothing comes back from the dead"
        );
    }
}

/// Two versions of one second have one date.
pub(crate) async fn a_date_does_not_guard_less_than_a_tag(service: &Service) {
    let (path, _) = service.a_note().await;
    service.set_date(&path, NOVEMBER_1994).await;
    let date = field(&service.get(&path).send().await.unwrap(), "last-modified");
    let condition = format!("if-unmodified-since: {date}");
    let held = Held::put(service.address, &path, &condition, "Late").await;
    let held = held.passed().await;
    let faster = service.put(&path, "Faster", "").header("if-match", "*");
    assert_eq!(faster.send().await.unwrap().status(), StatusCode::OK);
    let refused = held.finish().await;
    assert!(refused.starts_with("HTTP/1.1 412 "), "{refused}");
    assert!(refused.contains("\"If-Unmodified-Since\""), "{refused}");
    assert_eq!(service.json(&path).await["title"], "Faster");
}
