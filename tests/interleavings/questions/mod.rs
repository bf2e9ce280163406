//! One question to the source at a time, and none that is older than a write.
//!
//! `flight.rs` and `future.rs` of the crate run here, with a store that has room for one answer, and
//! a count of writes in place of the table of paths: the cases of `cached` are about that.

mod parts;

use shuttle::{future::block_on, thread};
use tokio_test::task;
use tower_conditional::Selected;

use self::parts::{Bound, CacheKey, Question, entry, hashed, request, source, variant};
use crate::{
    all,
    source::{Answer, Lookup},
    sync::{Arc, Ordering},
};

#[path = "../../../src/source/cached/flight.rs"]
#[allow(dead_code, unreachable_pub)]
mod flight;
#[path = "../../../src/source/cached/future.rs"]
#[allow(dead_code, unreachable_pub, missing_docs)]
mod future;

mod sync {
    pub(super) use std::sync::PoisonError;

    pub(super) use shuttle::sync::{Mutex, MutexGuard};
}

fn version(answer: Answer) -> u64 {
    match answer {
        Ok(Selected::Present(representation)) => {
            let tag = representation.validators().etag().unwrap();
            tag.version().unwrap()
        }
        other => panic!("{other:?}"),
    }
}

/// Asks as `CachedSource` does.
fn look_up(bound: &Arc<Bound>) -> u64 {
    let answer = match future::CachedFuture::ask(bound.clone(), Question::new()) {
        Lookup::Ready(answer) => answer,
        Lookup::Pending(answer) => block_on(answer),
    };
    version(answer)
}

#[test]
fn two_who_ask_at_once_ask_once() {
    all(|| {
        let bound = Bound::new();
        let other = bound.clone();
        let other = thread::spawn(move || look_up(&other));
        assert_eq!(look_up(&bound), 0);
        assert_eq!(other.join().unwrap(), 0);
        assert_eq!(bound.source.asked.load(Ordering::SeqCst), 1);
    });
}

fn a_question_and_a_write(bound: Arc<Bound>) {
    let reader = bound.clone();
    let reader = thread::spawn(move || look_up(&reader));
    bound.write(1);
    assert!(look_up(&bound) == 1, "an old answer is shared");
    // It was asked before the write, after it, or meanwhile.
    assert!(reader.join().unwrap() <= 1);
    assert!(look_up(&bound) == 1, "an old answer is kept");
}

#[test]
fn who_asks_after_a_write_gets_no_older_answer() {
    all(|| a_question_and_a_write(Bound::new()));
}

/// A question that is joined whatever was written since: the case above can fail.
#[test]
#[should_panic(expected = "an old answer is shared")]
fn a_question_from_before_a_write_is_found() {
    all(|| a_question_and_a_write(Bound::blind()));
}

#[test]
fn one_who_goes_away_stops_nobody() {
    all(|| {
        let bound = Bound::new();
        let other = bound.clone();
        let other = thread::spawn(move || {
            let asked = future::CachedFuture::ask(other, Question::new());
            if let Lookup::Pending(answer) = asked {
                let _ = task::spawn(answer).poll();
            }
        });
        assert_eq!(look_up(&bound), 0);
        other.join().unwrap();
        assert!(bound.source.asked.load(Ordering::SeqCst) <= 2);
    });
}
