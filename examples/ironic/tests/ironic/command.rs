//! The command, as users call it.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
};

use example_support::process::Process;
use serde_json::Value;

const NODE: &str = "test_node_classic";

fn ironic(service: &Process, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ironic"))
        .args(["--ironic-url", &format!("http://{}", service.address)])
        .args(arguments)
        .output()
        .unwrap()
}

/// Runs it, and returns what it shows.
#[track_caller]
fn show(service: &Process, arguments: &[&str]) -> Value {
    let run = ironic(service, arguments);
    let error = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{arguments:?}: {error}");
    serde_json::from_slice(&run.stdout).expect("JSON")
}

#[track_caller]
fn refused(service: &Process, status: i32, arguments: &[&str]) -> String {
    let run = ironic(service, arguments);
    assert_eq!(run.status.code(), Some(status), "{arguments:?}: {run:?}");
    assert!(run.stdout.is_empty(), "{run:?}");
    String::from_utf8(run.stderr).unwrap()
}

fn start() -> Process {
    Process::start(env!("CARGO_BIN_EXE_ironic"), &[])
}

/// A file that is gone when the test ends.
struct Stored(PathBuf);

impl Stored {
    fn new(name: &str, content: &Value) -> Self {
        let name = format!("ironic-{name}-{}.json", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::write(&path, content.to_string()).unwrap();
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Stored {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// `ironic --ironic-api-version 1.40 node-update --etag <etag_string> driver_info/foo=value`
#[test]
fn the_flag_etag() {
    let service = start();
    let version = ["--ironic-api-version", "1.40"];
    let node = show(&service, &["node-show", NODE]);
    let etag = node["etag"].as_str().unwrap();
    let update = ["node-update", "--etag", etag, NODE, "driver_info/foo=value"];
    let update = [&version[..], &update].concat();

    let updated = show(&service, &update);
    assert_eq!(updated["driver_info"]["foo"], "value");
    let text = refused(&service, 2, &update);
    assert!(
        text.contains(&format!("The entity tag that was sent: {etag}")),
        "{text}"
    );
    assert!(text.contains("The server has:"), "{text}");
    let current = updated["etag"].as_str().unwrap();
    assert!(
        text.contains(&format!("The current one: {current}")),
        "{text}"
    );
    refused(&service, 2, &["node-delete", "--etag", etag, NODE]);
    assert_eq!(show(&service, &["node-show", NODE]), updated);

    let old = [&["--ironic-api-version", "1.39"], &update[2..]].concat();
    let text = refused(&service, 1, &old);
    assert!(text.contains("406"), "{text}");
    let delete = ["node-delete", "--etag", current, NODE];
    assert!(ironic(&service, &delete).status.success());
    assert!(refused(&service, 1, &["node-show", NODE]).contains("404"));
}

#[test]
fn a_stored_resource_guards_and_shows_the_difference() {
    let service = start();
    let stored = Stored::new("guards", &show(&service, &["node-show", NODE]));
    let guarded = |more: &[&'static str]| {
        let update = ["node-update", "--stored", stored.path()];
        [&update[..], more].concat()
    };
    let theirs = [
        "node-update",
        "--no-etag",
        NODE,
        "replace",
        "driver_info/ipmi_username=them",
    ];
    let theirs = show(&service, &theirs);

    let mine = guarded(&[NODE, "driver_info/ipmi_username=me"]);
    let text = refused(&service, 2, &mine);
    for line in [
        "- /driver_info/ipmi_username: \"ADMIN\"",
        "+ /driver_info/ipmi_username: \"them\"",
    ] {
        assert!(text.lines().any(|other| other == line), "{text}");
    }
    let retry = guarded(&["--retry", NODE, "driver_info/ipmi_username=me"]);
    refused(&service, 2, &retry);
    assert_eq!(show(&service, &["node-show", NODE]), theirs);

    // Nobody has changed this one.
    let other = guarded(&["--retry", NODE, "extra/by=me"]);
    let updated = show(&service, &other);
    assert_eq!(updated["extra"]["by"], "me");
    assert_eq!(updated["driver_info"]["ipmi_username"], "them");
}

#[test]
fn it_warns_in_the_deprecation_period() {
    let service = start();
    let update = ["node-update", NODE, "extra/by=me"];
    let run = ironic(&service, &update);
    assert!(run.status.success());
    let warning = String::from_utf8(run.stderr).unwrap();
    assert!(warning.starts_with("warning: "), "{warning}");
    for silent in [
        &["node-update", "--no-etag", NODE, "extra/by=me"][..],
        &["--next-release", "node-update", NODE, "extra/by=me"],
        &[
            "--ironic-api-version",
            "1.39",
            "node-update",
            NODE,
            "extra/by=me",
        ],
    ] {
        let run = ironic(&service, silent);
        assert!(run.status.success() && run.stderr.is_empty(), "{run:?}");
    }
    // A stored resource without a tag, where the tag is to be sent.
    let mut node = show(&service, &["node-show", NODE]);
    let before = node.clone();
    node.as_object_mut().unwrap().remove("etag");
    let stored = Stored::new("untagged", &node);
    let update = [
        "node-update",
        "--stored",
        stored.path(),
        NODE,
        "extra/by=them",
    ];
    let text = refused(&service, 1, &update);
    assert!(text.contains("no entity tag"), "{text}");
    assert_eq!(show(&service, &["node-show", NODE]), before);
}

#[test]
fn other_commands_and_what_is_wrong() {
    let service = start();
    let created = show(&service, &["chassis-create", "description=new"]);
    assert_eq!(created["description"], "new");
    let list = ironic(&service, &["chassis-list"]);
    assert!(String::from_utf8_lossy(&list.stdout).contains("\"new\""));
    let before = show(&service, &["node-show", NODE]);
    let stored = Stored::new("wrong", &created);
    for wrong in [
        // The specification's line does not say which node.
        &["node-update", "--etag", "W/e", "driver_info/foo=value"][..],
        &["node-update", "--etag"],
        &["node-update", NODE, "remove", "extra/by=x"],
        &["node-update", "--retry", NODE, "extra/by=x"],
        &["node-update", "--stored", stored.path(), NODE, "extra/by=x"],
        &["node-update", "--stored", "/none/such", NODE, "extra/by=x"],
        &["node-update", "--force", NODE, "extra/by=x"],
        &["node-show"],
        &["node-list", "all"],
        &["volume-list"],
        &["node-explode", NODE],
        &["--ironic-api-version", "2.0", "node-list"],
        &["--ironic-api-version"],
    ] {
        refused(&service, 1, wrong);
    }
    assert_eq!(show(&service, &["node-show", NODE]), before);
}
