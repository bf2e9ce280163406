//! What the handler needs to repeat the check where the data is stored.

use http::{Method, StatusCode, request::Parts};
use tower::{Layer, ServiceExt};
use tower_conditional::{
    ConditionalLayer, Decision, EntityTag, Expected, Field, HttpDate, Outcome, Requirement, Rules,
    Ruling, Selected, Validators, ready_fn,
};

use crate::support::{Handler, head};

const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

fn dated() -> Validators {
    Validators::from(EntityTag::from_version(1))
        .with_last_modified(HttpDate::from_unix_seconds(784_111_777).unwrap())
}

fn seen(method: Method, fields: &[(&'static str, &'static str)]) -> Parts {
    seen_of(method, dated().into(), fields)
}

/// Returns the head that the handler gets. It has the outcome in its extensions.
fn seen_of(method: Method, current: Selected, fields: &[(&'static str, &'static str)]) -> Parts {
    let handler = Handler::default();
    let service = ConditionalLayer::new(ready_fn(move |_: &Parts| current.clone()))
        .outcome_of_reads(true)
        .require(Requirement::methods([http::Method::DELETE]).unwrap())
        .respond_with(|refusal| {
            let required = refusal.decision() == Decision::PreconditionRequired;
            let mut response = refusal.into_response();
            if required {
                *response.status_mut() = StatusCode::CONFLICT;
            }
            response
        })
        .rules(Rules::RFC9110.coding_suffixes(&["-gzip"]))
        .layer(handler.clone());
    let mut head = head(method);
    for (name, value) in fields {
        head.headers.append(*name, value.parse().unwrap());
    }
    let request = http::Request::from_parts(head, String::new());
    tokio_test::block_on(service.oneshot(request)).unwrap();
    handler.only_request()
}

fn outcome(head: &Parts) -> &Outcome {
    head.extensions.get().expect("an outcome")
}

#[track_caller]
fn expects(
    method: Method,
    current: impl Into<Selected>,
    fields: &[(&'static str, &'static str)],
    expected: &str,
) {
    let head = seen_of(method, current.into(), fields);
    let found = head.extensions.get().map(Outcome::expected);
    assert_eq!(
        format!("{found:?}"),
        format!("Some({expected})"),
        "{fields:?}"
    );
}

#[test]
fn a_guarded_write_expects_the_tag_that_was_evaluated() {
    for fields in [
        [("if-match", "\"0\", \"1\"")],
        [("if-match", "\"1-gzip\"")],
        [("if-unmodified-since", DATE)],
        [("if-none-match", "\"0\"")],
    ] {
        expects(Method::PUT, dated(), &fields, "Tag(EntityTag(\\\"1\\\"))");
    }
}

#[test]
fn without_a_tag_it_is_the_date() {
    let date = dated().last_modified().unwrap();
    let fields = [("if-unmodified-since", DATE)];
    let expected = format!("Date(HttpDate({DATE}))");
    expects(Method::DELETE, date, &fields, &expected);
    expects(Method::PUT, date, &[("if-none-match", "\"0\"")], &expected);
}

#[test]
fn an_asterisk_expects_existence() {
    expects(Method::PUT, dated(), &[("if-match", "*")], "Exists");
    let bare = Validators::new();
    expects(Method::PUT, bare, &[("if-none-match", "\"0\"")], "Exists");
}

// Only `Exists` was expected, so a version that `If-None-Match` excludes passed in the race.
#[test]
fn an_asterisk_beside_a_list_expects_the_tag_that_was_evaluated() {
    let fields = [("if-match", "*"), ("if-none-match", "\"0\"")];
    expects(Method::PUT, dated(), &fields, "Tag(EntityTag(\\\"1\\\"))");
    let head = seen(Method::PUT, &fields);
    let newer = EntityTag::from_version(2);
    let rechecked = outcome(&head).recheck(&head, newer);
    assert!(rechecked.is_ok(), "both still hold");
    let excluded = EntityTag::from_version(0);
    let rechecked = outcome(&head).recheck(&head, excluded);
    assert_eq!(rechecked.unwrap_err().status(), 412);
}

