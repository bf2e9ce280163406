//! What is locked together.

use std::task::Poll;

use http::{Method, request::Parts};
use tokio_test::{assert_pending, assert_ready, task};
use tower_conditional::lock::{KeyedLock, WriteLock};

use crate::support::{Resource, put, request, settle, spawn};

/// Reports whether a write to the second path waits for one to the first.
#[track_caller]
fn waits(lock: WriteLock, first: &str, second: &str) -> bool {
    let resource = Resource::gated();
    let app = resource.service(lock);
    let mut first = spawn(&app, put(first, 1));
    assert!(settle(&mut first).is_none());
    let mut second = spawn(&app, put(second, 1));
    assert!(settle(&mut second).is_none());
    resource.running() == 1
}

#[test]
fn all_names_of_a_path_are_one_key() {
    for name in [
        "/a/b",
        "/a/%62",
        "/a/b/",
        "//a/./b",
        "/x/../a/b",
        "/a%2Fb",
        "/a/b?q",
        "http://h/a/b",
    ] {
        assert!(waits(WriteLock::new(), "/a/b", name), "{name}");
    }
}

#[test]
fn different_paths_do_not_wait() {
    for (one, other) in [
        ("/a", "/b"),
        ("/a", "/A"),
        ("/a", "/a/b"),
        ("/a", "/a%2523"),
    ] {
        assert!(!waits(WriteLock::new(), one, other), "{one} {other}");
    }
}

#[test]
fn a_closure_says_what_is_locked() {
    let by_first = |head: &Parts| head.uri.path().split('/').nth(1).map(str::to_owned);
    assert!(waits(WriteLock::new().key(by_first), "/a/b", "/a/c"));
    let none = |_: &Parts| None::<String>;
    assert!(!waits(WriteLock::new().key(none), "/a", "/a"));
}

/// Without a key everything is as without a lock: a requirement still holds.
#[test]
fn a_request_without_a_key_is_evaluated_nevertheless() {
    let resource = Resource::open();
    let app = resource.service(WriteLock::new().key(|_| None::<String>));
    for (tag, status) in [(None, 428), (Some(9), 412), (Some(1), 200)] {
        let write = request(Method::PUT, "/a", tag);
        assert_eq!(settle(&mut spawn(&app, write)).unwrap().status(), status);
    }
    let post = request(Method::POST, "/a", None);
    assert_eq!(settle(&mut spawn(&app, post)).unwrap().status(), 200);
}

#[test]
fn keys_vanish_when_nobody_holds_them_or_waits() {
    let keys = KeyedLock::new();
    let resource = Resource::gated();
    let app = resource.service(WriteLock::held_by(keys.clone()));
    let mut writes: Vec<_> = (0..200)
        .map(|n| spawn(&app, put(&format!("/{}", n % 100), 1)))
        .collect();
    for write in &mut writes {
        assert!(settle(write).is_none());
    }
    assert_eq!(keys.len(), 100);
    assert_eq!(resource.running(), 100);
    // Half of them are cancelled, and the others end.
    writes.truncate(100);
    resource.gate.add_permits(100);
    for write in &mut writes {
        settle(write).unwrap();
    }
    assert!(keys.is_empty());
}

/// Who comes just when a key is released may get it first. After half a millisecond nobody can come
/// before who has waited.
#[test]
fn who_has_waited_is_overtaken_once_at_most() {
    let keys = KeyedLock::new();
    let mut first = task::spawn(keys.lock(b"k"));
    let held = assert_ready!(first.poll());
    let mut second = task::spawn(keys.lock(b"k"));
    assert_pending!(second.poll());
    drop(held);
    let mut third = task::spawn(keys.lock(b"k"));
    let held = assert_ready!(third.poll());
    std::thread::sleep(std::time::Duration::from_millis(1));
    assert!(second.is_woken());
    assert_pending!(
        second.poll(),
        "the same mutex, because the key has not vanished"
    );
    drop(held);
    let mut fourth = task::spawn(keys.lock(b"k"));
    assert_pending!(fourth.poll());
    let held = assert_ready!(second.poll());
    assert_pending!(fourth.poll());
    drop(held);
    drop(assert_ready!(fourth.poll()));
    assert!(keys.is_empty());
}

/// Each time the key is released, somebody new asks for it before those who wait can run.
#[test]
fn a_stream_of_newcomers_starves_nobody() {
    let keys = KeyedLock::new();
    let lock = || task::spawn(keys.lock(b"k"));
    let mut held = assert_ready!(lock().poll());
    let mut line: Vec<_> = (0..5).map(|number| (number, lock())).collect();
    for (_, waiting) in &mut line {
        assert_pending!(waiting.poll());
    }
    std::thread::sleep(std::time::Duration::from_millis(1));
    let mut served = Vec::new();
    for number in 5..100 {
        drop(held);
        let mut newcomer = lock();
        if let Poll::Ready(faster) = newcomer.poll() {
            served.push(number);
            held = faster;
            for (_, waiting) in line.iter_mut().filter(|(_, waiting)| waiting.is_woken()) {
                assert_pending!(waiting.poll());
            }
            continue;
        }
        line.push((number, newcomer));
        held = loop {
            let woken = line.iter().position(|(_, waiting)| waiting.is_woken());
            let woken = woken.expect("somebody is woken");
            if let Poll::Ready(next) = line[woken].1.poll() {
                served.push(line.remove(woken).0);
                break next;
            }
        };
    }
    // One was faster than the first in the line, and one came before the others lost their places.
    let mut those_who_waited = served[..7].to_vec();
    those_who_waited.sort_unstable();
    assert_eq!(those_who_waited, [0, 1, 2, 3, 4, 5, 6], "{served:?}");
    let rest = &served[7..];
    assert!(
        rest.is_sorted(),
        "the order is that of the line: {served:?}"
    );
}

#[test]
fn a_key_that_is_not_polled_is_given_back() {
    let keys = KeyedLock::new();
    let never = keys.lock(b"k");
    assert_eq!(keys.len(), 1);
    drop(never);
    assert!(keys.is_empty());
    assert!(format!("{keys:?}").contains("len: 0"));
}
