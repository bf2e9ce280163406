//! One question at a time: requests that need the same answer of a `Cached` source at the same time.

use std::{
    convert::Infallible,
    future::Future,
    sync::{Arc, Mutex},
    time::Duration,
};

use http::{
    HeaderValue, Method, Request, Response,
    header::{CACHE_CONTROL, VARY},
    request::Parts,
};
use tokio::sync::oneshot;
use tokio_test::{assert_pending, assert_ready, assert_ready_ok, task};
use tower::{Layer, Service, service_fn};
use tower_conditional::{
    Cached, ConditionalLayer, Representation, Selected, ValidatorSource, source::BoxedSource,
    source_fn,
};

use crate::support::{Counter, request, response, tag};

const LONG: Duration = Duration::from_secs(3600);

pub(crate) type Answer = Result<Selected, &'static str>;

/// A source that waits until the test answers its questions, in order.
#[derive(Clone, Default)]
pub(crate) struct Slow {
    pub(crate) asked: Counter,
    open: Arc<Mutex<Vec<oneshot::Sender<Answer>>>>,
}

impl Slow {
    fn source(&self) -> BoxedSource {
        let slow = self.clone();
        source_fn(move |_: &Parts| {
            slow.asked.add_one();
            let (sender, answer) = oneshot::channel();
            slow.open.lock().unwrap().push(sender);
            async move { answer.await.expect("the source panics") }
        })
        .boxed()
    }

    /// Answers the oldest question.
    pub(crate) fn answer(&self, answer: Answer) {
        let sender = self.open.lock().unwrap().remove(0);
        sender.send(answer).ok();
    }

    /// Answers the latest question.
    pub(crate) fn answer_last(&self, answer: Answer) {
        let sender = self.open.lock().unwrap().pop().unwrap();
        sender.send(answer).ok();
    }

    pub(crate) fn layer(&self) -> ConditionalLayer<Cached<BoxedSource>> {
        ConditionalLayer::new(Cached::new(self.source(), 10_000, LONG))
    }
}

