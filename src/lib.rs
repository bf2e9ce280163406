//! HTTP preconditions for Tower.

mod body;
mod config;
mod date;
mod etag;
mod evaluation;
mod event;
mod future;
mod layer;
mod outcome;
mod precondition;
mod problem;
mod requirement;
mod response;
mod service;
mod source;

pub use self::{
    body::ResponseBody,
    date::{HttpDate, InvalidDate},
    etag::{EntityTag, EntityTagRef, EntityTags, InvalidEntityTag},
    future::ResponseFuture,
    layer::{ConditionalLayer, InvalidStatus},
    outcome::Outcome,
    precondition::{Current, Decision, Field, Preconditions, Rules, Validators},
    requirement::{NoPolicy, RequestPolicy, Requirement, Ruling},
    response::{DefaultRespond, Refusal, Respond, refusal_response},
    service::Conditional,
    source::{
        Ask, IntoAnswer, ReadyFn, Representation, Selected, SourceError, ValidatorSource, ready_fn,
    },
};
