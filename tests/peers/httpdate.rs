//! httpdate 1.0.3.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::Request;
use tower_conditional::HttpDate;

use crate::support::{Site, date};

// A date with the wrong weekday was rejected, so the write was not guarded.
#[test]
fn refuses_a_wrong_weekday() {
    let put = Request::put("/").header("if-unmodified-since", "Mon, 06 Nov 1994 08:49:36 GMT");
    assert!(!Site::of(date()).send(put).performed);
}

// A leap second was rejected, although RFC 9110 section 5.6.7 allows it.
#[test]
fn refuses_a_leap_second() {
    let put = Request::put("/").header("if-unmodified-since", "Sun, 06 Nov 1994 08:48:60 GMT");
    assert!(!Site::of(date()).send(put).performed);
}

// Formatting a time before 1970 or after 9999 panicked.
#[test]
fn panics_beyond_its_years() {
    let before = HttpDate::try_from(UNIX_EPOCH - Duration::from_nanos(1)).unwrap();
    assert_eq!(before.as_str(), "Wed, 31 Dec 1969 23:59:59 GMT");
    let after = UNIX_EPOCH + Duration::from_secs(253_402_300_800);
    assert!(HttpDate::try_from(after).is_err(), "the year 10000");
    let last = HttpDate::try_from(after - Duration::from_secs(1)).unwrap();
    assert_eq!(last.as_str(), "Fri, 31 Dec 9999 23:59:59 GMT");
    assert!(HttpDate::parse(last.as_bytes(), SystemTime::now()).is_ok());
}
