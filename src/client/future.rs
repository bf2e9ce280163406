use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use http::{Method, Request, Response, StatusCode, request::Parts};
use http_body::Body;
use pin_project_lite::pin_project;
use tower::Service;

use super::{
    ClientBody, ClientError, ClientErrorReason, FinalUri, KnownValidators, ServerTag,
    exchange::Exchange,
    prepare::{create_only, if_match},
};

pin_project! {
    /// Response future of [`ConditionalClient`](super::ConditionalClient).
    ///
    /// It can be dropped at any time, which drops the future of the inner service. A write whose future
    /// was dropped may have reached the server. The layer keeps what it knew about the resource, so the
    /// next write is guarded by the old tag, and the server rejects it if the resource has changed.
    ///
    /// # Panics
    ///
    /// Panics if it is polled after it has completed.
    pub struct ClientFuture<S, ReqBody, ResBody>
    where
        S: Service<Request<ReqBody>>,
    {
        #[pin]
        state: State<S, ReqBody, ResBody>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<S, ReqBody, ResBody>
    where
        S: Service<Request<ReqBody>>,
    {
        Failed {
            error: Option<ClientError<S::Error>>,
        },
        Sent {
            #[pin]
            response: S::Future,
            exchange: Option<Exchange>,
        },
        Reading {
            #[pin]
            response: S::Future,
            read: Option<(Exchange, Held<S, ReqBody>)>,
        },
        ReadingBody {
            #[pin]
            body: ClientBody<ResBody>,
            // The tag in the fields of the response.
            read: Option<(Option<ServerTag>, Held<S, ReqBody>)>,
        },
        // The resource was read. Waits until the service is ready for the write.
        Waiting {
            held: Option<Held<S, ReqBody>>,
        },
    }
}

/// A write that waits until the resource has been read.
pub(super) struct Held<S, ReqBody> {
    head: Parts,
    body: ReqBody,
    inner: S,
    exchange: Exchange,
}

impl<S, ReqBody> Held<S, ReqBody> {
    pub(super) const fn new(head: Parts, body: ReqBody, inner: S, exchange: Exchange) -> Self {
        Self {
            head,
            body,
            inner,
            exchange,
        }
    }

    /// Adds the precondition that the response to the read makes necessary. `settled` says that the
    /// response cannot have a tag that was not seen.
    fn guard(
        &mut self,
        status: StatusCode,
        tag: Option<ServerTag>,
        settled: bool,
    ) -> Result<(), ClientErrorReason> {
        match status {
            StatusCode::NOT_FOUND | StatusCode::GONE => {
                if self.head.method == Method::PUT {
                    create_only(&mut self.head.headers);
                    self.exchange.creates();
                }
            }
            _ => match (tag, status.as_u16()) {
                (Some(tag), 200..=299) => if_match(&mut self.head.headers, tag),
                (None, 200 | 203 | 204) if settled => {}
                (None, 200 | 203 | 204) => return Err(ClientErrorReason::ReadIncomplete),
                _ => return Err(ClientErrorReason::ReadFailed(status)),
            },
        }
        Ok(())
    }
}

impl<S, ReqBody, ResBody> ClientFuture<S, ReqBody, ResBody>
where
    S: Service<Request<ReqBody>>,
{
    pub(super) const fn fail(error: ClientError<S::Error>) -> Self {
        Self {
            state: State::Failed { error: Some(error) },
        }
    }

    pub(super) const fn send(response: S::Future, exchange: Option<Exchange>) -> Self {
        Self {
            state: State::Sent { response, exchange },
        }
    }

    pub(super) const fn read_first(
        response: S::Future,
        read: Exchange,
        held: Held<S, ReqBody>,
    ) -> Self {
        Self {
            state: State::Reading {
                response,
                read: Some((read, held)),
            },
        }
    }
}

impl<S, ReqBody, ResBody> Future for ClientFuture<S, ReqBody, ResBody>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>>,
    ResBody: Body,
{
    type Output = Result<Response<ClientBody<ResBody>>, ClientError<S::Error>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        const TWICE: &str = "`ClientFuture` polled after completion";
        let mut state = self.project().state;
        loop {
            let next = match state.as_mut().project() {
                StateProjection::Failed { error } => {
                    return Poll::Ready(Err(error.take().expect(TWICE)));
                }
                StateProjection::Sent { response, exchange } => {
                    let response = ready!(response.poll(cx)).map_err(ClientError::inner_failed)?;
                    return Poll::Ready(Ok(match exchange.take() {
                        Some(exchange) => exchange.learn(response),
                        None => response.map(ClientBody::untagged),
                    }));
                }
                StateProjection::Reading { response, read } => {
                    let response = ready!(response.poll(cx)).map_err(ClientError::inner_failed)?;
                    let (exchange, held) = read.take().expect(TWICE);
                    after_head(exchange.learn(response), held)
                }
                StateProjection::ReadingBody { mut body, read } => {
                    // Only the body of a 200 or 203 is searched.
                    while body.is_searched() {
                        match ready!(body.as_mut().poll_frame(cx)) {
                            Some(Ok(_)) => {}
                            Some(Err(_)) | None => break,
                        }
                    }
                    let (field_tag, held) = read.take().expect(TWICE);
                    let tag = body.tag().cloned().or(field_tag);
                    after_read(StatusCode::OK, tag, body.is_settled(), held)
                }
                StateProjection::Waiting { held } => {
                    if let Some(held) = held.as_mut() {
                        ready!(held.inner.poll_ready(cx)).map_err(ClientError::inner_failed)?;
                    }
                    let Held {
                        head,
                        body,
                        mut inner,
                        mut exchange,
                    } = held.take().expect(TWICE);
                    exchange.sends(&head);
                    State::Sent {
                        response: inner.call(Request::from_parts(head, body)),
                        exchange: Some(exchange),
                    }
                }
            };
            state.set(next);
        }
    }
}

