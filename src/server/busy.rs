//! The response to a write that does not get its lock.

use std::time::SystemTime;

use http::{Response, StatusCode, header::RETRY_AFTER};

use super::{future::Waiting, refuse::refuse};
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
    let (decision, mut answer) = match why {
        NotHeld::TimedOut => (Decision::Busy, Ok(Selected::Unknown)),
        NotHeld::Failed(error) => {
            let preconditions = Preconditions::with_fields(&head.method, &head.headers, fields);
            let field = preconditions.evaluate(
                Selected::Unknown.current(),
                &settings.rules,
                SystemTime::now(),
            );
            let decision = Decision::Undecidable(field.field());
            (decision, Err(SourceError::new(error)))
        }
    };
    let mut response = Response::new(RefusalBody::empty());
    refuse(
        &settings,
        &mut head,
        decision,
        fields,
        &mut answer,
        &mut response,
    );
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
