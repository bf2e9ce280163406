//! A key is held by one task at a time, and vanishes.

use shuttle::{future::block_on, thread};
use tokio_test::task;

use crate::{
    all,
    keyed::KeyedLock,
    sync::{Arc, AtomicU64, Ordering},
};

/// What the lock protects: a value that is read and then written.
#[derive(Default)]
struct Protected {
    value: AtomicU64,
}

impl Protected {
    fn add_one(&self) {
        let value = self.value.load(Ordering::SeqCst);
        self.value.store(value + 1, Ordering::SeqCst);
    }
}

fn holders(count: u64) {
    let (keys, protected) = (KeyedLock::new(), Arc::new(Protected::default()));
    let tasks: Vec<_> = (0..count)
        .map(|_| {
            let (keys, protected) = (keys.clone(), protected.clone());
            thread::spawn(move || {
                let held = block_on(keys.lock(b"key"));
                protected.add_one();
                drop(held);
            })
        })
        .collect();
    for task in tasks {
        task.join().unwrap();
    }
    assert_eq!(protected.value.load(Ordering::SeqCst), count, "all count");
    assert!(keys.is_empty());
}

#[test]
fn two_holders_exclude_each_other() {
    all(|| holders(2));
}

#[test]
fn two_keys_do_not_meet() {
    all(|| {
        let keys = KeyedLock::new();
        let other = keys.clone();
        let task = thread::spawn(move || {
            // Never waits.
            let mut lock = task::spawn(other.lock(b"one"));
            assert!(lock.poll().is_ready());
        });
        let mut lock = task::spawn(keys.lock(b"two"));
        assert!(lock.poll().is_ready());
        drop(lock);
        task.join().unwrap();
        assert!(keys.is_empty());
    });
}

#[test]
fn one_who_gives_up_stops_nobody() {
    all(|| {
        let keys = KeyedLock::new();
        let held = block_on(keys.lock(b"key"));
        let (gives_up, waits) = (keys.clone(), keys.clone());
        let gives_up = thread::spawn(move || {
            let mut lock = task::spawn(gives_up.lock(b"key"));
            // Held by now or not: either way it is given back.
            let _ = lock.poll();
        });
        let waits = thread::spawn(move || drop(block_on(waits.lock(b"key"))));
        drop(held);
        gives_up.join().unwrap();
        waits.join().unwrap();
        assert!(keys.is_empty());
    });
}

/// Without the lock a value is lost in some order, so the cases above can fail.
#[test]
#[should_panic(expected = "all count")]
fn without_the_lock_two_meet() {
    all(|| {
        let protected = Arc::new(Protected::default());
        let other = protected.clone();
        let task = thread::spawn(move || other.add_one());
        protected.add_one();
        task.join().unwrap();
        assert_eq!(protected.value.load(Ordering::SeqCst), 2, "all count");
    });
}
