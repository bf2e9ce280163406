//! What canonical JSON is made of each kind of value.

use std::{collections::BTreeMap, fmt};

use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::{json, value::RawValue};
use sha2::{Digest, Sha256};
use tower_conditional::{
    EntityTag,
    etag::{JsonTag, JsonTagError},
};

use crate::support::assert_canonical;

/// Entries in the order given, as a map that does not sort.
struct Entries<K, V>(Vec<(K, V)>);

impl<K: Serialize, V: Serialize> Serialize for Entries<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

#[derive(Serialize)]
enum Power {
    Off,
    Budget(u32),
    Range(u32, u32),
    Schedule {
        until: &'static str,
        from: &'static str,
    },
}

#[derive(Serialize)]
struct Unit;

#[derive(Serialize)]
struct Wrapped<T>(T);

#[derive(Serialize)]
struct Pair(u8, &'static str);

#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
enum Color {
    Red,
}

struct Bytes;

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&[0, 255])
    }
}

/// RFC 8785 section 3.2.2. The numbers are read by std: serde_json without its feature
/// `float_roundtrip` reads some doubles one unit off.
#[test]
fn the_sample_of_rfc8785() {
    let numbers: Vec<f64> = [
        "333333333.33333329",
        "1E30",
        "4.50",
        "2e-3",
        "0.000000000000000000000000001",
    ]
    .iter()
    .map(|text| text.parse().unwrap())
    .collect();
    let string = "\u{20ac}$\u{F}\nA'B\"\\\\\"/";
    let sample = json!({ "numbers": numbers, "string": string, "literals": [null, true, false] });
    assert_canonical(
        sample,
        concat!(
            r#"{"literals":[null,true,false],"#,
            r#""numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"#,
            r#""string":"€$\u000f\nA'B\"\\\\\"/"}"#
        ),
    );
}

/// RFC 8785 section 3.2.3: by UTF-16 code units U+1F600 comes before U+FB33, by UTF-8 bytes after
/// it.
#[test]
fn keys_are_sorted_by_utf16_code_units() {
    let names = Entries(vec![
        ("\u{20ac}", "Euro Sign"),
        ("\r", "Carriage Return"),
        ("\u{fb33}", "Hebrew Letter Dalet With Dagesh"),
        ("1", "One"),
        ("\u{1f600}", "Emoji: Grinning Face"),
        ("\u{80}", "Control"),
        ("\u{f6}", "Latin Small Letter O With Diaeresis"),
    ]);
    assert_canonical(
        names,
        "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\
         \"\u{f6}\":\"Latin Small Letter O With Diaeresis\",\"\u{20ac}\":\"Euro Sign\",\
         \"\u{1f600}\":\"Emoji: Grinning Face\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}",
    );
}

