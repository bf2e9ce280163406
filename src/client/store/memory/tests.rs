use http::{HeaderMap, HeaderName, HeaderValue, header::AUTHORIZATION};

use super::*;
use crate::client::{KnownValidators, ServerTag, store::StoreVariant};

fn key(uri: &str, user: Option<&'static str>) -> StoreKey {
    let mut headers = HeaderMap::new();
    if let Some(user) = user {
        headers.insert(AUTHORIZATION, HeaderValue::from_static(user));
    }
    StoreKey::new(&uri.parse().unwrap(), &headers, &[AUTHORIZATION])
}

fn tagged(entry: &mut StoreEntry) {
    let tag = ServerTag::new(HeaderValue::from_static("\"1\"")).unwrap();
    let known = KnownValidators::new().with_field_tag(tag);
    entry.insert(StoreVariant::new(known));
}

fn hold(store: &MemoryStore, key: &StoreKey, hold: Option<Hold>) {
    store.update(&key.shared(), &mut |entry| entry.set_hold(hold));
}

/// A user without credentials has one entry with the hold of all. When it came or went, the hold
/// must not go.
#[test]
fn the_hold_stays_whatever_happens_to_the_entry() {
    let store = MemoryStore::new(10);
    let (own, other) = (key("http://h/a", None), key("http://h/a", Some("A")));
    let of_tag = Some(Hold::new(1, false));
    let is_held = |what| {
        for key in [&own, &other] {
            assert_eq!(store.view(key).1, of_tag, "{what}");
        }
        assert_eq!(store.get(&own.shared()).unwrap().hold(), of_tag, "{what}");
    };
    hold(&store, &own, of_tag);
    is_held("no entry");
    store.update(&own, &mut tagged);
    is_held("an entry");
    assert_eq!(store.get(&own).unwrap().hold(), None);
    assert_eq!(store.get(&own), Some(store.view(&own).0));
    store.update(&own, &mut |entry| entry.set_hold(None));
    is_held("an entry that was changed");
    store.update(&own, &mut StoreEntry::remove_all);
    is_held("the entry is empty");
    assert_eq!((store.get(&own), store.len()), (None, 0));

    store.update(&own, &mut tagged);
    hold(&store, &own, None);
    assert_eq!((store.view(&own).1, store.view(&other).1), (None, None));
    store.update(&own, &mut StoreEntry::remove_all);
    assert_eq!(store.view(&own).1, None);
}

#[test]
fn a_rejection_counts_before_a_hold_of_a_tag() {
    let store = MemoryStore::new(10);
    let own = key("http://h/a", None);
    store.update(&own, &mut tagged);
    hold(&store, &own, Some(Hold::new(1, false)));
    let rejected = Some(Hold::new(2, true));
    hold(&store, &own, rejected);
    assert_eq!(store.view(&own).1, rejected);
    assert_eq!(store.view(&key("http://h/a", Some("A"))).1, rejected);
    hold(&store, &own, None);
    assert_eq!(store.view(&own).1, None);
}

#[test]
fn different_resources_and_users_have_different_entries() {
    let keys = [
        key("http://h/a", None),
        key("https://h/a", None),
        key("http://h:81/a", None),
        key("http://h/a?", None),
        key("http://h/a?b", None),
        key("http://h/A", None),
        key("/a", None),
        key("http://h/a", Some("A")),
        key("http://h/a", Some("a")),
        key("http://h/a", Some("")),
    ];
    let store = MemoryStore::new(100);
    for (number, key) in keys.iter().enumerate() {
        assert_eq!(store.get(key), None, "{key:?}");
        store.update(key, &mut tagged);
        assert_eq!(store.len(), number as u64 + 1);
    }
    let host = |host| {
        let mut headers = HeaderMap::new();
        headers.insert(HeaderName::from_static("host"), host);
        StoreKey::new(&"/a".parse().unwrap(), &headers, &[])
    };
    assert_eq!(store.get(&host(HeaderValue::from_static("h"))), None);
}

#[test]
fn the_case_of_an_authority_does_not_count() {
    let store = MemoryStore::new(10);
    // Another scheme than http has no normal form here.
    store.update(&key("FTP://Host/a", None), &mut tagged);
    assert!(store.get(&key("ftp://host/a", None)).is_some());
    store.update(&key("http://u:P@h/a", None), &mut tagged);
    assert_eq!(key("http://u:P@h/a", None), key("http://U:p@h/a", None));
    assert!(store.get(&key("http://U:p@h/a", None)).is_some());
}

#[test]
fn a_store_without_room_keeps_nothing() {
    let store = MemoryStore::new(0);
    let own = key("http://h/a", None);
    store.update(&own, &mut tagged);
    hold(&store, &own, Some(Hold::new(1, false)));
    assert_eq!((store.len(), store.get(&own)), (0, None));
}
