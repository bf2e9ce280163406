//! The second question to the source, after a write under a lock.

use std::sync::Arc;

use http::{
    Method, Response, StatusCode,
    header::{ETAG, LAST_MODIFIED},
    request::Parts,
};

use super::{
    ResponseBody,
    after::{After, replaced},
    future::Waiting,
};
use crate::{
    refusal::may_be_sent,
    source::{Answer, Lookup, Selected, ValidatorSource},
};

/// The second question to the source, if there is one.
pub(super) struct Again<V> {
    head: Parts,
    source: Arc<V>,
}

impl<V> Again<V> {
    /// The response to a POST is often about another resource, and after a DELETE there is nothing.
    pub(super) fn new<S, ReqBody>(
        waiting: &Waiting<S, ReqBody>,
        source: &Arc<V>,
    ) -> Option<Box<Self>> {
        let settings = &waiting.settings;
        let lock = settings.lock.as_ref()?;
        let method = &waiting.head.method;
        // A source whose service sets the validators of its reads, such as `ByHead`, is asked too.
        let wanted = settings.set_validators
            && lock.sets_validators()
            && matches!(*method, Method::PUT | Method::PATCH);
        wanted.then(|| {
            Box::new(Self {
                head: waiting.head.clone(),
                source: Arc::clone(source),
            })
        })
    }

    /// Reports whether this response says that the write is done, and leaves the validators to the
    /// layer.
    fn is_wanted<B>(&self, response: &Response<B>) -> bool {
        let (status, headers) = (response.status(), response.headers());
        let is_done = match status {
            // Its validators are those of the resource that was created (RFC 9110 section 15.3.2).
            StatusCode::CREATED => self.head.method == Method::PUT,
            StatusCode::ACCEPTED | StatusCode::PARTIAL_CONTENT | StatusCode::MULTI_STATUS => false,
            _ => status.is_success(),
        };
        is_done && !headers.contains_key(ETAG) && !headers.contains_key(LAST_MODIFIED)
    }

    /// Asks the source, if this response leaves the validators to the layer.
    pub(super) fn look_up<B>(self, response: &Response<B>) -> Option<Lookup<V::Future>>
    where
        V: ValidatorSource,
    {
        self.is_wanted(response)
            .then(|| self.source.look_up(&self.head))
    }
}

/// Adds the validators of the second answer.
pub(super) fn complete<B>(
    mut response: Response<B>,
    mut after: After,
    answer: Option<Answer>,
) -> Response<ResponseBody<B>> {
    if let Some(Ok(Selected::Present(representation))) = answer {
        let (etag, last_modified) = representation.validators.into_parts();
        let headers = response.headers_mut();
        if let Some(etag) = etag {
            headers.insert(ETAG, etag.into());
        }
        if let Some(date) = last_modified.filter(|date| may_be_sent(*date)) {
            headers.insert(LAST_MODIFIED, date.into());
        }
    }
    let replace = after.apply(&mut response);
    replaced(response, replace)
}
