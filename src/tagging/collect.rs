use std::{
    collections::VecDeque,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Buf, Bytes};
use digest::Digest;
use http_body::{Body, Frame};

/// Holds back a body until it is complete.
pub(super) struct Collect<B: Body, D> {
    body: B,
    hasher: D,
    frames: VecDeque<Frame<B::Data>>,
    size: u64,
    max_size: u64,
}

/// A body that was held back, and the digest if it came to its end.
pub(super) struct Collected<B: Body, D> {
    pub(super) frames: VecDeque<Frame<B::Data>>,
    /// Bytes of data in the frames.
    pub(super) size: u64,
    pub(super) end: End<B, D>,
}

pub(super) enum End<B: Body, D> {
    Complete(D),
    Failed(B::Error),
    /// It is larger than it said: the rest is still to come.
    TooLarge(B),
}

impl<B, D> Collect<B, D>
where
    B: Body + Unpin,
    B::Data: From<Bytes>,
    D: Digest,
{
    pub(super) fn new(body: B, max_size: u64) -> Self {
        Self {
            body,
            hasher: D::new(),
            frames: VecDeque::new(),
            size: 0,
            max_size,
        }
    }

    /// Ready when there is nothing more to wait for; then `finish` can be called.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<B::Error>> {
        while self.size <= self.max_size && !self.body.is_end_stream() {
            match ready!(Pin::new(&mut self.body).poll_frame(cx)) {
                Some(Ok(frame)) => {
                    let frame = hash(frame, &mut self.hasher, &mut self.size);
                    self.frames.push_back(frame);
                }
                Some(Err(error)) => return Poll::Ready(Some(error)),
                None => break,
            }
        }
        Poll::Ready(None)
    }

    pub(super) fn finish(self, error: Option<B::Error>) -> Collected<B, D> {
        let end = match error {
            Some(error) => End::Failed(error),
            None if self.size > self.max_size => End::TooLarge(self.body),
            None => End::Complete(self.hasher),
        };
        Collected {
            frames: self.frames,
            size: self.size,
            end,
        }
    }
}

/// Hashes the data of a frame. Data that is one run of bytes is not copied for it.
pub(super) fn hash<T, D>(frame: Frame<T>, hasher: &mut D, size: &mut u64) -> Frame<T>
where
    T: Buf + From<Bytes>,
    D: Digest,
{
    match frame.into_data() {
        Ok(mut data) => {
            *size += data.remaining() as u64;
            if data.chunk().len() == data.remaining() {
                hasher.update(data.chunk());
                return Frame::data(data);
            }
            let bytes = data.copy_to_bytes(data.remaining());
            hasher.update(&bytes);
            Frame::data(bytes.into())
        }
        Err(frame) => frame,
    }
}
