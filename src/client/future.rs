use std::{
    any::type_name,
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use http::{Method, Request, Response, StatusCode, request::Parts};
use http_body::Body;
use pin_project::pin_project;
use tower::Service;

use super::{
    ClientError, Remembered, ResponseBody,
    error::Reason,
    exchange::Exchange,
    prepare::{create_only, if_match},
};

/// The future of [`ConditionalClient`](super::ConditionalClient).
///
/// Dropping it drops whatever it waits for. A write whose future was dropped may have reached the
/// server: what was known of the resource stays, and so the next write fails closed.
#[pin_project]
pub struct ResponseFuture<S, ReqBody, ResBody>
where
    S: Service<Request<ReqBody>>,
{
    #[pin]
    state: State<S, ReqBody, ResBody>,
}

#[pin_project(project = StateProjection)]
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
        body: ResponseBody<ResBody>,
        read: Option<(Remembered, Held<S, ReqBody>)>,
    },
    /// The resource was read, and the service is to be called a second time.
    Waiting { held: Option<Held<S, ReqBody>> },
}

/// A write that is held back until the resource has been read.
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

    /// `settled`: all was seen of the response that could tell a tag.
    fn guard(
        &mut self,
        status: StatusCode,
        remembered: &Remembered,
        settled: bool,
    ) -> Result<(), Reason> {
        match status {
            StatusCode::NOT_FOUND | StatusCode::GONE => {
                if self.head.method == Method::PUT {
                    create_only(&mut self.head.headers);
                    self.exchange.creates();
                }
            }
            _ => match (remembered.tag(), status.as_u16()) {
                (Some(tag), 200..=299) => if_match(&mut self.head.headers, tag.clone()),
                (None, 200 | 203 | 204) if settled => {}
                (None, 200 | 203 | 204) => return Err(Reason::Incomplete),
                _ => return Err(Reason::Unreadable(status)),
            },
        }
        Ok(())
    }
}

impl<S, ReqBody, ResBody> ResponseFuture<S, ReqBody, ResBody>
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

impl<S, ReqBody, ResBody> Future for ResponseFuture<S, ReqBody, ResBody>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>>,
    ResBody: Body,
{
    type Output = Result<Response<ResponseBody<ResBody>>, ClientError<S::Error>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        const TWICE: &str = "`ResponseFuture` polled after completion";
        let mut state = self.project().state;
        loop {
            let next = match state.as_mut().project() {
                StateProjection::Failed { error } => {
                    return Poll::Ready(Err(error.take().expect(TWICE)));
                }
                StateProjection::Sent { response, exchange } => {
                    let response =
                        std::task::ready!(response.poll(cx)).map_err(ClientError::inner_failed)?;
                    return Poll::Ready(Ok(match exchange.take() {
                        Some(exchange) => exchange.learn(response),
                        None => response.map(ResponseBody::passed),
                    }));
                }
                StateProjection::Reading { response, read } => {
                    let response =
                        std::task::ready!(response.poll(cx)).map_err(ClientError::inner_failed)?;
                    let (exchange, held) = read.take().expect(TWICE);
                    after_head(exchange.learn(response), held)
                }
                StateProjection::ReadingBody { mut body, read } => {
                    // Only a 200 or 203 is searched.
                    while body.is_searched() {
                        match std::task::ready!(body.as_mut().poll_frame(cx)) {
                            Some(Ok(_)) => {}
                            Some(Err(_)) | None => break,
                        }
                    }
                    let (remembered, held) = read.take().expect(TWICE);
                    after_read(StatusCode::OK, &remembered, body.is_settled(), held)
                }
                StateProjection::Waiting { held } => {
                    if let Some(held) = held.as_mut() {
                        std::task::ready!(held.inner.poll_ready(cx))
                            .map_err(ClientError::inner_failed)?;
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
    response: Response<ResponseBody<ResBody>>,
    held: Held<S, ReqBody>,
) -> State<S, ReqBody, ResBody>
where
    S: Service<Request<ReqBody>>,
{
    let (head, body) = response.into_parts();
    let remembered = head
        .extensions
        .get::<Remembered>()
        .cloned()
        .unwrap_or_default();
    if body.is_searched() {
        State::ReadingBody {
            body,
            read: Some((remembered, held)),
        }
    } else {
        after_read(head.status, &remembered, body.is_settled(), held)
    }
}

fn after_read<S, ReqBody, ResBody>(
    status: StatusCode,
    remembered: &Remembered,
    settled: bool,
    mut held: Held<S, ReqBody>,
) -> State<S, ReqBody, ResBody>
where
    S: Service<Request<ReqBody>>,
{
    match held.guard(status, remembered, settled) {
        Ok(()) => State::Waiting { held: Some(held) },
        Err(reason) => State::Failed {
            error: Some(ClientError::unsent(reason, held.head.method, held.head.uri)),
        },
    }
}

impl<S, ReqBody, ResBody> fmt::Debug for ResponseFuture<S, ReqBody, ResBody>
where
    S: Service<Request<ReqBody>>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture")
            .field("inner", &type_name::<S::Future>())
            .finish_non_exhaustive()
    }
}
