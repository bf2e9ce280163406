//! Edge cases of entity tags: no tag, `*`, empty and malformed fields, many lines.

use http::Method;
use tower_conditional::Representation;

use crate::support::{Trial, present, tagged};

const OLD: &str = "Tue, 15 Nov 1994 12:45:26 GMT";

/// Checks that the write is performed if and only if the precondition is true.
#[track_caller]
fn if_match(trial: Trial, value: impl AsRef<[u8]>, is_true: bool) {
    let trial = trial.with("if-match", value);
    if is_true {
        trial.performed();
    } else {
        trial.refused(412);
    }
}

#[track_caller]
fn if_none_match(trial: impl Fn(Method) -> Trial, value: impl AsRef<[u8]>, is_true: bool) {
    let value = value.as_ref();
    for (method, status) in [(Method::GET, 304), (Method::HEAD, 304), (Method::PUT, 412)] {
        let trial = trial(method).with("if-none-match", value);
        if is_true {
            trial.performed();
        } else {
            trial.refused(status);
        }
    }
}

fn untagged(method: Method) -> Trial {
    Trial::new(method, present(Representation::new()))
}

fn strong(method: Method) -> Trial {
    Trial::new(method, tagged("\"1\""))
}

fn weak(method: Method) -> Trial {
    Trial::new(method, tagged("W/\"1\""))
}

// `*` matches each representation that exists, with or without a tag.
#[test]
fn a_representation_without_a_tag_exists() {
    if_match(untagged(Method::PUT), "*", true);
    if_match(untagged(Method::PUT), "\"1\"", false);
    if_none_match(untagged, "*", false);
    if_none_match(untagged, "\"1\"", true);
}

#[test]
fn if_match_without_a_member_fails_closed() {
    for value in [
        "", " ", ",", ",,\t,", "unquoted", "\"", "\"1", "1\"", "w/\"1\"", "\"1\"x",
    ] {
        if_match(strong(Method::PUT), value, false);
        if_match(strong(Method::GET), value, false);
    }
}

#[test]
fn if_none_match_without_a_member_matches_nothing() {
    for value in ["", ",", "unquoted", "\"1", "w/\"1\""] {
        if_none_match(strong, value, true);
    }
}

#[test]
fn if_none_match_suppresses_if_modified_since_by_its_presence() {
    let dated = crate::support::dated(OLD);
    for value in ["", "unquoted", "\"0\""] {
        Trial::new(Method::GET, dated.clone())
            .with("if-none-match", value)
            .with("if-modified-since", OLD)
            .performed();
    }
    Trial::new(Method::GET, dated)
        .with("if-modified-since", OLD)
        .refused(304);
}

#[test]
fn a_malformed_member_is_skipped_and_the_rest_counts() {
    for value in [
        "unquoted, \"1\"",
        "\"1\", unquoted",
        "\"a\"b, \"1\"",
        ",, \"0\" ,\t\"1\" ,",
    ] {
        if_match(strong(Method::PUT), value, true);
        if_none_match(strong, value, false);
    }
}

#[test]
fn an_asterisk_beside_other_members_is_none() {
    for value in ["*, \"0\"", "\"0\", *", "*, *", "\"*\"", "**"] {
        if_match(strong(Method::PUT), value, false);
        if_none_match(strong, value, true);
    }
    if_match(strong(Method::PUT), "*, \"1\"", true);
    if_match(strong(Method::PUT).with("if-match", "*"), "\"0\"", false);
    if_match(strong(Method::PUT), " * ", true);
}

#[test]
fn every_line_counts() {
    let lines = |method| strong(method).with("if-none-match", "\"0\"");
    if_none_match(lines, "\"1\"", false);
    if_none_match(lines, "\"2\"", true);
    if_match(strong(Method::PUT).with("if-match", "\"0\""), "\"1\"", true);
    if_match(strong(Method::PUT).with("if-match", "\"0"), "\"1\"", true);
}

#[test]
fn if_match_compares_strongly_and_if_none_match_weakly() {
    if_match(strong(Method::PUT), "W/\"1\"", false);
    if_match(weak(Method::PUT), "W/\"1\"", false);
    if_match(weak(Method::PUT), "\"1\"", false);
    if_none_match(strong, "W/\"1\"", false);
    if_none_match(weak, "\"1\"", false);
    if_none_match(weak, "W/\"1\"", false);
}

#[test]
fn a_tag_may_hold_commas_and_obs_text() {
    let comma = |method| Trial::new(method, tagged("\"a,b\""));
    if_match(comma(Method::PUT), "\"a,b\"", true);
    if_match(comma(Method::PUT), "\"a\", \"b\"", false);
    if_none_match(comma, "\"x\", \"a,b\"", false);

    let obs_text = |method| {
        let tag = tower_conditional::EntityTag::strong(b"caf\xE9").unwrap();
        Trial::new(method, present(tag))
    };
    if_match(obs_text(Method::PUT), b"\"caf\xE9\"", true);
    if_match(obs_text(Method::PUT), b"\"caf\xE8\"", false);
    if_match(obs_text(Method::PUT), "\"caf\u{e9}\"", false);
}

#[test]
fn post_is_evaluated_like_every_write() {
    if_match(strong(Method::POST), "\"1\"", true);
    if_match(strong(Method::POST), "\"0\"", false);
    strong(Method::POST).with("if-none-match", "*").refused(412);
    let other = Method::from_bytes(b"PROPPATCH").unwrap();
    if_match(strong(other), "\"0\"", false);
}
