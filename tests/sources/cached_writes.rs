//! What invalidates the answers of `Cached`: writes that reached a handler, `forget` and `clear`.

use http::{Method, Request, Response};
use tokio_test::{assert_pending, assert_ready, assert_ready_ok, task};
use tower::{Layer, Service, ServiceExt};
use tower_conditional::{Cached, ConditionalLayer, Selected, source::ServiceSource};
use tower_test::mock;

use crate::{
    cached::{Answered, Inner, LONG, Origin, get, status},
    support::{assert_answer, request, response, tag},
};

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
