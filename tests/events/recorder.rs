//! Collects the events of one request.

use std::{
    collections::BTreeMap,
    fmt::Debug,
    sync::{Arc, Mutex},
};

use http::{Request, Response, request::Builder};
use tower::{Layer as _, ServiceExt, service_fn};
use tower_conditional::{
    ConditionalLayer, Requirement, ready_fn,
    source::{IntoAnswer, ValidatorSource},
};
use tracing::field::{Field, Visit};
use tracing_subscriber::{
    layer::{Context, Layer, SubscriberExt},
    registry::Registry,
};

pub(crate) type Event = BTreeMap<&'static str, String>;

#[derive(Clone, Default)]
struct Events(Arc<Mutex<Vec<Event>>>);

impl Layer<Registry> for Events {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, Registry>) {
        // axum has events of its own.
        if !event.metadata().target().starts_with("tower_conditional") {
            return;
        }
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

/// The events of a request, to a handler whose response has the tag `"1"`, or is a 404 to `/gone`.
pub(crate) fn events<A: IntoAnswer>(
    answer: impl Fn() -> A + Clone,
    request: Builder,
) -> Vec<Event> {
    let source = ready_fn(move |_: &http::request::Parts| answer());
    let layer = ConditionalLayer::new(source)
        .require(Requirement::methods([http::Method::DELETE]).unwrap());
    events_and_status(layer, request).0
}

/// The events of a request, and the status that the client gets.
pub(crate) fn events_and_status<V: ValidatorSource + Clone>(
    layer: ConditionalLayer<V>,
    request: Builder,
) -> (Vec<Event>, String) {
    let handler = service_fn(|request: Request<()>| async move {
        let status = if request.uri() == "/gone" { 404 } else { 200 };
        Response::builder()
            .status(status)
            .header("etag", "\"1\"")
            .body(String::new())
    });
    let service = layer.layer(handler);
    let events = Events::default();
    let subscriber = Registry::default().with(events.clone());
    let response = tracing::subscriber::with_default(subscriber, || {
        tokio_test::block_on(service.oneshot(request.body(()).unwrap())).unwrap()
    });
    let events = events.0.lock().unwrap();
    (events.clone(), response.status().as_str().to_owned())
}
