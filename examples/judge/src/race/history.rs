//! What happened in a race.

use crate::message::shown;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Read,
    /// A read with If-None-Match.
    Revalidate,
    /// A write with If-Match.
    Write,
}

/// One request and its response. Times are microseconds since the race began.
#[derive(Clone, Debug)]
pub struct Event {
    pub client: usize,
    pub kind: Kind,
    pub invoked: u64,
    pub returned: u64,
    /// The version that the request is based on: whose tag it sends.
    pub based_on: Option<String>,
    pub sent_tag: Option<Vec<u8>>,
    /// The version that a write makes, or that a read shows.
    pub version: Option<String>,
    /// `None` if there was no response: the write may have happened or not.
    pub status: Option<u16>,
    pub tag: Option<Vec<u8>>,
}

impl Event {
    pub(crate) fn is_performed(&self) -> bool {
        self.kind == Kind::Write
            && self
                .status
                .is_some_and(|status| (200..300).contains(&status))
    }

    /// A write that may have happened.
    pub(crate) fn may_be_performed(&self) -> bool {
        let unknown = self.status.is_none_or(|status| status >= 500);
        self.is_performed() || (self.kind == Kind::Write && unknown)
    }

    /// The event as a line for people.
    pub fn line(&self) -> String {
        let (client, from, to) = (self.client, self.invoked, self.returned);
        let tag = |tag: &Option<Vec<u8>>| tag.as_deref().map_or("none".to_owned(), shown);
        let status = self
            .status
            .map_or("no response".to_owned(), |status| status.to_string());
        let version = self.version.as_deref().unwrap_or("an unknown version");
        let what = match self.kind {
            Kind::Read => format!("reads: {status}, ETag {}, {version}", tag(&self.tag)),
            Kind::Revalidate => {
                format!("reads, If-None-Match {}: {status}", tag(&self.sent_tag))
            }
            Kind::Write => format!(
                "writes {version}, If-Match {}: {status}",
                tag(&self.sent_tag)
            ),
        };
        format!("client {client}, {from} to {to} µs: {what}")
    }
}

#[derive(Clone, Debug, Default)]
pub struct History {
    /// The version before the race.
    pub initial: String,
    pub events: Vec<Event>,
    /// The version after the race.
    pub last: Option<String>,
}
