//! What the test bed says for itself, so that a mistake in a suite is not taken for the layer's.

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use tower::ServiceExt;

use crate::app::{App, Body};

async fn get(path: &str, lines: &[(&str, &str)]) -> Response<Body> {
    let mut request = Request::get(path);
    for (name, value) in lines {
        request = request.header(*name, *value);
    }
    let request = request.body(Full::<Bytes>::default()).expect("a request");
    let Ok(response) = App::new().oneshot(request).await;
    response
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
    let wrong: [&[(&str, &str)]; 10] = [
        &[("test-exist", "true")],
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
