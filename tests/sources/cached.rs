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

use crate::support::{Counter, assert_answer, request, response, tag};

const LONG: Duration = Duration::from_secs(3600);

type Inner = mock::Mock<Request<String>, Response<String>>;
type Answered = mock::Handle<Request<String>, Response<String>>;

fn get(path: &str) -> Request<String> {
    request(Method::GET, path, &[("if-none-match", "\"1\"")])
}

/// A source whose answer can be changed, and the number of times it was asked.
#[derive(Clone)]
struct Origin {
    answer: Arc<Mutex<Result<Selected, &'static str>>>,
    asked: Counter,
}

impl Origin {
    fn new(answer: impl Into<Selected>) -> Self {
        Self {
            answer: Arc::new(Mutex::new(Ok(answer.into()))),
            asked: Counter::default(),
        }
    }

    fn set(&self, answer: Result<Selected, &'static str>) {
        *self.answer.lock().unwrap() = answer;
    }

    fn answer(&self) -> Result<Selected, &'static str> {
        self.asked.add_one();
        self.answer.lock().unwrap().clone()
    }

    fn at_once(
        &self,
    ) -> impl ValidatorSource<Future: Send + 'static> + Clone + Send + Sync + 'static {
        let origin = self.clone();
        ready_fn(move |_: &Parts| origin.answer())
    }
}

/// Returns the status of the response, which must be ready at the first poll.
#[track_caller]
fn status<S, B>(service: &mut S, asked: Request<String>) -> u16
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
            Ok(Selected::Answered(Response::new(()))),
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

/// Caches the answer for `/a`, then writes to `/a`, and calls `end` to end the write. Returns
/// whether the source is asked again after it.
fn invalidates(end: impl FnOnce(mock::SendResponse<Response<String>>)) -> bool {
    let origin = Origin::new(tag("1"));
    let (inner, mut handle): (Inner, Answered) = mock::pair();
    let source = Cached::new(origin.at_once(), 100, LONG);
    let mut layered = ConditionalLayer::new(source).layer(inner);
    assert_eq!(status(&mut layered, get("/a")), 304);

    assert_ready_ok!(task::spawn(layered.ready()).poll());
    let mut write = task::spawn(layered.call(request(Method::PUT, "/a?force", &[])));
    assert_pending!(write.poll());
    origin.set(Ok(Selected::Unknown));
    assert_eq!(
        status(&mut layered, get("/a")),
        304,
        "the write is not over"
    );
    let mut performed = task::spawn(handle.next_request());
    end(assert_ready!(performed.poll()).unwrap().1);
    let _ = write.poll();
    drop(write);

    origin.set(Ok(tag("1").into()));
    let before = origin.asked.get();
    assert_eq!(status(&mut layered, get("/a")), 304);
    origin.asked.get() > before
}

#[test]
fn a_write_drops_what_is_remembered_when_it_is_over_whatever_its_end() {
    // 408 is what a timeout around the handler answers; 409 and 412, what a handler answers that
    // found another state than the source.
    for status in [
        200, 204, 207, 303, 400, 408, 409, 410, 412, 413, 422, 499, 500, 503,
    ] {
        let end = |answer: mock::SendResponse<_>| answer.send_response(response(status, &[]));
        assert!(invalidates(end), "{status}");
    }
    assert!(invalidates(|answer| answer.send_error("connection reset")));
    assert!(invalidates(std::mem::forget), "cancelled");
}

/// Once, anybody could empty the cache with requests that nothing performed.
#[test]
fn a_write_that_no_handler_performed_drops_nothing() {
    for status in [401, 403, 404, 405, 415, 428, 429, 501] {
        let end = |answer: mock::SendResponse<_>| answer.send_response(response(status, &[]));
        assert!(!invalidates(end), "{status}");
    }
}

/// Once, 5,000 refused requests for other paths dropped 996 of 1,000 answers.
#[test]
fn requests_for_other_paths_drop_nothing() {
    let origin = Origin::new(tag("1"));
    let (inner, mut handle): (Inner, Answered) = mock::pair();
    let source = Cached::new(origin.at_once(), 10_000, LONG);
    let mut layered = ConditionalLayer::new(source.clone()).layer(inner);
    for n in 0..200 {
        assert_eq!(status(&mut layered, get(&format!("/{n}"))), 304);
    }
    for n in 0..2000 {
        assert_ready_ok!(task::spawn(layered.ready()).poll());
        let foo = Method::from_bytes(b"FOO").unwrap();
        let mut write = task::spawn(layered.call(request(foo, &format!("/x{n}"), &[])));
        assert_pending!(write.poll());
        let mut performed = task::spawn(handle.next_request());
        let (_, answer) = assert_ready!(performed.poll()).unwrap();
        answer.send_response(response(200, &[]));
        assert_ready_ok!(write.poll());
        source.forget(&format!("/y{n}"));
        // The layer refuses this one itself.
        let refused = request(
            Method::PUT,
            &format!("/{}", n % 200),
            &[("if-match", "\"0\"")],
        );
        assert_eq!(status(&mut layered, refused), 412);
    }
    let before = origin.asked.get();
    for n in 0..200 {
        assert_eq!(status(&mut layered, get(&format!("/{n}"))), 304);
    }
    assert_eq!(origin.asked.get(), before);
}

