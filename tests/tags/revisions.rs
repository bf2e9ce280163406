//! Tags from what a data store already has: a version or a revision string.

use tower_conditional::EntityTag;

use crate::support::assert_tag;

#[test]
fn a_version_is_written_in_decimal_and_read_back() {
    for (version, tag) in [
        (0, "\"0\""),
        (9, "\"9\""),
        (10, "\"10\""),
        (u64::MAX, "\"18446744073709551615\""),
    ] {
        let made = EntityTag::from_version(version);
        assert_tag(&made, tag);
        assert_eq!(made.version(), Some(version));
        assert!(!made.is_weak());
    }
}

#[test]
fn only_the_canonical_spelling_is_a_version() {
    for tag in [
        "\"\"",
        "\"07\"",
        "\"+7\"",
        "\"-0\"",
        "\"-07\"",
        "\"--7\"",
        "\"-\"",
        "\"7.0\"",
        "\"18446744073709551616\"",
        "W/\"7\"",
        "\"\u{663}\"",
    ] {
        let tag: EntityTag = tag.parse().expect("an entity tag");
        assert_eq!(tag.version::<u64>(), None, "{tag:?}");
        assert_eq!(tag.version::<i64>(), None, "{tag:?}");
    }
}

#[test]
fn a_version_has_whatever_type_the_database_has() {
    for (version, tag) in [
        (i64::MIN, "\"-9223372036854775808\""),
        (-1, "\"-1\""),
        (0, "\"0\""),
        (i64::MAX, "\"9223372036854775807\""),
    ] {
        let made = EntityTag::from_version(version);
        assert_tag(&made, tag);
        assert_eq!(made.version(), Some(version));
        assert_eq!(made.version::<u64>(), u64::try_from(version).ok());
        assert_eq!(made.version::<i8>(), i8::try_from(version).ok());
    }
    let small = EntityTag::from_version(7_u32);
    assert_tag(&small, "\"7\"");
    assert!(small.strong_eq(&EntityTag::from_version(7_i16)));
    // One more than the magnitude of `i64::MIN`.
    let beyond: EntityTag = "\"-9223372036854775809\"".parse().unwrap();
    assert_eq!(beyond.version::<i64>(), None);
}

#[test]
fn a_revision_string_is_taken_as_it_is() {
    let revision = "55e84c0a-rev:3/\u{e9}\\,";
    assert_tag(
        &EntityTag::strong(revision).unwrap(),
        &format!("\"{revision}\""),
    );
    assert_tag(
        &EntityTag::weak(revision).unwrap(),
        &format!("W/\"{revision}\""),
    );
}

#[test]
fn a_revision_string_that_no_tag_can_hold_is_an_error() {
    for revision in ["two words", "quo\"te", "line\n", "nul\0", "\x7F"] {
        assert!(EntityTag::strong(revision).is_err(), "{revision:?}");
        assert!(EntityTag::weak(revision).is_err(), "{revision:?}");
    }
}

#[test]
fn a_weak_tag_stays_one_and_a_strong_one_becomes_one() {
    for (tag, weak) in [
        ("\"\"", "W/\"\""),
        ("\"a\"", "W/\"a\""),
        ("W/\"a\"", "W/\"a\""),
        ("\"W/a\"", "W/\"W/a\""),
    ] {
        let tag: EntityTag = tag.parse().expect("an entity tag");
        assert_tag(&tag.into_weak(), weak);
    }
}
