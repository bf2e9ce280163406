//! What the test bed says for itself, so that a mistake in a suite is not taken for the layer's.

use bytes::Bytes;
use example_testbed::{App, Body};
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use tower::ServiceExt;

type Lines<'a> = &'a [(&'a str, &'a str)];

async fn send(method: &str, path: &str, lines: Lines<'_>) -> Response<Body> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in lines {
        request = request.header(*name, *value);
    }
    let request = request.body(Full::<Bytes>::default()).expect("a request");
    let Ok(response) = App::new().oneshot(request).await;
    response
}

async fn get(path: &str, lines: Lines<'_>) -> Response<Body> {
    send("GET", path, lines).await
}

async fn text(response: Response<Body>) -> String {
    let body = response.into_body().collect().await.expect("a body");
    String::from_utf8(body.to_bytes().to_vec()).expect("UTF-8")
}

#[tokio::test]
async fn a_path_without_a_profile_names_them() {
    for path in ["/", "/rfc9110/it", "//rfc", "/RFC"] {
        let response = get(path, &[]).await;
        assert_eq!(response.status(), 404, "{path}");
        assert_eq!(response.headers()["content-type"], "text/plain");
        let message = text(response).await;
        for profile in [
            "/rfc",
            "/gzip",
            "/launchpad",
            "/restheart",
            "/ironic",
            "/redfish",
            "/weakened",
        ] {
            assert!(message.contains(profile), "{message}");
            assert_eq!(get(profile, &[]).await.status(), 200);
        }
    }
}

#[tokio::test]
async fn a_wrong_test_field_is_told_before_the_layer() {
    let wrong: [Lines<'_>; 9] = [
        &[("test-exists", "yes")],
        &[("test-exists", "true"), ("test-exists", "true")],
        &[("test-etag", "unquoted")],
        &[("test-last-modified", "yesterday")],
        &[("test-require", "writes")],
        &[("test-status", "99")],
        &[("test-status", "101")],
        &[("test-source-header", "no colon")],
        &[("test-source-header", "not a name: value")],
    ];
    for lines in wrong {
        let response = get("/rfc/it", lines).await;
        assert_eq!(response.status(), 400, "{lines:?}");
        let message = text(response).await;
        assert!(message.starts_with(lines[0].0), "{message}");
    }
}

#[tokio::test]
async fn other_fields_of_a_suite_are_its_own() {
    let response = get("/rfc/it", &[("test-id", "13.1.1"), ("test-exist", "?")]).await;
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn an_unquoted_tag_is_told_and_sent_so_where_the_system_does() {
    for (path, told) in [("/restheart/it", "55e84c0a"), ("/ironic/it", "W/eeee")] {
        let response = get(path, &[("test-etag", told), ("if-none-match", told)]).await;
        assert_eq!(response.status(), 304, "{path}");
        assert_eq!(response.headers()["etag"], told);
        let quoted = [("test-etag", "\"55e84c0a\""), ("if-none-match", "55e84c0a")];
        let response = get(path, &quoted).await;
        assert_eq!(response.status(), 304, "{path}");
        assert_eq!(response.headers()["etag"], "\"55e84c0a\"");
    }
}

/// HTTP/1.1 clients cannot send CONNECT to a path, so this is no case.
#[tokio::test]
async fn connect_goes_straight_through() {
    let lines = [
        ("test-etag", "\"x\""),
        ("if-match", "\"old\""),
        ("test-require", "required"),
    ];
    let response = send("CONNECT", "/rfc/it", &lines).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["test-handler"], "ran");
    assert!(!response.headers().contains_key("etag"));
}

/// A request that the profile answers otherwise than RFC 9110 does, for each thing that its
/// configuration names.
#[tokio::test]
async fn every_profile_departs_from_the_rfc_as_its_name_says() {
    const STRONG: (&str, &str) = ("test-etag", "\"x\"");
    const WEAK: (&str, &str) = ("test-etag", "W/\"x\"");
    const SPLIT: (&str, &str) = ("test-etag", "\"read-write\"");
    const GONE: (&str, &str) = ("test-exists", "false");
    const REQUIRED: (&str, &str) = ("test-require", "required");
    let departures: [(&str, &str, Lines<'_>, u16, u16); 14] = [
        (
            "gzip",
            "GET",
            &[STRONG, ("if-none-match", "\"x-gzip\"")],
            304,
            200,
        ),
        (
            "gzip",
            "PUT",
            &[STRONG, ("if-match", "\"x\"-gzip")],
            200,
            412,
        ),
        (
            "launchpad",
            "PATCH",
            &[SPLIT, ("if-match", "\"other-write\"")],
            200,
            412,
        ),
        (
            "launchpad",
            "PATCH",
            &[SPLIT, ("if-match", "\"other-write-gzip\"")],
            200,
            412,
        ),
        (
            "launchpad",
            "GET",
            &[SPLIT, ("if-none-match", "\"read-write-gzip\"")],
            304,
            200,
        ),
        ("restheart", "PUT", &[STRONG, ("if-match", "x")], 200, 412),
        ("restheart", "PUT", &[GONE, ("if-match", "\"x\"")], 201, 412),
        ("restheart", "DELETE", &[STRONG, REQUIRED], 409, 428),
        (
            "ironic",
            "PATCH",
            &[WEAK, ("if-match", "W/\"x\"")],
            200,
            412,
        ),
        ("ironic", "PATCH", &[WEAK, ("if-match", "W/x")], 200, 412),
        (
            "redfish",
            "PATCH",
            &[WEAK, ("if-match", "W/\"x\"")],
            200,
            412,
        ),
        ("redfish", "PATCH", &[WEAK], 428, 200),
        ("redfish", "PUT", &[WEAK], 428, 200),
        (
            "weakened",
            "PUT",
            &[STRONG, ("if-match", "W/\"x\"")],
            200,
            412,
        ),
    ];
    for (profile, method, lines, status, by_rfc) in departures {
        let response = send(method, &format!("/{profile}/it"), lines).await;
        assert_eq!(response.status(), status, "{profile} {method} {lines:?}");
        let response = send(method, "/rfc/it", lines).await;
        assert_eq!(response.status(), by_rfc, "rfc {method} {lines:?}");
    }

    let alike: [(&str, &str, Lines<'_>, u16); 4] = [
        (
            "launchpad",
            "GET",
            &[SPLIT, ("if-none-match", "\"other-write\"")],
            200,
        ),
        ("redfish", "DELETE", &[WEAK], 200),
        ("weakened", "PUT", &[WEAK, ("if-match", "W/\"x\"")], 412),
        ("gzip", "PUT", &[STRONG, ("if-match", "\"x-br\"")], 412),
    ];
    for (profile, method, lines, status) in alike {
        for path in [format!("/{profile}/it"), "/rfc/it".to_owned()] {
            let response = send(method, &path, lines).await;
            assert_eq!(response.status(), status, "{method} {path} {lines:?}");
        }
    }
}
