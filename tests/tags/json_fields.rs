//! Fields that are ignored, missing, null, or in one half of a split tag.

use serde::{Serialize, Serializer};
use serde_json::json;
use sha2::{Digest, Sha256};
use tower_conditional::{EntityTag, etag::JsonTag};

use crate::support::assert_tag;

struct Unserializable;

impl Serialize for Unserializable {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("asked"))
    }
}

#[derive(Serialize)]
struct Envelope<T> {
    id: u32,
    #[serde(flatten)]
    rest: T,
}

/// The digests of these two texts, as the two halves.
#[track_caller]
fn assert_halves(tag: &EntityTag, read: &str, write: &str) {
    let expected = EntityTag::from_digest_halves(Sha256::digest(read), Sha256::digest(write));
    assert!(
        tag.strong_eq(&expected),
        "not the halves {read} and {write}"
    );
}

#[track_caller]
fn assert_fields(value: impl Serialize, ignored: &[&str], text: &str) {
    let tag = JsonTag::new()
        .ignore(ignored)
        .tag::<Sha256>(&value)
        .unwrap();
    let expected = EntityTag::from_digest(Sha256::digest(text));
    assert_tag(&tag, &expected.to_string());
}

#[test]
fn ignored_fields_are_left_out_at_the_top_level_only() {
    let value = json!({ "a": { "etag": 1 }, "etag": 2, "list": [{ "etag": 3 }] });
    assert_fields(&value, &["etag"], r#"{"a":{"etag":1},"list":[{"etag":3}]}"#);
    assert_fields(&value, &["etag", "a", "list"], "{}");
    assert_fields(
        &value,
        &["ETag"],
        r#"{"a":{"etag":1},"etag":2,"list":[{"etag":3}]}"#,
    );
}

#[test]
fn wrapped_and_flattened_structs_have_the_same_fields() {
    let envelope = Envelope {
        id: 1,
        rest: json!({ "etag": 2, "a": 3 }),
    };
    assert_fields(&envelope, &["etag"], r#"{"a":3,"id":1}"#);
    assert_fields(Some(&envelope), &["etag", "id"], r#"{"a":3}"#);
    assert_fields(Box::new(&envelope), &["a"], r#"{"etag":2,"id":1}"#);
}

#[test]
fn a_value_without_fields_is_taken_whole() {
    assert_fields([json!({ "etag": 1 })], &["etag"], r#"[{"etag":1}]"#);
    assert_fields("etag", &["etag"], r#""etag""#);
    assert_fields((), &["etag"], "null");
}

#[test]
fn the_name_of_a_variant_is_no_field() {
    #[derive(Serialize)]
    #[serde(rename_all = "lowercase")]
    enum Shape {
        Point { etag: u8 },
        Line(u8, u8),
        Text(u8),
    }
    let all = &["etag", "point", "line", "text"][..];
    assert_fields(Shape::Point { etag: 1 }, all, r#"{"point":{"etag":1}}"#);
    assert_fields(Shape::Line(1, 2), all, r#"{"line":[1,2]}"#);
    assert_fields(Shape::Text(1), all, r#"{"text":1}"#);
}

#[test]
fn an_ignored_field_has_to_serialize() {
    #[derive(Serialize)]
    struct Row {
        id: u32,
        handle: Unserializable,
    }
    let row = Row {
        id: 1,
        handle: Unserializable,
    };
    let tags = JsonTag::new().ignore(["handle"]);
    assert!(tags.tag::<Sha256>(&row).is_err());
    assert!(tags.split_tag::<Sha256>(&row).is_err());
}

#[test]
fn null_is_there_and_missing_is_not() {
    let tags: Vec<_> = [
        json!({ "a": 1 }),
        json!({ "a": 1, "b": null }),
        json!({ "a": 1, "b": "" }),
        json!({ "a": 1, "b": {} }),
        json!({ "a": 1, "b": [] }),
        json!({ "a": 1, "b": 0 }),
        json!({ "a": 1, "b": false }),
        json!({ "a": 1, "b": "null" }),
        json!({ "a": "1" }),
    ]
    .iter()
    .map(|value| EntityTag::from_json::<Sha256>(value).unwrap())
    .collect();
    for (i, one) in tags.iter().enumerate() {
        for (j, other) in tags.iter().enumerate() {
            assert_eq!(one.strong_eq(other), i == j, "{i} and {j}");
        }
    }
}

#[test]
fn each_half_has_the_fields_of_its_kind() {
    let bug = json!({ "title": "t", "status": "New", "heat": 6, "http_etag": "\"x\"" });
    let tag = |read_only: &[&str], ignored: &[&str]| {
        JsonTag::new()
            .ignore(ignored)
            .read_only(read_only)
            .split_tag::<Sha256>(&bug)
            .unwrap()
    };
    assert_halves(
        &tag(&["heat"], &["http_etag"]),
        r#"{"heat":6}"#,
        r#"{"status":"New","title":"t"}"#,
    );
    assert_halves(
        &tag(&["heat", "http_etag"], &["http_etag"]),
        r#"{"heat":6}"#,
        r#"{"status":"New","title":"t"}"#,
    );
    assert_halves(
        &tag(&[], &[]),
        "{}",
        r#"{"heat":6,"http_etag":"\"x\"","status":"New","title":"t"}"#,
    );
}

#[test]
fn without_fields_each_half_has_the_whole_value() {
    let tags = JsonTag::new().read_only(["heat"]);
    assert_halves(
        &tags.split_tag::<Sha256>(&[1, 2]).unwrap(),
        "[1,2]",
        "[1,2]",
    );
    let variant = Some(Ok::<_, ()>(json!({ "heat": 6 })));
    assert_halves(
        &tags.split_tag::<Sha256>(&variant).unwrap(),
        r#"{"Ok":{"heat":6}}"#,
        r#"{"Ok":{"heat":6}}"#,
    );
}

#[test]
fn names_add_up_and_read_only_ones_stay_in_a_whole_tag() {
    let value = json!({ "a": 1, "b": 2, "c": 3 });
    let tags = JsonTag::new().ignore(["a"]).ignore([String::from("b")]);
    let tags = tags.read_only(["c"]).read_only(["missing"]);
    let expected = EntityTag::from_digest(Sha256::digest(r#"{"c":3}"#));
    assert_tag(&tags.tag::<Sha256>(&value).unwrap(), &expected.to_string());
    assert_halves(
        &tags.split_tag::<Sha256>(&value).unwrap(),
        r#"{"c":3}"#,
        "{}",
    );
}
