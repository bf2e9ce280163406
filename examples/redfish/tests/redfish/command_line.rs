//! Commands, within this process. `process.rs` runs them as processes.

use axum::{Json, Router, http::header::ETAG, routing::get};
use example_redfish::{
    Tags,
    arguments::{Arguments, USAGE},
    client::Failure,
    commands,
};
use serde_json::{Value, json};

use crate::bmc::Bmc;

async fn run(words: &[&str]) -> Result<String, Failure> {
    let mut out = Vec::new();
    match Arguments::parse(words.iter().map(|word| (*word).to_owned())).unwrap() {
        Arguments::Call(call) => commands::run(call, &mut out).await?,
        other => panic!("{other:?}"),
    }
    Ok(String::from_utf8(out).unwrap())
}

#[test]
fn help_says_what_require_if_match_does_not_cover() {
    for words in [
        &["--help"][..],
        &["-h"],
        &["serve", "--help"],
        &["get", "--help"],
    ] {
        let parsed = Arguments::parse(words.iter().map(|word| (*word).to_owned()));
        assert!(matches!(parsed, Ok(Arguments::Help)), "{words:?}");
    }
    let text = USAGE.split_once("--require-if-match").unwrap().1;
    assert!(
        text.split_once("--login")
            .unwrap()
            .0
            .contains("does not cover DELETE")
    );
}

/// What the help says about DELETE.
#[tokio::test]
async fn a_delete_is_not_required_to_have_a_precondition_but_it_is_evaluated() {
    let bmc = Bmc::start(Tags::Weak, true).await;
    let url = bmc.url() + "/redfish/v1/AccountService/Accounts/1";
    let delete = |tag: Option<&'static str>| {
        let mut request = reqwest::Client::new().delete(&url);
        if let Some(tag) = tag {
            request = request.header("if-match", tag);
        }
        async { request.send().await.unwrap().status() }
    };
    assert_eq!(delete(Some("W/\"stale\"")).await, 412);
    assert_eq!(reqwest::get(&url).await.unwrap().status(), 200);
    assert_eq!(delete(None).await, 204);
    assert_eq!(reqwest::get(&url).await.unwrap().status(), 404);
}

#[test]
fn other_words_are_refused() {
    for words in [
        &["nonsense"][..],
        &["get"],
        &["get", "http://h"],
        &["get", "http://h", "x", "y"],
        &["get", "http://h", "x", "--etag", "\"1\""],
        &["tree", "http://h", "--etag", "\"1\""],
        &["set", "http://h", "x"],
        &["set", "http://h", "x=y"],
        &["set", "http://h", "system.PowerState=On", "--etag"],
        &[
            "set",
            "http://h",
            "system.PowerState=On",
            "--etag",
            "a",
            "--etag",
            "b",
        ],
        &["set", "http://h", "system.PowerState=On", "--nonsense"],
        &["patch", "http://h", "x", "{"],
        &["serve", "--tls-cert", "x"],
        &["serve", "--tls-key", "x"],
        &["serve", "--tags", "x"],
        &["serve", "--login", "x"],
        &["serve", "--etag", "x"],
        &["serve", "x"],
    ] {
        let parsed = Arguments::parse(words.iter().map(|word| (*word).to_owned()));
        assert!(parsed.is_err(), "{words:?}: {parsed:?}");
    }
}

