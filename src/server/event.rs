//! The `tracing` events: one for each decision, and one if the source and the handler disagree.

use http::{HeaderMap, Method, StatusCode};

use crate::{
    precondition::{Decision, Rules, Validators},
    source::SourceError,
};

/// `status` is that of the response which replaces the handler's. The source or the application may
/// have chosen it, so it does not follow from the decision.
#[cfg(feature = "tracing")]
pub(super) fn decided(
    decision: Decision,
    method: &Method,
    status: Option<StatusCode>,
    error: Option<&SourceError>,
) {
    let field = decision.field().map(crate::precondition::Field::as_str);
    let status = status.map(|status| status.as_u16());
    if let Some(error) = error {
        let error: Option<&dyn std::error::Error> = std::error::Error::source(error);
        tracing::warn!(%method, ?decision, field, status, error, "no validators: the source failed");
    } else {
        tracing::debug!(%method, ?decision, field, status, "evaluated preconditions");
    }
}

/// Warns if a read succeeded although the source says that there is no representation.
#[cfg(feature = "tracing")]
pub(super) fn found(status: StatusCode, headers: &HeaderMap) {
    let handler = Validators::from(headers);
    let handler = handler.etag().map(tracing::field::display);
    tracing::warn!(
        source = "missing",
        handler,
        status = status.as_u16(),
        "the source finds nothing where the handler reads something: writes are not guarded"
    );
}

/// The rules that the event is found out by. Without events there are none to keep.
#[cfg(feature = "tracing")]
pub(super) type EventRules = Rules;

#[cfg(feature = "tracing")]
pub(super) const fn keep(rules: &Rules) -> EventRules {
    *rules
}

/// Warns if the handler sets another entity tag than the source reports.
#[cfg(feature = "tracing")]
pub(super) fn compare(source: &Validators, headers: &HeaderMap, rules: &EventRules) {
    use crate::precondition::{CurrentState, Preconditions};
    use http::header::{ETAG, IF_NONE_MATCH};

    let (Some(expected), Some(value)) = (source.etag(), headers.get(ETAG)) else {
        return;
    };
    if value.as_bytes() == expected.as_bytes() {
        return;
    }
    let handler = Validators::from(headers);
    let Some(handler) = handler.etag() else {
        return;
    };
    // Weak comparison under the rules: a tag that a proxy rewrote is the same tag.
    let names = HeaderMap::from_iter([(IF_NONE_MATCH, value.clone())]);
    let decision = Preconditions::new(&Method::GET, &names).evaluate(
        CurrentState::Present(source),
        rules,
        std::time::SystemTime::now(),
    );
    if decision.performs() {
        tracing::warn!(
            source = %expected,
            handler = %handler,
            "the entity tags of the source and of the handler differ: they mean different \
             resources or representations, or there was a write in between"
        );
    }
}

#[cfg(not(feature = "tracing"))]
pub(super) fn decided(_: Decision, _: &Method, _: Option<StatusCode>, _: Option<&SourceError>) {}

#[cfg(not(feature = "tracing"))]
pub(super) fn found(_: StatusCode, _: &HeaderMap) {}

#[cfg(not(feature = "tracing"))]
pub(super) type EventRules = ();

#[cfg(not(feature = "tracing"))]
pub(super) const fn keep(_: &Rules) -> EventRules {}

#[cfg(not(feature = "tracing"))]
pub(super) fn compare(_: &Validators, _: &HeaderMap, (): &EventRules) {}
