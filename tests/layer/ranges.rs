//! `If-Range`: which fields of the request reach the service that serves ranges.

use std::time::{Duration, SystemTime};

use http::Method;
use tower_conditional::{Decision, Field, HttpDate, Rules, Selected};

use crate::support::{Answer, Exchange, Trial, dated, present, tagged};

const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

fn resume(answer: Answer, if_range: impl AsRef<[u8]>) -> Trial {
    Trial::new(Method::GET, answer)
        .with("range", "bytes=5-")
        .with("if-range", if_range)
}

#[track_caller]
fn fields_left(exchange: &Exchange, left: bool) {
    let headers = &exchange.seen.as_ref().unwrap().headers;
    assert_eq!(headers.contains_key("range"), left, "Range");
    assert_eq!(headers.contains_key("if-range"), left, "If-Range");
}

#[track_caller]
fn is_true(trial: &Trial) {
    let exchange = trial.performed();
    fields_left(&exchange, true);
    assert_eq!(exchange.decision(), Some(Decision::Perform(Field::IfRange)));
}

#[track_caller]
fn is_false(trial: &Trial) {
    let exchange = trial.performed();
    fields_left(&exchange, false);
    assert_eq!(exchange.decision(), Some(Decision::PerformWithoutRange));
}

#[test]
fn the_strong_tag_must_be_the_current_one() {
    is_true(&resume(tagged("\"1\""), "\"1\""));
    for other in [
        "\"0\"",
        "W/\"1\"",
        "\"1\", \"1\"",
        "\"1",
        "1",
        "*",
        "",
        "\"0\", \"1\"",
    ] {
        is_false(&resume(tagged("\"1\""), other));
    }
    is_false(&resume(tagged("W/\"1\""), "W/\"1\""));
    is_false(&resume(tagged("W/\"1\""), "\"1\""));
    is_false(&resume(dated(DATE), "\"1\""));
    is_true(&resume(tagged("\"W/\""), "\"W/\""));
}

#[test]
fn the_date_must_be_the_same_to_the_byte() {
    is_true(&resume(dated(DATE), DATE));
    for other in [
        "Sun, 06 Nov 1994 08:49:38 GMT",
        "Sun, 06 Nov 1994 08:49:36 GMT",
        "Mon, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
    ] {
        is_false(&resume(dated(DATE), other));
    }
    is_false(&resume(tagged("\"1\""), DATE));
}

// RFC 9110 section 8.8.2.2: until its second is over, the representation can change and keep the
// date. A date that is an hour ahead stays weak during the whole test.
#[test]
fn a_date_that_is_not_over_is_weak() {
    let soon = HttpDate::try_from(SystemTime::now() + Duration::from_secs(3_600)).unwrap();
    is_false(&resume(present(soon), soon.as_str()));
    let past = HttpDate::try_from(SystemTime::now() - Duration::from_secs(2)).unwrap();
    is_true(&resume(present(past), past.as_str()));
}

#[test]
fn a_repeated_field_is_false() {
    is_false(&resume(tagged("\"1\""), "\"1\"").with("if-range", "\"1\""));
}

#[test]
fn without_a_representation_there_is_no_range_of_it() {
    is_false(&resume(Ok(Selected::Missing), "\"1\""));
    is_false(&resume(Ok(Selected::Unknown), "\"1\""));
    is_false(&resume(Err("no connection"), "\"1\""));
}

#[test]
fn it_is_for_get_with_range_only() {
    let head = Trial::new(Method::HEAD, tagged("\"1\""));
    fields_left(
        &head
            .with("range", "bytes=5-")
            .with("if-range", "\"0\"")
            .performed(),
        true,
    );

    let lone = Trial::new(Method::GET, tagged("\"1\""))
        .with("if-range", "\"0\"")
        .performed();
    assert!(lone.seen.unwrap().headers.contains_key("if-range"));
    assert_eq!(lone.response.extensions().get::<Decision>(), None);
    // Beside another field it is not evaluated either.
    let beside = Trial::new(Method::GET, tagged("\"1\""))
        .with("if-range", "\"0\"")
        .with("if-match", "\"1\"")
        .performed();
    assert_eq!(beside.decision(), Some(Decision::Perform(Field::IfMatch)));
    assert!(beside.seen.unwrap().headers.contains_key("if-range"));

    let range = Trial::new(Method::GET, tagged("\"1\""))
        .with("range", "bytes=5-")
        .performed();
    assert!(range.seen.unwrap().headers.contains_key("range"));
}

#[test]
fn it_comes_after_the_others() {
    resume(tagged("\"1\""), "\"1\"")
        .with("if-none-match", "\"1\"")
        .refused(304);
    resume(tagged("\"1\""), "\"1\"")
        .with("if-match", "\"0\"")
        .refused(412);
    is_false(&resume(tagged("\"1\""), "\"0\"").with("if-match", "\"1\""));
    let exchange = resume(tagged("\"1\""), "\"1\"")
        .with("if-match", "\"1\"")
        .performed();
    fields_left(&exchange, true);
    assert_eq!(exchange.decision(), Some(Decision::Perform(Field::IfMatch)));
}

#[test]
fn other_fields_stay() {
    let trial = resume(tagged("\"1\""), "\"0\"").with("accept", "text/plain");
    let headers = trial
        .with("if-match", "\"1\"")
        .performed()
        .seen
        .unwrap()
        .headers;
    assert_eq!(headers["accept"], "text/plain");
    assert_eq!(headers["if-match"], "\"1\"");
}

// Bytes of the tag that the client sent were joined with a part of other bytes.
#[test]
fn no_rule_of_comparison_applies_to_a_read_with_a_range() {
    let rules = Rules::RFC9110
        .coding_suffixes(&["-gzip"])
        .split_tags('-')
        .unquoted_tags(true)
        .weak_if_match(true)
        .weakened_by_proxy(true);
    for (current, sent) in [
        ("\"1\"", "\"1-gzip\""),
        ("\"1\"", "W/\"1\""),
        ("W/\"1\"", "W/\"1\""),
        ("\"1\"", "1"),
    ] {
        for method in [Method::GET, Method::from_bytes(b"QUERY").unwrap()] {
            let read = Trial::new(method, tagged(current))
                .rules(rules)
                .with("if-match", sent);
            read.performed();
            read.with("range", "bytes=5-").refused(412);
        }
    }
    // Range means nothing for other methods.
    for method in [Method::HEAD, Method::PUT] {
        Trial::new(method, tagged("\"1\""))
            .rules(rules)
            .with("range", "bytes=5-")
            .with("if-match", "\"1-gzip\"")
            .performed();
    }
    let coded = Trial::new(Method::GET, tagged("\"1\""))
        .rules(rules)
        .with("if-none-match", "\"1-gzip\"");
    coded.refused(304);
    coded.with("range", "bytes=5-").performed();
}
