//! Sends one request through the layer, and records the result.

use std::sync::Arc;

use bytes::Bytes;
use http::{
    HeaderName, HeaderValue, Method, Request, Response, StatusCode,
    request::{self, Parts},
};
use http_body_util::{BodyExt, Full};
use tower::{Layer, ServiceExt};
use tower_conditional::{
    ConditionalLayer, Decision, EntityTag, HttpDate, Representation, Requirement, Rules, Selected,
    ValidatorSource, ready_fn, source_fn,
};

use crate::probe::Respond;
pub(crate) use crate::probe::{AtomicCounter, Handler};

/// The answer of a source, as a type that can be cloned.
pub(crate) type Answer = Result<Selected, &'static str>;

/// A request, the answer of the source, and the settings of the layer.
#[derive(Clone)]
pub(crate) struct Trial {
    head: Parts,
    answer: Answer,
    handler: Respond,
    rules: Rules,
    requirement: Requirement,
    per_resource: bool,
    stamp: bool,
    record: bool,
    reads: bool,
}

impl Trial {
    pub(crate) fn new(method: Method, answer: Answer) -> Self {
        Self {
            head: head(method),
            answer,
            handler: Handler::default().respond,
            rules: Rules::RFC9110,
            requirement: Requirement::NONE,
            per_resource: false,
            stamp: true,
            record: true,
            reads: true,
        }
    }

    /// Adds a field line to the request.
    pub(crate) fn with(mut self, name: &'static str, value: impl AsRef<[u8]>) -> Self {
        let value = HeaderValue::from_bytes(value.as_ref()).unwrap();
        let name = HeaderName::from_static(name);
        self.head.headers.append(name, value);
        self
    }

    pub(crate) fn handler(
        mut self,
        respond: impl Fn() -> Response<Full<Bytes>> + Send + Sync + 'static,
    ) -> Self {
        self.handler = Arc::new(respond);
        self
    }

    pub(crate) fn rules(mut self, rules: Rules) -> Self {
        self.rules = rules;
        self
    }

    pub(crate) fn require(mut self, requirement: Requirement) -> Self {
        self.requirement = requirement;
        self
    }

    pub(crate) fn require_per_resource(mut self) -> Self {
        self.per_resource = true;
        self
    }

    pub(crate) fn set_validators(mut self, yes: bool) -> Self {
        self.stamp = yes;
        self
    }

    pub(crate) fn record_decision(mut self, yes: bool) -> Self {
        self.record = yes;
        self
    }

    pub(crate) fn outcome_of_reads(mut self, yes: bool) -> Self {
        self.reads = yes;
        self
    }

    /// Sends the request through a layer with a source that answers at once, and through one with a
    /// source that has to be awaited. Both must have the same result.
    #[track_caller]
    pub(crate) fn send(&self) -> Exchange {
        let at_once = self.send_at_once();

        let asked = AtomicCounter::default();
        let (counter, answer) = (asked.clone(), self.answer.clone());
        let source = source_fn(move |_: &Parts| {
            counter.add_one();
            let answer = answer.clone();
            async move {
                tokio::task::yield_now().await;
                answer
            }
        });
        let awaited = self.through(source, &asked);

        assert_eq!(
            at_once.asked, awaited.asked,
            "how often the source was asked"
        );
        assert_eq!(at_once.response.status(), awaited.response.status());
        assert_eq!(at_once.response.headers(), awaited.response.headers());
        assert_eq!(at_once.response.body(), awaited.response.body());
        assert_eq!(at_once.decision(), awaited.decision());
        assert_eq!(
            at_once.seen.is_some(),
            awaited.seen.is_some(),
            "handler called"
        );
        awaited
    }

    /// Sends the request through a layer with a source that answers at once.
    #[track_caller]
    pub(crate) fn send_at_once(&self) -> Exchange {
        let asked = AtomicCounter::default();
        let (counter, answer) = (asked.clone(), self.answer.clone());
        let source = ready_fn(move |_: &Parts| {
            counter.add_one();
            answer.clone()
        });
        self.through(source, &asked)
    }

    #[track_caller]
    fn through<V: ValidatorSource + Clone>(&self, source: V, asked: &AtomicCounter) -> Exchange {
        let handler = Handler {
            respond: Arc::clone(&self.handler),
            seen: Arc::default(),
        };
        let mut layer = ConditionalLayer::new(source)
            .rules(self.rules)
            .require(self.requirement.clone())
            .set_validators(self.stamp)
            .record_decision(self.record)
            .outcome_of_reads(self.reads);
        if self.per_resource {
            layer = layer.require_per_resource();
        }
        let request = Request::from_parts(self.head.clone(), String::from("sent"));
        let response = tokio_test::block_on(async {
            let service = layer.layer(handler.clone());
            let (head, body) = service.oneshot(request).await.unwrap().into_parts();
            Response::from_parts(head, body.collect().await.unwrap().to_bytes())
        });
        Exchange {
            response,
            seen: (handler.calls() > 0).then(|| handler.only_request()),
            asked: asked.count(),
        }
    }

    /// Sends the request. The layer must answer it in place of the handler.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16) -> Exchange {
        let exchange = self.send();
        assert_eq!(exchange.response.status().as_u16(), status);
        assert!(exchange.seen.is_none(), "the handler was called");
        exchange
    }

    /// Sends the request. The handler must get it, and its response must be returned.
    #[track_caller]
    pub(crate) fn performed(&self) -> Exchange {
        let exchange = self.send();
        assert!(
            exchange.seen.is_some(),
            "the handler was not called: {exchange:?}"
        );
        assert_eq!(exchange.response.status(), (self.handler)().status());
        exchange
    }
}

/// The result of a request.
#[derive(Debug)]
pub(crate) struct Exchange {
    pub(crate) response: Response<Bytes>,
    /// The head of the request that the handler got.
    pub(crate) seen: Option<Parts>,
    /// The number of times the source was asked.
    pub(crate) asked: usize,
}

impl Exchange {
    pub(crate) fn decision(&self) -> Option<Decision> {
        self.response.extensions().get().copied()
    }

    /// Returns the only line of a field of the response.
    #[track_caller]
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        let mut lines = self.response.headers().get_all(name).iter();
        let line = lines.next()?;
        assert!(lines.next().is_none(), "more than one line of {name}");
        Some(line.to_str().unwrap())
    }
}

pub(crate) fn head(method: Method) -> Parts {
    let request = request::Builder::new().method(method).uri("/resource");
    request.body(()).unwrap().into_parts().0
}

pub(crate) fn present(representation: impl Into<Representation>) -> Answer {
    Ok(Selected::Present(representation.into()))
}

pub(crate) fn tagged(tag: &str) -> Answer {
    present(tag.parse::<EntityTag>().unwrap())
}

pub(crate) fn dated(date: &str) -> Answer {
    present(date_of(date))
}

pub(crate) fn date_of(date: &str) -> HttpDate {
    HttpDate::parse(date.as_bytes(), std::time::SystemTime::now()).unwrap()
}

/// A response of the handler's.
pub(crate) fn response(
    status: StatusCode,
    fields: &[(&'static str, &'static str)],
) -> Response<Full<Bytes>> {
    let mut response = Response::builder().status(status);
    for (name, value) in fields {
        response = response.header(*name, *value);
    }
    response.body(Full::from("content")).unwrap()
}