// A GET was answered 304 with problem details.
#[test]
fn a_read_that_lost_is_answered_304() {
    let fields = [("if-none-match", "\"0\"")];
    let head = seen(Method::GET, &fields);
    let now = || EntityTag::from_version(0);
    let rechecked = outcome(&head).recheck(&head, now()).unwrap_err();
    for response in [rechecked, outcome(&head).lost(&head, now())] {
        assert_eq!(response.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(response.headers()["etag"], "\"0\"");
        assert_eq!(response.headers().len(), 1);
        assert!(response.body().as_bytes().is_empty());
    }
}

#[test]
fn a_write_that_nothing_guards_expects_anything_of_what_is_missing() {
    let handler = Handler::default();
    let service = ConditionalLayer::new(ready_fn(|_| Selected::Missing))
        .policy(|_, _| Ruling::Default)
        .layer(handler.clone());
    let request = http::Request::from_parts(head(Method::PUT), String::new());
    tokio_test::block_on(service.oneshot(request)).unwrap();
    let head = handler.only_request();
    let expected = outcome(&head).expected();
    assert!(matches!(expected, Expected::Unconstrained), "{expected:?}");
}

// A service with preconditions of its own reads one line, and refuses what was true over both.
#[test]
fn a_list_in_several_lines_reaches_the_handler_in_one() {
    for (lines, expected) in [
        (&["\"1\"", "\"0\""][..], "\"1\", \"0\""),
        (
            &["\"0\" ,, x", "", "W/\"a,b\",\t\"1\""],
            "\"0\", x, W/\"a,b\", \"1\"",
        ),
        // A quote that is not closed ends with its line.
        (&["\"0\", \"open", "\"1\""], "\"0\", \"1\""),
        (&["\"1-gzip\", caf\u{e9}"], "\"1-gzip\", caf\u{e9}"),
    ] {
        let fields: Vec<_> = lines.iter().map(|line| ("if-match", *line)).collect();
        let head = seen(Method::PUT, &fields);
        let found: Vec<_> = head.headers.get_all("if-match").iter().collect();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].as_bytes(), expected.as_bytes(), "{lines:?}");
        assert!(
            outcome(&head)
                .recheck(&head, EntityTag::from_version(1))
                .is_ok()
        );
    }
    let lines = [("if-none-match", "\"0\""), ("if-none-match", "\"2\"")];
    for method in [Method::PUT, Method::GET] {
        let head = seen(method, &lines);
        assert_eq!(head.headers["if-none-match"], "\"0\", \"2\"");
        assert_eq!(head.headers.get_all("if-none-match").iter().count(), 1);
    }
    // Fields that are not lists stay as they are.
    let dates = [("if-unmodified-since", DATE), ("if-unmodified-since", DATE)];
    let head = seen(Method::DELETE, &[("if-match", "*"), dates[0], dates[1]]);
    assert_eq!(
        head.headers.get_all("if-unmodified-since").iter().count(),
        2
    );
}

#[test]
fn a_creation_expects_nothing_if_something_would_have_mattered() {
    let missing = || Selected::Missing;
    for fields in [
        [("if-none-match", "*")],
        [("if-none-match", "\"0\"")],
        [("if-unmodified-since", DATE)],
    ] {
        expects(Method::PUT, missing(), &fields, "Absent");
    }
    // A DELETE for which a precondition was required, but there was nothing to delete.
    expects(Method::DELETE, missing(), &[], "Absent");
    expects(Method::POST, missing(), &[("if-none-match", "*")], "Absent");
}

#[test]
fn what_guards_nothing_expects_anything() {
    let fields = [("if-unmodified-since", "yesterday")];
    expects(Method::PUT, dated(), &fields, "Unconstrained");
    expects(Method::PUT, Selected::Unknown, &fields, "Unconstrained");
    let head = seen_of(Method::PUT, dated().into(), &[]);
    assert!(head.extensions.get::<Outcome>().is_none(), "nobody asked");
}

#[test]
fn a_recheck_applies_the_rules_of_the_layer() {
    let head = seen(Method::PUT, &[("if-match", "\"1-gzip\"")]);
    let same = EntityTag::from_version(1);
    assert!(outcome(&head).recheck(&head, same).is_ok());

    let newer = EntityTag::from_version(2);
    let refusal = outcome(&head).recheck(&head, newer);
    let refusal = refusal.expect_err("another writer was faster");
    assert_eq!(refusal.status(), StatusCode::PRECONDITION_FAILED);
    assert_eq!(refusal.headers()["etag"], "\"2\"");
    assert!(outcome(&head).recheck(&head, Selected::Missing).is_err());
}