fn after_head<S, ReqBody, ResBody>(
    response: Response<ClientBody<ResBody>>,
    held: Held<S, ReqBody>,
) -> State<S, ReqBody, ResBody>
where
    S: Service<Request<ReqBody>>,
{
    if FinalUri::is_other(response.extensions(), &held.head.uri) {
        let reason = ClientErrorReason::ReadFailed(response.status());
        return failed(reason, held);
    }
    let known = KnownValidators::of(&response);
    let tag = known.and_then(KnownValidators::tag).cloned();
    let status = response.status();
    let body = response.into_body();
    if body.is_searched() {
        State::ReadingBody {
            body,
            read: Some((tag, held)),
        }
    } else {
        after_read(status, tag, body.is_settled(), held)
    }
}

fn after_read<S, ReqBody, ResBody>(
    status: StatusCode,
    tag: Option<ServerTag>,
    settled: bool,
    mut held: Held<S, ReqBody>,
) -> State<S, ReqBody, ResBody>
where
    S: Service<Request<ReqBody>>,
{
    match held.guard(status, tag, settled) {
        Ok(()) => State::Waiting { held: Some(held) },
        Err(reason) => failed(reason, held),
    }
}

fn failed<S, ReqBody, ResBody>(
    reason: ClientErrorReason,
    held: Held<S, ReqBody>,
) -> State<S, ReqBody, ResBody>
where
    S: Service<Request<ReqBody>>,
{
    State::Failed {
        error: Some(ClientError::unsent(reason, held.head.method, held.head.uri)),
    }
}

impl<S, ReqBody, ResBody> fmt::Debug for ClientFuture<S, ReqBody, ResBody>
where
    S: Service<Request<ReqBody>>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug_state!(f, "ClientFuture", self.state,
            State::Failed { .. } => "Failed",
            State::Sent { .. } => "Sent",
            State::Reading { .. } => "Reading",
            State::ReadingBody { .. } => "ReadingBody",
            State::Waiting { .. } => "Waiting",
        )
    }
}
