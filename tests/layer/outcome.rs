//! What the handler needs to repeat the check where the data lives.

use http::{Method, StatusCode, request::Parts};
use tower::{Layer, ServiceExt};
use tower_conditional::{
    ConditionalLayer, Current, Decision, EntityTag, Field, HttpDate, Outcome, Requirement, Rules,
    Validators, ready_fn,
};

use crate::support::{Handler, head};

const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

/// The head that the handler gets, which has the outcome in its extensions.
fn seen(method: Method, fields: &[(&'static str, &'static str)]) -> Parts {
    let current = Validators::from(EntityTag::from_version(1))
        .with_last_modified(HttpDate::from_unix_seconds(784_111_777).unwrap());
    let handler = Handler::default();
    let service = ConditionalLayer::new(ready_fn(move |_: &Parts| current.clone()))
        .require(Requirement::DELETES)
        .required_status(StatusCode::CONFLICT)
        .unwrap()
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

#[test]
fn a_guarded_write_expects_the_tag_that_was_evaluated() {
    for fields in [
        [("if-match", "\"0\", \"1\"")],
        [("if-match", "\"1-gzip\"")],
        [("if-unmodified-since", DATE)],
    ] {
        let head = seen(Method::PUT, &fields);
        let expected = outcome(&head).expected_etag().and_then(EntityTag::version);
        assert_eq!(expected, Some(1), "{fields:?}");
    }
}

#[test]
fn existence_and_no_guard_expect_no_tag() {
    for fields in [
        &[("if-match", "*")][..],
        &[("if-none-match", "\"0\"")],
        &[("if-unmodified-since", "yesterday")],
        &[],
    ] {
        // Only the layer's other requirement makes it ask about a POST.
        let head = seen(Method::POST, fields);
        let expected = head
            .extensions
            .get::<Outcome>()
            .and_then(Outcome::expected_etag);
        assert!(expected.is_none(), "{fields:?}");
    }
}

#[test]
fn a_recheck_goes_by_the_rules_of_the_layer() {
    let head = seen(Method::PUT, &[("if-match", "\"1-gzip\"")]);
    let same = Validators::from(EntityTag::from_version(1));
    assert!(
        outcome(&head)
            .recheck(&head, Current::Present(&same))
            .is_none()
    );

    let newer = Validators::from(EntityTag::from_version(2));
    let refusal = outcome(&head).recheck(&head, Current::Present(&newer));
    let refusal = refusal.expect("another writer was faster");
    assert_eq!(refusal.status(), StatusCode::PRECONDITION_FAILED);
    assert_eq!(refusal.headers()["etag"], "\"2\"");
    assert!(outcome(&head).recheck(&head, Current::Missing).is_some());
}

#[test]
fn a_recheck_lets_any_version_pass_for_an_asterisk() {
    let head = seen(Method::PUT, &[("if-match", "*")]);
    assert_eq!(outcome(&head).decision(), Decision::Perform(Field::IfMatch));
    let newer = Validators::from(EntityTag::from_version(2));
    assert!(
        outcome(&head)
            .recheck(&head, Current::Present(&newer))
            .is_none()
    );
    assert!(outcome(&head).recheck(&head, Current::Missing).is_some());
}

#[test]
fn a_recheck_keeps_the_requirement_and_its_status() {
    let head = seen(Method::DELETE, &[("if-unmodified-since", DATE)]);
    // What came in between has no modification date: the field is ignored, and guards nothing.
    let undated = Validators::from(EntityTag::from_version(2));
    let refusal = outcome(&head).recheck(&head, Current::Present(&undated));
    assert_eq!(
        refusal.expect("nothing guards").status(),
        StatusCode::CONFLICT
    );
}