#[test]
fn a_recheck_lets_any_version_pass_for_an_asterisk() {
    let head = seen(Method::PUT, &[("if-match", "*")]);
    assert_eq!(outcome(&head).decision(), Decision::Perform(Field::IfMatch));
    let newer = EntityTag::from_version(2);
    assert!(outcome(&head).recheck(&head, newer).is_ok());
    assert!(outcome(&head).recheck(&head, Selected::Missing).is_err());
}

#[test]
fn a_recheck_keeps_the_requirement_and_the_layers_own_response() {
    let head = seen(Method::DELETE, &[("if-unmodified-since", DATE)]);
    // The new state has no modification date, so the field is ignored and guards nothing.
    let refusal = outcome(&head).recheck(&head, EntityTag::from_version(2));
    let refusal = refusal.expect_err("nothing guards");
    assert_eq!(refusal.status(), StatusCode::CONFLICT);
}

#[test]
fn a_lost_race_is_answered_as_the_layer_would_have() {
    let head = seen(Method::PUT, &[("if-match", "\"1\"")]);
    let lost = outcome(&head).lost(&head, EntityTag::from_version(2));
    let rechecked = outcome(&head).recheck(&head, EntityTag::from_version(2));
    let rechecked = rechecked.expect_err("another writer was faster");
    assert_eq!(lost.status(), StatusCode::PRECONDITION_FAILED);
    assert_eq!(lost.headers(), rechecked.headers());
    assert_eq!(lost.body().as_bytes(), rechecked.body().as_bytes());
}

#[test]
fn a_lost_race_is_a_412_whatever_is_known_of_the_state() {
    for current in [
        Selected::Unknown,
        Selected::Missing,
        EntityTag::from_version(1).into(), // the precondition is true again
    ] {
        let head = seen(Method::PUT, &[("if-match", "\"1\"")]);
        let lost = outcome(&head).lost(&head, current);
        assert_eq!(lost.status(), StatusCode::PRECONDITION_FAILED);
        let problem = String::from_utf8_lossy(lost.body().as_bytes());
        assert!(problem.contains("If-Match"), "{problem}");
    }
}

#[test]
fn a_creation_that_lost_names_its_field() {
    let fields = [("if-none-match", "*")];
    let head = seen_of(Method::PUT, Selected::Missing, &fields);
    let lost = outcome(&head).lost(&head, EntityTag::from_version(1));
    assert_eq!(lost.status(), StatusCode::PRECONDITION_FAILED);
    assert_eq!(lost.headers()["etag"], "\"1\"");
    let problem = String::from_utf8_lossy(lost.body().as_bytes());
    assert!(problem.contains("If-None-Match"), "{problem}");
}

#[test]
fn a_required_creation_that_lost_is_answered_as_one_without_a_guard() {
    let head = seen_of(Method::DELETE, Selected::Missing, &[]);
    let lost = outcome(&head).lost(&head, EntityTag::from_version(1));
    assert_eq!(lost.status(), StatusCode::CONFLICT, "the closure's 428");
}

#[test]
fn a_read_has_an_outcome_if_it_has_a_field_even_one_that_is_ignored() {
    let ignored = seen(Method::GET, &[("if-modified-since", "yesterday")]);
    assert_eq!(outcome(&ignored).decision(), Decision::Unconditional);

    for (fields, conditional) in [(&[][..], false), (&[("if-none-match", "\"0\"")], true)] {
        let handler = Handler::default();
        let service = ConditionalLayer::new(ready_fn(|_| EntityTag::from_version(1)))
            .outcome_of_reads(true)
            .policy(|_, _| Ruling::Default)
            .layer(handler.clone());
        let mut get = head(Method::GET);
        for (name, value) in fields {
            get.headers.append(*name, value.parse().unwrap());
        }
        let request = http::Request::from_parts(get, String::new());
        tokio_test::block_on(service.oneshot(request)).unwrap();
        let seen = handler.only_request();
        assert_eq!(seen.extensions.get::<Outcome>().is_some(), conditional);
    }
}
