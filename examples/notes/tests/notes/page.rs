//! The page at `/`. What it does in a browser is in `browser`.

use http::StatusCode;

use crate::service::{Service, field};

const FILES: [(&str, &str); 4] = [
    ("/", "text/html; charset=utf-8"),
    ("/page.css", "text/css; charset=utf-8"),
    ("/page.js", "text/javascript; charset=utf-8"),
    ("/favicon.ico", "image/svg+xml; charset=utf-8"),
];

pub(crate) async fn the_page_and_its_parts_are_served(service: &Service) {
    for (path, media_type) in FILES {
        let response = service.get(path).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(field(&response, "content-type"), media_type);
        assert!(!response.text().await.unwrap().is_empty());
        let post = service.request(http::Method::POST, path).send();
        assert_eq!(post.await.unwrap().status(), StatusCode::METHOD_NOT_ALLOWED);
    }
    let page = service.get("/").send().await.unwrap().text().await.unwrap();
    for (path, _) in &FILES[1..] {
        assert!(page.contains(&format!("=\"{path}\"")), "{path}");
    }
}

pub(crate) async fn the_page_is_revalidated(service: &Service) {
    for (path, _) in FILES {
        for coding in ["identity", "gzip"] {
            let get = || service.get(path).header("accept-encoding", coding);
            let response = get().send().await.unwrap();
            let tag = field(&response, "etag");
            let again = get().header("if-none-match", &tag).send().await.unwrap();
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{path} {coding}");
            for name in ["etag", "cache-control", "vary"] {
                assert_eq!(field(&again, name), field(&response, name), "{path}");
            }
        }
    }
}

pub(crate) async fn the_page_runs_no_script_but_its_own(service: &Service) {
    let response = service.get("/").send().await.unwrap();
    let policy = field(&response, "content-security-policy");
    for part in [
        "default-src 'none'",
        "script-src 'self'",
        "connect-src 'self'",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    let page = response.text().await.unwrap();
    assert!(!page.contains("style=") && !page.contains("onclick="));
    assert_eq!(page.matches("<script").count(), 1);
}
