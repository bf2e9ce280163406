//! Every switch of the wrong server is found, and named.

use example_judge::{Options, verdict::Outcome};

use crate::{
    support::{assert_fails, judged, writing},
    wrong::{self, SWITCHES, Switch, Wrong},
};

async fn options_for(options: wrong::Options) -> (crate::support::Server, Options) {
    let server = Wrong::start(options).await;
    let mut judged = writing(&server.url("/doc"));
    if matches!(
        options.switch,
        None | Some(Switch::GapBeforeWrite | Switch::RefusesEveryFifth)
    ) {
        judged.writers = 4;
        judged.seconds = 1;
    }
    (server, judged)
}

#[tokio::test]
async fn without_a_switch_nothing_fails() {
    for required in [false, true] {
        for weak in [false, true] {
            let (_server, options) = options_for(wrong::Options {
                weak,
                required: required && !weak,
                ..wrong::Options::default()
            })
            .await;
            let report = judged(&options).await;
            assert_fails(&report, &[]);
            assert_eq!(report.ids(Outcome::Warn), [""; 0], "weak: {weak}");
            let pass = report.count(Outcome::Pass);
            assert!(pass > if weak { 80 } else { 150 }, "only {pass} pass");
        }
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
        let (_server, options) = options_for(wrong::Options {
            switch: Some(*switch),
            ..wrong::Options::default()
        })
        .await;
        let report = judged(&options).await;
        let found = [report.ids(Outcome::Fail), report.ids(Outcome::Warn)].concat();
        (*switch, *id, found.contains(id), found.join(", "))
    });
    use futures_util::StreamExt as _;
    let mut judgements = futures_util::stream::iter(judgements).buffer_unordered(24);
    while let Some((switch, id, found, others)) = judgements.next().await {
        if !found {
            missed.push(format!("{switch:?}: {id} is not among {others}"));
        }
    }
    assert!(missed.is_empty(), "\n{}", missed.join("\n"));
}
