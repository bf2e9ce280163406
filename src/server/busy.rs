//! The response to a write that does not get its lock.

use std::time::SystemTime;

use http::{Response, StatusCode, header::RETRY_AFTER};

use super::{decide::refuse, future::Waiting};
use crate::{
    lock::NotHeld,
    precondition::{Decision, Preconditions},
    refusal::RefusalBody,
    source::{Selected, SourceError},
};

/// Makes the response to a request that did not get the lock.
pub(super) fn busy<S, ReqBody>(
    waiting: Waiting<S, ReqBody>,
    why: NotHeld,
) -> Response<RefusalBody> {
    let Waiting {
        mut head,
        fields,
        settings,
        ..
    } = waiting;
    let (decision, error) = match why {
        NotHeld::TimedOut => (Decision::Busy, None),
        NotHeld::Failed(error) => {
            let preconditions = Preconditions::with_fields(&head.method, &head.headers, fields);
            let field = preconditions.evaluate(
                Selected::Unknown.current(),
                &settings.rules,
                SystemTime::now(),
            );
            let error = Some(SourceError::new(error));
            (Decision::Undecidable(field.field()), error)
        }
    };
    let unknown = &mut Selected::Unknown;
    let mut response = refuse(&settings, &mut head, decision, fields, unknown, error);
    if let Some(lock) = &settings.lock {
        if response.status() == StatusCode::SERVICE_UNAVAILABLE {
            let seconds = lock.retry_after_seconds();
            response
                .headers_mut()
                .entry(RETRY_AFTER)
                .or_insert_with(|| seconds.into());
        }
    }
    response
}