#[test]
fn objects_are_sorted_at_every_depth() {
    let deep = Entries(vec![(
        "b",
        Entries(vec![("z", [json!(1)]), ("a", [json!({ "y": 1, "x": 2 })])]),
    )]);
    assert_canonical(deep, r#"{"b":{"a":[{"x":2,"y":1}],"z":[1]}}"#);
}

#[test]
fn of_equal_keys_the_last_one_counts() {
    assert_canonical(
        Entries(vec![("a", 1), ("b", 2), ("a", 3), ("a", 4)]),
        r#"{"a":4,"b":2}"#,
    );
}

#[test]
fn strings_have_no_escape_that_json_does_not_demand() {
    assert_canonical(
        "\0\u{8}\t\n\u{b}\u{c}\r\u{1f} \"\\/\u{7f}\u{e9}e\u{301}\u{2028}\u{1f600}",
        "\"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f \\\"\\\\/\u{7f}\u{e9}e\u{301}\u{2028}\u{1f600}\"",
    );
    assert_canonical("", "\"\"");
    assert_canonical('"', "\"\\\"\"");
}

#[test]
fn values_are_written_as_serde_json_does() {
    assert_canonical(
        (Power::Off, Power::Budget(5), Power::Range(1, 2)),
        r#"["Off",{"Budget":5},{"Range":[1,2]}]"#,
    );
    assert_canonical(
        Power::Schedule {
            until: "u",
            from: "f",
        },
        r#"{"Schedule":{"from":"f","until":"u"}}"#,
    );
    assert_canonical(
        ((), Unit, None::<u8>, Some(Wrapped(1)), Pair(2, "b")),
        r#"[null,null,null,1,[2,"b"]]"#,
    );
    assert_canonical((true, false, Bytes), "[true,false,[0,255]]");
    assert_canonical((Vec::<u8>::new(), BTreeMap::<u8, u8>::new()), "[[],{}]");
}

#[test]
fn keys_become_strings_as_in_serde_json() {
    assert_canonical(
        BTreeMap::from([(10, 'a'), (9, 'b')]),
        r#"{"10":"a","9":"b"}"#,
    );
    assert_canonical(
        Entries(vec![(true, 1), (false, 2)]),
        r#"{"false":2,"true":1}"#,
    );
    assert_canonical(Entries(vec![(1.5, 1), (-0.0, 2)]), r#"{"0":2,"1.5":1}"#);
    assert_canonical(BTreeMap::from([(Color::Red, 1)]), r#"{"Red":1}"#);
    assert_canonical(Entries(vec![(Wrapped(Some('k')), 1)]), r#"{"k":1}"#);
    assert_canonical(Wrapped(Power::Budget(3)), r#"{"Budget":3}"#);
}

#[test]
fn a_raw_value_counts_by_what_it_says() {
    let raw: Box<RawValue> =
        serde_json::from_str(r#" {"b": 1.0, "a": [ ], "b": {"d": 2e0, "c": -0.0}} "#).unwrap();
    assert_canonical(&raw, r#"{"a":[],"b":{"c":0,"d":2}}"#);
    assert_canonical([&raw], r#"[{"a":[],"b":{"c":0,"d":2}}]"#);

    let tags = JsonTag::new().ignore(["b"]);
    let kept = EntityTag::from_digest(Sha256::digest(r#"{"a":[]}"#));
    assert!(tags.tag::<Sha256>(&raw).unwrap().strong_eq(&kept));
    let whole = EntityTag::from_json::<Sha256>(&[&raw]).unwrap();
    assert!(tags.tag::<Sha256>(&[&raw]).unwrap().strong_eq(&whole));
}

#[test]
fn what_json_cannot_say_is_an_error() {
    const KEY: &str = "a key is neither a string, a finite number nor a boolean";
    assert_error(Entries(vec![((), 1)]), KEY);
    assert_error(Entries(vec![(None::<&str>, 1)]), KEY);
    assert_error(Entries(vec![(vec!["a"], 1)]), KEY);
    assert_error(Entries(vec![(f64::NAN, 1)]), KEY);
    assert_error(Entries(vec![(Power::Budget(1), 1)]), KEY);
    assert_error(vec![Entries(vec![(Bytes, 1)])], KEY);
}

/// serde_json itself would write text that is not JSON.
#[test]
fn an_object_that_promised_to_be_empty_is_an_error() {
    struct Liar;

    impl Serialize for Liar {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut map = serializer.serialize_map(Some(0))?;
            map.serialize_entry("a", &1)?;
            map.end()
        }
    }

    const LENGTH: &str = "an object of length 0 has a member";
    assert_error(Liar, LENGTH);
    assert_error([Liar], LENGTH);
    assert_error(BTreeMap::from([("b", [Liar])]), LENGTH);
    assert_error(Some(Ok::<_, ()>(Liar)), LENGTH);
}

#[test]
fn the_error_has_the_message_of_the_value() {
    struct Closed;

    impl Serialize for Closed {
        fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("the connection is closed"))
        }
    }

    assert_error(vec![Closed], "the connection is closed");
}

#[test]
fn the_error_can_be_boxed_and_sent() {
    fn assert_traits<
        T: std::error::Error + Clone + PartialEq + fmt::Debug + Send + Sync + 'static,
    >() {
    }
    assert_traits::<JsonTagError>();
}

#[track_caller]
fn assert_error(value: impl Serialize, message: &str) {
    let expected = format!("no entity tag for this value: {message}");
    for result in [
        EntityTag::from_json::<Sha256>(&value),
        JsonTag::new().split_tag::<Sha256>(&value),
    ] {
        assert_eq!(result.unwrap_err().to_string(), expected);
    }
}
