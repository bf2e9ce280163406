use std::{
    cmp::Ordering,
    error::Error,
    fmt,
    hash::{Hash, Hasher},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::{
    calendar::{YEARS, unix_seconds},
    format::{LENGTH, format},
    parse::parse_seconds,
};
use crate::fields::{only_line, trim};

/// A point in time with a resolution of one second, in UTC and in the years 0000 to 9999
/// (RFC 9110 section 5.6.7).
///
/// The IMF-fixdate form is calculated once, when the date is created. Writing the date, or
/// comparing it with the bytes of a field, then takes 29 bytes and no arithmetic.
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
/// use tower_conditional::HttpDate;
///
/// let date = HttpDate::try_from(UNIX_EPOCH + Duration::from_millis(784_111_777_999))?;
/// assert_eq!(date.as_str(), "Sun, 06 Nov 1994 08:49:37 GMT");
/// assert_eq!(date.unix_seconds(), 784_111_777, "the fraction is cut off");
/// # Ok::<(), tower_conditional::date::InvalidHttpDate>(())
/// ```
#[derive(Clone, Copy)]
pub struct HttpDate {
    seconds: i64,
    imf_fixdate: [u8; LENGTH],
}

impl HttpDate {
    /// Creates a date from the seconds since 1970-01-01T00:00:00Z. They are negative before it.
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
    ///
    /// # Errors
    ///
    /// Returns an error if the year is not one of 0000 to 9999.
    pub const fn from_unix_seconds(seconds: i64) -> Result<Self, InvalidHttpDate> {
        if seconds < YEARS.0 || seconds > YEARS.1 {
            return Err(InvalidHttpDate(Kind::Year));
        }
        Ok(Self {
            seconds,
            imf_fixdate: format(seconds),
        })
    }

    /// Parses any of the three forms of RFC 9110 section 5.6.7: IMF-fixdate, RFC 850 or asctime.
    ///
    /// The two-digit year of the RFC 850 form is interpreted relative to `now`. See the
    /// [module documentation](crate::date) for all rules.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use tower_conditional::HttpDate;
    ///
    /// let now = SystemTime::now();
    /// let date = HttpDate::parse(b"Sun, 06 Nov 1994 08:49:37 GMT", now)?;
    /// assert_eq!(HttpDate::parse(b"Sunday, 06-Nov-94 08:49:37 GMT", now)?, date);
    /// assert_eq!(HttpDate::parse(b"Sun Nov  6 08:49:37 1994", now)?, date);
    /// # Ok::<(), tower_conditional::date::InvalidHttpDate>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the bytes have none of the three forms, or contain a day or a time of
    /// day that does not exist.
    pub fn parse(bytes: &[u8], now: SystemTime) -> Result<Self, InvalidHttpDate> {
        Self::parse_at(bytes, || now)
    }

    /// Parses as [`parse`](Self::parse) does. `now` is called only for a two-digit year.
    pub(crate) fn parse_at(
        bytes: &[u8],
        now: impl Fn() -> SystemTime,
    ) -> Result<Self, InvalidHttpDate> {
        match parse_seconds(bytes, now) {
            Some(seconds) => Self::from_unix_seconds(seconds),
            None => Err(InvalidHttpDate(Kind::Form)),
        }
    }

    /// Returns the date of a field of a response that is exactly one valid date. Blanks around it
    /// do not count.
    pub(crate) fn of_field(headers: &HeaderMap, name: HeaderName) -> Option<Self> {
        Self::of_line(only_line(headers, name)?)
    }

    /// Reads the date of a line, without the blanks around it.
    pub(crate) fn of_line(line: &HeaderValue) -> Option<Self> {
        Self::parse_at(trim(line.as_bytes()), SystemTime::now).ok()
    }

    /// Returns the seconds since 1970-01-01T00:00:00Z. They are negative before it.
    pub const fn unix_seconds(&self) -> i64 {
        self.seconds
    }

    /// Reports whether this modification date is a strong validator at the time `now`: whether its
    /// second is over (RFC 9110 section 8.8.2.2).
    ///
    /// Before that, the representation can change again and keep the date. A handler that sets
    /// `Last-Modified` itself should not send such a date. The layer does not.
    ///
    /// ```
    /// use std::time::{Duration, UNIX_EPOCH};
    /// use tower_conditional::HttpDate;
    ///
    /// let modified = HttpDate::from_unix_seconds(784_111_777)?;
    /// let at = |millis| UNIX_EPOCH + Duration::from_millis(millis);
    /// assert!(!modified.is_strong(at(784_111_777_999)), "there may be another change");
    /// assert!(modified.is_strong(at(784_111_778_000)));
    /// # Ok::<(), tower_conditional::date::InvalidHttpDate>(())
    /// ```
    pub fn is_strong(&self, now: SystemTime) -> bool {
        // The comparison of two times is cheaper than the distance from the epoch.
        let over = (u64::try_from(self.seconds).ok())
            .and_then(|seconds| UNIX_EPOCH.checked_add(Duration::from_secs(seconds + 1)));
        match over {
            Some(over) => over <= now,
            None => self.seconds < unix_seconds(now),
        }
    }

    /// Returns the date in IMF-fixdate form, the only form that may be sent.
    pub fn as_str(&self) -> &str {
        // The bytes are ASCII by construction.
        std::str::from_utf8(&self.imf_fixdate).unwrap_or_default()
    }

    /// Returns the bytes of [`as_str`](Self::as_str).
    pub const fn as_bytes(&self) -> &[u8; 29] {
        &self.imf_fixdate
    }
}

/// Rounds down to the second.
impl TryFrom<SystemTime> for HttpDate {
    type Error = InvalidHttpDate;

    fn try_from(time: SystemTime) -> Result<Self, Self::Error> {
        Self::from_unix_seconds(unix_seconds(time))
    }
}

/// Fails only if the platform's `SystemTime` cannot represent the date.
impl TryFrom<HttpDate> for SystemTime {
    type Error = InvalidHttpDate;

    fn try_from(date: HttpDate) -> Result<Self, Self::Error> {
        let distance = Duration::from_secs(date.seconds.unsigned_abs());
        let time = if date.seconds < 0 {
            UNIX_EPOCH.checked_sub(distance)
        } else {
            UNIX_EPOCH.checked_add(distance)
        };
        time.ok_or(InvalidHttpDate(Kind::Year))
    }
}

impl From<HttpDate> for HeaderValue {
    fn from(date: HttpDate) -> Self {
        HeaderValue::from_maybe_shared(Bytes::copy_from_slice(&date.imf_fixdate))
            // The bytes are visible ASCII and spaces by construction.
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

/// The error of bytes that are not an HTTP-date, or of a time that an HTTP-date cannot represent
/// (RFC 9110 section 5.6.7).
///
/// ```
/// use std::time::SystemTime;
/// use tower_conditional::HttpDate;
///
/// let error = HttpDate::parse(b"1994-11-06T08:49:37Z", SystemTime::now()).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "invalid HTTP-date: expected an IMF-fixdate, RFC 850 or asctime date",
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidHttpDate(Kind);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Form,
    Year,
}

impl fmt::Display for InvalidHttpDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Kind::Form => "invalid HTTP-date: expected an IMF-fixdate, RFC 850 or asctime date",
            Kind::Year => "invalid HTTP-date: expected a year from 0000 to 9999",
        })
    }
}

impl Error for InvalidHttpDate {}
