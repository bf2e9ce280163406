//! What all writes together show.

use super::{Seen, Writer, unique, verdict};
use crate::{
    client::{Client, Failure},
    message::{Response, shown},
    oracle::is_weak,
    verdict::{Level, Outcome, Verdict},
};

/// What all writes together show.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// Refusals; wrong if something was written.
    refused: Kept,
    /// Tags in responses; wrong if a read has another one.
    tags: Kept,
    /// Changes of what has a strong tag; wrong if the tag is the same.
    changes: Kept,
    /// A tag that the resource had before.
    pub(super) old: Option<Vec<u8>>,
}

/// How often something was seen, and what was wrong.
#[derive(Debug, Default)]
struct Kept {
    count: usize,
    /// The command that shows it.
    curl: String,
    /// What was seen, and the command.
    wrong: Vec<(String, String)>,
}

impl Kept {
    fn note(&mut self, curl: &str, wrong: Option<String>) {
        self.count += 1;
        curl.clone_into(&mut self.curl);
        self.wrong
            .extend(wrong.map(|wrong| (wrong, curl.to_owned())));
    }

    fn verdict(&self, mut verdict: Verdict, expected: &str, cannot: &str) -> Verdict {
        expected.clone_into(&mut verdict.expected);
        match (self.wrong.first(), self.count) {
            (Some((seen, curl)), _) => {
                verdict.outcome = Outcome::Fail;
                verdict.seen = format!("{seen} ({} of such)", self.wrong.len());
                verdict.curl.clone_from(curl);
            }
            (None, 0) => verdict.seen = cannot.to_owned(),
            (None, count) => {
                verdict.outcome = Outcome::Pass;
                verdict.seen = format!("{count} times");
                verdict.curl.clone_from(&self.curl);
            }
        }
        verdict
    }
}

impl Notes {
    pub(super) fn note(
        &mut self,
        response: &Response,
        (before, after): (&Seen, &Seen),
        curl: &str,
        method: Option<&str>,
    ) {
        let changed = before.body != after.body;
        self.old = before.etag.clone();
        if !response.is_success() {
            let status = response.status;
            let wrong = changed.then(|| format!("{status}, and the content has changed"));
            self.refused.note(curl, wrong);
            return;
        }
        if method.is_some() {
            return;
        }
        let old = before.etag.as_deref().unwrap_or_default();
        if changed && !old.is_empty() && !is_weak(old) {
            let same = before.etag == after.etag;
            self.changes.note(curl, same.then(|| shown(old)));
        }
        if let Some(tag) = response.field("etag") {
            let now = after.etag.as_deref().unwrap_or_default();
            let differs = || format!("{}, and a GET has {}", shown(tag), shown(now));
            self.tags.note(curl, (now != tag).then(differs));
        }
    }

    pub(super) fn verdicts(
        &self,
        writer: Result<&Writer, &Failure>,
        client: &Client,
    ) -> Vec<Verdict> {
        let of = |id, section, title| verdict(id, section, Level::Must, title);
        vec![
            self.refused.verdict(
                of(
                    "write-refused",
                    "13.2.1",
                    "Nothing is written after a refusal",
                ),
                "the content is as before",
                "nothing was refused",
            ),
            self.tags.verdict(
                of(
                    "write-new-tag",
                    "9.3.4",
                    "The tag in the response to a write is the new one",
                ),
                "the tag of the next GET",
                "responses to writes have no tag",
            ),
            self.changes.verdict(
                of(
                    "write-tag-changes",
                    "8.8.1",
                    "A strong tag changes with the content",
                ),
                "another tag",
                "no write changed what has a strong tag",
            ),
            required(writer, client),
        ]
    }
}

fn required(writer: Result<&Writer, &Failure>, client: &Client) -> Verdict {
    let mut verdict = verdict(
        "write-required",
        "RFC 6585, 3",
        Level::Should,
        "A write without a required precondition is answered 428",
    );
    verdict.expected = "428".to_owned();
    let writer = match writer {
        Ok(writer) => writer,
        Err(why) => {
            verdict.seen.clone_from(why);
            return verdict;
        }
    };
    if let Ok(request) = writer.request(&writer.original, &unique()) {
        verdict.curl = client.complete(request).curl(&client.url.text());
    }
    match writer.required {
        None => "no precondition is required".clone_into(&mut verdict.seen),
        Some(status) => {
            verdict.seen = status.to_string();
            verdict.outcome = match status {
                428 => Outcome::Pass,
                _ => Outcome::Warn,
            };
        }
    }
    verdict
}
