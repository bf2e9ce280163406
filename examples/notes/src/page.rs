//! The page at `/`, its style and its script. They have entity tags too, made from their bytes.

use axum::{Router, routing::get};
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use tower_conditional::{ConditionalLayer, EtagLayer, FromResponse};

const FILES: [(&str, &str, &str); 4] = [
    ("/", "text/html", include_str!("page/index.html")),
    ("/page.css", "text/css", include_str!("page/page.css")),
    ("/page.js", "text/javascript", include_str!("page/page.js")),
    (
        "/favicon.ico",
        "image/svg+xml",
        include_str!("page/icon.svg"),
    ),
];

/// Nothing but these files and the notes of this service.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

pub(crate) fn page<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let mut router = Router::new();
    for (path, media_type, content) in FILES {
        let fields = [
            (CONTENT_TYPE, format!("{media_type}; charset=utf-8")),
            (CACHE_CONTROL, "no-cache".to_owned()),
            (VARY, "accept-encoding".to_owned()),
            (CONTENT_SECURITY_POLICY, POLICY.to_owned()),
            (REFERRER_POLICY, "no-referrer".to_owned()),
            (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        ];
        router = router.route(path, get(async move || (fields, content)));
    }
    router
        .route_layer(EtagLayer::new())
        .route_layer(ConditionalLayer::new(FromResponse))
}
