//! Writers under a lock whose source is behind a cache. The cases of `lock` show that a key excludes
//! others as the mutex does that stands for it here.

use shuttle::thread;

use crate::{
    all,
    cached::Cache,
    sync::{Arc, Mutex, Ordering},
};

/// Adds one if the state is as the client read it, and returns whether it did.
fn write(cache: &Cache, key: &Mutex<()>, read: u64) -> bool {
    let held = key.lock().unwrap();
    let performed = cache.look_up() == read;
    if performed {
        cache.write(read + 1);
        // The second question: the new state.
        assert_eq!(cache.look_up(), read + 1);
    }
    drop(held);
    performed
}

#[test]
fn no_update_is_lost_behind_a_cache() {
    all(|| {
        let (cache, key) = (Arc::new(Cache::default()), Arc::new(Mutex::new(())));
        let (other_cache, other_key) = (cache.clone(), key.clone());
        // Both have read 0.
        let other = thread::spawn(move || write(&other_cache, &other_key, 0));
        let performed = write(&cache, &key, 0);
        let other = other.join().unwrap();
        assert!(performed != other, "one of them");
        assert_eq!(cache.state.load(Ordering::SeqCst), 1);
    });
}

/// The guard of the cases above taken out.
#[test]
#[should_panic(expected = "one of them")]
fn without_the_lock_both_write() {
    let case = || {
        let cache = Arc::new(Cache::default());
        let other = cache.clone();
        let other = thread::spawn(move || write(&other, &Mutex::new(()), 0));
        let performed = write(&cache, &Mutex::new(()), 0);
        assert!(performed != other.join().unwrap(), "one of them");
    };
    shuttle::check_random(case, 10_000);
}
