//! What holds for the tag of any value.

use std::collections::BTreeMap;

use proptest::{collection, prelude::*};
use serde::{Serialize, Serializer, ser::SerializeMap};
use sha2::{Digest, Sha256};
use tower_conditional::{EntityTag, etag::JsonTag};

/// A JSON value whose objects keep the order they were made in.
#[derive(Clone, Debug)]
enum Json {
    Null,
    Bool(bool),
    Integer(i64),
    Float(f64),
    Text(String),
    List(Vec<Json>),
    Object(Fields),
}

type Fields = Vec<(String, Json)>;

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Json::Null => serializer.serialize_unit(),
            Json::Bool(value) => value.serialize(serializer),
            Json::Integer(value) => value.serialize(serializer),
            Json::Float(value) => value.serialize(serializer),
            Json::Text(value) => value.serialize(serializer),
            Json::List(values) => values.serialize(serializer),
            Json::Object(fields) => {
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                for (name, value) in fields {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
    }
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![4 => "[a-e_]{1,3}", 1 => any::<String>()]
}

fn fields(value: impl Strategy<Value = Json>) -> impl Strategy<Value = Fields> {
    collection::btree_map(name(), value, 0..6).prop_map(|map| map.into_iter().collect())
}

fn json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        any::<i64>().prop_map(Json::Integer),
        (-3..3_i64).prop_map(Json::Integer),
        any::<f64>().prop_map(Json::Float),
        any::<String>().prop_map(Json::Text),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            collection::vec(inner.clone(), 0..4).prop_map(Json::List),
            fields(inner).prop_map(Json::Object),
        ]
    })
}

/// The same value with the keys of every object in another order, by the bits of `seed`.
fn reordered(value: &Json, seed: u64) -> Json {
    match value {
        Json::List(values) => {
            Json::List(values.iter().map(|value| reordered(value, seed)).collect())
        }
        Json::Object(fields) => Json::Object(reordered_fields(fields, seed)),
        other => other.clone(),
    }
}

fn reordered_fields(fields: &Fields, seed: u64) -> Fields {
    let mut fields: Fields = fields
        .iter()
        .map(|(name, value)| (name.clone(), reordered(value, seed.rotate_left(7))))
        .collect();
    for i in (1..fields.len()).rev() {
        fields.swap(i, (seed >> i) as usize % (i + 1));
    }
    fields
}

fn tag(value: &impl Serialize, ignored: &[&str]) -> EntityTag {
    JsonTag::new()
        .ignore(ignored)
        .tag::<Sha256>(value)
        .expect("every value has a tag")
}

fn object(fields: Fields) -> Json {
    Json::Object(fields)
}

proptest! {
    #[test]
    fn the_order_of_keys_never_changes_a_tag(value in json(), seed in any::<u64>()) {
        prop_assert!(tag(&value, &[]).strong_eq(&tag(&reordered(&value, seed), &[])));
    }

    #[test]
    fn a_field_added_removed_or_nulled_does(
        fields in fields(json()),
        name in name(),
        value in json(),
        seed in any::<u64>(),
    ) {
        let mut without = fields;
        without.retain(|(other, _)| *other != name);
        let with = |value: Json| {
            let mut fields = without.clone();
            fields.push((name.clone(), value));
            tag(&object(reordered_fields(&fields, seed)), &[])
        };
        let absent = tag(&object(without.clone()), &[]);
        let null = with(Json::Null);
        prop_assert!(!null.strong_eq(&absent));

        let writes_null = match &value {
            Json::Null => true,
            Json::Float(value) => !value.is_finite(),
            _ => false,
        };
        let present = with(value);
        prop_assert!(!present.strong_eq(&absent));
        prop_assert_eq!(present.strong_eq(&null), writes_null);
    }

    #[test]
    fn an_ignored_field_never_does(
        fields in fields(json()),
        name in name(),
        value in json(),
        seed in any::<u64>(),
    ) {
        let mut without = fields;
        without.retain(|(other, _)| *other != name);
        let mut with = without.clone();
        with.push((name.clone(), value));
        let with = object(reordered_fields(&with, seed));
        let without = tag(&object(without), &[]);
        prop_assert!(tag(&with, &[&name]).strong_eq(&without));
        prop_assert!(tag(&with, &["not a name", &name, &name]).strong_eq(&without));
    }

    #[test]
    fn a_change_moves_the_half_it_belongs_to(
        fields in fields(json()),
        name in name(),
        values in (any::<i32>(), any::<i32>()),
        read_only in any::<bool>(),
    ) {
        let mut fields = fields;
        fields.retain(|(other, _)| *other != name);
        let read_only: &[&str] = if read_only { &[&name] } else { &[] };
        let halves = |value: i32| {
            let mut fields = fields.clone();
            fields.push((name.clone(), Json::Integer(value.into())));
            let tags = JsonTag::new().read_only(read_only);
            let tag = tags.split_tag::<Sha256>(&object(fields)).unwrap();
            let (read, write) = tag.opaque().split_at(64);
            (read.to_vec(), write.to_vec())
        };
        let (one, other) = (halves(values.0), halves(values.1));
        let same = values.0 == values.1;
        prop_assert_eq!(one.0 == other.0, same || read_only.is_empty());
        prop_assert_eq!(one.1 == other.1, same || !read_only.is_empty());
    }

    #[test]
    fn a_struct_has_the_tag_of_its_value(value in json()) {
        let as_value = serde_json::to_value(&value).unwrap();
        prop_assert!(tag(&value, &[]).strong_eq(&tag(&as_value, &[])));
    }

    #[test]
    fn sorted_compact_text_without_floats_is_canonical(
        map in collection::btree_map("[ -~]{0,8}", any::<(i64, u64, Option<bool>, String)>(), 0..8),
    ) {
        let map: BTreeMap<String, _> = map;
        let text = serde_json::to_string(&map).unwrap();
        prop_assert!(tag(&map, &[]).strong_eq(&EntityTag::from_digest(Sha256::digest(text))));
    }
}
