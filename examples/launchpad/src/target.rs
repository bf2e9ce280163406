//! Which resource a request is for. Both the source and the handlers use this module, so that they
//! mean the same resource.

use axum::{
    extract::FromRequestParts,
    http::{Uri, request::Parts},
};

use super::failure::Failure;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Target {
    Root,
    Bugs,
    Bug(u64),
    Comment(u64, usize),
}

impl Target {
    pub(crate) fn of(uri: &Uri) -> Option<Self> {
        let segments: Vec<&str> = uri.path().split('/').collect();
        match segments[..] {
            ["", ""] => Some(Target::Root),
            ["", "bugs"] => Some(Target::Bugs),
            ["", "bugs", bug] => Some(Target::Bug(bug.parse().ok()?)),
            ["", "bugs", bug, "comments", comment] => {
                Some(Target::Comment(bug.parse().ok()?, comment.parse().ok()?))
            }
            _ => None,
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Target {
    type Rejection = Failure;

    async fn from_request_parts(head: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Target::of(&head.uri).ok_or(Failure::NotFound)
    }
}
