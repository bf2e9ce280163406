//! `Cached`, which caches the answers of another source.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use http::{Method, Request, Response, header::ACCEPT_LANGUAGE, request::Parts};
use tokio_test::{assert_pending, assert_ready, assert_ready_ok, task};
use tower::{Layer, Service, ServiceExt};
use tower_conditional::{
    Cached, ConditionalLayer, Selected, ValidatorSource, ready_fn, source::ServiceSource,
};
use tower_test::mock;

use crate::support::{Counter, assert_answer, request, tag};

pub(crate) const LONG: Duration = Duration::from_secs(3600);

pub(crate) type Inner = mock::Mock<Request<String>, Response<String>>;
pub(crate) type Answered = mock::Handle<Request<String>, Response<String>>;

pub(crate) fn get(path: &str) -> Request<String> {
    request(Method::GET, path, &[("if-none-match", "\"1\"")])
}

/// A source whose answer can be changed, and the number of times it was asked.
#[derive(Clone)]
pub(crate) struct Origin {
    answer: Arc<Mutex<Result<Selected, &'static str>>>,
    pub(crate) asked: Counter,
}

impl Origin {
    pub(crate) fn new(answer: impl Into<Selected>) -> Self {
        Self {
            answer: Arc::new(Mutex::new(Ok(answer.into()))),
            asked: Counter::default(),
        }
    }

    pub(crate) fn set(&self, answer: Result<Selected, &'static str>) {
        *self.answer.lock().unwrap() = answer;
    }

    fn answer(&self) -> Result<Selected, &'static str> {
        self.asked.add_one();
        self.answer.lock().unwrap().clone()
    }

    pub(crate) fn at_once(
        &self,
    ) -> impl ValidatorSource<Future: Send + 'static> + Clone + Send + Sync + 'static {
        let origin = self.clone();
        ready_fn(move |_: &Parts| origin.answer())
    }
}

/// Returns the status of the response, which must be ready at the first poll.
#[track_caller]
pub(crate) fn status<S, B>(service: &mut S, asked: Request<String>) -> u16
where
    S: Service<Request<String>, Response = Response<B>>,
    S::Error: std::fmt::Debug,
{
    let response = assert_ready_ok!(task::spawn(service.call(asked)).poll());
    response.status().as_u16()
}

#[test]
fn a_safe_request_is_served_from_memory() {
    let origin = Origin::new(tag("1"));
    let (inner, _handle): (Inner, Answered) = mock::pair();
    let source = Cached::new(origin.at_once(), 100, LONG);
    let mut layered = ConditionalLayer::new(source).layer(inner);
    for _ in 0..3 {
        assert_eq!(status(&mut layered, get("/a")), 304);
    }
    assert_eq!(origin.asked.get(), 1);
    assert_eq!(status(&mut layered, get("/b")), 304);
    assert_eq!(origin.asked.get(), 2, "another URI");
}

#[test]
fn a_source_that_is_waited_for_is_remembered_too() {
    let (service, mut handle) = mock::pair::<Request<()>, Selected>();
    let (inner, _handle): (Inner, Answered) = mock::pair();
    let source = Cached::new(ServiceSource::new(service), 100, LONG);
    let mut layered = ConditionalLayer::new(source).layer(inner);
    let mut first = task::spawn(layered.call(get("/a")));
    assert_pending!(first.poll());
    let mut asked = task::spawn(handle.next_request());
    assert_ready!(asked.poll())
        .unwrap()
        .1
        .send_response(tag("1").into());
    assert_answer(&assert_ready_ok!(first.poll()), 304, Some("\"1\""));
    assert_eq!(status(&mut layered, get("/a")), 304);
}

#[test]
fn a_write_always_asks_the_source() {
    let origin = Origin::new(tag("2"));
    let (inner, _handle): (Inner, Answered) = mock::pair();
    let source = Cached::new(origin.at_once(), 100, LONG);
    let mut layered = ConditionalLayer::new(source).layer(inner);
    for method in [Method::PUT, Method::POST, Method::DELETE, Method::PATCH] {
        let before = origin.asked.get();
        let write = request(method, "/a", &[("if-match", "\"1\"")]);
        assert_eq!(status(&mut layered, write), 412);
        assert_eq!(origin.asked.get(), before + 1);
    }
}

