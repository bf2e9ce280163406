use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{HeaderMap, header::ACCEPT_ENCODING};
use http_body::{Body, Frame, SizeHint};

use crate::etag::Lines;

/// The body of a refusal: bytes that are in memory.
///
/// The body of a 304 is empty, and at its end from the start. Its size hint is not exact: servers and
/// routers add `Content-Length: 0` to a response whose size is known to be 0, and on a 304 that would
/// be the length of the representation that a GET returns (RFC 9110 section 8.6). It is exact only if
/// the request accepts compressed content, because a compression layer such as tower-http's
/// compresses every response of unknown size, a 304 included.
///
/// ```
/// use tower_conditional::RefusalBody;
///
/// let body = RefusalBody::from("another version is current");
/// assert_eq!(body.as_bytes(), b"another version is current");
/// ```
#[derive(Clone, Debug, Default)]
pub struct RefusalBody {
    /// Never `Some` of no bytes.
    bytes: Option<Bytes>,
    /// It is the body of a 304, and nothing is said of its size.
    unsized_304: bool,
}

/// Reports whether the request accepts a content coding, so that an outer layer may compress the
/// response.
pub(crate) fn accepts_coding(headers: &HeaderMap) -> bool {
    let accepts = |line: &[u8]| !line.is_empty() && !line.eq_ignore_ascii_case(b"identity");
    let lines = Lines::of(headers, &ACCEPT_ENCODING);
    lines.find_map(|line| accepts(line).then_some(())).is_some()
}

impl RefusalBody {
    /// Creates an empty body.
    pub const fn empty() -> Self {
        Self {
            bytes: None,
            unsized_304: false,
        }
    }

    /// Creates the body of a 304. `compressible` says that an outer layer may compress it, if its
    /// size is not known: see [`accepts_coding`].
    pub(crate) const fn not_modified(compressible: bool) -> Self {
        Self {
            bytes: None,
            unsized_304: !compressible,
        }
    }

    /// Returns the bytes that have not been polled yet.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.as_deref().unwrap_or_default()
    }
}

macro_rules! from_bytes {
    ($($type:ty),+) => {$(
        impl From<$type> for RefusalBody {
            fn from(bytes: $type) -> Self {
                let bytes = Bytes::from(bytes);
                Self {
                    bytes: Some(bytes).filter(|bytes| !bytes.is_empty()),
                    unsized_304: false,
                }
            }
        }
    )+};
}

from_bytes!(Bytes, String, Vec<u8>, &'static str, &'static [u8]);

/// Returns the bytes that have not been polled yet.
impl From<RefusalBody> for Bytes {
    fn from(body: RefusalBody) -> Self {
        body.bytes.unwrap_or_default()
    }
}

impl Body for RefusalBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.bytes.take().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        if self.unsized_304 {
            return SizeHint::default();
        }
        SizeHint::with_exact(self.as_bytes().len() as u64)
    }
}
