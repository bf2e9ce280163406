//! The service root: where lazr.restfulclient begins, and the description that it reads there.

use axum::{
    Json,
    http::{
        HeaderMap,
        header::{ACCEPT, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::base::Base;

const WADL: &str = "application/vnd.sun.wadl+xml";

/// What a client can do with each type of resource. `@BASE@` is where the service is.
const DESCRIPTION: &str = include_str!("service.wadl.xml");

/// The root as JSON, or the description if the client asks for its media type.
pub(crate) fn representation(base: &Base, headers: &HeaderMap) -> Response {
    if accepts(headers, WADL) {
        let description = DESCRIPTION.replace("@BASE@", &base.in_xml());
        return ([(CONTENT_TYPE, WADL)], description).into_response();
    }
    let root = json!({
        "resource_type_link": base.link("/#service-root"),
        "bugs_collection_link": base.link("/bugs"),
    });
    Json(root).into_response()
}

/// Reports whether `Accept` names this media type, without weights: nobody asks for both.
fn accepts(headers: &HeaderMap, media_type: &str) -> bool {
    let ranges = headers.get_all(ACCEPT).into_iter();
    ranges
        .filter_map(|value| std::str::from_utf8(value.as_bytes()).ok())
        .flat_map(|value| value.split(','))
        .filter_map(|range| range.split(';').next())
        .any(|range| range.trim().eq_ignore_ascii_case(media_type))
}
