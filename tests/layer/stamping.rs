//! The source's validators on 2xx responses to GET and HEAD. The handler's own take precedence.

use std::time::{Duration, SystemTime};

use http::{
    Method, StatusCode,
    header::{CACHE_CONTROL, VARY},
};
use tower_conditional::{EntityTag, HttpDate, Representation, Requirement, Selected};

use crate::support::{Trial, date_of, present, response, tagged};

const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

fn representation() -> Representation {
    Representation::from(EntityTag::from_version(1))
        .with_last_modified(date_of(DATE))
        .with_field(CACHE_CONTROL, "no-cache".parse().unwrap())
        .with_field(VARY, "accept".parse().unwrap())
        .with_field(VARY, "accept-language".parse().unwrap())
}

fn trial(method: Method) -> Trial {
    Trial::new(method, present(representation()))
}

#[test]
fn reads_get_both_validators_and_the_fields() {
    for method in [Method::GET, Method::HEAD] {
        let trial = trial(method.clone());
        for exchange in [
            trial.performed(),
            trial.with("if-none-match", "\"0\"").performed(),
        ] {
            assert_eq!(exchange.field("etag"), Some("\"1\""));
            assert_eq!(exchange.field("last-modified"), Some(DATE));
            assert_eq!(exchange.field("cache-control"), Some("no-cache"));
        }
    }
}

// Another writer came between the source and the handler, and the new part got the old tag. The
// client joined it with parts of the old version.
#[test]
fn a_part_gets_no_validators_that_were_read_before() {
    for range in ["range", "x-other"] {
        let exchange = trial(Method::GET)
            .with(range, "bytes=5-")
            .handler(|| response(StatusCode::PARTIAL_CONTENT, &[]))
            .performed();
        assert_eq!(exchange.field("etag"), None);
        assert_eq!(exchange.field("last-modified"), None);
        assert_eq!(exchange.field("cache-control"), Some("no-cache"));
    }
}

fn query() -> Method {
    Method::from_bytes(b"QUERY").unwrap()
}

// The resource at the URI of a query is not its result.
#[test]
fn a_query_gets_validators_only_from_a_source_that_knows_queries() {
    let exchange = trial(query()).performed();
    assert_eq!(exchange.asked, 1, "the source may know queries");
    assert!(exchange.response.headers().is_empty(), "{exchange:?}");
    trial(query()).with("if-none-match", "\"1\"").refused(304);

    let knows = Trial::new(query(), present(representation().of_queries()));
    let exchange = knows.performed();
    assert_eq!(exchange.field("etag"), Some("\"1\""));
    assert_eq!(exchange.field("last-modified"), Some(DATE));
}

#[test]
fn a_response_keeps_its_own_time() {
    let upstream = representation()
        .with_field(http::header::AGE, "7".parse().unwrap())
        .with_field(http::header::DATE, DATE.parse().unwrap());
    let exchange = Trial::new(Method::GET, present(upstream)).performed();
    assert_eq!(exchange.field("cache-control"), Some("no-cache"));
    assert_eq!(
        (exchange.field("age"), exchange.field("date")),
        (None, None)
    );
}

#[test]
fn the_200_and_the_304_carry_the_same_fields() {
    let ok = trial(Method::GET).performed();
    let not_modified = trial(Method::GET)
        .with("if-none-match", "\"1\"")
        .refused(304);
    for name in ["etag", "cache-control", "vary"] {
        let lines = |headers: &http::HeaderMap| -> Vec<_> {
            headers.get_all(name).iter().cloned().collect()
        };
        let expected = lines(ok.response.headers());
        assert!(!expected.is_empty(), "{name}");
        assert_eq!(lines(not_modified.response.headers()), expected, "{name}");
    }
}

