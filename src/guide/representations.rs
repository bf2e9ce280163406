//! Several representations of one resource.
//!
//! A resource can have several representations: JSON and HTML, German and English, compressed and
//! not. A precondition is about the *selected* one, the one that a GET with the same header fields
//! would return. Two questions follow: which tag does each representation have, and which tags may
//! guard a write to the resource?
//!
//! # A tag for each representation
//!
//! Two representations with different bytes need different strong tags (RFC 9110 section 8.8.1). If
//! they share one, a cache that holds the JSON gets a 304 for the HTML, and a resumed download
//! joins parts of both.
//!
//! So the source has to select the representation like the handler does, from the same request
//! fields. It also has to supply the `Vary` field, because a 304 must carry it if the 200 does
//! (section 15.4.5). Add it with [`Representation::with_field`](crate::Representation::with_field):
//! the layer sets it on the 304, and on the 200 if the handler sets none.
//!
//! # One write, any tag
//!
//! With separate tags, a client that read the HTML cannot write with its tag: a PUT has no
//! `Accept`, or a different one, so it selects another representation. A *split tag* solves this.
//! Its first half names the representation, and its second half the version of the resource:
//!
//! ```text
//! "html-7"   the HTML of version 7
//! "json-7"   the JSON of version 7
//! ```
//!
//! With [`Rules::split_tags`](crate::Rules::split_tags), `If-Match` on an unsafe method compares
//! the second halves only. Everything else compares whole tags. Make such tags with
//! [`EntityTag::from_halves`](crate::EntityTag::from_halves), which refuses a first half that
//! contains the separator.
//!
//! ```
//! use axum::{body::Body, routing::get, Router};
//! use http::{header::{ACCEPT, VARY}, HeaderMap, HeaderValue, Request, StatusCode};
//! use tower::{ServiceBuilder, ServiceExt};
//! use tower_conditional::{
//!     coding::CodingSuffixLayer, ready_fn, ConditionalLayer, EntityTag, Representation, Rules,
//! };
//! use tower_http::compression::CompressionLayer;
//!
//! /// Selects the representation, for the source and for the handler.
//! fn wants_html(headers: &HeaderMap) -> bool {
//!     headers.get(ACCEPT).is_some_and(|accept| accept.as_bytes().starts_with(b"text/html"))
//! }
//!
//! async fn read(headers: HeaderMap) -> &'static str {
//!     if wants_html(&headers) {
//!         "<p>a text that is long enough to be compressed</p>"
//!     } else {
//!         "{\"text\": \"a text that is long enough to be compressed\"}"
//!     }
//! }
//!
//! async fn write() -> StatusCode {
//!     StatusCode::NO_CONTENT
//! }
//!
//! # tokio_test::block_on(async {
//! let source = ready_fn(|head| {
//!     let media_type = if wants_html(&head.headers) { "html" } else { "json" };
//!     let tag = EntityTag::from_halves(media_type, '-', "7").expect("no separator in a half");
//!     Representation::from(tag).with_field(VARY, HeaderValue::from_static("accept"))
//! });
//! let layer = ConditionalLayer::new(source).rules(Rules::RFC9110.split_tags('-'));
//! // gzip makes further representations, and their tags end with `-gzip`.
//! let compression = ServiceBuilder::new()
//!     .layer(CodingSuffixLayer::new())
//!     .layer(CompressionLayer::new());
//! let app: Router = Router::new()
//!     .route("/document", get(read).put(write).route_layer(layer))
//!     .layer(compression);
//!
//! // Each representation has its own tag.
//! let request = Request::get("/document").header("accept", "text/html");
//! let response = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
//! assert_eq!(response.headers()["etag"], "\"html-7\"");
//! assert_eq!(response.headers()["vary"], "accept");
//! let request = Request::get("/document").header("accept-encoding", "gzip");
//! let response = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
//! assert_eq!(response.headers()["etag"], "\"json-7-gzip\"");
//!
//! // The tag of the HTML does not confirm the JSON ...
//! let request = Request::get("/document").header("if-none-match", "\"html-7\"");
//! let response = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
//! assert_eq!(response.status(), 200);
//!
//! // ... but each of the three tags guards a write to the resource. Those of another version do not.
//! for (tag, status) in [
//!     ("\"html-7\"", 204),
//!     ("\"json-7\"", 204),
//!     ("\"json-7-gzip\"", 204),
//!     ("\"html-6\"", 412),
//!     ("\"json-6-gzip\"", 412),
//! ] {
//!     let request = Request::put("/document").header("if-match", tag);
//!     let response = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
//!     assert_eq!(response.status(), status, "{tag}");
//! }
//! # });
//! ```
//!
//! To repeat the check where you write, use [`Outcome::recheck`](crate::Outcome::recheck): it
//! applies the same rules. Or give the handler the version itself, with
//! [`Representation::with_extension`](crate::Representation::with_extension).
//!
//! The second half must change with everything that a client can write. If it does not, changes of
//! the rest are lost. The halves need not be names: Launchpad uses digests, one of the fields that
//! clients cannot write and one of those that they can.
//!
//! # Strong and weak tags
//!
//! A strong tag changes with each change of the bytes. A weak tag, `W/"x"`, may stay the same over
//! changes that do not matter.
//!
//! | use | strong tag | weak tag |
//! |---|---|---|
//! | `If-None-Match`: 304 for a read | yes | yes |
//! | `If-Match`: guard a write | yes | no, unless by [`Rules::weak_if_match`](crate::Rules::weak_if_match) |
//! | `If-Range`: resume a download | yes | no |
//!
//! If your representations differ in ways that do not matter, such as a field that says when they
//! were read, a weak tag is correct and a strong one is not. It can guard writes with
//! `weak_if_match`, at the risk that a write does not notice an insignificant change.
//! [`EntityTag`](crate::EntityTag) has no `==`, because the two comparisons differ: use `strong_eq`
//! or `weak_eq`.
//!
//! # Content codings
//!
//! Compression makes another representation, which needs another strong tag. There are three ways:
//!
//! | where the compression happens | what to do |
//! |---|---|
//! | in your service, by tower-http's `CompressionLayer` | put [`CodingSuffixLayer`](crate::coding::CodingSuffixLayer) outside it, see [`layer_order`](super::layer_order) |
//! | in a proxy | set [`Rules`](crate::Rules), see [`proxies`](super::proxies) |
//! | in files that are compressed already | let the source return the tag of the file that is served, or use [`ByHead`](crate::ByHead) |
//!
//! `CompressionLayer` alone does not change the tag, so the compressed and the uncompressed content
//! have the same strong tag. With a weak tag that is correct.
//!
//! # Caches around the source
//!
//! `Cached` (feature `cache`) keeps the answers of a source. What the answer's `Vary` names is a part
//! of the key, so a source around negotiated content must say it:
//! [`Representation::with_field`](crate::Representation::with_field) with `Vary`. `ByHead` takes it
//! from the response of the service. If the answer depends on something that is not a field of the
//! request, such as the user of a client certificate, use `Cached::with_key`. `Vary: *` and
//! `Cache-Control: private` keep an answer out of the cache.
//!
//! Call `Cached::forget` with the path of a resource when it was changed in a way that the layer does
//! not see, such as by another process. Clients get past the cache with `Cache-Control: no-cache`.
