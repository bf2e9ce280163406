//! With the feature `tracing`, there is one event for each decision.
//!
//! These tests have a process of their own. Others run without a subscriber, and a thread that
//! reaches an event first, without one, can disable it for all.
#![cfg(feature = "tracing")]

mod recorder;

use http::{Request, Response};
use tower_conditional::{ConditionalLayer, EntityTag, FromResponse, Ruling, Selected, ready_fn};

use recorder::{Event, events, events_and_status};

#[track_caller]
fn one_event(
    events: &[Event],
    level: &str,
    method: &str,
    field: Option<&str>,
    status: Option<&str>,
) {
    let [event] = events else {
        panic!("not one event: {events:?}");
    };
    let of = |name| event.get(name).map(String::as_str);
    assert_eq!(of("level"), Some(level), "{event:?}");
    assert_eq!(of("method"), Some(method), "{event:?}");
    assert_eq!(of("field"), field, "{event:?}");
    assert_eq!(of("status"), status, "{event:?}");
    assert!(
        of("decision").is_some() && of("message").is_some(),
        "{event:?}"
    );
}

fn version_1() -> EntityTag {
    EntityTag::from_version(1)
}

fn failing() -> Result<EntityTag, &'static str> {
    Err("no connection")
}

#[test]
fn a_refusal_tells_method_field_and_status() {
    let not_modified = events(
        version_1,
        Request::get("/").header("if-none-match", "\"1\""),
    );
    one_event(
        &not_modified,
        "DEBUG",
        "GET",
        Some("If-None-Match"),
        Some("304"),
    );
    let failed = events(version_1, Request::put("/").header("if-match", "\"0\""));
    one_event(&failed, "DEBUG", "PUT", Some("If-Match"), Some("412"));
    let required = events(version_1, Request::delete("/"));
    one_event(&required, "DEBUG", "DELETE", None, Some("428"));
    let unknown = events(
        || Selected::Unknown,
        Request::put("/").header("if-match", "*"),
    );
    one_event(&unknown, "DEBUG", "PUT", Some("If-Match"), Some("503"));
}

// The event said 503, or whatever the layer itself would have sent.
#[test]
fn a_status_that_the_source_or_the_application_chooses_is_the_one_in_the_event() {
    let answered = || {
        let mut response = Response::new(bytes::Bytes::new());
        *response.status_mut() = http::StatusCode::BAD_REQUEST;
        Selected::Answered(response)
    };
    let put = || Request::put("/").header("if-match", "\"0\"");
    let answers = ConditionalLayer::new(ready_fn(move |_: &http::request::Parts| answered()));
    let (of_source, status) = events_and_status(answers, put());
    assert_eq!(status, "400");
    one_event(&of_source, "DEBUG", "PUT", Some("If-Match"), Some("400"));

    let (early, status) = events_and_status(
        conflicts(ready_fn(|_: &http::request::Parts| version_1())),
        put(),
    );
    assert_eq!(status, "409");
    one_event(&early, "DEBUG", "PUT", Some("If-Match"), Some("409"));

    let read = Request::get("/").header("if-match", "\"0\"");
    let (late, status) = events_and_status(conflicts(FromResponse), read);
    assert_eq!(status, "409");
    assert_eq!(late[0]["decision"], "Deferred");
    one_event(&late[1..], "DEBUG", "GET", Some("If-Match"), Some("409"));
}

/// A layer whose application answers 409 in place of each refusal.
fn conflicts<V>(source: V) -> ConditionalLayer<V> {
    ConditionalLayer::new(source).respond_with(|_| {
        let mut response = Response::new("");
        *response.status_mut() = http::StatusCode::CONFLICT;
        response
    })
}

#[cfg(feature = "axum")]
#[test]
fn a_rejected_extractor_is_an_event_with_the_status_of_its_rejection() {
    use tower_conditional::axum::from_fn;

    async fn source(_: axum::extract::Query<std::collections::BTreeMap<String, u64>>) -> EntityTag {
        version_1()
    }
    let put = Request::put("/?page=one").header("if-match", "\"1\"");
    let (events, status) = events_and_status(ConditionalLayer::new(from_fn(source)), put);
    assert_eq!(status, "400");
    one_event(&events, "DEBUG", "PUT", Some("If-Match"), Some("400"));
}

