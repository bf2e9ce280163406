//! What stays in a `Cached` that is full, and what goes.

use std::{
    sync::{Arc, Mutex, Weak},
    time::{Duration, Instant},
};

use http::{
    HeaderValue, Method, Request,
    header::{CONTENT_LOCATION, VARY},
    request::Parts,
};
use tower::Layer;
use tower_conditional::{
    Cached, ConditionalLayer, Representation, Selected, ValidatorSource, ready_fn,
};
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

#[test]
fn an_answer_that_is_too_large_is_not_kept() {
    for (opaque_tag, field, asked) in [(8192, 0, 1), (8193, 0, 2), (4096, 4096, 1), (4096, 4097, 2)]
    {
        let tag = tag(&"x".repeat(opaque_tag - 2));
        let field = HeaderValue::try_from("y".repeat(field)).unwrap();
        let answer = Representation::from(tag).with_field(CONTENT_LOCATION, field);
        let origin = Origin::new(Selected::Present(answer));
        let (inner, _handle): (Inner, Answered) = mock::pair();
        let source = Cached::new(origin.at_once(), 100, LONG);
        let mut layered = ConditionalLayer::new(source).layer(inner);
        for _ in 0..2 {
            let any = request(Method::GET, "/a", &[("if-none-match", "*")]);
            assert_eq!(status(&mut layered, any), 304);
        }
        assert_eq!(origin.asked.get(), asked, "{opaque_tag}");
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
        let kept = (capacity as usize - 1).clamp(1, 16);
        (20 - kept..20).for_each(ask);
        assert_eq!(asked.get(), before, "the newest of {capacity}");
    }
}

/// A source whose answers depend on the field `x`, and something in the extensions of each.
fn rows() -> (
    impl ValidatorSource<Future: Send + 'static> + Clone + Send + Sync + 'static,
    Arc<Mutex<Vec<Weak<()>>>>,
) {
    let rows: Arc<Mutex<Vec<Weak<()>>>> = Arc::default();
    let made = Arc::clone(&rows);
    let source = ready_fn(move |_: &Parts| {
        let row = Arc::new(());
        made.lock().unwrap().push(Arc::downgrade(&row));
        (Representation::from(tag("1")).with_extension(row))
            .with_field(VARY, HeaderValue::from_static("x"))
    });
    (source, rows)
}

fn get_with(path: &str, x: usize) -> Request<String> {
    let fields = [("x", &*x.to_string()), ("if-none-match", "\"1\"")];
    request(Method::GET, path, &fields)
}

/// An attacker who asks for many variants of many resources must not fill the memory.
#[test]
fn each_variant_needs_room() {
    let (source, rows) = rows();
    let (inner, _handle): (Inner, Answered) = mock::pair();
    let mut layered = ConditionalLayer::new(Cached::new(source, 100, LONG)).layer(inner);
    for n in 0..500 {
        let asked = get_with(&format!("/{}", n / 10), n);
        assert_eq!(status(&mut layered, asked), 304);
    }
    let rows = rows.lock().unwrap();
    let kept = rows.iter().filter(|row| row.strong_count() > 0).count();
    assert_eq!(rows.len(), 500);
    assert!((50..=100).contains(&kept), "{kept}");
}

#[test]
fn variants_from_before_a_write_go_with_the_next_answer() {
    let (source, rows) = rows();
    let (inner, _handle): (Inner, Answered) = mock::pair();
    let source = Cached::new(source, 100, LONG);
    let mut layered = ConditionalLayer::new(source.clone()).layer(inner);
    for x in 0..2 {
        assert_eq!(status(&mut layered, get_with("/a", x)), 304);
    }
    source.forget("/a");
    assert_eq!(status(&mut layered, get_with("/a", 2)), 304);
    let rows = rows.lock().unwrap();
    let kept: Vec<_> = rows.iter().map(Weak::strong_count).collect();
    assert_eq!(kept, [0, 0, 1]);
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
