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
    client::{Client, Failure},
    message::Request,
    run::Run,
    verdict::{Level, Outcome, Verdict},
    write::{Writer, unique, verdict},
};

/// The questions that a history answers, and what is expected.
const ROWS: [(&str, &str, &str, &str); 5] = [
    (
        "race-chain",
        "13.1.1",
        "Each write that was performed is based on the one before it: no update is lost",
        "of the writes with one tag one is performed",
    ),
    (
        "race-refused",
        "13.2.1",
        "No reader sees what was written by a refused request",
        "nothing is written by what is answered 3xx or 4xx",
    ),
    (
        "race-412",
        "13.1.1",
        "Each 412 was true at some instant of its request",
        "412 only to a tag that was replaced",
    ),
    (
        "race-304",
        "13.1.2",
        "Each 304 was true at some instant of its request",
        "304 only to the current tag",
    ),
    (
        "race-tag",
        "8.8.1",
        "One strong tag names one version",
        "another strong tag after each write",
    ),
];

/// Races, and returns the shortest history that shows a lost update.
pub(crate) async fn judge(run: &mut Run<'_>, writer: &Result<Writer, Failure>) -> Vec<String> {
    if !ROWS.iter().any(|(_, section, ..)| run.wants(section)) {
        return Vec::new();
    }
    let history = match writer {
        Err(why) => Err(why.clone()),
        Ok(writer) => run::race(&run.client, writer, run.options).await,
    };
    let finding = history.as_ref().map(check).map_err(Clone::clone);
    let curl = writer.as_ref().map(|writer| curl(&run.client, writer));
    for (id, section, title, expected) in ROWS {
        if run.wants(section) {
            let mut verdict = verdict(id, section, Level::Must, title);
            expected.clone_into(&mut verdict.expected);
            if let Ok(Ok(curl)) = &curl {
                verdict.curl.clone_from(curl);
            }
            run.say(fill(verdict, &finding, history.as_ref().ok()));
        }
    }
    match finding {
        Ok(finding) => finding.shortest,
        Err(_) => Vec::new(),
    }
}

/// A line of the shell with a race of two writes, and a read with the tag that both of them have.
fn curl(client: &Client, writer: &Writer) -> Result<String, Failure> {
    let line = |request| client.complete(request).curl(&client.url.text());
    let write = || Ok::<_, Failure>(line(writer.request(&writer.original, &unique())?));
    let (read, one, other) = (line(Request::new("GET")), write()?, write()?);
    Ok(format!(
        "TAG=$({read} -sD - -o /dev/null | sed -n 's/^etag: *//Ip' | tr -d '\\r'); \
         {one} -H \"If-Match: $TAG\" & {other} -H \"If-Match: $TAG\" & wait; \
         {read} -H \"If-None-Match: $TAG\""
    ))
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
