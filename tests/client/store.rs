//! Stores: bounded, shared, someone else's.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use http::Method;
use tower_conditional::client::{
    BodyTag, ClientErrorReason, ConditionalClientLayer, KnownValidators, ServerTag,
    store::{Hold, MemoryStore, StoreEntry, StoreKey, StoreVariant, ValidatorStore},
};

use crate::support::*;

#[tokio::test]
async fn the_store_in_memory_is_bounded() {
    let store = MemoryStore::new(16);
    let wire = Wire::new((0..500).map(|_| tagged("\"1\"")));
    let client = wire.client_with(ConditionalClientLayer::new().store(store.clone()));
    for n in 0..500 {
        send(&client, request(Method::GET, &format!("http://server/{n}"))).await;
    }
    assert!((1..=16).contains(&store.len()), "{}", store.len());
    store.clear();
    assert!(store.is_empty());
}

/// Others may be far more popular.
#[tokio::test]
async fn what_was_just_read_is_remembered() {
    let store = MemoryStore::new(16);
    let wire = Wire::new((0..500).map(|_| tagged("\"1\"")));
    let client = wire.client_with(ConditionalClientLayer::new().store(store.clone()));
    let at = |method, n: usize| request(method, &format!("http://server/{n}"));
    for n in 0..160 {
        send(&client, at(Method::GET, n % 16)).await;
    }
    for n in 0..20 {
        send(&client, at(Method::GET, 100 + n)).await;
        // The bookkeeping is done.
        assert_eq!(store.len(), 16);
        send(&client, at(Method::PUT, 100 + n)).await;
        wire.assert_field(161 + 2 * n, "if-match", "\"1\"");
    }
}

/// After a 412 and many other reads, the write went out unguarded.
#[tokio::test]
async fn a_rejection_outlives_eviction() {
    let store = MemoryStore::new(16);
    let others = (0..500).map(|_| tagged("\"1\""));
    let wire = Wire::new([reply(412, &[])].into_iter().chain(others));
    let client = wire.client_with(ConditionalClientLayer::new().store(store.clone()));
    send(&client, with_field(put(), "if-match", "\"0\"")).await;
    for n in 0..500 {
        send(&client, request(Method::GET, &format!("http://server/{n}"))).await;
    }
    assert!(store.len() <= 16);
    let reason = reason_of(try_send(&client, put()).await);
    assert_eq!(reason, Some(ClientErrorReason::Stale));
    store.clear();
    let wire = Wire::new([reply(204, &[])]);
    let client = wire.client_with(ConditionalClientLayer::new().store(store));
    send(&client, put()).await;
}

/// The entry of a user without credentials is evicted, and another user's stays: the hold that all
/// users share must stay with it.
#[tokio::test]
async fn the_hold_of_all_users_outlives_one_users_entry() {
    let store = MemoryStore::new(2);
    let wire = Wire::new((0..3).map(|_| tagged("\"1\"")));
    let client = wire.client_with(ConditionalClientLayer::new().store(store.clone()));
    let other = |method| with_field(request(method, DOC), "authorization", "A");
    send(&client, get()).await;
    send(&client, other(Method::GET)).await;
    send(&client, request(Method::GET, "http://server/other")).await;
    assert_eq!(store.len(), 2);
    let third = with_field(put(), "authorization", "B");
    let reason = reason_of(try_send(&client, third).await);
    assert_eq!(reason, Some(ClientErrorReason::UnknownTag));
}

/// They are bounded as well. In doubt a resource counts as rejected, until it is read.
#[tokio::test]
async fn too_many_rejections_are_not_forgotten() {
    const MANY: usize = 10_000;
    let at = |method, n: usize| request(method, &format!("http://server/{n}"));
    let end = [reply(200, &[]), reply(204, &[])];
    let wire = Wire::new((0..MANY).map(|_| reply(412, &[])).chain(end));
    let client = wire.client();
    for n in 0..MANY {
        send(&client, with_field(at(Method::PUT, n), "if-match", "\"0\"")).await;
    }
    for n in [0, 5000, MANY - 1, MANY] {
        let reason = reason_of(try_send(&client, at(Method::PUT, n)).await);
        assert_eq!(reason, Some(ClientErrorReason::Stale), "{n}");
    }
    send(&client, at(Method::GET, MANY)).await;
    send(&client, at(Method::PUT, MANY)).await;
    wire.assert_unconditional(MANY + 1);
}

#[tokio::test]
async fn representations_of_one_resource_are_bounded() {
    let seen = Arc::new(Plain::default());
    let vary = || reply(200, &[("etag", "\"1\""), ("vary", "accept")]);
    let wire = Wire::new((0..50).map(|_| vary()));
    let client = wire.client_with(ConditionalClientLayer::new().store(Arc::clone(&seen)));
    for n in 0..50 {
        send(&client, with_field(get(), "accept", &format!("a/{n}"))).await;
    }
    let entries = seen.0.lock().unwrap();
    let (key, entry) = entries.iter().find(|(key, _)| !key.is_shared()).unwrap();
    assert_eq!(key.uri(), DOC);
    assert_eq!(entry.variants().len(), 8);
    let newest = entry.variants()[0].selecting().unwrap();
    assert_eq!(newest[0].1.as_ref().unwrap(), "a/49");
}