pub(crate) fn get(fields: &[(&'static str, &str)]) -> Request<String> {
    request(
        Method::GET,
        "/a",
        &[&[("if-none-match", "\"1\"")], fields].concat(),
    )
}

pub(crate) async fn handle(_: Request<String>) -> Result<Response<String>, Infallible> {
    Ok(response(200, &[]))
}

/// The status of a request that is waited for.
pub(crate) type Waiting<'a> = task::Spawn<std::pin::Pin<Box<dyn Future<Output = u16> + Send + 'a>>>;

pub(crate) fn send<'a, S, B: 'a>(service: &S, asked: Request<String>) -> Waiting<'a>
where
    S: Service<Request<String>, Response = Response<B>, Error = Infallible> + Clone + Send + 'a,
    S::Future: Send,
{
    let mut service = service.clone();
    // Called at once: what is not polled must not keep others waiting.
    let future = service.call(asked);
    task::spawn(Box::pin(
        async move { future.await.unwrap().status().as_u16() },
    ))
}

#[test]
fn an_error_is_shared_and_not_kept() {
    for failed in [Err("down"), Ok(Selected::Unknown)] {
        let slow = Slow::default();
        let service = slow.layer().layer(service_fn(handle));
        let mut all: Vec<_> = (0..5).map(|_| send(&service, get(&[]))).collect();
        for waiting in &mut all {
            assert_pending!(waiting.poll());
        }
        slow.answer(failed);
        for waiting in &mut all {
            assert_eq!(assert_ready!(waiting.poll()), 200);
        }
        assert_eq!(slow.asked.get(), 1);
        let mut next = send(&service, get(&[]));
        assert_pending!(next.poll());
        assert_eq!(slow.asked.get(), 2);
    }
}

#[test]
fn a_request_that_is_dropped_or_never_polled_keeps_nobody_waiting() {
    let slow = Slow::default();
    let service = slow.layer().layer(service_fn(handle));
    let never_polled = send(&service, get(&[]));
    let mut first = send(&service, get(&[]));
    assert_pending!(first.poll());
    let mut polled_once = send(&service, get(&[]));
    assert_pending!(polled_once.poll());
    let mut last = send(&service, get(&[]));
    assert_pending!(last.poll());
    drop(first);
    slow.answer(Ok(tag("1").into()));
    assert!(last.is_woken());
    assert_eq!(assert_ready!(last.poll()), 304);
    assert_eq!(slow.asked.get(), 1, "the answer was not lost");
    drop((never_polled, polled_once));
}

#[test]
fn the_question_is_dropped_with_the_last_who_waits() {
    let slow = Slow::default();
    let service = slow.layer().layer(service_fn(handle));
    let mut all: Vec<_> = (0..3).map(|_| send(&service, get(&[]))).collect();
    for waiting in &mut all {
        assert_pending!(waiting.poll());
    }
    while let Some(waiting) = all.pop() {
        assert!(!slow.open.lock().unwrap()[0].is_closed());
        drop(waiting);
    }
    assert!(slow.open.lock().unwrap()[0].is_closed());
    assert_pending!(send(&service, get(&[])).poll());
    assert_eq!(slow.asked.get(), 2, "the next request asks anew");
}

/// Those who wait are not lined up one after the other when their answers differ.
#[test]
fn an_answer_for_another_request_is_not_used() {
    let vary = |etag: &str| {
        let vary = HeaderValue::from_static("accept-language");
        Ok(Representation::from(tag(etag))
            .with_field(VARY, vary)
            .into())
    };
    let slow = Slow::default();
    let service = slow.layer().layer(service_fn(handle));
    let [it, en] = [[("accept-language", "it")], [("accept-language", "en")]];
    let mut italian: Vec<_> = (0..3).map(|_| send(&service, get(&it))).collect();
    let mut english: Vec<_> = (0..3).map(|_| send(&service, get(&en))).collect();
    for waiting in italian.iter_mut().chain(&mut english) {
        assert_pending!(waiting.poll());
    }
    assert_eq!(slow.asked.get(), 1);
    slow.answer(vary("1"));
    for waiting in &mut english {
        assert_pending!(waiting.poll());
    }
    assert_eq!(slow.asked.get(), 2, "one question for all of the others");
    for waiting in &mut italian {
        assert_eq!(assert_ready!(waiting.poll()), 304);
    }
    slow.answer(vary("2"));
    for waiting in &mut english {
        assert_eq!(assert_ready!(waiting.poll()), 200);
    }

    // What answers depend on is known by now, so different questions are asked at once.
    let mut others = Vec::new();
    for language in ["de", "fr", "de"] {
        others.push(send(&service, get(&[("accept-language", language)])));
        assert_pending!(others.last_mut().unwrap().poll());
    }
    assert_eq!(slow.asked.get(), 4);
}

#[test]
fn a_private_answer_is_for_the_one_that_asked() {
    let private = |etag: &str| {
        let private = HeaderValue::from_static("private");
        let representation = Representation::from(tag(etag));
        Ok(representation.with_field(CACHE_CONTROL, private).into())
    };
    let slow = Slow::default();
    let service = slow.layer().layer(service_fn(handle));
    let mut all: Vec<_> = (0..3).map(|_| send(&service, get(&[]))).collect();
    for waiting in &mut all {
        assert_pending!(waiting.poll());
    }
    slow.answer(private("1"));
    // The first to be polled is one that waits.
    for waiting in all.iter_mut().skip(1) {
        assert_pending!(waiting.poll());
    }
    assert_eq!(assert_ready!(all[0].poll()), 304);
    assert_eq!(slow.asked.get(), 3, "both ask at once");
    slow.answer(private("2"));
    slow.answer(private("1"));
    assert_eq!(assert_ready!(all[1].poll()), 200);
    assert_eq!(assert_ready!(all[2].poll()), 304);
}

#[test]
fn no_cache_does_not_use_a_question_from_before_it() {
    let slow = Slow::default();
    let service = slow.layer().layer(service_fn(handle));
    let mut old = send(&service, get(&[]));
    assert_pending!(old.poll());
    let no_cache = [("cache-control", "no-cache")];
    let mut fresh: Vec<_> = (0..3).map(|_| send(&service, get(&no_cache))).collect();
    for waiting in &mut fresh {
        assert_pending!(waiting.poll());
    }
    assert_eq!(slow.asked.get(), 1, "one at a time");
    slow.answer(Ok(tag("1").into()));
    for waiting in &mut fresh {
        assert_pending!(waiting.poll());
    }
    assert_eq!(assert_ready!(old.poll()), 304);
    assert_eq!(slow.asked.get(), 2, "one question for all of them");
    slow.answer(Ok(tag("2").into()));
    for waiting in &mut fresh {
        assert_eq!(assert_ready!(waiting.poll()), 200);
    }
    assert_eq!(assert_ready!(send(&service, get(&[])).poll()), 200, "kept");
}

#[test]
fn a_panic_is_that_of_one_request() {
    let slow = Slow::default();
    let service = slow.layer().layer(service_fn(handle));
    let mut all: Vec<_> = (0..3).map(|_| send(&service, get(&[]))).collect();
    for waiting in &mut all {
        assert_pending!(waiting.poll());
    }
    // The source panics when its channel is closed.
    slow.open.lock().unwrap().clear();
    let mut first = all.remove(0);
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| first.poll()));
    assert!(panicked.is_err());
    for waiting in &mut all {
        assert_pending!(waiting.poll());
        slow.answer(Ok(tag("1").into()));
        assert_eq!(assert_ready!(waiting.poll()), 304);
    }
    assert_eq!(assert_ready!(send(&service, get(&[])).poll()), 304);
}

#[test]
fn a_ready_answer_needs_no_second_poll() {
    let source = tower_conditional::ready_fn(|_| tag("1"));
    let layer = ConditionalLayer::new(Cached::new(source, 100, LONG));
    let mut service = layer.layer(service_fn(handle));
    assert_ready_ok!(task::spawn(service.call(get(&[]))).poll());
}
