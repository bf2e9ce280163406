//! Reading under conditions.

use bytes::Bytes;
use http::{
    Method, Request, StatusCode, Version,
    header::{
        CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, IF_MATCH, IF_NONE_MATCH,
        LAST_MODIFIED, TRANSFER_ENCODING,
    },
};
use http_body_util::{BodyExt, Empty};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use serde_json::json;

use crate::service::{Service, field, no_field, problem};

/// Sun, 06 Nov 1994 08:49:37 GMT
pub(crate) const NOVEMBER_1994: i64 = 784_111_777;

pub(crate) async fn a_get_is_revalidated(service: &Service) {
    let (path, tag) = service.a_note().await;
    for matching in [
        tag.clone(),
        format!("W/{tag}"),
        format!("\"x\", {tag}"),
        "*".to_owned(),
    ] {
        let revalidated = service.get(&path).header("if-none-match", &matching).send();
        let revalidated = revalidated.await.unwrap();
        assert_eq!(revalidated.status(), StatusCode::NOT_MODIFIED, "{matching}");
        let current = field(&revalidated, "etag");
        // As the client has it, which may be weakened by a proxy.
        assert_eq!(current.trim_start_matches("W/"), tag, "{matching}");
    }

    let edit = service.patch(&path, json!({"title": "Changed"}));
    let edited = edit.header("if-match", &tag).send().await.unwrap();
    assert_eq!(edited.status(), StatusCode::OK);
    let changed = service.get(&path).header("if-none-match", &tag).send();
    let changed = changed.await.unwrap();
    assert_eq!(changed.status(), StatusCode::OK);
    assert_eq!(field(&changed, "etag"), field(&edited, "etag"));
}

pub(crate) async fn a_304_has_the_fields_of_the_200_but_no_content(service: &Service) {
    let (path, _) = service.a_note().await;
    for path in [path.as_str(), "/notes"] {
        service.set_date(path, NOVEMBER_1994).await;
        let full = service.get(path).send().await.unwrap();
        assert_eq!(full.status(), StatusCode::OK);
        let tag = field(&full, "etag");
        assert!(full.headers().contains_key(LAST_MODIFIED));
        assert_eq!(field(&full, "cache-control"), "no-cache");
        assert_eq!(field(&full, "vary"), "accept-encoding");

        for method in [Method::GET, Method::HEAD] {
            let request = service.request(method, path).header("if-none-match", &tag);
            let revalidated = request.send().await.unwrap();
            assert_eq!(revalidated.status(), StatusCode::NOT_MODIFIED);
            for name in ["etag", "cache-control", "vary"] {
                assert_eq!(field(&revalidated, name), field(&full, name), "{name}");
            }
            for name in [
                CONTENT_TYPE,
                CONTENT_LENGTH,
                CONTENT_ENCODING,
                TRANSFER_ENCODING,
            ] {
                no_field(&revalidated, name);
            }
            assert!(revalidated.bytes().await.unwrap().is_empty());
        }
    }
}

/// axum adds `Content-Length: 0`, and over HTTP/2 hyper leaves it there (RFC 9110 section 8.6).
pub(crate) async fn no_content_has_no_length_over_http2_either(service: &Service) {
    let (path, tag) = service.a_note().await;
    let client = Client::builder(TokioExecutor::new())
        .http2_only(true)
        .build_http();
    for (method, condition, status) in [
        (Method::GET, IF_NONE_MATCH, StatusCode::NOT_MODIFIED),
        (Method::HEAD, IF_NONE_MATCH, StatusCode::NOT_MODIFIED),
        (Method::DELETE, IF_MATCH, StatusCode::NO_CONTENT),
    ] {
        let request = Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", service.address))
            .header(condition, &tag)
            .body(Empty::<Bytes>::new())
            .unwrap();
        let response = client.request(request).await.unwrap();
        assert_eq!(response.version(), Version::HTTP_2);
        assert_eq!(response.status(), status);
        assert!(
            !response.headers().contains_key(CONTENT_LENGTH),
            "{response:?}"
        );
        assert!(response.collect().await.unwrap().to_bytes().is_empty());
    }
}

pub(crate) async fn head_has_the_fields_of_get(service: &Service) {
    let (path, _) = service.a_note().await;
    for path in [path.as_str(), "/notes"] {
        // A date of this second is left out, and the second may end between two requests.
        service.set_date(path, NOVEMBER_1994).await;
        for coding in ["identity", "gzip"] {
            let fields = async |method: Method| {
                let request = service
                    .request(method, path)
                    .header("accept-encoding", coding);
                let response = request.send().await.unwrap();
                assert_eq!(response.status(), StatusCode::OK);
                let mut fields: HeaderMap = response.headers().clone();
                fields.remove("date");
                // Of a content whose length only compressing it tells.
                fields.remove("transfer-encoding");
                fields
            };
            assert_eq!(
                fields(Method::HEAD).await,
                fields(Method::GET).await,
                "{coding}"
            );
        }
    }
}

pub(crate) async fn dates_work_where_there_is_no_tag(service: &Service) {
    let (path, _) = service.a_note().await;
    service.set_date(&path, NOVEMBER_1994).await;
    let date = field(&service.get(&path).send().await.unwrap(), "last-modified");
    assert_eq!(date, "Sun, 06 Nov 1994 08:49:37 GMT");

    let revalidated = service.get(&path).header("if-modified-since", &date).send();
    assert_eq!(
        revalidated.await.unwrap().status(),
        StatusCode::NOT_MODIFIED
    );

    let write = |date: &str| {
        let write = service.patch(&path, json!({"title": "Dated"}));
        write.header("if-unmodified-since", date).send()
    };
    let early = write("Sun, 06 Nov 1994 08:49:36 GMT").await.unwrap();
    assert_eq!(early.status(), StatusCode::PRECONDITION_FAILED);
    let invalid = write("yesterday").await.unwrap();
    assert_eq!(
        invalid.status(),
        StatusCode::PRECONDITION_REQUIRED,
        "it guards nothing"
    );
    assert_eq!(write(&date).await.unwrap().status(), StatusCode::OK);
}

/// Until its second is over, another change could get the same date (RFC 9110 section 8.8.2.2).
pub(crate) async fn a_date_whose_second_is_not_over_proves_nothing(service: &Service) {
    let (path, tag) = service.a_note().await;
    // The year 2100 stands for the current second, which might be over before the test is.
    service.set_date(&path, 4_102_444_800).await;
    let date = "Fri, 01 Jan 2100 00:00:00 GMT";
    for read in [
        service.get(&path),
        service.get(&path).header("if-modified-since", date),
        service.request(Method::HEAD, &path),
    ] {
        let read = read.send().await.unwrap();
        assert_eq!(read.status(), StatusCode::OK);
        no_field(&read, LAST_MODIFIED);
        assert_eq!(field(&read, "etag"), tag);
    }
    let edit = service.patch(&path, json!({"title": "Dated"}));
    let edit = edit.header("if-unmodified-since", date).send();
    let refused = edit.await.unwrap();
    assert_eq!(field(&refused, "etag"), tag, "to write with");
    assert_eq!(problem(refused, 412).await["field"], "If-Unmodified-Since");
    assert_eq!(service.json(&path).await["title"], "A note");

    // A note that was just written has such a date.
    let put = service
        .put(&path, "Now", "")
        .header("if-match", &tag)
        .send();
    let put = put.await.unwrap();
    assert_eq!(put.status(), StatusCode::OK);
    let modified = put.headers().get(LAST_MODIFIED);
    assert_ne!(modified, put.headers().get("date"), "{put:?}");
}
