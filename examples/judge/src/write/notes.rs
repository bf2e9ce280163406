//! What all writes together show.

use super::{Seen, Writer, verdict};
use crate::{
    client::Failure,
    message::{Response, shown},
    oracle::is_weak,
    verdict::{Level, Outcome, Verdict},
};

/// What all writes together show.
#[derive(Debug, Default)]
pub(super) struct Notes {
    performed: usize,
    refused: usize,
    /// What was refused and written all the same: the status, and the command.
    written: Vec<(String, String)>,
    tags: usize,
    wrong_tags: Vec<(String, String)>,
    changes: usize,
    unchanged_tags: Vec<(String, String)>,
    /// A tag that the resource had before.
    pub(super) old: Option<Vec<u8>>,
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
            self.refused += 1;
            if changed {
                let status = response.status.to_string();
                self.written.push((status, curl.to_owned()));
            }
            return;
        }
        self.performed += 1;
        if method.is_some() {
            return;
        }
        if changed && before.etag.as_deref().is_some_and(|etag| !is_weak(etag)) {
            self.changes += 1;
            if before.etag == after.etag {
                let tag = shown(before.etag.as_deref().unwrap_or_default());
                self.unchanged_tags.push((tag, curl.to_owned()));
            }
        }
        if let Some(tag) = response.field("etag") {
            self.tags += 1;
            if after.etag.as_deref() != Some(tag) {
                let after = after.etag.as_deref().unwrap_or_default();
                let seen = format!("{}, and a GET has {}", shown(tag), shown(after));
                self.wrong_tags.push((seen, curl.to_owned()));
            }
        }
    }

    pub(super) fn verdicts(&self, writer: Result<&Writer, &Failure>) -> Vec<Verdict> {
        let all = |id, section, title, seen: usize, cannot: &str, wrong: &[(String, String)]| {
            let mut verdict = verdict(id, section, Level::Must, title);
            match (wrong.first(), seen) {
                (Some((seen, curl)), _) => {
                    verdict.outcome = Outcome::Fail;
                    verdict.seen = format!("{seen} ({} of such)", wrong.len());
                    verdict.curl.clone_from(curl);
                }
                (None, 0) => verdict.seen = cannot.to_owned(),
                (None, seen) => {
                    verdict.outcome = Outcome::Pass;
                    verdict.seen = format!("{seen} times");
                }
            }
            verdict
        };
        let mut required = verdict(
            "write-required",
            "RFC 6585, 3",
            Level::Should,
            "A write without a required precondition is answered 428",
        );
        match writer {
            Err(why) => required.seen.clone_from(why),
            Ok(writer) => match writer.required {
                None => "no precondition is required".clone_into(&mut required.seen),
                Some(status) => {
                    required.seen = status.to_string();
                    required.expected = "428".to_owned();
                    required.outcome = match status {
                        428 => Outcome::Pass,
                        _ => Outcome::Warn,
                    };
                }
            },
        }
        vec![
            all(
                "write-refused",
                "13.2.1",
                "Nothing is written after a refusal",
                self.refused,
                "nothing was refused",
                &self.written,
            ),
            all(
                "write-new-tag",
                "9.3.4",
                "The tag in the response to a write is the new one",
                self.tags,
                "responses to writes have no tag",
                &self.wrong_tags,
            ),
            all(
                "write-tag-changes",
                "8.8.1",
                "A strong tag changes with the content",
                self.changes,
                "no write changed what has a strong tag",
                &self.unchanged_tags,
            ),
            required,
        ]
    }
}
