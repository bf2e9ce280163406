use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use digest::Digest;
use http::{
    HeaderMap, HeaderValue, Request, Version,
    header::{CONTENT_LENGTH, ETAG, TE, TRAILER},
};
use http_body::{Body, Frame, SizeHint};

use super::hash::Hasher;
use crate::fields::{members, trim};

/// Whether a response can have a trailer section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trailers {
    No,
    /// The message must be chunked, and must not have a `Content-Length` for that.
    Chunked,
    Yes,
}

impl Trailers {
    /// Returns what the client that sent the request accepts.
    pub(super) fn accepted_by<B>(request: &Request<B>) -> Self {
        if !has_te_trailers(request.headers()) {
            return Self::No;
        }
        match request.version() {
            Version::HTTP_09 | Version::HTTP_10 => Self::No,
            Version::HTTP_11 => Self::Chunked,
            _ => Self::Yes,
        }
    }

    /// Announces the `ETag` field of the trailer section (RFC 9110 section 6.6.2).
    pub(super) fn announce(self, headers: &mut HeaderMap) {
        headers.append(TRAILER, HeaderValue::from_static("etag"));
        if self == Self::Chunked {
            headers.remove(CONTENT_LENGTH);
        }
    }
}

/// Reports whether `TE` has the member `trailers` (RFC 9110 section 10.1.4).
fn has_te_trailers(headers: &HeaderMap) -> bool {
    members(headers, TE).any(|member| {
        let token = member.split(|&b| b == b';').next().unwrap_or(member);
        trim(token).eq_ignore_ascii_case(b"trailers")
    })
}

/// A body that is hashed while it is sent, and ends with its entity tag in the trailer section.
pub(super) struct WithTrailer<B, D> {
    body: B,
    /// `None` after the trailer section or an error.
    hasher: Option<Hasher<D>>,
}

impl<B, D: Digest> WithTrailer<B, D> {
    pub(super) fn new(body: B, weak: bool) -> Self {
        Self {
            body,
            hasher: Some(Hasher::new(weak)),
        }
    }
}

// Nothing is pinned: the inner body is `Unpin` wherever it is polled.
impl<B, D> Unpin for WithTrailer<B, D> {}

impl<B, D> Body for WithTrailer<B, D>
where
    B: Body + Unpin,
    B::Data: From<Bytes>,
    D: Digest,
{
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let this = self.get_mut();
        let frame = match ready!(Pin::new(&mut this.body).poll_frame(cx)) {
            Some(Ok(frame)) => frame,
            Some(Err(error)) => {
                // The bytes up to here are not the whole representation.
                this.hasher = None;
                return Poll::Ready(Some(Err(error)));
            }
            None => {
                let hasher = this.hasher.take();
                return Poll::Ready(hasher.map(|hasher| Ok(add_etag(HeaderMap::new(), hasher))));
            }
        };
        Poll::Ready(Some(Ok(match frame.into_trailers() {
            Ok(trailers) => match this.hasher.take() {
                Some(hasher) => add_etag(trailers, hasher),
                None => Frame::trailers(trailers),
            },
            Err(frame) => match &mut this.hasher {
                Some(hasher) => hasher.update(frame),
                None => frame,
            },
        })))
    }

    fn is_end_stream(&self) -> bool {
        self.hasher.is_none() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        // Not exact: HTTP/1.1 servers would send a `Content-Length` and no trailer section.
        let mut hint = SizeHint::new();
        hint.set_lower(self.body.size_hint().lower());
        hint
    }
}

/// Adds the entity tag to a trailer section, unless the handler has done so.
fn add_etag<T, D: Digest>(mut trailers: HeaderMap, hasher: Hasher<D>) -> Frame<T> {
    trailers
        .entry(ETAG)
        .or_insert_with(|| hasher.into_entity_tag().into());
    Frame::trailers(trailers)
}
