//! Tags as strings in serialized values.

use serde::{Deserialize, Serialize};
use serde_json::json;
use tower_conditional::EntityTag;

use crate::support::assert_tag;

#[derive(Debug, Deserialize, Serialize)]
struct Port {
    uuid: String,
    etag: Option<EntityTag>,
}

#[test]
fn a_tag_in_a_body_is_the_one_of_the_field() {
    for tag in ["\"\"", "\"a,b\"", "W/\"\\\"", "\"\u{e9}\u{1f600}\""] {
        let port = json!({ "uuid": "1", "etag": tag });
        let read: Port = serde_json::from_value(port.clone()).unwrap();
        assert_tag(read.etag.as_ref().unwrap(), tag);
        assert_eq!(serde_json::to_value(read).unwrap(), port);
    }
}

#[test]
fn a_tag_can_be_missing() {
    let read: Port = serde_json::from_value(json!({ "uuid": "1", "etag": null })).unwrap();
    assert!(read.etag.is_none());
}

#[test]
fn a_list_keeps_the_tag_of_each_item() {
    let tags: Vec<EntityTag> = serde_json::from_str(r#"["\"1\"", "W/\"2\""]"#).unwrap();
    assert_tag(&tags[0], "\"1\"");
    assert_tag(&tags[1], "W/\"2\"");
    assert_eq!(
        serde_json::to_string(&tags).unwrap(),
        r#"["\"1\"","W/\"2\""]"#
    );
}

#[test]
fn what_is_no_entity_tag_is_an_error_that_tells_why() {
    for (json, message) in [
        (
            json!("eeee"),
            "invalid entity tag: expected a double quote, or `W/` and a double quote at byte 0",
        ),
        (
            json!("W/eeee"),
            "invalid entity tag: expected a double quote, or `W/` and a double quote at byte 2",
        ),
        (
            json!("\"a b\""),
            "invalid entity tag: expected a visible character other than a double quote at byte 2",
        ),
        (
            json!("\"a\", \"b\""),
            "invalid entity tag: expected nothing after the closing double quote at byte 3",
        ),
        (
            json!("\"a"),
            "invalid entity tag: expected a closing double quote at byte 2",
        ),
        (
            json!(true),
            "invalid type: boolean `true`, expected an entity tag as a string, with its double quotes",
        ),
        (
            json!(null),
            "invalid type: null, expected an entity tag as a string, with its double quotes",
        ),
    ] {
        let error = serde_json::from_value::<EntityTag>(json).unwrap_err();
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn a_tag_that_is_not_utf8_is_an_error_and_not_another_tag() {
    let tag = EntityTag::strong(b"\xE9").unwrap();
    let error = serde_json::to_string(&tag).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the entity tag is not UTF-8 and cannot be a string"
    );
}
