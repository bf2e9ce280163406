//! Behind proxies and CDNs.
//!
//! A proxy that compresses a response sends other bytes than the origin did, so a strong entity tag
//! is no longer right (RFC 9110 section 8.8.3.3). Proxies change the tag in one of three ways.
//! **None of the proxies that were observed undoes the change when the client sends the tag back.**
//! The origin receives the changed tag in `If-None-Match` and `If-Match`, byte for byte.
//!
//! With the RFC's rules alone, nothing is overwritten: the service fails closed. But behind a proxy
//! that changes tags, the service answers each conditional write with a 412. Behind one that adds a
//! suffix, it also sends each GET in full. [`Rules`](crate::Rules) accept the changed tags.
//!
//! # What to configure
//!
//! | the proxy | `"x"` becomes | set |
//! |---|---|---|
//! | adds a suffix | `"x-gzip"` | [`Rules::coding_suffixes`](crate::Rules::coding_suffixes) |
//! | weakens the tag | `W/"x"` | [`Rules::weakened_by_proxy`](crate::Rules::weakened_by_proxy) |
//! | removes the tag | | the proxy; no rule can help |
//! | leaves the tag | `"x"` | nothing |
//!
//! The first two rules can be combined, and a service that does not know its proxies can set both:
//!
//! ```
//! use axum::{body::Body, routing::put, Router};
//! use http::{Request, StatusCode};
//! use tower::ServiceExt;
//! use tower_conditional::{ready_fn, ConditionalLayer, EntityTag, Rules};
//!
//! const BEHIND_PROXIES: Rules = Rules::RFC9110
//!     .coding_suffixes(&["-gzip", "-br", "-zstd", "--gzip"])
//!     .weakened_by_proxy(true);
//!
//! /// Sends a PUT with this tag to a service whose current tag is `"7"`.
//! async fn put_with(tag: &str, rules: Rules) -> StatusCode {
//!     let source = ready_fn(|_| EntityTag::from_version(7));
//!     let layer = ConditionalLayer::new(source).rules(rules);
//!     let write = || async { StatusCode::NO_CONTENT };
//!     let app: Router = Router::new().route("/document", put(write).route_layer(layer));
//!     let request = Request::put("/document").header("if-match", tag);
//!     app.oneshot(request.body(Body::empty()).unwrap()).await.unwrap().status()
//! }
//!
//! # tokio_test::block_on(async {
//! // Apache and lighttpd; nginx, HAProxy and Varnish; two proxies in a row.
//! for tag in ["\"7-gzip\"", "W/\"7\"", "W/\"7-gzip\""] {
//!     assert_eq!(put_with(tag, Rules::RFC9110).await, 412);
//!     assert_eq!(put_with(tag, BEHIND_PROXIES).await, 204);
//! }
//! // Tags of other versions still fail.
//! for tag in ["\"6\"", "\"6-gzip\"", "W/\"6\"", "\"7-not-gzip\""] {
//!     assert_eq!(put_with(tag, BEHIND_PROXIES).await, 412);
//! }
//! # });
//! ```
//!
//! The rules have risks, which their documentation names. In particular, a service whose own tags
//! end in such a suffix must not use `coding_suffixes`. No rule applies to `If-Range`: there,
//! `"x-gzip"` and `"x"` name different bytes.
//!
//! # What each proxy does
//!
//! Observed in 2026 with a JSON response of 3.6 kB, a strong tag, and a client that accepts gzip
//! (or the coding that is named), except for the rows that are marked: ᵈ from the vendor's
//! documentation, ˢ from the source code.
//!
//! | proxy | `"x"` in the 200 | the origin's 304 | cure |
//! |---|---|---|---|
//! | Apache mod_deflate, `AddSuffix` (default)ᵍ | `"x-gzip"` | unchanged | `coding_suffixes` |
//! | Apache mod_deflate, `NoChange` | `"x"` | unchanged | none needed |
//! | Apache mod_deflate, `Remove` | none | unchanged | only `DeflateAlterETag AddSuffix` or `NoChange` |
//! | Apache mod_brotli, `AddSuffix`ᵍ | `"x-br"` | changed to `"x-br"` | `coding_suffixes`, without `echo_tag` |
//! | Apache httpd 2.2 mod_deflateˢ | `"x"-gzip` | | `coding_suffixes` |
//! | lighttpd deflateᵍ | `"x-gzip"`, `"x-br"` | unchanged | `coding_suffixes` |
//! | Caddy 2.6.2ᵍ | `"x"` | unchanged | none needed |
//! | Caddy 2.8 and laterˢ | `"x-gzip"`, `"x-zstd"` | unchanged | `coding_suffixes` |
//! | Jetty `GzipHandler`ᵈ | `"x--gzip"` | | `coding_suffixes` |
//! | nginx `gzip`ᵍ | `W/"x"` | unchanged | `weakened_by_proxy` |
//! | HAProxy `compression`ᵍ | `W/"x"` | unchanged | `weakened_by_proxy` |
//! | Varnish `do_gzip`ᵍ | `W/"x"`, also for clients that accept no coding | its own, with `W/"x"` | `weakened_by_proxy` |
//! | CloudFront, Cloudflare, bunny.netᵈ | `W/"x"` if they compress | | `weakened_by_proxy` |
//! | Envoy compressorᵈ | none by default | | `weaken_etag_on_compress` in Envoy, and then `weakened_by_proxy` |
//! | Squid, as an accelerator | `"x"` | sometimes a 200 from its store | none needed |
//!
//! ᵍ The gate of this crate starts this proxy in front of the notes service, with compression by the
//! proxy and both rules: a read, its revalidation, a guarded write, the same write again (412), a write
//! with the tag of the first one, a write without a tag (428), uploads of 8 MiB that are refused with
//! 412 and 428 (20 of 20 arrive), and twelve writers at once of whom one wins each version.
//!
//! Uploads that a service refuses at once, without reading them, are lost behind some proxies. Of 20
//! stale writes of 8 MiB, with the service answering directly and with
//! [`DrainLayer`](crate::drain::DrainLayer):
//!
//! | proxy | directly | with `DrainLayer` |
//! |---|---|---|
//! | Apache | 20 become 502 | 20 arrive |
//! | Varnish | 18 become 503, 2 get no response | 20 arrive |
//! | HAProxy | 16 get no response | 20 arrive |
//! | Caddy | 8 become 502 | 20 arrive |
//! | nginx | 8 become 502 | 20 arrive |
//! | lighttpd | 20 arrive | 20 arrive |
//!
//! The 200 to a PUT is changed like the 200 to a GET. A 204 kept its tag behind each proxy that was
//! observed. According to its source code, Caddy 2.8 and later removes its suffix from an
//! `If-None-Match` that ends in it, but never from `If-Match`.
//!
//! # Which tag the 304 carries
//!
//! The layer's 304 carries your own tag, `"x"`. Most clients accept it. Caches that hold `"x-gzip"`
//! and compare strictly (got, hishel, undici) reject such a 304 and transfer the content in full.
//! [`ConditionalLayer::echo_tag`](crate::ConditionalLayer::echo_tag) repeats the client's form of
//! the tag, which satisfies got and hishel behind mod_deflate and lighttpd. Do not enable it behind
//! mod_brotli: that adds its suffix to the 304 as well, so the tag grows with each revalidation.
//!
//! # Other facts to know
//!
//! - **Caches in proxies keep a representation after a PUT.** nginx with `proxy_cache` and Varnish
//!   answer from their caches. Send `Cache-Control: no-cache` with resources that clients edit, and
//!   repeat it in the 304 with [`Representation::with_field`](crate::Representation::with_field).
//! - **Repeated field lines are unreliable.** nginx answers 400 to two `If-Match` lines, and
//!   Varnish evaluates the first one only. The layer reads all lines. Clients should send one line.
//! - **Cloudflare removes a strong tag without quotes.** Do not send such tags, even if you accept
//!   them with [`Rules::unquoted_tags`](crate::Rules::unquoted_tags).
//! - **Tags inside a body are not changed**, for example `@odata.etag`. A client can use either
//!   form, so accept both.
//! - **Some clients give up their guard.** sushy, a Redfish client, answers a 412 by sending the
//!   PATCH again without `If-Match`.
//!   [`ConditionalLayer::require`](crate::ConditionalLayer::require) stops it with a 428.
//! - **A large upload that is refused early may get no answer.** The layer refuses a write before
//!   its body is read. If the server then closes the connection, some clients and proxies report a
//!   broken connection instead of the 412. [`DrainLayer`](crate::drain::DrainLayer) reads the rest
//!   first. Clients that send `Expect: 100-continue` get the 412 without it.
//!
//! # A proxy that is your own service
//!
//! If you write a reverse proxy with Tower, [`ByHead`](crate::ByHead) adds preconditions to an
//! upstream that evaluates none: it asks the upstream by HEAD. If your proxy compresses, put
//! [`CodingSuffixLayer`](crate::coding::CodingSuffixLayer) outside the compression, see
//! [`layer_order`](super::layer_order). `Rules::coding_suffixes` is for proxies in front of your
//! service; `CodingSuffixLayer` is for compression inside your service.
