//! Dates at their edges: invalid, repeated, obsolete, before 1970.

use std::time::{Duration, SystemTime};

use http::Method;
use tower_conditional::{Decision, Field, HttpDate, Representation};

use crate::support::{Trial, dated, present, tagged};

const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
const BEFORE: &str = "Sun, 06 Nov 1994 08:49:36 GMT";

/// A GET with this `If-Modified-Since`, for a resource that was modified at `DATE`.
fn read(value: &str) -> Trial {
    Trial::new(Method::GET, dated(DATE)).with("if-modified-since", value)
}

fn write(value: &str) -> Trial {
    Trial::new(Method::PUT, dated(DATE)).with("if-unmodified-since", value)
}

#[test]
fn the_dates_decide_at_the_second() {
    read(DATE).refused(304);
    read(BEFORE).performed();
    write(DATE).performed();
    write(BEFORE).refused(412);
}

#[test]
fn an_invalid_date_is_ignored() {
    let invalid = [
        "",
        "yesterday",
        "784111777",
        "Sun, 06 Nov 1994 08:49:37 +0000",
        "Sun, 06 Nov 1994 08:49:37 gmt",
        "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
    ];
    for value in invalid {
        let exchange = read(value).performed();
        assert_eq!(exchange.decision(), None, "{value}");
        assert_eq!(write(value).performed().decision(), None, "{value}");
    }
}

#[test]
fn a_repeated_date_is_ignored() {
    read(DATE).with("if-modified-since", DATE).performed();
    write(BEFORE)
        .with("if-unmodified-since", BEFORE)
        .performed();
}

#[test]
fn if_modified_since_is_for_get_and_head_only() {
    Trial::new(Method::HEAD, dated(DATE))
        .with("if-modified-since", DATE)
        .refused(304);
    for method in [Method::PUT, Method::POST, Method::DELETE] {
        Trial::new(method, dated(DATE))
            .with("if-modified-since", DATE)
            .performed();
    }
}

#[test]
fn without_a_modification_date_the_dates_are_ignored() {
    for (method, name) in [
        (Method::GET, "if-modified-since"),
        (Method::PUT, "if-unmodified-since"),
    ] {
        let exchange = Trial::new(method, tagged("\"1\""))
            .with(name, BEFORE)
            .performed();
        assert_eq!(exchange.decision(), None, "{name}");
    }
}

#[test]
fn if_match_suppresses_if_unmodified_since() {
    let tag = tower_conditional::EntityTag::from_version(1);
    let both = Representation::from(tag).with_last_modified(crate::support::date_of(DATE));
    let exchange = Trial::new(Method::PUT, present(both))
        .with("if-match", "\"1\"")
        .with("if-unmodified-since", BEFORE)
        .performed();
    assert_eq!(exchange.decision(), Some(Decision::Perform(Field::IfMatch)));
}

// RFC 9110 section 5.6.7: a recipient accepts the obsolete forms, so they guard a write too.
#[test]
fn obsolete_forms_guard() {
    for value in ["Sunday, 06-Nov-94 08:49:36 GMT", "Sun Nov  6 08:49:36 1994"] {
        write(value).refused(412);
        read(value).performed();
    }
    for value in ["Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
        write(value).performed();
        read(value).refused(304);
    }
}

#[test]
fn a_leap_second_is_a_date() {
    write("Sun, 06 Nov 1994 08:48:60 GMT").refused(412);
    write("Sun, 06 Nov 1994 08:49:60 GMT").performed();
    read("Sun, 06 Nov 1994 08:49:60 GMT").refused(304);
}

#[test]
fn a_date_before_1970_guards() {
    write("Wed, 31 Dec 1969 23:59:59 GMT").refused(412);
    let then = present(HttpDate::from_unix_seconds(-86_400).unwrap());
    Trial::new(Method::GET, then.clone())
        .with("if-modified-since", "Wed, 31 Dec 1969 00:00:00 GMT")
        .refused(304);
    Trial::new(Method::PUT, then)
        .with("if-unmodified-since", "Tue, 30 Dec 1969 23:59:59 GMT")
        .refused(412);
}

#[test]
fn a_date_that_http_cannot_name_is_none() {
    for seconds in [i64::MIN, -62_167_219_201, 253_402_300_800, i64::MAX] {
        assert!(HttpDate::from_unix_seconds(seconds).is_err(), "{seconds}");
    }
}

// Two changes of one second have the same date: a second PATCH with the date of the first one's
// version passed. A date that is an hour ahead stays so during the whole test.
#[test]
fn a_date_whose_second_is_not_over_guards_nothing() {
    let soon = HttpDate::try_from(SystemTime::now() + Duration::from_secs(3_600)).unwrap();
    let later = "Fri, 31 Dec 9999 23:59:59 GMT";
    for value in [soon.as_str(), later, BEFORE] {
        let write = Trial::new(Method::PATCH, present(soon)).with("if-unmodified-since", value);
        let exchange = write.refused(412);
        let failed = Decision::PreconditionFailed(Field::IfUnmodifiedSince);
        assert_eq!(exchange.decision(), Some(failed));
        Trial::new(Method::GET, present(soon))
            .with("if-modified-since", value)
            .performed();
    }
    Trial::new(Method::PATCH, present(soon))
        .with("if-unmodified-since", "yesterday")
        .performed();
}