/// The source reads version 1, then the resource is changed, and then the answer of the source
/// arrives.
#[track_caller]
fn a_slow_answer_is_not_kept(change: impl FnOnce(&Cached<ServiceSource<Sources>>)) {
    let (service, mut sources) = mock::pair::<Request<()>, Selected>();
    let (inner, mut handle): (Inner, Answered) = mock::pair();
    let source = Cached::new(ServiceSource::new(service), 100, LONG);
    let mut layered = ConditionalLayer::new(source.clone()).layer(inner);

    let mut slow = task::spawn(layered.call(get("/a")));
    assert_pending!(slow.poll());
    let mut asked = task::spawn(sources.next_request());
    let (_, old) = assert_ready!(asked.poll()).unwrap();
    drop(asked);

    change(&source);
    assert_ready_ok!(task::spawn(layered.ready()).poll());
    let mut write = task::spawn(layered.call(request(Method::PUT, "/b", &[])));
    assert_pending!(write.poll());
    let mut performed = task::spawn(handle.next_request());
    let (_, answer) = assert_ready!(performed.poll()).unwrap();
    answer.send_response(response(204, &[]));
    assert_answer(&assert_ready_ok!(write.poll()), 204, None);

    // A request that comes now does not wait for the old answer.
    assert_ready_ok!(task::spawn(layered.ready()).poll());
    let mut early = task::spawn(layered.call(get("/a")));
    assert_pending!(early.poll());
    let mut asked = task::spawn(sources.next_request());
    let (_, new) = assert_ready!(asked.poll()).unwrap();
    drop(asked);

    old.send_response(tag("1").into());
    assert_answer(&assert_ready_ok!(slow.poll()), 304, Some("\"1\""));
    assert_pending!(early.poll());

    // Nor does one that comes after the old answer has arrived.
    assert_ready_ok!(task::spawn(layered.ready()).poll());
    let mut late = task::spawn(layered.call(get("/a")));
    assert_pending!(late.poll());
    new.send_response(tag("2").into());
    for waiting in [&mut early, &mut late] {
        assert_pending!(waiting.poll(), "the handler runs: version 1 is old");
    }
    assert_pending!(task::spawn(sources.next_request()).poll(), "one question");
}

type Sources = mock::Mock<Request<()>, Selected>;

#[test]
fn a_slow_answer_does_not_bring_an_old_version_back() {
    a_slow_answer_is_not_kept(|source| {
        let (inner, mut handle): (Inner, Answered) = mock::pair();
        let mut layered = ConditionalLayer::new(source.clone()).layer(inner);
        assert_ready_ok!(task::spawn(layered.ready()).poll());
        let mut write = task::spawn(layered.call(request(Method::PUT, "/%61", &[])));
        assert_pending!(write.poll());
        let mut performed = task::spawn(handle.next_request());
        let (_, answer) = assert_ready!(performed.poll()).unwrap();
        answer.send_response(response(204, &[]));
        assert_answer(&assert_ready_ok!(write.poll()), 204, None);
    });
    a_slow_answer_is_not_kept(|source| source.forget("/a"));
    a_slow_answer_is_not_kept(Cached::clear);
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
fn forgetting_a_path_forgets_all_of_its_names_and_nothing_else() {
    for name in [
        "/d/test",
        "/d/%74est",
        "/d/test/",
        "/x/../d/test?q",
        "/d/test#f",
    ] {
        let origin = Origin::new(tag("1"));
        let (inner, _handle): (Inner, Answered) = mock::pair();
        let source = Cached::new(origin.at_once(), 100, LONG);
        let mut layered = ConditionalLayer::new(source.clone()).layer(inner);
        let paths = ["/d/test", "/d/test?q", "/d/%74est?r", "/d"];
        for (asked, path) in paths.iter().enumerate() {
            assert_eq!(status(&mut layered, get(path)), 304);
            assert_eq!(origin.asked.get(), asked + 1);
        }
        source.forget(name);
        for path in paths {
            assert_eq!(status(&mut layered, get(path)), 304);
        }
        assert_eq!(origin.asked.get(), 7, "{name}");
    }
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