/// By default a command logs in, and out again, also after a failure.
#[tokio::test]
async fn a_command_logs_in_and_out() {
    let bmc = Bmc::locked(Tags::Strong).await;
    let url = bmc.login();
    run(&["set", &url, "system.AssetTag=rack-7"]).await.unwrap();
    let sent = bmc.sent();
    let (first, last) = (&sent[1], sent.last().unwrap());
    assert_eq!(
        (first.method.as_str(), last.method.as_str()),
        ("POST", "DELETE")
    );
    assert!(sent.iter().all(|sent| !sent.basic));
    assert_eq!(bmc.now("AssetTag").await, "rack-7");

    bmc.sent();
    let refused = run(&["set", &url, "system.AssetTag=lost", "--etag", "\"stale\""]).await;
    assert!(refused.unwrap_err().is_refused());
    assert_eq!(bmc.sent().last().unwrap().method, "DELETE");
    assert_eq!(bmc.now("AssetTag").await, "rack-7");

    bmc.sent();
    run(&["set", "--basic", &url, "system.AssetTag=rack-8"])
        .await
        .unwrap();
    assert!(bmc.sent().iter().all(|sent| sent.basic && !sent.token));
    assert_eq!(bmc.now("AssetTag").await, "rack-8");
    let mut sessions = bmc.client().at("SessionService/Sessions");
    assert!(sessions.members().await.unwrap().is_empty());
}

#[tokio::test]
async fn get_shows_resources_and_properties() {
    let bmc = Bmc::start(Tags::Weak, true).await;
    let url = bmc.url();
    for text in ["Systems/1", "/redfish/v1/Systems/1", "Systems[0]", "system"] {
        let shown: Value = serde_json::from_str(&run(&["get", &url, text]).await.unwrap()).unwrap();
        assert_eq!(shown["@odata.id"], "/redfish/v1/Systems/1");
        let tag = bmc.system().tag().await.unwrap().unwrap();
        assert_eq!(shown["@odata.etag"], tag);
    }
    assert_eq!(
        run(&["get", &url, "system.PowerState"]).await.unwrap(),
        "On\n"
    );
    let boot = run(&["get", &url, "system.Boot"]).await.unwrap();
    assert!(boot.contains("BootSourceOverrideTarget"), "{boot}");
    assert!(run(&["get", &url, "system.Nonsense"]).await.is_err());
}

/// A tag in `ETag` only is shown as well: otherwise no later command could be guarded by it.
#[tokio::test]
async fn get_shows_a_tag_that_is_not_in_the_body() {
    let read = || std::future::ready(([(ETAG, "\"7\"")], Json(json!({ "Id": "1" }))));
    let bmc = Bmc::serve(Router::new().route("/redfish/v1/Systems/1", get(read))).await;
    let shown = run(&["get", &bmc.url(), "Systems/1"]).await.unwrap();
    let shown: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(shown, json!({ "Id": "1", "@odata.etag": "\"7\"" }));
}

#[tokio::test]
async fn a_tag_guards_every_kind_of_write() {
    let bmc = Bmc::start(Tags::Weak, true).await;
    let url = bmc.url();
    let account = "{\"UserName\": \"jane\", \"Password\": \"x\", \"RoleId\": \"Operator\"}";
    let accounts = "AccountService.Accounts";
    let one = "AccountService/Accounts/1";
    let writes: [&[&str]; 4] = [
        &["set", &url, "AccountService.Accounts[0].Enabled=false"],
        &["patch", &url, one, "{\"Enabled\": false}"],
        &["create", &url, accounts, account],
        &["delete", &url, one],
    ];
    let state = async || {
        let collection = run(&["get", &url, accounts]).await.unwrap();
        collection + &run(&["get", &url, one]).await.unwrap()
    };
    let before = state().await;
    for write in writes {
        let stale = [write, &["--etag", "W/\"stale\""]].concat();
        assert!(run(&stale).await.unwrap_err().is_refused(), "{write:?}");
        assert_eq!(state().await, before, "{write:?}");
    }
    for write in writes {
        let target = if write[0] == "create" { accounts } else { one };
        let shown: Value =
            serde_json::from_str(&run(&["get", &url, target]).await.unwrap()).unwrap();
        let tag = shown["@odata.etag"].as_str().unwrap();
        run(&[write, &["--etag", tag]].concat()).await.unwrap();
    }
    assert!(run(&["get", &url, one]).await.is_err(), "it was deleted");
    let left = run(&["get", &url, accounts]).await.unwrap();
    assert!(left.contains("\"Members@odata.count\": 1"), "{left}");
}
