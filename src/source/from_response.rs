use std::future::Ready;

use http::request::Parts;

use super::{Ask, Selected, ValidatorSource};

/// The validators that the handler itself puts on its response, for services where nobody knows
/// them beforehand.
///
/// A safe request is performed. If the response is a 2xx, its ETag and Last-Modified are then
/// evaluated, and if the client has this representation already, the response becomes a 304 and its
/// body is dropped unread. Any other response is the answer as it is (RFC 9110 section 13.2.1), and
/// no condition makes a 412 of a request that has been performed.
///
/// This saves the transfer, not the work. It serves safe methods only: a write cannot be decided
/// after it was made, so an unsafe request with a precondition, or under a requirement, is answered
/// 503 and not performed.
///
/// ```
/// use tower_conditional::{ConditionalLayer, FromResponse};
///
/// let layer = ConditionalLayer::new(FromResponse);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct FromResponse;

impl ValidatorSource for FromResponse {
    const STAMPS: bool = false;

    type Answer = Selected;
    type Future = Ready<Selected>;

    fn ask(&self, _: &Parts) -> Ask<Self::Future, Self::Answer> {
        Ask::Ready(Selected::Unknown)
    }
}