#[tokio::test]
async fn services_of_clones_share_a_store() {
    let wire = Wire::new([tagged("\"1\""), reply(204, &[])]);
    let layer = ConditionalClientLayer::new();
    send(&wire.client_with(layer.clone()), get()).await;
    send(&wire.client_with(layer), put()).await;
    wire.assert_field(1, "if-match", "\"1\"");
}

#[derive(Default)]
struct Plain(Mutex<HashMap<StoreKey, StoreEntry>>);

impl ValidatorStore for Plain {
    fn get(&self, key: &StoreKey) -> Option<StoreEntry> {
        // As from a disk: taken apart, and built anew.
        let entries = self.0.lock().unwrap();
        let entry = entries.get(key)?;
        let hold = entry.hold();
        let mut rebuilt = StoreEntry::new()
            .with_hold(hold.map(|hold| Hold::new(hold.id(), hold.is_rejection())))
            .with_released(entry.released());
        for variant in entry.variants().iter().rev() {
            let mut known = KnownValidators::new();
            let bytes = |tag: &ServerTag| http::HeaderValue::from_bytes(tag.as_bytes()).unwrap();
            if let Some(tag) = variant.validators().field_tag() {
                known = known.with_field_tag(ServerTag::new(bytes(tag)).unwrap());
            }
            if let Some(tag) = variant.validators().body_tag() {
                known = known.with_body_tag(ServerTag::new(bytes(tag)).unwrap());
            }
            let mut copy = StoreVariant::new(known);
            match variant.selecting() {
                Some(selecting) => {
                    for (name, value) in selecting {
                        copy = copy.with_selecting(name.clone(), value.clone());
                    }
                }
                None => copy = copy.with_unknown_selection(),
            }
            rebuilt = rebuilt.with_variant(copy);
        }
        Some(rebuilt)
    }

    fn update(&self, key: &StoreKey, change: &mut dyn FnMut(&mut StoreEntry)) {
        let mut entries = self.0.lock().unwrap();
        let entry = entries.entry(key.clone()).or_default();
        change(entry);
        if entry.is_empty() {
            entries.remove(key);
        }
    }
}

#[tokio::test]
async fn a_store_can_take_entries_apart() {
    let layer = ConditionalClientLayer::new()
        .store(Plain::default())
        .body_tag(BodyTag::at("/etag").unwrap());
    let wire = Wire::new([
        json(&[("etag", "\"1-gzip\"")], r#"{"etag": "\"1\""}"#),
        reply(412, &[]),
    ]);
    let client = wire.client_with(layer);
    send_and_read(&client, get()).await;
    send(&client, put()).await;
    wire.assert_field(1, "if-match", "\"1\"");
    assert_eq!(
        reason_of(try_send(&client, put()).await),
        Some(ClientErrorReason::Stale)
    );
}

#[tokio::test]
async fn keys_do_not_print_credentials() {
    let store = Arc::new(Plain::default());
    let wire = Wire::new([tagged("\"1\"")]);
    let client = wire.client_with(ConditionalClientLayer::new().store(Arc::clone(&store)));
    send(
        &client,
        with_field(get(), "authorization", "Basic c2VjcmV0"),
    )
    .await;
    let entries = store.0.lock().unwrap();
    let key = entries.keys().find(|key| !key.is_shared()).unwrap();
    assert_eq!(key.credentials()[0].1, "Basic c2VjcmV0");
    assert!(!format!("{key:?}").contains("c2VjcmV0"));
}

/// `Vary` can name a field with a secret.
#[tokio::test]
async fn entries_do_not_print_what_selected_them() {
    let store = Arc::new(Plain::default());
    let vary = ("vary", "cookie, authorization, x-auth-token");
    let wire = Wire::new([reply(200, &[("etag", "\"1\""), vary])]);
    let client = wire.client_with(ConditionalClientLayer::new().store(Arc::clone(&store)));
    let mut read = request(Method::GET, "http://me:c2VjcmV0@server/doc");
    for name in ["cookie", "authorization", "x-auth-token"] {
        read = with_field(read, name, "c2VjcmV0");
    }
    send(&client, read).await;
    let entries = store.0.lock().unwrap();
    let (key, entry) = entries.iter().find(|(key, _)| !key.is_shared()).unwrap();
    assert_eq!(entry.variants()[0].selecting().unwrap().len(), 3);
    assert!(!format!("{key:?} {entry:?}").contains("c2VjcmV0"));
    let cookie = http::HeaderValue::from_static("c2VjcmV0");
    let variant = StoreVariant::new(KnownValidators::new())
        .with_selecting(http::header::COOKIE, Some(cookie));
    assert!(!format!("{variant:?}").contains("c2VjcmV0"));
}
