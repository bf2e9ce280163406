//! HTTP-dates (RFC 9110 section 5.6.7).

mod calendar;
mod format;
mod parse;

use std::{
    cmp::Ordering,
    error::Error,
    fmt,
    hash::{Hash, Hasher},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;
use http::HeaderValue;

pub(crate) use self::parse::parse_seconds;
use self::{calendar::YEARS, format::format};

/// A point in time as HTTP has it: whole seconds of the years 0000 to 9999, UTC
/// (RFC 9110 section 5.6.7).
///
/// The IMF-fixdate form is made once, when the date is: writing it, and comparing it with a
/// field's bytes, are then copies of 29 bytes.
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
/// use tower_conditional::HttpDate;
///
/// let date = HttpDate::try_from(UNIX_EPOCH + Duration::from_millis(784_111_777_999))?;
/// assert_eq!(date.as_str(), "Sun, 06 Nov 1994 08:49:37 GMT");
/// assert_eq!(date.unix_seconds(), 784_111_777, "fractions of a second are cut off");
/// # Ok::<(), tower_conditional::InvalidDate>(())
/// ```
#[derive(Clone, Copy)]
pub struct HttpDate {
    seconds: i64,
    imf_fixdate: [u8; format::LENGTH],
}

impl HttpDate {
    /// The date that is so many seconds after (or, if negative, before) 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    ///
    /// When the year is not one of 0000 to 9999.
    ///
    /// ```
    /// use tower_conditional::HttpDate;
    ///
    /// const EPOCH: HttpDate = match HttpDate::from_unix_seconds(0) {
    ///     Ok(date) => date,
    ///     Err(_) => unreachable!(),
    /// };
    /// assert_eq!(EPOCH.as_str(), "Thu, 01 Jan 1970 00:00:00 GMT");
    /// assert!(HttpDate::from_unix_seconds(i64::MAX).is_err());
    /// ```
    pub const fn from_unix_seconds(seconds: i64) -> Result<Self, InvalidDate> {
        if seconds < YEARS.0 || seconds > YEARS.1 {
            return Err(InvalidDate(Kind::Year));
        }
        Ok(Self {
            seconds,
            imf_fixdate: format(seconds),
        })
    }

    /// Reads any of the three forms of RFC 9110 section 5.6.7: IMF-fixdate, RFC 850, asctime.
    ///
    /// `now` is what a two-digit year is relative to. A day-name that does not fit the date is
    /// accepted, and so is a leap second (`:60`), which is the second after `:59`: a date that were
    /// refused would not guard.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use tower_conditional::HttpDate;
    ///
    /// let now = SystemTime::now();
    /// let date = HttpDate::parse(b"Sun, 06 Nov 1994 08:49:37 GMT", now)?;
    /// assert_eq!(HttpDate::parse(b"Sunday, 06-Nov-94 08:49:37 GMT", now)?, date);
    /// assert_eq!(HttpDate::parse(b"Sun Nov  6 08:49:37 1994", now)?, date);
    /// # Ok::<(), tower_conditional::InvalidDate>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the bytes are none of the three forms, or name a day or a time of day that does not
    /// exist.
    pub fn parse(bytes: &[u8], now: SystemTime) -> Result<Self, InvalidDate> {
        match parse_seconds(bytes, now) {
            Some(seconds) => Self::from_unix_seconds(seconds),
            None => Err(InvalidDate(Kind::Form)),
        }
    }

    /// Seconds after 1970-01-01T00:00:00Z; negative before.
    pub const fn unix_seconds(&self) -> i64 {
        self.seconds
    }

    /// The date in IMF-fixdate form, the only one that may be sent.
    pub fn as_str(&self) -> &str {
        // The bytes are ASCII by construction.
        std::str::from_utf8(&self.imf_fixdate).unwrap_or_default()
    }

    /// The bytes of [`as_str`](Self::as_str).
    pub const fn as_bytes(&self) -> &[u8; 29] {
        &self.imf_fixdate
    }
}

/// Seconds after 1970-01-01T00:00:00Z, rounded down; saturates far outside of the years that an
/// HTTP-date can name.
pub(crate) fn unix_seconds(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_secs()).unwrap_or(i64::MAX),
        Err(error) => {
            let before = error.duration();
            let seconds = i64::try_from(before.as_secs()).unwrap_or(i64::MAX);
            -seconds - i64::from(before.subsec_nanos() > 0 && seconds < i64::MAX)
        }
    }
}

/// Cuts fractions of a second off, towards the past.
impl TryFrom<SystemTime> for HttpDate {
    type Error = InvalidDate;

    fn try_from(time: SystemTime) -> Result<Self, Self::Error> {
        Self::from_unix_seconds(unix_seconds(time))
    }
}

/// Fails only where a platform's clock does not reach the date.
impl TryFrom<HttpDate> for SystemTime {
    type Error = InvalidDate;

    fn try_from(date: HttpDate) -> Result<Self, Self::Error> {
        let distance = Duration::from_secs(date.seconds.unsigned_abs());
        let time = if date.seconds < 0 {
            UNIX_EPOCH.checked_sub(distance)
        } else {
            UNIX_EPOCH.checked_add(distance)
        };
        time.ok_or(InvalidDate(Kind::Year))
    }
}

impl From<HttpDate> for HeaderValue {
    fn from(date: HttpDate) -> Self {
        HeaderValue::from_maybe_shared(Bytes::copy_from_slice(&date.imf_fixdate))
            // The bytes are visible ASCII and blanks by construction.
            .expect("a date is a field value")
    }
}

impl PartialEq for HttpDate {
    fn eq(&self, other: &Self) -> bool {
        self.seconds == other.seconds
    }
}

impl Eq for HttpDate {}

impl PartialOrd for HttpDate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for HttpDate {
    fn cmp(&self, other: &Self) -> Ordering {
        self.seconds.cmp(&other.seconds)
    }
}

impl Hash for HttpDate {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.seconds.hash(state);
    }
}

impl fmt::Display for HttpDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for HttpDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HttpDate({})", self.as_str())
    }
}

/// Not an HTTP-date, or a time that an HTTP-date cannot name (RFC 9110 section 5.6.7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidDate(Kind);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Form,
    Year,
}

impl fmt::Display for InvalidDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Kind::Form => "invalid HTTP-date: expected an IMF-fixdate, RFC 850 or asctime date",
            Kind::Year => "invalid HTTP-date: expected a year from 0000 to 9999",
        })
    }
}

impl Error for InvalidDate {}
