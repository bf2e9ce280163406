//! Tags from UUIDs.

use tower_conditional::EntityTag;
use uuid::Uuid;

use crate::support::assert_tag;

#[test]
fn a_uuid_is_written_in_lower_case_with_hyphens_and_read_back() {
    for (uuid, tag) in [
        (Uuid::nil(), "\"00000000-0000-0000-0000-000000000000\""),
        (
            Uuid::from_u128(u128::MAX),
            "\"ffffffff-ffff-ffff-ffff-ffffffffffff\"",
        ),
        (
            Uuid::from_u128(0x1be26c0b_03f2_4d2e_ae87_c02d7f33c123),
            "\"1be26c0b-03f2-4d2e-ae87-c02d7f33c123\"",
        ),
    ] {
        let made = EntityTag::from_uuid(uuid);
        assert_tag(&made, tag);
        assert_eq!(made.uuid(), Some(uuid));
        assert!(!made.is_weak());
    }
}

#[test]
fn only_the_canonical_spelling_is_read_back() {
    for tag in [
        "\"\"",
        "\"1BE26C0B-03f2-4d2e-ae87-c02d7f33c123\"",
        "\"1be26c0b03f24d2eae87c02d7f33c123\"",
        "\"{1be26c0b-03f2-4d2e-ae87-c02d7f33c123}\"",
        "\"urn:uuid:1be26c0b-03f2-4d2e-ae87-c02d7f33c123\"",
        "W/\"1be26c0b-03f2-4d2e-ae87-c02d7f33c123\"",
        "\"1be26c0b-03f2-4d2e-ae87-c02d7f33c123-gzip\"",
    ] {
        let tag: EntityTag = tag.parse().expect("an entity tag");
        assert_eq!(tag.uuid(), None, "{tag:?}");
    }
    assert_eq!(EntityTag::strong(b"\xFF").unwrap().uuid(), None);
}
