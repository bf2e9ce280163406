//! An answer from before a write is not used after it.

use http::Uri;
use shuttle::thread;

use crate::{
    all,
    paths::{Paths, Seen},
    sync::{Arc, AtomicU64, Mutex, Ordering},
};

/// A cache with room for one answer, and the state that it is about.
#[derive(Default)]
pub(crate) struct Cache {
    pub(crate) paths: Paths,
    pub(crate) state: AtomicU64,
    kept: Mutex<Option<(u64, Seen)>>,
}

impl Cache {
    /// Returns the answer that is kept, or asks.
    pub(crate) fn look_up(&self) -> u64 {
        match self.kept() {
            Some(answer) => answer,
            None => self.ask(),
        }
    }

    /// Asks, and keeps the answer, as `Asking` does.
    fn ask(&self) -> u64 {
        let seen = self.paths.seen("/a");
        let answer = self.state.load(Ordering::SeqCst);
        if seen.is_current() {
            *self.kept.lock().unwrap() = Some((answer, seen));
        }
        answer
    }

    pub(crate) fn kept(&self) -> Option<u64> {
        let kept = self.kept.lock().unwrap();
        let current = kept.as_ref().filter(|(_, seen)| seen.is_current());
        current.map(|(answer, _)| *answer)
    }

    /// Writes as a handler inside of `WatchWrites` does.
    pub(crate) fn write(&self, value: u64) {
        let write = self.paths.begin(&Uri::from_static("/%61"));
        self.state.store(value, Ordering::SeqCst);
        drop(write);
    }

    #[track_caller]
    fn assert_nothing_old_is_kept(&self) {
        let state = self.state.load(Ordering::SeqCst);
        assert!(
            self.kept().unwrap_or(state) == state,
            "an old answer is kept"
        );
    }
}

#[test]
fn a_slow_answer_does_not_outlive_a_write() {
    all(|| {
        let cache = Arc::new(Cache::default());
        let reader = cache.clone();
        let reader = thread::spawn(move || reader.ask());
        cache.write(1);
        reader.join().unwrap();
        cache.assert_nothing_old_is_kept();
    });
}

#[test]
fn two_writes_and_a_question() {
    all(|| {
        let cache = Arc::new(Cache::default());
        let reader = cache.clone();
        let reader = thread::spawn(move || reader.ask());
        cache.write(1);
        cache.write(2);
        reader.join().unwrap();
        cache.assert_nothing_old_is_kept();
    });
}

/// What counts the writes to a path goes away with its last owner, and may come back at once.
#[test]
fn a_question_that_nobody_waits_for_takes_no_write_with_it() {
    all(|| {
        let cache = Arc::new(Cache::default());
        let given_up = cache.paths.seen("/a");
        let reader = cache.clone();
        let reader = thread::spawn(move || reader.ask());
        drop(given_up);
        cache.write(1);
        reader.join().unwrap();
        cache.assert_nothing_old_is_kept();
    });
}

#[test]
fn everything_is_forgotten() {
    all(|| {
        let cache = Arc::new(Cache::default());
        let reader = cache.clone();
        let reader = thread::spawn(move || reader.ask());
        cache.state.store(1, Ordering::SeqCst);
        cache.paths.forget_all();
        reader.join().unwrap();
        cache.assert_nothing_old_is_kept();
    });
}

/// A write that is noted when it begins only: the cases above can fail.
#[test]
#[should_panic(expected = "an old answer is kept")]
fn a_write_that_is_noted_too_early_is_found() {
    all(|| {
        let cache = Arc::new(Cache::default());
        let reader = cache.clone();
        let reader = thread::spawn(move || reader.ask());
        cache.paths.forget("/a");
        cache.state.store(1, Ordering::SeqCst);
        reader.join().unwrap();
        cache.assert_nothing_old_is_kept();
    });
}