#[test]
fn only_what_the_source_knows_is_remembered() {
    let origin = Origin::new(Selected::Missing);
    let (inner, _handle): (Inner, Answered) = mock::pair();
    let source = Cached::new(origin.at_once(), 100, LONG);
    let mut layered = ConditionalLayer::new(source).layer(inner);
    for (path, answer, remembered) in [
        ("/missing", Ok(Selected::Missing), true),
        ("/present", Ok(tag("0").into()), true),
        ("/unknown", Ok(Selected::Unknown), false),
        (
            "/answered",
            Ok(Selected::Answered(Response::new(bytes::Bytes::new()))),
            false,
        ),
        ("/failed", Err("down"), false),
    ] {
        origin.set(answer);
        assert_ready_ok!(task::spawn(layered.ready()).poll());
        assert_pending!(task::spawn(layered.call(get(path))).poll());
        let before = origin.asked.get();
        assert_ready_ok!(task::spawn(layered.ready()).poll());
        assert_pending!(task::spawn(layered.call(get(path))).poll());
        assert_eq!(origin.asked.get() == before, remembered, "{path}");
    }
}

#[test]
fn the_time_to_live_ends() {
    let origin = Origin::new(tag("1"));
    let (inner, _handle): (Inner, Answered) = mock::pair();
    let source = Cached::new(origin.at_once(), 100, Duration::from_millis(20));
    let mut layered = ConditionalLayer::new(source).layer(inner);
    let start = Instant::now();
    while origin.asked.get() < 2 {
        assert!(start.elapsed() < Duration::from_secs(60));
        assert_eq!(status(&mut layered, get("/a")), 304);
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn an_answer_that_never_ends_is_remembered() {
    let origin = Origin::new(tag("1"));
    let source = Cached::new(origin.at_once(), 100, Duration::MAX);
    let (inner, _handle): (Inner, Answered) = mock::pair();
    let mut layered = ConditionalLayer::new(source).layer(inner);
    for _ in 0..3 {
        assert_eq!(status(&mut layered, get("/a")), 304);
    }
    assert_eq!(origin.asked.get(), 1);
}

/// The cache evicts in batches, so it can hold a few more answers than its capacity.
#[test]
fn the_number_of_answers_is_bounded() {
    let origin = Origin::new(tag("1"));
    let (inner, _handle): (Inner, Answered) = mock::pair();
    let source = Cached::new(origin.at_once(), 10, LONG);
    let mut layered = ConditionalLayer::new(source).layer(inner);
    for _ in 0..2 {
        for n in 0..5000 {
            assert_eq!(status(&mut layered, get(&format!("/{n}"))), 304);
        }
    }
    assert!(origin.asked.get() > 9000, "asked {}", origin.asked.get());
}

#[test]
fn clearing_forgets_everything() {
    let origin = Origin::new(tag("1"));
    let (inner, _handle): (Inner, Answered) = mock::pair();
    let source = Cached::new(origin.at_once(), 100, LONG);
    let mut layered = ConditionalLayer::new(source.clone()).layer(inner);
    assert_eq!(status(&mut layered, get("/a")), 304);
    source.clear();
    assert_eq!(status(&mut layered, get("/a")), 304);
    assert_eq!(origin.asked.get(), 2);
}

#[test]
fn the_key_tells_representations_apart() {
    let asked = Counter::default();
    let counter = asked.clone();
    let language = |head: &Parts| head.headers.get(ACCEPT_LANGUAGE).cloned();
    let negotiated = ready_fn(move |head: &Parts| {
        counter.add_one();
        tag(head.headers[ACCEPT_LANGUAGE].to_str().unwrap())
    });
    let (inner, _handle): (Inner, Answered) = mock::pair();
    let source = Cached::with_key(negotiated, language, 100, LONG);
    let mut layered = ConditionalLayer::new(source).layer(inner);
    for _ in 0..2 {
        for (language, tag) in [("en", "\"en\""), ("de", "\"de\"")] {
            let fields = [("accept-language", language), ("if-none-match", tag)];
            assert_eq!(
                status(&mut layered, request(Method::GET, "/a", &fields)),
                304
            );
        }
    }
    assert_eq!(asked.get(), 2);
}
