//! What stays in a `Cached` that is full, and what goes.

use std::{
    sync::{Arc, Mutex, Weak},
    time::{Duration, Instant},
};

use http::{HeaderValue, Method, header::VARY, request::Parts};
use tower::Layer;
use tower_conditional::{Cached, ConditionalLayer, Representation, ready_fn};
use tower_test::mock;

use crate::{
    cached::{Answered, Inner, LONG, Origin, get, status},
    support::{Counter, request, tag},
};

/// An attacker who asks for many resources must not push out what others ask for.
#[test]
fn what_is_asked_for_often_stays() {
    let origin = Origin::new(tag("1"));
    let (inner, _handle): (Inner, Answered) = mock::pair();
    let source = Cached::new(origin.at_once(), 100, LONG);
    let mut layered = ConditionalLayer::new(source).layer(inner);
    for _ in 0..10 {
        assert_eq!(status(&mut layered, get("/popular")), 304);
    }
    for n in 0..5000 {
        assert_eq!(status(&mut layered, get(&format!("/{n}"))), 304);
    }
    let before = origin.asked.get();
    assert_eq!(before, 5001);
    assert_eq!(status(&mut layered, get("/popular")), 304);
    assert_eq!(origin.asked.get(), before);
}

#[test]
fn the_smallest_and_the_largest_capacity_work() {
    for (capacity, asked) in [(0, 4), (1, 1), (u64::MAX, 1)] {
        let origin = Origin::new(tag("1"));
        let (inner, _handle): (Inner, Answered) = mock::pair();
        let source = Cached::new(origin.at_once(), capacity, LONG);
        let mut layered = ConditionalLayer::new(source).layer(inner);
        for _ in 0..4 {
            assert_eq!(status(&mut layered, get("/a")), 304);
        }
        assert_eq!(origin.asked.get(), asked, "{capacity}");
    }
}

/// The variants of one resource may be as many as fit into the cache: they must not make it refuse
/// all of them.
#[test]
fn the_variants_of_a_resource_fit_into_a_small_cache() {
    for capacity in 1..40 {
        let asked = Counter::default();
        let counter = asked.clone();
        let source = ready_fn(move |_: &Parts| {
            counter.add_one();
            Representation::from(tag("1")).with_field(VARY, HeaderValue::from_static("x"))
        });
        let (inner, _handle): (Inner, Answered) = mock::pair();
        let source = Cached::new(source, capacity, LONG);
        let mut layered = ConditionalLayer::new(source).layer(inner);
        let mut ask = |x: usize| {
            let x = x.to_string();
            let fields = [("x", &*x), ("if-none-match", "\"1\"")];
            assert_eq!(
                status(&mut layered, request(Method::GET, "/a", &fields)),
                304
            );
        };
        for x in 0..20 {
            ask(x);
        }
        let before = asked.get();
        ask(19);
        assert_eq!(asked.get(), before, "the newest of {capacity}");
    }
}

/// They would keep what the source has put into the extensions alive.
#[test]
fn answers_whose_time_is_over_are_dropped() {
    let rows: Arc<Mutex<Vec<Weak<()>>>> = Arc::default();
    let made = Arc::clone(&rows);
    let source = ready_fn(move |_: &Parts| {
        let row = Arc::new(());
        made.lock().unwrap().push(Arc::downgrade(&row));
        Representation::from(tag("1")).with_extension(row)
    });
    let (inner, _handle): (Inner, Answered) = mock::pair();
    let source = Cached::new(source, 100, Duration::from_millis(20));
    let mut layered = ConditionalLayer::new(source).layer(inner);
    assert_eq!(status(&mut layered, get("/a")), 304);
    let start = Instant::now();
    // Other resources are asked for, and the first one never again.
    for n in 0.. {
        assert!(start.elapsed() < Duration::from_secs(60));
        assert_eq!(status(&mut layered, get(&format!("/{n}"))), 304);
        if rows.lock().unwrap()[0].strong_count() == 0 {
            break;
        }
        std::thread::sleep(Duration::from_millis(30));
        assert!(n < 99, "the capacity is not reached");
    }
}
