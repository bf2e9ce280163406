//! Racing: clients read, and write with If-Match. The verdict is a check of the history.

pub mod check;
pub mod counter;
pub mod history;
mod run;

use self::{
    check::{Finding, check},
    history::History,
};
use crate::{
    client::Failure,
    run::Run,
    verdict::{Level, Outcome, Verdict},
    write::{Writer, verdict},
};

/// The questions that a history answers.
const ROWS: [(&str, &str, &str); 5] = [
    (
        "race-chain",
        "13.1.1",
        "Each write that was performed is based on the one before it: no update is lost",
    ),
    (
        "race-refused",
        "13.2.1",
        "No reader sees what was written by a refused request",
    ),
    (
        "race-412",
        "13.1.1",
        "Each 412 was true at some instant of its request",
    ),
    (
        "race-304",
        "13.1.2",
        "Each 304 was true at some instant of its request",
    ),
    ("race-tag", "8.8.1", "One strong tag names one version"),
];

/// Races, and returns the shortest history that shows a lost update.
pub(crate) async fn judge(run: &mut Run<'_>, writer: &Result<Writer, Failure>) -> Vec<String> {
    if !ROWS.iter().any(|(_, section, _)| run.wants(section)) {
        return Vec::new();
    }
    let history = match writer {
        Err(why) => Err(why.clone()),
        Ok(writer) => run::race(&run.client, writer, run.options).await,
    };
    let finding = history.as_ref().map(check).map_err(Clone::clone);
    for (id, section, title) in ROWS {
        if run.wants(section) {
            let verdict = verdict(id, section, Level::Must, title);
            run.say(fill(verdict, &finding, history.as_ref().ok()));
        }
    }
    match finding {
        Ok(finding) => finding.shortest,
        Err(_) => Vec::new(),
    }
}

fn fill(
    mut verdict: Verdict,
    finding: &Result<Finding, Failure>,
    history: Option<&History>,
) -> Verdict {
    let finding = match finding {
        Ok(finding) => finding,
        Err(why) => {
            verdict.seen.clone_from(why);
            return verdict;
        }
    };
    let (seen, wrong) = match verdict.id.as_str() {
        "race-chain" => (finding.performed, &finding.forks),
        "race-refused" => (finding.refused, &finding.written),
        "race-412" => (finding.checked_412, &finding.false_412),
        "race-304" => (finding.checked_304, &finding.false_304),
        _ => (finding.tags, &finding.shared_tags),
    };
    let events = history.map_or(0, |history| history.events.len());
    (verdict.outcome, verdict.seen) = match (wrong.first(), seen) {
        (Some(first), _) => (Outcome::Fail, format!("{first} ({} of such)", wrong.len())),
        (None, 0) => (
            Outcome::CannotTell,
            "the race showed none of these".to_owned(),
        ),
        (None, seen) => (
            Outcome::Pass,
            format!("{seen} of these among {events} requests"),
        ),
    };
    verdict
}
