use std::future::Ready;

use http::request::Parts;

use super::{Answer, Lookup, Selected, ValidatorSource};

/// Uses the validators that the handler sets on its own response, for services whose validators are
/// not known before.
///
/// A safe request is performed. If the response is a 2xx, its `ETag` and `Last-Modified` are then
/// evaluated. If the client has this representation already, the response becomes a 304 and its
/// body is dropped unread. Any other response is returned as it is (RFC 9110 section 13.2.1), and a
/// request that has been performed is never answered 412.
///
/// This saves the transfer, not the work. It serves safe methods only: a write cannot be decided
/// after it was made, so an unsafe request with a precondition, or one that is required to have
/// one, is answered 503 and not performed.
///
/// ```
/// use tower_conditional::{ConditionalLayer, FromResponse};
///
/// let layer = ConditionalLayer::new(FromResponse);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct FromResponse;

impl ValidatorSource for FromResponse {
    type Future = Ready<Answer>;

    fn look_up(&self, _: &Parts) -> Lookup<Self::Future> {
        Lookup::Ready(Ok(Selected::Unknown))
    }

    fn adds_validators(&self) -> bool {
        false
    }
}
