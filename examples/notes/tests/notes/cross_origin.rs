//! Scripts of other origins (CORS).

use http::{Method, StatusCode};
use serde_json::json;

use crate::service::{Service, field};

pub(crate) async fn scripts_may_read_the_tag_of_every_answer(service: &Service) {
    let (path, tag) = service.a_note().await;
    let edit = || service.patch(&path, json!({"title": "x"}));
    for (request, status) in [
        (service.get(&path), StatusCode::OK),
        (
            service.get(&path).header("if-none-match", &tag),
            StatusCode::NOT_MODIFIED,
        ),
        (edit(), StatusCode::PRECONDITION_REQUIRED),
        (
            edit().header("if-match", "\"0\""),
            StatusCode::PRECONDITION_FAILED,
        ),
        (edit().header("if-match", &tag), StatusCode::OK),
    ] {
        let response = request.header("origin", "https://example.com").send();
        let response = response.await.unwrap();
        assert_eq!(response.status(), status);
        assert_eq!(field(&response, "access-control-allow-origin"), "*");
        let exposed = field(&response, "access-control-expose-headers");
        assert!(exposed.split(',').any(|name| name == "etag"), "{exposed}");
        field(&response, "etag");
    }
}

/// A preflight request for a write is not itself a write: it needs no precondition.
pub(crate) async fn scripts_may_send_conditional_fields(service: &Service) {
    let (path, _) = service.a_note().await;
    for method in ["GET", "PUT", "PATCH", "DELETE"] {
        for name in [
            "if-match",
            "if-none-match",
            "if-modified-since",
            "if-unmodified-since",
            "if-range",
            "content-type",
            "authorization",
            "cache-control",
            "prefer",
        ] {
            let preflight = service
                .request(Method::OPTIONS, &path)
                .header("origin", "https://example.com")
                .header("access-control-request-method", method)
                .header("access-control-request-headers", name);
            let preflight = preflight.send().await.unwrap();
            assert_eq!(preflight.status(), StatusCode::OK);
            let methods = field(&preflight, "access-control-allow-methods");
            assert!(methods.split(',').any(|allowed| allowed == method));
            let fields = field(&preflight, "access-control-allow-headers");
            assert!(fields.split(',').any(|allowed| allowed == name), "{fields}");
        }
    }
}
