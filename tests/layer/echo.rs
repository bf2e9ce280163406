//! The tag of a 304, in the form in which the client sent it.

use http::{Method, Request, StatusCode};
use tower::{Layer, ServiceExt};
use tower_conditional::{ConditionalLayer, EntityTag, Representation, Rules, Selected, ready_fn};

use crate::support::{Handler, response};

/// Sends a GET with this `If-None-Match` through a layer that echoes, and returns the `ETag`.
fn echoed(source: Selected, current: &'static str, sent: &[&'static str]) -> Option<String> {
    let handler = Handler::new(move || response(StatusCode::OK, &[("etag", current)]));
    let layer = ConditionalLayer::new(ready_fn(move |_| source.clone()))
        .rules(Rules::RFC9110.coding_suffixes(&["-gzip"]))
        .echo_tag(true);
    let mut request = Request::get("/");
    for line in sent {
        request = request.header("if-none-match", *line);
    }
    let answer = layer
        .layer(handler)
        .oneshot(request.body(String::new()).unwrap());
    let response = tokio_test::block_on(answer).unwrap();
    assert_eq!(response.status(), 304, "{sent:?}");
    let etag = response.headers().get("etag")?;
    Some(etag.to_str().unwrap().to_owned())
}

// got and hishel reject a 304 with another strong tag than the one that they have.
#[test]
fn an_echoing_layer_returns_the_tag_that_matched() {
    for (sent, expected) in [
        (&["\"1-gzip\""][..], "\"1-gzip\""),
        (&["\"0\", \"1-gzip\"", "\"1\""], "\"1-gzip\""),
        (&["\"0\"", "W/\"1\""], "W/\"1\""),
        (&["\"1\", \"1-gzip\""], "\"1\""),
        // Neither is an entity tag, so the current one is sent.
        (&["\"1\"-gzip"], "\"1\""),
        (&["*"], "\"1\""),
    ] {
        let known = Selected::from(EntityTag::from_version(1));
        assert_eq!(echoed(known, "\"1\"", sent).as_deref(), Some(expected));
        let late = echoed(Selected::Unknown, "\"1\"", sent);
        assert_eq!(late.as_deref(), Some(expected), "from the response");
    }
    let untagged = Selected::from(Representation::new());
    assert_eq!(echoed(untagged, "\"1\"", &["*"]), None);
}

// A long line is searched for the tag, and from some place on walked over. What is found may also
// need an automaton.
#[test]
fn an_echoing_layer_returns_the_tag_that_matched_in_a_long_line() {
    let current = "\"0f343b0931126a20\"";
    let other = "\"0f343b0931126a21\", ";
    for lookalikes in [0, 1, 4, 5, 40] {
        for suffixes in [1, 2, 1_000] {
            let matched = format!("\"0f343b0931126a20{}\"", "-gzip".repeat(suffixes));
            let before = "\"0f343b0931126a20-gzi\", ".repeat(lookalikes) + &other.repeat(40);
            for line in [
                format!("{before}{matched}"),
                format!("{before}{matched} ,{other}{current}"),
                format!("{matched},{before}{current}"),
            ] {
                let known = Selected::from(current.parse::<EntityTag>().unwrap());
                let tag = echoed(known, current, &[line.leak()]);
                assert_eq!(tag, Some(matched.clone()), "after {lookalikes}");
            }
        }
    }
}

#[test]
fn a_layer_echoes_in_no_other_response() {
    let layer = ConditionalLayer::new(ready_fn(|_| EntityTag::from_version(1))).echo_tag(true);
    for (method, name, status) in [
        (Method::PUT, "if-none-match", 412),
        (Method::GET, "if-match", 200),
    ] {
        let request = Request::builder()
            .method(method)
            .header(name, "W/\"1\", \"1\"");
        let service = layer.clone().layer(Handler::default());
        let answer = service.oneshot(request.body(String::new()).unwrap());
        let response = tokio_test::block_on(answer).unwrap();
        assert_eq!(response.status(), status);
        assert_eq!(response.headers()["etag"], "\"1\"");
    }
}
