use axum::http::Method;
use example_redfish::Tags;
use serde_json::json;

use crate::bmc::Bmc;

#[tokio::test]
async fn links_are_followed_lazily() {
    let bmc = Bmc::start(Tags::Weak, false).await;
    let mut root = bmc.client().root();
    assert!(bmc.sent().is_empty());
    let mut systems = root.follow("Systems").await.unwrap();
    assert_eq!(bmc.sent().len(), 1, "the root");
    let mut members = systems.members().await.unwrap();
    assert_eq!(bmc.sent().len(), 1, "the collection, and not its member");
    let system = &mut members[0];
    assert_eq!(system.path(), "/redfish/v1/Systems/1");
    assert_eq!(system.get("AssetTag").await.unwrap(), "MyServer");
    assert_eq!(system.get("PowerState").await.unwrap(), "On");
    assert_eq!(bmc.sent().len(), 1, "the member, once");
    assert!(system.follow("AssetTag").await.is_err());
}

#[tokio::test]
async fn setting_a_property_sends_the_tag() {
    for tags in [Tags::Weak, Tags::Strong] {
        let bmc = Bmc::start(tags, true).await;
        let mut system = bmc.system();
        let tag = system.tag().await.unwrap().unwrap();
        assert_eq!(tag.starts_with("W/"), tags == Tags::Weak);
        system.set("AssetTag", json!("MyNewServer")).await.unwrap();
        assert_eq!(bmc.written_with().unwrap(), tag);
        assert_eq!(system.get("AssetTag").await.unwrap(), "MyNewServer");
        assert_ne!(system.tag().await.unwrap().unwrap(), tag);
    }
}

/// rackfish keeps the old tag after setting an attribute, so that the second one is refused.
#[tokio::test]
async fn the_second_property_is_set_as_well() {
    let bmc = Bmc::start(Tags::Weak, true).await;
    let mut system = bmc.system();
    system.set("AssetTag", json!("one")).await.unwrap();
    system.set("AssetTag", json!("two")).await.unwrap();
    assert_eq!(bmc.system().get("AssetTag").await.unwrap(), "two");
}

#[tokio::test]
async fn several_properties_at_once() {
    let bmc = Bmc::start(Tags::Weak, true).await;
    let mut system = bmc.system();
    let tag = system.tag().await.unwrap();
    let changes = json!({
        "AssetTag": "UpdatedTag",
        "IndicatorLED": "Lit",
        "Boot": { "BootSourceOverrideEnabled": "Once", "BootSourceOverrideTarget": "Pxe" },
    });
    system.patch(changes).await.unwrap();
    assert_eq!(bmc.written_with(), tag);
    assert_eq!(system.get("IndicatorLED").await.unwrap(), "Lit");
    let boot = system.get("Boot").await.unwrap();
    assert_eq!(boot["BootSourceOverrideTarget"], "Pxe");
    assert!(boot["BootSourceOverrideTarget@Redfish.AllowableValues"].is_array());
}

#[tokio::test]
async fn only_simple_properties_that_exist_are_set_one_by_one() {
    let bmc = Bmc::start(Tags::Weak, false).await;
    let mut system = bmc.system();
    for name in ["Boot", "Nonsense"] {
        let failure = system.set(name, json!("x")).await.unwrap_err();
        assert!(
            failure.to_string().contains("set it by a patch"),
            "{failure}"
        );
    }
    let mut systems = bmc.client().at("Systems");
    assert!(systems.get("Members").await.unwrap().is_array());
    let failure = systems.set("Members", json!("x")).await.unwrap_err();
    assert!(failure.to_string().contains("not a simple"), "{failure}");
    assert!(bmc.sent().iter().all(|sent| sent.method == Method::GET));
}

#[tokio::test]
async fn a_link_is_read_before_it_is_written() {
    let bmc = Bmc::start(Tags::Weak, true).await;
    let mut system = bmc.system();
    system.patch(json!({ "AssetTag": "x" })).await.unwrap();
    let sent = bmc.sent();
    let methods: Vec<_> = sent.iter().map(|sent| sent.method.clone()).collect();
    assert_eq!(methods, [Method::GET, Method::PATCH]);
    assert!(sent[1].if_match.is_some());
}

#[tokio::test]
async fn a_bmc_without_tags_works_seamlessly() {
    let bmc = Bmc::start(Tags::None, false).await;
    let mut system = bmc.system();
    assert_eq!(system.tag().await.unwrap(), None);
    system.set("AssetTag", json!("one")).await.unwrap();
    assert_eq!(bmc.written_with(), None);
    system.patch(json!({ "AssetTag": "two" })).await.unwrap();
    assert_eq!(bmc.written_with(), None);
    assert_eq!(bmc.system().get("AssetTag").await.unwrap(), "two");
}

#[tokio::test]
async fn a_stale_tag_is_refused_explained_and_never_dropped() {
    let bmc = Bmc::start(Tags::Weak, false).await;
    let (mut mine, mut theirs) = (bmc.system(), bmc.system());
    let stale = mine.tag().await.unwrap().unwrap();
    theirs.set("AssetTag", json!("theirs")).await.unwrap();
    let current = theirs.tag().await.unwrap().unwrap();
    bmc.sent();

    for _ in 0..3 {
        let failure = mine.set("AssetTag", json!("mine")).await.unwrap_err();
        assert!(failure.is_refused());
        let text = failure.to_string();
        for part in [
            "412",
            &stale,
            &current,
            "Nothing was changed",
            "Read it again",
            "did not match",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert_eq!(bmc.written_with().unwrap(), stale);
    }
    assert_eq!(bmc.system().get("AssetTag").await.unwrap(), "theirs");

    mine.refresh().await.unwrap();
    assert_eq!(mine.get("AssetTag").await.unwrap(), "theirs");
    mine.set("AssetTag", json!("mine")).await.unwrap();
    assert_eq!(bmc.system().get("AssetTag").await.unwrap(), "mine");
}

#[tokio::test]
async fn a_demand_for_a_tag_that_does_not_exist_is_explained() {
    let bmc = Bmc::start(Tags::None, true).await;
    let failure = bmc.system().set("AssetTag", json!("x")).await.unwrap_err();
    assert!(failure.is_refused());
    let text = failure.to_string();
    for part in [
        "428",
        "neither @odata.etag nor ETag",
        "A precondition header",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(bmc.system().get("AssetTag").await.unwrap(), "MyServer");
}

#[tokio::test]
async fn other_errors_are_passed_on() {
    let bmc = Bmc::start(Tags::Weak, false).await;
    let failure = bmc.client().at("Systems/2").json().await.unwrap_err();
    assert!(failure.to_string().contains("404"), "{failure}");
    let failure = bmc
        .system()
        .set("SystemType", json!("Virtual"))
        .await
        .unwrap_err();
    assert!(failure.to_string().contains("read-only"), "{failure}");
    assert!(!failure.is_refused());
    assert_eq!(bmc.now("SystemType").await, "Physical");
}
