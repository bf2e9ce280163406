//! What holds for any input: random field lines, tags, dates and clocks.

mod arbitrary;
mod dates;
mod decisions;
mod lists;
#[path = "../oracle/tags.rs"]
mod naive;
mod tags;

use proptest::test_runner::Config;

/// A failure is printed with its input; no file is written.
fn config() -> Config {
    Config {
        cases: 500,
        failure_persistence: None,
        ..Config::default()
    }
}
