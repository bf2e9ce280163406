use std::{
    collections::VecDeque,
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Buf, Bytes};
use digest::Digest;
use http_body::{Body, Frame, SizeHint};

use super::hash::Hasher;
use crate::etag::EntityTag;

/// Frames in their order. Most bodies have one, for which nothing is allocated.
struct Frames<T> {
    first: Option<Frame<T>>,
    /// Empty before there is a first one.
    others: VecDeque<Frame<T>>,
}

impl<T> Frames<T> {
    const fn new() -> Self {
        Self {
            first: None,
            others: VecDeque::new(),
        }
    }

    /// Appends a frame. None was taken yet.
    fn push(&mut self, frame: Frame<T>) {
        match self.first {
            None => self.first = Some(frame),
            Some(_) => self.others.push_back(frame),
        }
    }

    fn pop(&mut self) -> Option<Frame<T>> {
        self.first.take().or_else(|| self.others.pop_front())
    }

    fn is_empty(&self) -> bool {
        self.first.is_none() && self.others.is_empty()
    }
}

/// Holds back the frames of a body until its end.
pub(super) struct Collect<B: Body, D> {
    body: B,
    frames: Frames<B::Data>,
    hasher: Hasher<D>,
    max_size: u64,
}

impl<B, D> Collect<B, D>
where
    B: Body + Unpin,
    B::Data: From<Bytes>,
    D: Digest,
{
    pub(super) fn new(body: B, weak: bool, max_size: u64) -> Self {
        Self {
            body,
            frames: Frames::new(),
            hasher: Hasher::new(weak),
            max_size,
        }
    }

    /// Reads frames until the body ends, fails or becomes larger than `max_size`.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), B::Error>> {
        while !self.is_too_large() && !self.body.is_end_stream() {
            match ready!(Pin::new(&mut self.body).poll_frame(cx)) {
                Some(Ok(frame)) => self.frames.push(self.hasher.update(frame)),
                Some(Err(error)) => return Poll::Ready(Err(error)),
                None => break,
            }
        }
        Poll::Ready(Ok(()))
    }

    /// Takes the result of `poll`. Returns the body, and its entity tag if it came to its end.
    pub(super) fn finish(self, result: Result<(), B::Error>) -> (HeldBack<B>, Option<EntityTag>) {
        let too_large = self.is_too_large();
        let size = self.hasher.size();
        let (rest, etag) = match result {
            Err(error) => (Rest::Error(error), None),
            Ok(()) if too_large => (Rest::Body(self.body), None),
            Ok(()) => (Rest::Nothing, Some(self.hasher.into_entity_tag())),
        };
        let body = HeldBack {
            frames: self.frames,
            size,
            rest,
        };
        (body, etag)
    }

    fn is_too_large(&self) -> bool {
        self.hasher.size() > self.max_size
    }
}

/// A body that was held back: first the frames that were read, then the rest.
pub(super) struct HeldBack<B: Body> {
    frames: Frames<B::Data>,
    /// Bytes of data in the frames.
    size: u64,
    rest: Rest<B>,
}

enum Rest<B: Body> {
    Nothing,
    Error(B::Error),
    Body(B),
}

impl<B: Body> HeldBack<B> {
    pub(super) const fn size(&self) -> u64 {
        self.size
    }
}

// Nothing is pinned: the rest of the body is `Unpin` wherever it is polled.
impl<B: Body> Unpin for HeldBack<B> {}

impl<B: Body + Unpin> Body for HeldBack<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let this = self.get_mut();
        if let Some(frame) = this.frames.pop() {
            this.size -= frame.data_ref().map_or(0, Buf::remaining) as u64;
            return Poll::Ready(Some(Ok(frame)));
        }
        if let Rest::Body(body) = &mut this.rest {
            return Pin::new(body).poll_frame(cx);
        }
        match mem::replace(&mut this.rest, Rest::Nothing) {
            Rest::Error(error) => Poll::Ready(Some(Err(error))),
            Rest::Nothing | Rest::Body(_) => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.frames.is_empty()
            && match &self.rest {
                Rest::Nothing => true,
                Rest::Error(_) => false,
                Rest::Body(body) => body.is_end_stream(),
            }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.rest {
            Rest::Nothing => SizeHint::with_exact(self.size),
            Rest::Error(_) | Rest::Body(_) => {
                let mut hint = SizeHint::new();
                hint.set_lower(self.size);
                hint
            }
        }
    }
}
