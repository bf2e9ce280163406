//! The lock and the invalidation of `Cached`, in all interleavings of small cases.
//!
//! The files of the crate that decide are compiled with the types of shuttle, which runs a case in
//! every order of its steps: each use of a mutex or an atomic number is one. The mutex of
//! `async-lock` and the map of `quick_cache` are not taken apart; each of their operations is one
//! step.
//!
//! Each kind has a case whose guard is taken out, which must fail.
//!
//! | case | what runs at once |
//! |---|---|
//! | `lock::two_holders_exclude_each_other` | two tasks lock one key |
//! | `lock::two_keys_do_not_meet` | two tasks lock a key each |
//! | `lock::one_who_gives_up_stops_nobody` | one task holds, one gives up while it waits, one waits |
//! | `cached::a_slow_answer_does_not_outlive_a_write` | a question and a write |
//! | `cached::two_writes_and_a_question` | a question and two writes, one after another |
//! | `cached::a_question_that_nobody_waits_for_takes_no_write_with_it` | a question, one that is given up, and a write |
//! | `cached::everything_is_forgotten` | a question and `Cached::clear` |
//! | `questions::two_who_ask_at_once_ask_once` | two requests with one question |
//! | `questions::who_asks_after_a_write_gets_no_older_answer` | a question, and a write with a question after it |
//! | `questions::one_who_goes_away_stops_nobody` | a request that is dropped within its question, and another one with it |
//! | `both::no_update_is_lost_behind_a_cache` | two writers under a lock, whose source is cached |

#![cfg(all(feature = "cache", feature = "lock"))]

#[macro_use]
#[path = "../../src/macros.rs"]
#[allow(unused_macros)]
mod macros;

mod both;
mod cached;
mod lock;
mod questions;

#[path = "../../src/lock/keyed.rs"]
#[allow(dead_code, unreachable_pub)]
mod keyed;
#[path = "../../src/source/cached/paths.rs"]
#[allow(dead_code, unreachable_pub)]
mod paths;
#[path = "../../src/target.rs"]
#[allow(dead_code, unreachable_pub)]
mod target;

/// What the files of the crate import from it.
mod source {
    pub(crate) use tower_conditional::{
        Selected, ValidatorSource,
        source::{Answer, Lookup},
    };
}

mod sync {
    pub(crate) use std::sync::PoisonError;

    pub(crate) use shuttle::sync::{
        Arc, Mutex, MutexGuard, Weak,
        atomic::{AtomicU64, Ordering},
    };
}

/// Runs a case in all interleavings, and prints their number.
fn all(case: impl Fn() + Send + Sync + 'static) {
    let scheduler = shuttle::scheduler::DfsScheduler::new(None, false);
    let runs = shuttle::Runner::new(scheduler, shuttle::Config::default()).run(case);
    println!("{runs} interleavings");
    assert!(runs > 1);
}
