//! Every switch of the wrong server is found, and named.

use example_judge::{
    Options,
    verdict::{Outcome, Report},
};

use futures_util::StreamExt;

use crate::{
    support::{assert_complete, assert_fails, judged},
    wrong::{self, SWITCHES, Wrong},
};

/// Asks what is needed to find this question: writes and races take longer.
async fn judged_for(id: Option<&str>, options: wrong::Options) -> Report {
    let server = Wrong::start(options).await;
    let mut judge = Options::new(&server.url("/doc"));
    let is = |prefixes: &[&str]| {
        id.is_none_or(|id| prefixes.iter().any(|prefix| id.starts_with(prefix)))
    };
    judge.write = is(&["write-", "delete-", "patch-", "missing-"]);
    if is(&["race-"]) {
        // A refusal is surely false if nobody else writes.
        judge.writers = if id == Some("race-412") { 1 } else { 4 };
        judge.seconds = 1;
    }
    judged(&judge).await
}

#[tokio::test]
async fn without_a_switch_nothing_fails() {
    // Where tags are weak no precondition for a write is ever true.
    for (required, weak) in [(false, false), (true, false), (false, true)] {
        let options = wrong::Options {
            weak,
            required,
            ..wrong::Options::default()
        };
        let report = judged_for(None, options).await;
        assert_fails(&report, &[]);
        assert_complete(&report);
        assert_eq!(report.ids(Outcome::Warn), [""; 0], "weak: {weak}");
        let pass = report.count(Outcome::Pass);
        assert!(pass > if weak { 80 } else { 150 }, "only {pass} pass");
    }
}

#[test]
fn there_are_forty_switches_at_least() {
    assert!(SWITCHES.len() >= 40);
    for (at, (switch, _)) in SWITCHES.iter().enumerate() {
        assert!(SWITCHES[..at].iter().all(|(other, _)| other != switch));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_switch_alone_is_found_and_named() {
    let mut missed = Vec::new();
    let judgements = SWITCHES.iter().map(|(switch, id)| async move {
        let options = wrong::Options {
            switch: Some(*switch),
            ..wrong::Options::default()
        };
        let report = judged_for(Some(id), options).await;
        assert_complete(&report);
        let found = [report.ids(Outcome::Fail), report.ids(Outcome::Warn)].concat();
        (*switch, *id, found.contains(id), found.join(", "))
    });
    let mut judgements = futures_util::stream::iter(judgements).buffer_unordered(24);
    while let Some((switch, id, found, others)) = judgements.next().await {
        if !found {
            missed.push(format!("{switch:?}: {id} is not among {others}"));
        }
    }
    assert!(missed.is_empty(), "\n{}", missed.join("\n"));
}
