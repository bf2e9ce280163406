//! Content codings: one tag, one sequence of bytes.

use http::{
    Method, StatusCode,
    header::{CONTENT_ENCODING, CONTENT_LENGTH},
};
use serde_json::json;

use crate::service::{Service, field, no_field, problem};

pub(crate) async fn the_compressed_form_has_a_tag_of_its_own(service: &Service) {
    let (path, tag) = service.a_note().await;
    let plain = service.get(&path).send().await.unwrap();
    no_field(&plain, CONTENT_ENCODING);
    assert_eq!(field(&plain, "etag"), tag);

    let coded = service.get(&path).header("accept-encoding", "gzip").send();
    let coded = coded.await.unwrap();
    assert_eq!(field(&coded, "content-encoding"), "gzip");
    assert_eq!(field(&coded, "etag"), with_suffix(&tag));
    assert_eq!(field(&coded, "vary"), field(&plain, "vary"));
    no_field(&coded, CONTENT_LENGTH);

    let (plain, coded) = (plain.bytes().await.unwrap(), coded.bytes().await.unwrap());
    assert!(coded.starts_with(&[0x1f, 0x8b]), "{}", coded.escape_ascii());
    assert!(
        coded.len() < plain.len() / 2,
        "{} of {}",
        coded.len(),
        plain.len()
    );
}

pub(crate) async fn the_compressed_forms_tag_revalidates_and_writes(service: &Service) {
    let (path, tag) = service.a_note().await;
    let suffixed = with_suffix(&tag);
    for method in [Method::GET, Method::HEAD] {
        let request = service
            .request(method, &path)
            .header("accept-encoding", "gzip");
        let revalidated = request.header("if-none-match", &suffixed).send();
        let revalidated = revalidated.await.unwrap();
        assert_eq!(revalidated.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(
            field(&revalidated, "etag"),
            suffixed,
            "the one that the cache holds"
        );
        assert_eq!(field(&revalidated, "vary"), "accept-encoding");
        no_field(&revalidated, CONTENT_ENCODING);
    }

    let other = tag.replacen('"', "\"1", 1);
    for (tag, status) in [
        (with_suffix(&other), StatusCode::PRECONDITION_FAILED),
        (
            tag.replacen("\"", "\"gzip-", 1),
            StatusCode::PRECONDITION_FAILED,
        ),
        (suffixed.clone(), StatusCode::OK),
        (suffixed, StatusCode::PRECONDITION_FAILED),
    ] {
        let edit = service.patch(&path, json!({"title": "By a browser"}));
        let edit = edit.header("accept-encoding", "gzip");
        let edited = edit.header("if-match", &tag).send().await.unwrap();
        assert_eq!(edited.status(), status, "{tag}");
    }

    // The tag of a write's response is that of the representation that it contains.
    let edit = service.patch(&path, json!({"title": "Once more"}));
    let edit = edit
        .header("if-match", "*")
        .header("accept-encoding", "gzip");
    let written = field(&edit.send().await.unwrap(), "etag");
    let read = service.get(&path).header("accept-encoding", "gzip").send();
    assert_eq!(field(&read.await.unwrap(), "etag"), written);
}

pub(crate) async fn a_write_works_behind_any_compressing_proxy(service: &Service) {
    let (path, mut tag) = service.a_note().await;
    let proxies = [
        ("Apache, lighttpd, Caddy", "\"TAG-gzip\""),
        ("Apache 2.2", "\"TAG\"-gzip"),
        ("mod_brotli", "\"TAG-br\""),
        ("mod_brotli, which tags a 304 again", "\"TAG-br-br\""),
        ("Caddy", "\"TAG-zstd\""),
        ("Jetty", "\"TAG--gzip\""),
        ("nginx, HAProxy, Varnish", "W/\"TAG\""),
    ];
    for (proxy, rewritten) in proxies {
        let sent = rewritten.replace("TAG", tag.trim_matches('"'));
        let read = service.get(&path).header("if-none-match", &sent).send();
        assert_eq!(read.await.unwrap().status(), 304, "{proxy}");
        let write = service.put(&path, "Title", proxy).header("if-match", &sent);
        let again = write.try_clone().unwrap();
        let written = write.send().await.unwrap();
        assert_eq!(written.status(), 200, "{proxy}");
        tag = field(&written, "etag");
        assert_eq!(again.send().await.unwrap().status(), 412, "{proxy}, stale");
    }
}

pub(crate) async fn a_412_names_the_current_tag_without_a_suffix(service: &Service) {
    let (path, tag) = service.a_note().await;
    let stale = service.delete(&path).header("if-match", "\"0\"");
    let refused = stale
        .header("accept-encoding", "gzip")
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), StatusCode::PRECONDITION_FAILED);
    assert_eq!(field(&refused, "content-encoding"), "gzip");
    assert_eq!(
        field(&refused, "etag"),
        tag,
        "the problem details are not the note"
    );

    let refused = service.delete(&path).header("if-match", "\"0\"").send();
    problem(refused.await.unwrap(), 412).await;
}

fn with_suffix(tag: &str) -> String {
    let opaque = tag.strip_suffix('"').expect("a strong tag");
    format!("{opaque}-gzip\"")
}
