//! The race, and the limits of what the judge sends.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{Router, http::StatusCode, response::Redirect, routing::get};
use example_judge::{Options, judge, verdict::Outcome};
use tokio::net::TcpListener;

use crate::{
    support::{Server, assert_fails, judged, writing},
    wrong::{self, Switch, Wrong},
};

fn racing(url: &str) -> Options {
    Options {
        write: false,
        writers: 4,
        seconds: 1,
        ..writing(url)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gap_between_check_and_write_is_shown_by_the_shortest_history() {
    let server = Wrong::start(wrong::Options {
        switch: Some(Switch::GapBeforeWrite),
        ..wrong::Options::default()
    })
    .await;
    let report = judged(&racing(&server.url("/doc"))).await;
    assert!(report.ids(Outcome::Fail).contains(&"race-chain"));
    let history = &report.history;
    // Two reads, two writes, and what is lost.
    assert_eq!(history.len(), 5, "{history:#?}");
    let tags: Vec<&str> = history
        .iter()
        .filter_map(|line| line.split_once("If-Match "))
        .map(|(_, rest)| rest.trim_end_matches(": 200"))
        .collect();
    assert_eq!(tags.len(), 2, "{history:#?}");
    assert_eq!(tags[0], tags[1], "{history:#?}");
    assert!(history[4].contains("is lost"), "{history:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_gap_no_update_is_lost() {
    let server = Wrong::start(wrong::Options::default()).await;
    let report = judged(&racing(&server.url("/doc"))).await;
    assert_fails(&report, &[]);
    let passed = report.ids(Outcome::Pass);
    for id in [
        "race-chain",
        "race-refused",
        "race-412",
        "race-304",
        "race-tag",
    ] {
        assert!(passed.contains(&id), "{id}");
    }
    assert!(report.history.is_empty());
}

/// Counts what arrives.
async fn counting(status: StatusCode) -> (Server, Arc<AtomicU64>) {
    let count = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&count);
    let app = Router::new().fallback(move || {
        counted.fetch_add(1, Ordering::Relaxed);
        async move { (status, [("etag", "\"a\"")], "content") }
    });
    (Server::start(app).await, count)
}

#[tokio::test]
async fn no_more_requests_are_sent_than_said() {
    let (server, count) = counting(StatusCode::OK).await;
    let options = Options {
        most_requests: 20,
        ..racing(&server.url("/"))
    };
    let report = judged(&options).await;
    assert!((18..=20).contains(&report.requests), "{}", report.requests);
    assert_eq!(count.load(Ordering::Relaxed), report.requests);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_content_is_put_back_even_if_a_limit_is_reached() {
    for required in [false, true] {
        let server = Wrong::start(wrong::Options {
            required,
            ..wrong::Options::default()
        })
        .await;
        for most_requests in [250, 10_000] {
            let options = Options {
                write: true,
                most_requests,
                ..racing(&server.url("/doc"))
            };
            let report = judged(&options).await;
            assert!(report.requests <= most_requests);
            let tried = report.learned.write_method;
            assert_eq!(tried.as_deref(), Some("PUT"));
            let again = judged(&Options::new(&server.url("/doc"))).await;
            let length = "the content before all writes\n".len() as u64;
            assert_eq!(again.learned.length, length, "{most_requests}");
        }
    }
}

#[tokio::test]
async fn no_more_content_is_read_than_said() {
    let (server, _) = counting(StatusCode::OK).await;
    let options = Options {
        most_bytes: 10,
        ..Options::new(&server.url("/"))
    };
    let error = judge(&options, &|_| {}).await.unwrap_err();
    assert!(error.contains("bytes"), "{error}");
}

#[tokio::test]
async fn a_redirect_to_another_host_is_not_followed() {
    let (other, count) = counting(StatusCode::OK).await;
    let elsewhere = other.url("/");
    let app = Router::new()
        .route(
            "/away",
            get(move || async move { Redirect::to(&elsewhere) }),
        )
        .route("/here", get(|| async { Redirect::to("/doc") }))
        .route("/doc", get(|| async { ([("etag", "\"a\"")], "content") }));
    let server = Server::start(app).await;
    let error = judge(&Options::new(&server.url("/away")), &|_| {}).await;
    assert!(error.unwrap_err().contains("redirect"));
    assert_eq!(count.load(Ordering::Relaxed), 0);
    let report = judged(&Options::new(&server.url("/here"))).await;
    assert_eq!(report.url, server.url("/doc"));
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_not_waited_for() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut options = Options::new(&format!("http://{}/", listener.local_addr().unwrap()));
    options.time = Duration::from_millis(100);
    let error = judge(&options, &|_| {}).await.unwrap_err();
    assert!(error.contains("time"), "{error}");
}

#[tokio::test]
async fn reading_changes_nothing() {
    let app = Router::new().fallback(|method: axum::http::Method| async move {
        let safe = ["GET", "HEAD", "OPTIONS", "QUERY"].contains(&method.as_str());
        assert!(safe, "{method}");
        ([("etag", "\"a\"")], "content")
    });
    let server = Server::start(app).await;
    let report = judged(&Options::new(&server.url("/"))).await;
    assert!(report.count(Outcome::Fail) > 0);
}

#[tokio::test]
async fn what_a_server_does_not_have_it_is_not_blamed_for() {
    let app = Router::new().fallback(|| async { "content" });
    let server = Server::start(app).await;
    let report = judged(&writing(&server.url("/"))).await;
    assert_fails(&report, &[]);
    assert_eq!(report.ids(Outcome::Warn), [""; 0]);
    assert!(report.count(Outcome::CannotTell) > 100);
}
