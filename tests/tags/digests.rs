//! Tags from digests.
//!
//! The digests are those of FIPS 180-4's examples; `printf abc | sha512sum` prints them too.

use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};
use tower_conditional::{EntityTag, etag::EntityTagRef};

use crate::support::assert_tag;

const SHA224_ABC: &str = "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7";
const SHA256_ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const SHA384_ABC: &str = "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded163\
                          1a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7";
const SHA512_ABC: &str = "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
                          2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";
const SHA256_EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const SHA256_MILLION_A: &str = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

#[test]
fn published_vectors() {
    assert_tag(
        &EntityTag::from_digest(Sha224::digest("abc")),
        &format!("\"{SHA224_ABC}\""),
    );
    assert_tag(
        &EntityTag::from_digest(Sha256::digest("abc")),
        &format!("\"{SHA256_ABC}\""),
    );
    assert_tag(
        &EntityTag::from_digest(Sha384::digest("abc")),
        &format!("\"{SHA384_ABC}\""),
    );
    assert_tag(
        &EntityTag::from_digest(Sha512::digest("abc")),
        &format!("\"{SHA512_ABC}\""),
    );
    assert_tag(
        &EntityTag::from_digest(Sha256::digest("")),
        &format!("\"{SHA256_EMPTY}\""),
    );
}

#[test]
fn a_weak_tag_has_the_same_opaque_tag() {
    assert_tag(
        &EntityTag::from_digest(Sha512::digest("abc")).into_weak(),
        &format!("W/\"{SHA512_ABC}\""),
    );
}

#[test]
fn pieces_give_the_tag_of_the_whole() {
    let mut hasher = Sha256::new();
    for length in (0..1000).chain([500_500]) {
        hasher.update("a".repeat(length));
    }
    let tag = EntityTag::from_digest(hasher.finalize());
    assert_tag(&tag, &format!("\"{SHA256_MILLION_A}\""));
}

#[test]
fn every_byte_has_two_lower_case_digits() {
    let bytes: Vec<u8> = (0..=255).collect();
    let tag = EntityTag::from_digest(&bytes);
    let expected: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_tag(&tag, &format!("\"{expected}\""));
}

#[test]
fn an_empty_output_is_still_an_entity_tag() {
    let none: [u8; 0] = [];
    let tag = EntityTag::from_digest(none).into_weak();
    assert_tag(&tag, "W/\"\"");
    assert!(EntityTagRef::parse(tag.as_bytes()).is_ok());
}

#[test]
fn two_digests_make_a_split_tag() {
    let tag = EntityTag::from_digest_halves(Sha256::digest(""), Sha256::digest("abc"));
    assert_tag(&tag, &format!("\"{SHA256_EMPTY}-{SHA256_ABC}\""));

    let by_pieces = EntityTag::from_digest_halves(
        Sha256::digest(""),
        Sha256::new()
            .chain_update("a")
            .chain_update("bc")
            .finalize(),
    );
    assert!(by_pieces.strong_eq(&tag));

    let by_strings = EntityTag::from_halves(SHA256_EMPTY, '-', SHA256_ABC).unwrap();
    assert!(by_strings.strong_eq(&tag));
}
