//! Conversions from and to the typed fields of the `headers` crate.

use ::headers::{Header, IfModifiedSince, IfRange, IfUnmodifiedSince, LastModified};
use http::HeaderValue;

use super::{HttpDate, InvalidHttpDate};

macro_rules! from_http_date {
    ($($type:ident),+) => {$(
        /// # Errors
        ///
        /// Returns an error if the date is before 1970, which the `headers` crate does not accept.
        impl TryFrom<HttpDate> for $type {
            type Error = ::headers::Error;

            fn try_from(date: HttpDate) -> Result<Self, Self::Error> {
                let value = HeaderValue::from(date);
                $type::decode(&mut std::iter::once(&value))
            }
        }
    )+};
}

macro_rules! into_http_date {
    ($($type:ident),+) => {$(
        /// # Errors
        ///
        /// Returns an error if the time is not in the years 0000 to 9999.
        impl TryFrom<$type> for HttpDate {
            type Error = InvalidHttpDate;

            fn try_from(date: $type) -> Result<Self, Self::Error> {
                HttpDate::try_from(std::time::SystemTime::from(date))
            }
        }
    )+};
}

from_http_date!(LastModified, IfModifiedSince, IfRange, IfUnmodifiedSince);
// `IfRange` does not give its date back.
into_http_date!(LastModified, IfModifiedSince, IfUnmodifiedSince);
