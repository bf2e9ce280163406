//! HTTP-dates: the values of `Last-Modified`, `If-Modified-Since` and `If-Unmodified-Since`
//! (RFC 9110 section 5.6.7).
//!
//! [`HttpDate`] is a checked date. It is parsed from any of the three forms that a client may send,
//! and written in the one form that a server may send.
//!
//! ```
//! use std::time::SystemTime;
//! use tower_conditional::HttpDate;
//!
//! let modified = HttpDate::from_unix_seconds(784_111_777)?;
//! assert_eq!(modified.to_string(), "Sun, 06 Nov 1994 08:49:37 GMT");
//!
//! let since = HttpDate::parse(b"Sunday, 06-Nov-94 08:49:38 GMT", SystemTime::now())?;
//! assert!(modified <= since);
//! # Ok::<(), tower_conditional::date::InvalidHttpDate>(())
//! ```
//!
//! # Rules
//!
//! A date that is not accepted is a precondition that is ignored, and the write is not guarded.
//! Parsing therefore accepts every date whose meaning is clear:
//!
//! 1. The forms are IMF-fixdate, RFC 850 and asctime. They are case-sensitive, and nothing is trimmed.
//!    The evaluation of a date field removes blanks around the value before it is parsed.
//! 2. The years are 0000 to 9999. Dates before 1970 are dates.
//! 3. The day-name must be one of the seven, but need not fit the date.
//! 4. A leap second, `:60`, may be in any minute. It is the second after `:59`.
//! 5. A two-digit year means the latest year with these digits that is not more than 50 years in
//!    the future, compared to the second.
//! 6. A day or a time of day that does not exist, such as 30 February or 24:00:00, is an error.
//!
//! A [`SystemTime`](std::time::SystemTime) is rounded down to the second.
//!
//! # Caveats
//!
//! - The resolution is one second. Two changes within a second have the same date, so a date is a
//!   weak validator (section 8.8.2.2). Prefer an [`EntityTag`](crate::etag::EntityTag) where there
//!   is one.
//! - Only the RFC 850 form depends on the time of parsing.
//!
//! # Why not the crate `httpdate`
//!
//! It rejects leap seconds, day-names that do not fit the date, and years before 1970. Such a date
//! in `If-Unmodified-Since` would be ignored, and the write would not be guarded. It also panics
//! when it converts a `SystemTime` before 1970, cannot create a date in a `const`, and interprets
//! two-digit years without the current time.
//!
//! # Links
//!
//! - [RFC 9110 section 5.6.7](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7), the three
//!   forms
//! - [RFC 9110 section 8.8.2](https://www.rfc-editor.org/rfc/rfc9110#section-8.8.2),
//!   `Last-Modified`

mod calendar;
mod format;
#[cfg(feature = "headers")]
mod headers;
mod http_date;
mod parse;

pub use self::http_date::{HttpDate, InvalidHttpDate};
pub(crate) use self::parse::parse_seconds;
