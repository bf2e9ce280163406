//! Entity tags: what is one, and when two are equivalent.

use http::HeaderValue;
use proptest::prelude::*;
use tower_conditional::{EntityTag, etag::EntityTagRef};

use crate::{
    arbitrary::{entity_tag, line, opaque},
    config, naive,
};

#[test]
#[should_panic(expected = "neither blanks nor double quotes")]
fn a_static_tag_has_no_blank() {
    let _ = EntityTag::from_static("\"a b\"");
}

#[test]
#[should_panic(expected = "neither blanks nor double quotes")]
fn a_static_tag_is_one_tag() {
    let _ = EntityTag::from_static("W/\"a\"\"");
}

#[test]
#[should_panic(expected = "a quoted string")]
fn a_static_tag_is_quoted() {
    let _ = EntityTag::from_static("W/\"");
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_tag_is_read_as_it_was_written(tag in entity_tag()) {
        let read = EntityTagRef::parse(tag.as_bytes()).expect("its own form");
        prop_assert_eq!(read.is_weak(), tag.is_weak());
        prop_assert_eq!(read.opaque(), tag.opaque());
        let copied = read.to_entity_tag();
        prop_assert_eq!(copied.as_bytes(), tag.as_bytes());

        let value = HeaderValue::from(&tag);
        let taken = EntityTag::try_from(value).expect("its own form");
        prop_assert_eq!(taken.as_bytes(), tag.as_bytes());
        if tag.as_bytes().is_ascii() {
            let parsed: EntityTag = tag.to_string().parse().expect("its own form");
            prop_assert_eq!(parsed.as_bytes(), tag.as_bytes());
        }
    }

    #[test]
    fn exactly_the_grammar_is_accepted(bytes in prop_oneof![line(), any::<Vec<u8>>()]) {
        let read = EntityTagRef::parse(&bytes);
        prop_assert_eq!(read.is_ok(), naive::is_tag(&bytes));
        if let Ok(tag) = read {
            let owned = tag.to_entity_tag();
            prop_assert_eq!(owned.as_bytes(), &bytes[..]);
        }
    }

    #[test]
    fn only_etagc_makes_a_tag(bytes in prop_oneof![opaque(), any::<Vec<u8>>()]) {
        let quoted = [b"\"", &bytes[..], b"\""].concat();
        prop_assert_eq!(EntityTag::strong(&bytes).is_ok(), naive::is_tag(&quoted));
        prop_assert_eq!(EntityTag::weak(&bytes).is_ok(), naive::is_tag(&quoted));
    }

    #[test]
    fn a_version_is_read_back(version: u64, tag in "\"[0-9+ ]{0,3}\"") {
        prop_assert_eq!(EntityTag::from_version(version).version(), Some(version));
        if let Some(version) = tag.parse::<EntityTag>().ok().and_then(|tag| tag.version::<u64>()) {
            prop_assert_eq!(EntityTag::from_version(version).to_string(), tag);
        }
    }

    #[test]
    fn weak_comparison_is_an_equivalence(a in entity_tag(), b in entity_tag(), c in entity_tag()) {
        prop_assert!(a.weak_eq(&a));
        prop_assert_eq!(a.weak_eq(&b), b.weak_eq(&a));
        prop_assert_eq!(a.weak_eq(&b), a.opaque_tag() == b.opaque_tag());
        if a.weak_eq(&b) && b.weak_eq(&c) {
            prop_assert!(a.weak_eq(&c));
        }
    }

    #[test]
    fn strong_comparison_leaves_weak_tags_out(
        a in entity_tag(),
        b in entity_tag(),
        c in entity_tag(),
    ) {
        prop_assert_eq!(a.strong_eq(&a), !a.is_weak());
        prop_assert_eq!(a.strong_eq(&b), b.strong_eq(&a));
        if a.strong_eq(&b) && b.strong_eq(&c) {
            prop_assert!(a.strong_eq(&c));
        }
        if a.strong_eq(&b) {
            prop_assert!(a.weak_eq(&b));
        }
    }
}
