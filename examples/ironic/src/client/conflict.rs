use std::{collections::BTreeSet, fmt};

use serde_json::{Map, Value};

use super::patch;

/// A write that was refused, because the resource has changed since it was read.
///
/// `Display` shows the tags and the differences to the user.
#[derive(Clone, Debug)]
pub struct Conflict {
    ident: String,
    sent: Option<String>,
    server: Option<Map<String, Value>>,
    /// `None` if there is no stored or no current representation.
    changes: Option<Vec<Change>>,
}

/// A difference between the stored and the current representation.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The JSON pointer of the value.
    pub path: String,
    /// The value that was read.
    pub stored: Option<Value>,
    /// The current value on the server.
    pub server: Option<Value>,
}

impl Conflict {
    pub(super) fn new(
        ident: &str,
        sent: Option<String>,
        stored: Option<&Map<String, Value>>,
        server: Option<Map<String, Value>>,
    ) -> Self {
        let differences = |(stored, server): (&Map<_, _>, &Map<_, _>)| {
            let mut changes = Vec::new();
            compare("", stored, server, &mut changes);
            // The tags always differ.
            changes.retain(|change| change.path != "/etag");
            changes
        };
        Self {
            ident: ident.to_owned(),
            sent,
            changes: stored.zip(server.as_ref()).map(differences),
            server,
        }
    }

    /// Returns the tag that was sent.
    pub fn sent(&self) -> Option<&str> {
        self.sent.as_deref()
    }

    /// Returns the current representation, or `None` if it could not be read.
    pub const fn server(&self) -> Option<&Map<String, Value>> {
        self.server.as_ref()
    }

    /// Returns the differences, or `None` if one of the representations is unknown.
    pub fn changes(&self) -> Option<&[Change]> {
        self.changes.as_deref()
    }

    /// Reports whether a change overlaps with one of these paths. Unknown changes do.
    pub(super) fn concerns<'a>(&self, mut paths: impl Iterator<Item = &'a str>) -> bool {
        let Some(changes) = &self.changes else {
            return true;
        };
        paths.any(|path| {
            let mut changes = changes.iter().map(|change| &*change.path);
            changes.any(|change| is_within(change, path) || is_within(path, change))
        })
    }
}

fn is_within(path: &str, outer: &str) -> bool {
    path.strip_prefix(outer)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn compare(
    at: &str,
    stored: &Map<String, Value>,
    server: &Map<String, Value>,
    changes: &mut Vec<Change>,
) {
    let names: BTreeSet<&String> = stored.keys().chain(server.keys()).collect();
    for name in names {
        let path = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
        match (stored.get(name), server.get(name)) {
            (Some(Value::Object(stored)), Some(Value::Object(server))) => {
                compare(&path, stored, server, changes);
            }
            (stored, server) if stored != server => changes.push(Change {
                path,
                stored: stored.cloned(),
                server: server.cloned(),
            }),
            _ => {}
        }
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ident, .. } = self;
        let sent = self.sent().unwrap_or("none");
        writeln!(
            f,
            "{ident} was not written: it has changed since it was read."
        )?;
        writeln!(f, "The entity tag that was sent: {sent}")?;
        let Some(server) = &self.server else {
            return write!(f, "What the server has could not be read.");
        };
        if let Some(etag) = server.get("etag").and_then(Value::as_str) {
            writeln!(f, "The current one: {etag}")?;
        }
        match self.changes() {
            None => write!(f, "The server has:\n{}", patch::pretty(server)),
            Some(changes) => {
                write!(f, "What was read (-), and what the server has (+):")?;
                changes.iter().try_for_each(|change| write!(f, "{change}"))
            }
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (sign, value) in [('-', &self.stored), ('+', &self.server)] {
            if let Some(value) = value {
                write!(f, "\n{sign} {}: {value}", self.path)?;
            }
        }
        Ok(())
    }
}
