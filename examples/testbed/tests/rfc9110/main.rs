//! RFC 9110 sections 5.6, 8.8, 13 and 15, RFC 6585 section 3 and RFC 10008, case by case; and the rules
//! that depart from them, each in the profile that is named after who needs it.
//!
//! The cases are data, one JSON object a line in `cases/`, so that suites in other languages can
//! share them. Each is run through the layer in process, and through the test bed over HTTP/1.1 and
//! HTTP/2. A failing test tells every case that failed.

mod case;
mod check;
mod drive;
mod http1;
mod slow;
mod testbed;

use std::collections::{BTreeSet, HashSet};

use self::case::Case;

macro_rules! sections {
    ($($test:ident: $section:literal,)+) => {
        const SECTIONS: &[&str] = &[$($section),+];

        $(
            #[tokio::test]
            async fn $test() {
                run($section).await;
            }
        )+
    };
}

sections! {
    lists: "5.6.1-lists",
    dates: "5.6.7-dates",
    last_modified: "8.8.2-last-modified",
    entity_tags: "8.8.3-entity-tags",
    if_match: "13.1.1-if-match",
    if_none_match: "13.1.2-if-none-match",
    if_modified_since: "13.1.3-if-modified-since",
    if_unmodified_since: "13.1.4-if-unmodified-since",
    if_range: "13.1.5-if-range",
    when_to_evaluate: "13.2.1-when",
    precedence: "13.2.2-precedence",
    not_modified: "15.4.5-not-modified",
    precondition_failed: "15.5.13-precondition-failed",
    precondition_required: "rfc6585-3-precondition-required",
    query: "rfc10008-query",
    dialects: "rules-dialects",
}

#[track_caller]
fn assert_all_pass(section: &str, cases: usize, failures: &[String]) {
    assert!(cases > 0, "{section} has no cases");
    assert!(
        failures.is_empty(),
        "{section}: {} failures in {cases} cases\n{}",
        failures.len(),
        failures.join("\n")
    );
}

async fn run(section: &str) {
    let cases = case::load(section);
    let mut failures = Vec::new();
    let mut drivers = drive::Drivers::start().await;
    for case in &cases {
        for (way, answer) in drivers.run(case).await {
            if let Err(error) = answer.and_then(|answer| check::check(case, &answer)) {
                failures.push(format!("  {} [{way}]: {error}\n    {}", case.id, case.note));
            }
        }
    }
    assert_all_pass(section, cases.len(), &failures);
}

#[test]
fn every_file_of_cases_has_its_test() {
    let files: BTreeSet<_> = case::sections().into_iter().collect();
    let tests: BTreeSet<_> = SECTIONS
        .iter()
        .map(|section| (*section).to_owned())
        .collect();
    assert_eq!(files, tests);
}

#[test]
fn no_id_stands_twice() {
    let mut seen = HashSet::new();
    let cases: Vec<Case> = SECTIONS
        .iter()
        .flat_map(|section| case::load(section))
        .collect();
    let twice: Vec<_> = cases
        .iter()
        .map(|case| &case.id)
        .filter(|id| !seen.insert(*id))
        .collect();
    assert!(twice.is_empty(), "{twice:?}");
}
