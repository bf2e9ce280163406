//! The content of refusals: what failed, and how to send the request again.

use http::StatusCode;

use crate::precondition::{Decision, Field};

/// Writes problem details (RFC 9457). Nothing in them comes from the request, so nothing needs
/// escaping.
pub(crate) fn problem_details(status: StatusCode, decision: Decision) -> String {
    let mut problem = String::with_capacity(512);
    problem.push_str("{\"title\":\"");
    problem.push_str(status.canonical_reason().unwrap_or("Client Error"));
    problem.push_str("\",\"status\":");
    problem.push_str(status.as_str());
    if let Some(field) = decision.field() {
        problem.push_str(",\"field\":\"");
        problem.push_str(field.as_str());
        problem.push('"');
    }
    problem.push_str(",\"detail\":\"");
    problem.push_str(detail(decision));
    problem.push_str("\"}\n");
    problem
}

const fn detail(decision: Decision) -> &'static str {
    match decision {
        Decision::PreconditionRequired => {
            "This request must be conditional, so that it cannot undo a change unseen. Get the \
             resource, and send the request again with the ETag of that response in If-Match, or, \
             if it has none, with its Last-Modified in If-Unmodified-Since. To create a resource, \
             send If-None-Match: *."
        }
        Decision::NotAcceptable => {
            "The resource has no entity tags for this kind of request, so its preconditions cannot \
             be evaluated, and the request was not performed. Send it without them, or ask for a \
             version that has entity tags."
        }
        Decision::Busy => {
            "Other writes to this resource took too long, so this one was not performed. Send it \
             again later, as it is."
        }
        Decision::Undecidable(_) => {
            "The current state of the resource could not be determined, so the request was not \
             performed. Send it again later, as it is."
        }
        Decision::PreconditionFailed(Field::IfUnmodifiedSince) => {
            "The resource was modified after this date, or so recently that its modification date \
             cannot tell. Get it again, apply the change to what it is now, and send the request \
             again with its new validator."
        }
        Decision::PreconditionFailed(Field::IfNoneMatch) => {
            "The resource exists, with an entity tag that this field excludes. Get it, and to \
             change it send the request again with its ETag in If-Match."
        }
        _ => {
            "No entity tag in this field is that of the resource: it has changed, or it does not \
             exist. Get it again, apply the change to what it is now, and send the request again \
             with its new ETag in If-Match."
        }
    }
}
