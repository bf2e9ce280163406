//! Continuing an interrupted transfer.

mod content_range;
mod error;
mod validator;

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Response, StatusCode,
    header::{CONTENT_LENGTH, CONTENT_RANGE, IF_RANGE, RANGE},
};

pub use self::error::ResumeError;
use self::{content_range::ContentRange, error::Kind, validator::Validator};
use super::fields;

/// A transfer that can be interrupted and continued, without ever joining parts of two different
/// representations (RFC 9110 section 13.1.5).
///
/// 1. [`prepare`](Self::prepare) each GET: once something was received, and the representation has a
///    strong validator, it asks for the rest with `Range` and `If-Range`. Without a strong validator it
///    asks for all: a weak tag does not promise the same bytes.
/// 2. [`accept`](Self::accept) tells what the response is: the rest, or everything from the start.
/// 3. Count what [arrives](Self::received).
///
/// All requests must carry the same `Accept-Encoding` and whatever else the representation depends on.
///
/// ```
/// use http::{HeaderMap, Response};
/// use tower_conditional::client::{Resume, Resumed};
///
/// let mut resume = Resume::new();
/// let mut request = HeaderMap::new();
/// resume.prepare(&mut request);
/// assert!(request.is_empty(), "the first request is an ordinary one");
///
/// let first = Response::builder().header("etag", "\"v1\"").header("content-length", "10").body(())?;
/// assert_eq!(resume.accept(&first)?, Resumed::Start);
/// resume.received(4);
/// // The connection breaks.
/// resume.prepare(&mut request);
/// assert_eq!(request["range"], "bytes=4-");
/// assert_eq!(request["if-range"], "\"v1\"");
///
/// let rest = Response::builder()
///     .status(206)
///     .header("etag", "\"v1\"")
///     .header("content-range", "bytes 4-9/10")
///     .body(())?;
/// assert_eq!(resume.accept(&rest)?, Resumed::Continue);
/// resume.received(6);
/// assert_eq!(resume.is_complete(), Some(true));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Resume {
    received: u64,
    length: Option<u64>,
    validator: Option<Validator>,
}

/// What to do with the content of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Resumed {
    /// It is the whole representation: drop what was received before, if anything.
    Start,
    /// It is the rest: append it to what was received before.
    Continue,
    /// It is none of the representation: nothing was missing.
    Complete,
}

impl Resume {
    /// Nothing was received.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes the fields of a GET ask for what is missing.
    pub fn prepare(&self, headers: &mut HeaderMap) {
        headers.remove(RANGE);
        headers.remove(IF_RANGE);
        if self.received == 0 {
            return;
        }
        let range =
            HeaderValue::from_maybe_shared(Bytes::from(format!("bytes={}-", self.received)));
        if let (Some(validator), Ok(range)) = (&self.validator, range) {
            headers.insert(RANGE, range);
            headers.insert(IF_RANGE, validator.to_field());
        }
    }

    /// Reads the head of the response to a [prepared](Self::prepare) GET.
    ///
    /// # Errors
    ///
    /// When the response is neither the whole representation nor the rest of the same one. Nothing
    /// of its content may be kept; what was received before is still valid.
    pub fn accept<B>(&mut self, response: &Response<B>) -> Result<Resumed, ResumeError> {
        let headers = response.headers();
        match response.status() {
            StatusCode::OK => {
                *self = Self {
                    received: 0,
                    length: length(headers),
                    validator: Validator::strong(headers),
                };
                Ok(Resumed::Start)
            }
            StatusCode::PARTIAL_CONTENT => self.accept_part(headers).map(|()| Resumed::Continue),
            StatusCode::RANGE_NOT_SATISFIABLE => {
                let complete = ContentRange::of(headers)
                    .is_some_and(|range| range == ContentRange::Unsatisfied(self.received));
                if complete && self.received > 0 {
                    self.length = Some(self.received);
                    return Ok(Resumed::Complete);
                }
                Err(ResumeError::new(Kind::Status(response.status())))
            }
            status => Err(ResumeError::new(Kind::Status(status))),
        }
    }

    fn accept_part(&mut self, headers: &HeaderMap) -> Result<(), ResumeError> {
        let Some(validator) = self.validator.as_ref().filter(|_| self.received > 0) else {
            return Err(ResumeError::new(Kind::Unasked));
        };
        let Some(ContentRange::Part {
            first,
            last,
            length,
        }) = ContentRange::of(headers)
        else {
            return Err(ResumeError::new(Kind::ContentRange));
        };
        if first != self.received {
            return Err(ResumeError::new(Kind::Gap {
                expected: self.received,
                found: first,
            }));
        }
        let same_length = match (self.length, length) {
            (Some(known), Some(told)) => known == told,
            (Some(known), None) => last < known,
            (None, _) => true,
        };
        if !same_length || !validator.agrees_with(headers) {
            return Err(ResumeError::new(Kind::Changed));
        }
        self.length = self.length.or(length);
        Ok(())
    }

    /// Counts bytes that have arrived since.
    pub fn received(&mut self, bytes: u64) {
        self.received = self.received.saturating_add(bytes);
    }

    /// How many bytes have arrived, from the start.
    pub const fn offset(&self) -> u64 {
        self.received
    }

    /// Whether everything has arrived, if the length is known.
    pub fn is_complete(&self) -> Option<bool> {
        self.length.map(|length| self.received >= length)
    }

    /// Whether a prepared GET asks for the rest only.
    pub fn can_resume(&self) -> bool {
        self.received > 0 && self.validator.is_some()
    }
}

fn length(headers: &HeaderMap) -> Option<u64> {
    content_range::number(fields::only(headers, &CONTENT_LENGTH)?.as_bytes())
}
