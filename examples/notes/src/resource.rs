//! Which resource a path names.

use axum::extract::FromRequestParts;
use http::{StatusCode, request::Parts};

use super::problem::Problem;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resource {
    List,
    Note(i64),
}

impl Resource {
    /// Reads the path. The source and the handlers all use this function: if they disagreed, the
    /// tag of one note would guard another.
    pub(crate) fn of(path: &str) -> Option<Self> {
        if path == "/notes" {
            return Some(Resource::List);
        }
        let id = path.strip_prefix("/notes/")?;
        let number: i64 = id.parse().ok()?;
        // One path for each note: neither 007 nor +7, and no id that a JSON reader would round.
        let canonical = (1..1 << 53).contains(&number) && number.to_string() == id;
        canonical.then_some(Resource::Note(number))
    }

    pub(crate) fn path(self) -> String {
        match self {
            Resource::List => "/notes".to_owned(),
            Resource::Note(id) => format!("/notes/{id}"),
        }
    }
}

/// The id of the note that the request is for.
pub(crate) struct NoteId(pub(crate) i64);

impl<S: Sync> FromRequestParts<S> for NoteId {
    type Rejection = Problem;

    async fn from_request_parts(head: &mut Parts, _: &S) -> Result<Self, Problem> {
        match Resource::of(head.uri.path()) {
            Some(Resource::Note(id)) => Ok(Self(id)),
            _ => Err(Problem::new(
                StatusCode::NOT_FOUND,
                "The id of a note is a number from 1 to 9007199254740991.",
            )),
        }
    }
}
