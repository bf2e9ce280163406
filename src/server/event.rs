//! The `tracing` event of a decision.

use http::Method;

use crate::{precondition::Decision, source::SourceError};

#[cfg(feature = "tracing")]
pub(super) fn decided(decision: Decision, method: &Method, error: Option<&SourceError>) {
    let field = decision.field().map(crate::precondition::Field::as_str);
    let status = decision.status().map(|status| status.as_u16());
    if let Some(error) = error {
        let error: Option<&dyn std::error::Error> = std::error::Error::source(error);
        tracing::warn!(%method, ?decision, field, status, error, "no validators: the source failed");
    } else {
        tracing::debug!(%method, ?decision, field, status, "evaluated preconditions");
    }
}

#[cfg(not(feature = "tracing"))]
pub(super) fn decided(_: Decision, _: &Method, _: Option<&SourceError>) {}