#[cfg(feature = "lock")]
#[test]
fn a_lock_that_fails_is_one_warning() {
    use tower_conditional::lock::{Lock, WriteLock};

    struct Broken;

    impl Lock for Broken {
        type Guard = ();
        type Error = &'static str;
        type Future = std::future::Ready<Result<(), &'static str>>;

        fn lock(&self, _: &[u8]) -> Self::Future {
            std::future::ready(Err("no connection"))
        }
    }

    let source = ready_fn(|_: &http::request::Parts| version_1());
    let layer = ConditionalLayer::new(source).lock(WriteLock::held_by(Broken));
    let put = Request::put("/").header("if-match", "\"1\"");
    let (events, status) = events_and_status(layer, put);
    assert_eq!(status, "503");
    one_event(&events, "WARN", "PUT", Some("If-Match"), Some("503"));
    assert_eq!(events[0]["error"], "no connection");
}

#[test]
fn a_performed_request_has_no_status_yet() {
    let performed = events(version_1, Request::put("/").header("if-match", "\"1\""));
    one_event(&performed, "DEBUG", "PUT", Some("If-Match"), None);
    one_event(
        &events(version_1, Request::get("/")),
        "DEBUG",
        "GET",
        None,
        None,
    );
    let stale = Request::get("/")
        .header("range", "bytes=1-")
        .header("if-range", "\"0\"");
    one_event(
        &events(version_1, stale),
        "DEBUG",
        "GET",
        Some("If-Range"),
        None,
    );
}

#[test]
fn a_failing_source_is_a_warning_that_names_the_error() {
    let events = events(failing, Request::put("/").header("if-match", "*"));
    one_event(&events, "WARN", "PUT", Some("If-Match"), Some("503"));
    assert_eq!(events[0]["error"], "no connection");
}

#[test]
fn a_late_304_is_a_decision_of_its_own() {
    let get = Request::get("/").header("if-none-match", "\"1\"");
    let events = events(|| Selected::Unknown, get);
    let [deferred, not_modified] = &events[..] else {
        panic!("not two events: {events:?}");
    };
    assert_eq!(deferred["decision"], "Deferred");
    assert_eq!(not_modified["status"], "304");
    assert_eq!(not_modified["field"], "If-None-Match");
}

// A source that looks at the path finds nothing under `nest`. Nothing said so.
#[test]
fn a_source_that_misses_what_the_handler_reads_is_a_warning_that_names_both() {
    let events = events(|| None::<EntityTag>, Request::get("/"));
    let [_, warning] = &events[..] else {
        panic!("not two events: {events:?}");
    };
    assert_eq!(warning["level"], "WARN");
    assert_eq!(warning["source"], "missing");
    assert_eq!(warning["handler"], "\"1\"");
    assert_eq!(warning["status"], "200");
}

// Only a read that is evaluated says that there is something to read.
#[test]
fn a_source_that_misses_what_is_not_read_is_no_warning() {
    let nothing = || None::<EntityTag>;
    let create = Request::put("/").header("if-none-match", "*");
    one_event(
        &events(nothing, create),
        "DEBUG",
        "PUT",
        Some("If-None-Match"),
        None,
    );
    let query = Request::builder().method("QUERY").uri("/");
    one_event(&events(nothing, query), "DEBUG", "QUERY", None, None);

    let source = ready_fn(|_: &http::request::Parts| None::<EntityTag>);
    let exempt = ConditionalLayer::new(source).policy(|_, _| Ruling::Ignore);
    for request in [Request::get("/"), Request::delete("/")] {
        let (events, _) = events_and_status(exempt.clone(), request);
        assert_eq!(events.len(), 1, "{events:?}");
    }
}

#[test]
fn a_source_and_a_handler_that_both_find_nothing_agree() {
    let events = events(|| None::<EntityTag>, Request::get("/gone"));
    one_event(&events, "DEBUG", "GET", None, None);
}

#[test]
fn tags_that_differ_are_a_warning_that_names_both() {
    let events_of = |tag: &'static str| {
        let answer = move || tag.parse::<EntityTag>().unwrap();
        events(answer, Request::get("/").header("if-none-match", "\"9\""))
    };
    let events = events_of("\"2\"");
    let [_, warning] = &events[..] else {
        panic!("not two events: {events:?}");
    };
    assert_eq!(warning["level"], "WARN");
    assert_eq!(warning["source"], "\"2\"");
    assert_eq!(warning["handler"], "\"1\"");
    // The handler's is `"1"`.
    for same in ["\"1\"", "W/\"1\""] {
        assert_eq!(events_of(same).len(), 1, "{same}");
    }
}

#[test]
fn what_goes_straight_through_decides_nothing() {
    assert!(events(version_1, Request::put("/")).is_empty());
    assert!(events(version_1, Request::options("/").header("if-match", "\"0\"")).is_empty());
}
