//! The service root, where lazr.restfulclient starts, and the description of the service.

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

/// Describes the types of resources and their methods. `@BASE@` stands for the base of links.
const DESCRIPTION: &str = include_str!("service.wadl.xml");

/// Responds with the root as JSON, or with the description if `Accept` names its media type.
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

/// Reports whether `Accept` names this media type. Weights are ignored.
fn accepts(headers: &HeaderMap, media_type: &str) -> bool {
    let ranges = headers.get_all(ACCEPT).into_iter();
    ranges
        .filter_map(|value| std::str::from_utf8(value.as_bytes()).ok())
        .flat_map(|value| value.split(','))
        .filter_map(|range| range.split(';').next())
        .any(|range| range.trim().eq_ignore_ascii_case(media_type))
}
