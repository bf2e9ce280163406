//! Tags that must never change: clients and caches hold them across releases.
//!
//! Python calculates the same, for values without floats:
//!
//! ```python
//! text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
//! hashlib.sha512(text.encode()).hexdigest()
//! ```

use serde::Serialize;
use serde_json::json;
use sha2::{Sha256, Sha512};
use tower_conditional::etag::JsonTag;

use crate::support::assert_tag;

const IGNORED: [&str; 3] = ["driver_internal_info", "etag", "updated_at"];

const NODE_SHA512: &str = "146a0c5aad0d4a4af9d2993abd9220ecc47ed53a6a0c1704b206c36b0c0e61d5\
                           0567a22f4bad55bca43a184f317802bff8ef85c56af3150b59a71f44dfd8152e";
const NODE_SHA256: &str = "88602dff3a78ee3b25dea6ae8ee917c1730207eec39999c34bccaf0d84489fa5";

const BUG_READ: &str = "4a922bb4cbddd2a324e0fead638d5e67343fa0210aa2e9eb2f1e8485b3187ae1";
const BUG_WRITE: &str = "8369bb9ff68e5e5bd8ad86e8c7c1e54fc564ffa972366e7a9da799e63c8436b0";

/// Ironic's node, in an order of fields that is not the canonical one.
#[derive(Serialize)]
struct Node {
    uuid: &'static str,
    name: Option<&'static str>,
    extra: Extra,
    traits: &'static [&'static str],
    maintenance: bool,
    driver_internal_info: Vec<u8>,
    updated_at: &'static str,
    etag: Option<String>,
}

#[derive(Serialize)]
struct Extra {
    rack: u8,
    notes: Option<String>,
}

fn node() -> Node {
    Node {
        uuid: "1be26c0b-03f2-4d2e-ae87-c02d7f33c123",
        name: Some("node-1"),
        extra: Extra {
            rack: 7,
            notes: None,
        },
        traits: &["CUSTOM_GPU", "HW_CPU"],
        maintenance: false,
        driver_internal_info: vec![1, 2, 3],
        updated_at: "2016-07-18T10:00:00Z",
        etag: Some("W/\"old\"".into()),
    }
}

#[test]
fn the_tag_of_an_ironic_node() {
    let tags = JsonTag::new().ignore(IGNORED);
    let tag = tags.tag::<Sha512>(&node()).unwrap().into_weak();
    assert_tag(&tag, &format!("W/\"{NODE_SHA512}\""));

    let tag = tags.tag::<Sha256>(&node()).unwrap();
    assert_tag(&tag, &format!("\"{NODE_SHA256}\""));
}

#[test]
fn a_value_has_the_tag_of_the_struct_it_came_from() {
    let value = serde_json::to_value(node()).unwrap();
    let tags = JsonTag::new().ignore(IGNORED);
    let tag = tags.tag::<Sha512>(&value).unwrap().into_weak();
    assert_tag(&tag, &format!("W/\"{NODE_SHA512}\""));
}

#[test]
fn the_split_tag_of_a_launchpad_bug() {
    let bug = json!({
        "title": "It crashes",
        "importance": 3,
        "date_last_message": "10:00",
        "http_etag": "\"any\"",
    });
    let tag = JsonTag::new()
        .ignore(["http_etag"])
        .read_only(["date_last_message"])
        .split_tag::<Sha256>(&bug)
        .unwrap();
    assert_tag(&tag, &format!("\"{BUG_READ}-{BUG_WRITE}\""));
}
