//! Tags compared as they are on the wire.

use tower_conditional::EntityTag;

#[track_caller]
pub(crate) fn assert_tag(tag: &EntityTag, expected: &str) {
    assert_eq!(
        tag.as_bytes().escape_ascii().to_string(),
        expected.as_bytes().escape_ascii().to_string()
    );
}

/// The tag of `value` is the digest of exactly this text.
#[cfg(feature = "json")]
#[track_caller]
pub(crate) fn assert_canonical(value: impl serde::Serialize, text: &str) {
    use sha2::{Digest, Sha256};

    match EntityTag::from_json::<Sha256>(&value) {
        Ok(tag) => {
            let expected = EntityTag::from_digest(Sha256::digest(text));
            assert!(tag.strong_eq(&expected), "the canonical form is not {text}");
        }
        Err(error) => panic!("{error}"),
    }
}
