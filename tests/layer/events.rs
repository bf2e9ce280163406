//! With feature `tracing`, one event a decision.
#![cfg(feature = "tracing")]

use std::{
    collections::BTreeMap,
    fmt::Debug,
    sync::{Arc, Mutex},
};

use http::{Method, StatusCode};
use tower_conditional::{Requirement, Selected};
use tracing::field::{Field, Visit};
use tracing_subscriber::{
    layer::{Context, Layer, SubscriberExt},
    registry::Registry,
};

use crate::support::{Trial, response, tagged};

type Event = BTreeMap<&'static str, String>;

#[derive(Clone, Default)]
struct Events(Arc<Mutex<Vec<Event>>>);

impl Layer<Registry> for Events {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, Registry>) {
        let level = event.metadata().level().to_string();
        let mut fields = Fields(Event::from([("level", level)]));
        event.record(&mut fields);
        self.0.lock().unwrap().push(fields.0);
    }
}

struct Fields(Event);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }
}

fn events(trial: &Trial) -> Vec<Event> {
    let events = Events::default();
    let subscriber = Registry::default().with(events.clone());
    tracing::subscriber::with_default(subscriber, || trial.send_at_once());
    let events = events.0.lock().unwrap();
    events.clone()
}

#[track_caller]
fn one_event(trial: &Trial, level: &str, method: &str, field: Option<&str>, status: Option<&str>) {
    let events = events(trial);
    let [event] = &events[..] else {
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

fn trial(method: Method) -> Trial {
    Trial::new(method, tagged("\"1\""))
}

#[test]
fn a_refusal_tells_method_field_and_status() {
    let not_modified = trial(Method::GET).with("if-none-match", "\"1\"");
    one_event(
        &not_modified,
        "DEBUG",
        "GET",
        Some("If-None-Match"),
        Some("304"),
    );
    let failed = trial(Method::PUT).with("if-match", "\"0\"");
    one_event(&failed, "DEBUG", "PUT", Some("If-Match"), Some("412"));
    let required = trial(Method::DELETE).require(Requirement::WRITES);
    one_event(&required, "DEBUG", "DELETE", None, Some("428"));
    let unknown = Trial::new(Method::PUT, Ok(Selected::Unknown)).with("if-match", "*");
    one_event(&unknown, "DEBUG", "PUT", Some("If-Match"), Some("503"));
}

#[test]
fn a_performed_request_has_no_status_yet() {
    let performed = trial(Method::PUT).with("if-match", "\"1\"");
    one_event(&performed, "DEBUG", "PUT", Some("If-Match"), None);
    one_event(&trial(Method::GET), "DEBUG", "GET", None, None);
    let range = trial(Method::GET)
        .with("range", "bytes=1-")
        .with("if-range", "\"0\"");
    one_event(&range, "DEBUG", "GET", Some("If-Range"), None);
}

#[test]
fn a_failing_source_is_a_warning_that_names_the_error() {
    let failing = Trial::new(Method::PUT, Err("no connection")).with("if-match", "*");
    one_event(&failing, "WARN", "PUT", Some("If-Match"), Some("503"));
    assert_eq!(events(&failing)[0]["error"], "no connection");
}

#[test]
fn a_late_304_is_a_decision_of_its_own() {
    let late = Trial::new(Method::GET, Ok(Selected::Unknown))
        .handler(|| response(StatusCode::OK, &[("etag", "\"1\"")]))
        .with("if-none-match", "\"1\"");
    let events = events(&late);
    let [deferred, not_modified] = &events[..] else {
        panic!("not two events: {events:?}");
    };
    assert_eq!(deferred["decision"], "Deferred");
    assert_eq!(not_modified["status"], "304");
    assert_eq!(not_modified["field"], "If-None-Match");
}

#[test]
fn what_goes_straight_through_decides_nothing() {
    assert!(events(&trial(Method::PUT)).is_empty());
    assert!(events(&trial(Method::OPTIONS).with("if-match", "\"0\"")).is_empty());
}
