use std::{error::Error, future::poll_fn, pin::pin};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use http_body_util::{BodyExt, Limited};
use tower::Service;

use crate::client::{
    FinalUri, KnownValidators,
    prepare::{has_precondition, if_match},
};

/// Waits until the service is ready, and calls it.
pub(super) async fn send<S, ReqBody>(
    service: &mut S,
    request: Request<ReqBody>,
) -> Result<S::Response, S::Error>
where
    S: Service<Request<ReqBody>>,
{
    poll_fn(|cx| service.poll_ready(cx)).await?;
    service.call(request).await
}

/// Reads the body of a response to its end.
pub(super) async fn collect<B>(
    response: Response<B>,
    limit: usize,
) -> Result<Response<Bytes>, Box<dyn Error + Send + Sync>>
where
    B: Body,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let (head, body) = response.into_parts();
    let collected = pin!(Limited::new(body, limit)).collect().await?;
    Ok(Response::from_parts(head, collected.to_bytes()))
}

/// Makes the write depend on what was read, whatever was learned since. Returns whether that is the
/// resource that is written.
pub(super) fn bind<B>(write: &mut Request<B>, read: &Response<Bytes>) -> bool {
    if FinalUri::is_other(read.extensions(), write.uri()) {
        return false;
    }
    let known = KnownValidators::of_collected(read);
    let known = known.unwrap_or_else(|| KnownValidators::from_fields(read.headers()));
    let tag = known.tag().cloned();
    write.extensions_mut().insert(known);
    let headers = write.headers_mut();
    if let Some(tag) = tag.filter(|_| !has_precondition(headers)) {
        if_match(headers, tag);
    }
    true
}
