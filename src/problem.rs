//! The content of refusals: what failed, and how to resubmit the request.

use crate::{Decision, Field};

/// Problem details (RFC 9457). They are static, so that a refusal allocates nothing for them.
pub(crate) const fn problem_details(decision: Decision) -> &'static str {
    macro_rules! problem {
        ($status:literal $title:literal $([$field:literal])? $detail:literal) => {
            concat!(
                "{\"title\":\"", $title, "\",\"status\":", $status,
                $(",\"field\":\"", $field, "\"",)?
                ",\"detail\":\"", $detail, "\"}\n",
            )
        };
    }
    macro_rules! undecidable {
        ($($field:literal)?) => {
            problem!(
                503 "Service Unavailable" $([$field])?
                "The current state of the resource could not be determined, so the request was not \
                 performed. Send it again later, as it is."
            )
        };
    }
    match decision {
        Decision::PreconditionRequired => problem!(
            428 "Precondition Required"
            "This request must be conditional, so that it cannot undo a change unseen. Get the \
             resource, and send the request again with the ETag of that response in If-Match, or, \
             if it has none, with its Last-Modified in If-Unmodified-Since. To create a resource, \
             send If-None-Match: *."
        ),
        Decision::Undecidable(Some(Field::IfMatch)) => undecidable!("If-Match"),
        Decision::Undecidable(Some(Field::IfUnmodifiedSince)) => {
            undecidable!("If-Unmodified-Since")
        }
        Decision::Undecidable(Some(_)) => undecidable!("If-None-Match"),
        Decision::Undecidable(None) => undecidable!(),
        Decision::PreconditionFailed(Field::IfUnmodifiedSince) => problem!(
            412 "Precondition Failed" ["If-Unmodified-Since"]
            "The resource was modified after this date. Get it again, apply the change to what it \
             is now, and send the request again with its new validator."
        ),
        Decision::PreconditionFailed(Field::IfNoneMatch) => problem!(
            412 "Precondition Failed" ["If-None-Match"]
            "The resource exists, with an entity tag that this field excludes. Get it, and to \
             change it send the request again with its ETag in If-Match."
        ),
        _ => problem!(
            412 "Precondition Failed" ["If-Match"]
            "No entity tag in this field is that of the resource: it has changed, or it does not \
             exist. Get it again, apply the change to what it is now, and send the request again \
             with its new ETag in If-Match."
        ),
    }
}
