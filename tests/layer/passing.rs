//! The layer leaves requests, responses and errors unchanged if it decides nothing.

use std::fmt;

use http::{Method, Request, Response, Version, header::IF_MATCH, request::Parts};
use tower::{Layer, ServiceExt, service_fn};
use tower_conditional::{Conditional, ConditionalLayer, EntityTag, ready_fn, source_fn};

use crate::support::head;

/// An error that implements neither `Clone` nor `std::error::Error`: the layer needs neither.
struct Own(&'static str);

impl fmt::Debug for Own {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

fn source(_: &Parts) -> EntityTag {
    EntityTag::from_version(1)
}

#[tokio::test]
async fn the_error_is_the_handlers() {
    let handler =
        service_fn(|_: Request<String>| async { Err::<Response<String>, _>(Own("broken")) });
    for (method, tag) in [
        (Method::PUT, Some("\"1\"")),
        (Method::GET, None),
        (Method::POST, None),
    ] {
        let mut head = head(method);
        if let Some(tag) = tag {
            head.headers.insert(IF_MATCH, tag.parse().unwrap());
        }
        let at_once = Conditional::new(handler, ready_fn(source));
        let request = || Request::from_parts(head.clone(), String::new());
        let Own(error) = at_once.oneshot(request()).await.unwrap_err();
        assert_eq!(error, "broken");

        let awaited = Conditional::new(
            handler,
            source_fn(|head: &Parts| std::future::ready(source(head))),
        );
        let Own(error) = awaited.oneshot(request()).await.unwrap_err();
        assert_eq!(error, "broken");
    }
}

// The source fails, but the service must not: services in axum are infallible.
#[tokio::test]
async fn the_error_of_the_source_is_not_the_services() {
    let handler = service_fn(|_: Request<String>| async {
        Ok::<_, std::convert::Infallible>(Response::new(String::new()))
    });
    let source = ready_fn(|_: &Parts| Err::<EntityTag, _>("no connection"));
    let mut head = head(Method::PUT);
    head.headers.insert(IF_MATCH, "*".parse().unwrap());
    let request = Request::from_parts(head, String::new());
    let Ok(response) = Conditional::new(handler, source).oneshot(request).await;
    assert_eq!(response.status(), 503);
}

#[derive(Clone, Debug, PartialEq)]
struct Mark(u8);

#[tokio::test]
async fn request_and_response_keep_what_they_have() {
    let handler = service_fn(|request: Request<String>| async move {
        assert_eq!(request.uri(), "/resource");
        assert_eq!(request.version(), Version::HTTP_10);
        assert_eq!(request.extensions().get(), Some(&Mark(1)));
        assert_eq!(request.headers().len(), 2);
        assert_eq!(request.headers()["x"], "y");
        let response = Response::builder()
            .status(207)
            .version(Version::HTTP_10)
            .extension(Mark(2))
            .header("a", "1")
            .header("a", "2");
        response.body(request.into_body())
    });
    for method in [Method::POST, Method::GET, Method::OPTIONS] {
        let mut head = head(method);
        head.version = Version::HTTP_10;
        head.extensions.insert(Mark(1));
        head.headers.insert(IF_MATCH, "\"1\"".parse().unwrap());
        head.headers.insert("x", "y".parse().unwrap());
        let request = Request::from_parts(head, "echo".to_owned());
        let service = ConditionalLayer::new(ready_fn(source))
            .set_validators(false)
            .layer(handler);
        let response = service.oneshot(request).await.unwrap();

        assert_eq!(response.status(), 207);
        assert_eq!(response.version(), Version::HTTP_10);
        assert_eq!(response.extensions().get(), Some(&Mark(2)));
        let lines: Vec<_> = response.headers().get_all("a").iter().collect();
        assert_eq!(lines, ["1", "2"]);
        let body = http_body_util::BodyExt::collect(response.into_body())
            .await
            .unwrap();
        assert_eq!(body.to_bytes(), "echo");
    }
}

#[test]
fn the_wrapped_service_can_be_reached() {
    let mut service = Conditional::new(Mark(1), ready_fn(source));
    assert_eq!(service.get_ref(), &Mark(1));
    service.get_mut().0 = 2;
    assert_eq!(service.clone().into_inner(), Mark(2));
}
