//! What the judge says about one question, and about a server.

use serde::{Deserialize, Serialize};

/// What a departure means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// The RFC says MUST: a departure is a fail.
    Must,
    /// The RFC says SHOULD: a departure is a warning.
    Should,
    /// The RFC is silent, and somebody is harmed: a warning.
    Harm,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Pass,
    Fail,
    Warn,
    CannotTell,
}

impl Outcome {
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Warn => "warn",
            Self::CannotTell => "cannot tell",
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Verdict {
    /// A name that does not change between versions of the judge.
    pub id: String,
    /// The section of RFC 9110, or another document and its section.
    pub section: String,
    pub level: Level,
    pub outcome: Outcome,
    /// What is asked, as a sentence that is true of a right server.
    pub title: String,
    pub expected: String,
    /// What was seen, or why the judge cannot tell.
    pub seen: String,
    /// The command that shows it again. Empty if no request was sent.
    pub curl: String,
}

impl Verdict {
    /// The outcome of a departure from the RFC.
    pub(crate) fn departure(level: Level) -> Outcome {
        match level {
            Level::Must => Outcome::Fail,
            Level::Should | Level::Harm => Outcome::Warn,
        }
    }
}

/// What the server says of itself, and what it can do.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Learned {
    pub status: u16,
    /// The bytes of content that a GET got.
    pub length: u64,
    pub server: Option<String>,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    pub content_coding: Option<String>,
    pub ranges: bool,
    pub http2: bool,
    pub query: bool,
    /// The method that writes, if the judge was to write and one was found.
    pub write_method: Option<String>,
    /// The status of a write without a precondition, if it is refused.
    pub required: Option<u16>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    /// The version of the judge.
    pub judge: String,
    pub url: String,
    /// When, in seconds since 1970.
    pub date: i64,
    pub learned: Learned,
    pub verdicts: Vec<Verdict>,
    /// The shortest history that shows a lost update, one step a line.
    pub history: Vec<String>,
    pub requests: u64,
    pub bytes: u64,
}

impl Report {
    pub fn count(&self, outcome: Outcome) -> usize {
        let same = |verdict: &&Verdict| verdict.outcome == outcome;
        self.verdicts.iter().filter(same).count()
    }

    pub fn is_ok(&self) -> bool {
        self.count(Outcome::Fail) == 0
    }

    /// The names of the questions with this outcome.
    pub fn ids(&self, outcome: Outcome) -> Vec<&str> {
        let same = |verdict: &&Verdict| verdict.outcome == outcome;
        let verdicts = self.verdicts.iter().filter(same);
        verdicts.map(|verdict| verdict.id.as_str()).collect()
    }
}
