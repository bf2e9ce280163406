//! Sections 8.8.1 and 8.8.3.3: content codings have tags of their own.

use super::{Need::Strong, Question, Subject::Coded, get};
use crate::{
    facts::Facts,
    message::{Response, shown},
};

pub(super) const QUESTIONS: &[Question] = &[
    get(
        "coded-same",
        "13.1.2",
        "The tag of coded content revalidates coded content",
        &[("If-None-Match", "{etag}")],
    )
    .of(Coded),
    get(
        "coded-304-vary",
        "15.4.5",
        "A 304 for coded content has the Vary of the 200",
        &[("If-None-Match", "{etag}")],
    )
    .of(Coded)
    .fields(vary),
    get(
        "coded-weak",
        "8.8.3.2",
        "The tag of coded content, weakened, revalidates it",
        &[("If-None-Match", "{weak}")],
    )
    .of(Coded),
    get(
        "coded-other",
        "13.1.2",
        "Another tag does not revalidate coded content",
        &[("If-None-Match", "{other}")],
    )
    .of(Coded),
    get(
        "coded-if-match",
        "13.1.1",
        "The strong tag of coded content satisfies If-Match",
        &[("If-Match", "{etag}")],
    )
    .of(Coded)
    .needs(&[Strong])
    .should(),
    get(
        "coded-for-plain",
        "8.8.3.3",
        "The tag of coded content does not revalidate other content",
        &[("If-None-Match", "{coded}")],
    )
    .should(),
];

/// A cache has to know that the 304 is for the coding.
fn vary(facts: &Facts, response: &Response) -> Result<(), String> {
    let coded = facts
        .coded
        .as_ref()
        .and_then(|it| it.response.field("vary"));
    match (coded, response.field("vary")) {
        (Some(vary), None) => Err(format!("no Vary, and the 200 has {}", shown(vary))),
        _ => Ok(()),
    }
}
