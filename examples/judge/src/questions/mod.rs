//! The questions that are asked with safe methods, as tables.
//!
//! A row says what to send. What to expect comes from the oracle.

mod coding;
mod dates;
mod if_match;
mod lists;
mod methods;
mod not_modified;
mod order;
mod ranges;
mod tags;
mod validators;

use crate::{
    facts::Facts,
    message::{Response, Version},
    verdict::Level,
};

pub(crate) use self::validators::{FACTS, Fact, Found};

/// What a server has to have before it can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    Tag,
    Strong,
    Date,
    /// A modification a while ago: its date is a strong validator.
    OldDate,
    /// If-Modified-Since is evaluated.
    Since,
    Ranges,
    /// No coded representation whose tag only differs in a suffix.
    NoSuffix,
}

/// What is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Plain,
    Coded,
    Missing,
    Query,
}

/// A further look at a response with the expected status. The error is what was seen.
pub(crate) type Check = fn(&Facts, &Response) -> Result<(), String>;

pub struct Question {
    pub id: &'static str,
    pub section: &'static str,
    pub level: Level,
    pub title: &'static str,
    pub needs: &'static [Need],
    pub method: &'static str,
    pub fields: &'static [(&'static str, &'static str)],
    pub subject: Subject,
    pub version: Version,
    /// Statuses that are right as well.
    pub also: &'static [u16],
    pub(crate) check: Option<Check>,
    /// Only the check counts: another status is another question.
    pub(crate) fields_only: bool,
}

/// All questions of this part.
pub fn all() -> impl Iterator<Item = &'static Question> {
    [
        lists::QUESTIONS,
        dates::QUESTIONS,
        tags::QUESTIONS,
        coding::QUESTIONS,
        if_match::QUESTIONS,
        order::QUESTIONS,
        ranges::QUESTIONS,
        not_modified::QUESTIONS,
        methods::QUESTIONS,
    ]
    .into_iter()
    .flatten()
}

const fn get(
    id: &'static str,
    section: &'static str,
    title: &'static str,
    fields: &'static [(&'static str, &'static str)],
) -> Question {
    Question {
        id,
        section,
        level: Level::Must,
        title,
        needs: &[],
        method: "GET",
        fields,
        subject: Subject::Plain,
        version: Version::Http1,
        also: &[],
        check: None,
        fields_only: false,
    }
}

impl Question {
    const fn needs(mut self, needs: &'static [Need]) -> Self {
        self.needs = needs;
        self
    }

    const fn should(mut self) -> Self {
        self.level = Level::Should;
        self
    }

    /// A value outside of the grammar: refusing it as a whole is right, too.
    const fn harm(mut self) -> Self {
        self.level = Level::Harm;
        self.also = &[400];
        self
    }

    const fn also(mut self, also: &'static [u16]) -> Self {
        self.also = also;
        self
    }

    const fn method(mut self, method: &'static str) -> Self {
        self.method = method;
        self
    }

    const fn of(mut self, subject: Subject) -> Self {
        self.subject = subject;
        if let Subject::Query = subject {
            self.method = "QUERY";
        }
        self
    }

    const fn http2(mut self) -> Self {
        self.version = Version::Http2;
        self
    }

    const fn then(mut self, check: Check) -> Self {
        self.check = Some(check);
        self
    }

    /// Looks at the fields of the response if it has the expected status.
    const fn fields(mut self, check: Check) -> Self {
        self.check = Some(check);
        self.fields_only = true;
        self
    }
}
