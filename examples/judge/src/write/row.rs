//! A question about a write to what exists.

use crate::{message::Version, verdict::Level};

pub(crate) struct Row {
    pub(crate) id: &'static str,
    pub(crate) section: &'static str,
    pub(crate) level: Level,
    pub(crate) title: &'static str,
    pub(crate) fields: &'static [(&'static str, &'static str)],
    /// `None` is the method that writes.
    pub(crate) method: Option<&'static str>,
    pub(crate) needs: &'static [Need],
    pub(crate) version: Version,
    /// Statuses that are right as well.
    pub(crate) also: &'static [u16],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    Tag,
    Strong,
    Date,
    /// A date whose second is over: the judge waits for it.
    OldDate,
}

pub(super) const fn put(
    id: &'static str,
    section: &'static str,
    title: &'static str,
    fields: &'static [(&'static str, &'static str)],
) -> Row {
    Row {
        id,
        section,
        level: Level::Must,
        title,
        fields,
        method: None,
        needs: &[],
        version: Version::Http1,
        also: &[],
    }
}

impl Row {
    pub(super) const fn needs(mut self, needs: &'static [Need]) -> Self {
        self.needs = needs;
        self
    }

    pub(super) const fn should(mut self) -> Self {
        self.level = Level::Should;
        self
    }

    pub(super) const fn harm(mut self) -> Self {
        self.level = Level::Harm;
        self.also = &[400];
        self
    }

    pub(super) const fn also(mut self, also: &'static [u16]) -> Self {
        self.also = also;
        self
    }

    pub(super) const fn by(mut self, method: &'static str) -> Self {
        self.method = Some(method);
        self
    }

    pub(super) const fn http2(mut self) -> Self {
        self.version = Version::Http2;
        self
    }
}