#[test]
fn the_handlers_own_win() {
    let own = [
        ("etag", "W/\"own\""),
        ("last-modified", "Mon, 07 Nov 1994 08:49:37 GMT"),
        ("cache-control", "private"),
        ("vary", "cookie"),
    ];
    let exchange = trial(Method::GET)
        .handler(move || response(StatusCode::OK, &own))
        .performed();
    for (name, value) in own {
        assert_eq!(exchange.field(name), Some(value));
    }
    let own = [("etag", "malformed")];
    let exchange = trial(Method::GET)
        .handler(move || response(StatusCode::OK, &own))
        .performed();
    assert_eq!(exchange.field("etag"), Some("malformed"));
}

// RFC 9110 section 9.3.4: a client would take a validator from before the write for the new one.
#[test]
fn a_write_is_never_stamped() {
    for method in [Method::PUT, Method::PATCH, Method::DELETE, Method::POST] {
        let trial = trial(method)
            .require(Requirement::NONE)
            .with("if-match", "\"1\"");
        let exchange = trial.performed();
        assert!(exchange.response.headers().is_empty(), "{exchange:?}");

        let own = [("etag", "\"2\"")];
        let exchange = trial
            .handler(move || response(StatusCode::OK, &own))
            .performed();
        assert_eq!(exchange.field("etag"), Some("\"2\""));
        assert_eq!(exchange.response.headers().len(), 1);
    }
}

#[test]
fn nothing_but_2xx_is_stamped() {
    for status in [301, 303, 304, 400, 401, 403, 404, 406, 410, 416, 500, 503] {
        let status = StatusCode::from_u16(status).unwrap();
        let exchange = trial(Method::GET)
            .handler(move || response(status, &[]))
            .performed();
        assert!(exchange.response.headers().is_empty(), "{status}");
    }
}

#[test]
fn nothing_is_stamped_on_request() {
    let trial = trial(Method::GET)
        .set_validators(false)
        .with("if-none-match", "\"0\"");
    let exchange = trial.performed();
    assert_eq!(exchange.asked, 1);
    assert!(exchange.response.headers().is_empty(), "{exchange:?}");
}

#[test]
fn nothing_is_stamped_where_nothing_is_known() {
    for answer in [
        Ok(Selected::Missing),
        Ok(Selected::Unknown),
        Err("no connection"),
    ] {
        let exchange = Trial::new(Method::GET, answer).performed();
        assert!(exchange.response.headers().is_empty(), "{exchange:?}");
    }
}

// Whoever gets a date whose second is not over could let a later change of that second pass. A date
// that is an hour ahead stays so during the whole test.
#[test]
fn a_date_whose_second_is_not_over_is_not_sent() {
    let soon = HttpDate::try_from(SystemTime::now() + Duration::from_secs(3_600)).unwrap();
    let read = Trial::new(Method::GET, present(soon));
    assert_eq!(read.performed().field("last-modified"), None);
    let read = read.with("if-none-match", "*");
    assert_eq!(read.refused(304).field("last-modified"), None);

    let past = HttpDate::try_from(SystemTime::now() - Duration::from_secs(2)).unwrap();
    let read = Trial::new(Method::GET, present(past));
    assert_eq!(read.performed().field("last-modified"), Some(past.as_str()));
}

#[test]
fn a_date_before_1970_is_sent_as_it_is() {
    let date = HttpDate::from_unix_seconds(-1).unwrap();
    let exchange = Trial::new(Method::GET, present(date)).performed();
    assert_eq!(
        exchange.field("last-modified"),
        Some("Wed, 31 Dec 1969 23:59:59 GMT")
    );
}

#[test]
fn a_tag_with_obs_text_is_sent_as_it_is() {
    let tag = EntityTag::strong(b"caf\xE9").unwrap();
    let exchange = Trial::new(Method::GET, present(tag)).performed();
    assert_eq!(
        exchange.response.headers()["etag"].as_bytes(),
        b"\"caf\xE9\""
    );
    assert_eq!(
        Trial::new(Method::GET, tagged("\"\""))
            .performed()
            .field("etag"),
        Some("\"\"")
    );
}
