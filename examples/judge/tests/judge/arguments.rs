//! The command itself: its options, its exit status, its formats.

use std::process::Output;

use example_judge::verdict::{Outcome, Report};
use tokio::process::Command;

use crate::wrong::{Options, Switch, Wrong};

async fn run(arguments: &[&str]) -> Output {
    let command = Command::new(env!("CARGO_BIN_EXE_judge"))
        .args(arguments)
        .output();
    command.await.unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

async fn start(switch: Option<Switch>) -> (crate::support::Server, String) {
    let server = Wrong::start(Options {
        switch,
        ..Options::default()
    })
    .await;
    let url = server.url("/doc");
    (server, url)
}

#[tokio::test]
async fn the_exit_status_is_0_only_without_a_fail() {
    let (_server, url) = start(None).await;
    let output = run(&[&url]).await;
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(stdout(&output).contains("pass, 0 fail"));
    // Nobody watches.
    assert!(output.stderr.is_empty());

    let (_server, url) = start(Some(Switch::StarIsATag)).await;
    let output = run(&[&url]).await;
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let text = stdout(&output);
    assert!(text.contains("(13.1.2, star)"), "{text}");
    let curl = format!("curl -i -H 'If-None-Match: *' '{url}'");
    assert!(text.contains(&curl), "{text}");
}

#[tokio::test]
async fn the_exit_status_is_2_if_nothing_can_be_judged() {
    let (_server, url) = start(None).await;
    for arguments in [
        &[][..],
        &["--write"],
        &["ftp://127.0.0.1/"],
        &["http://127.0.0.1:1/"],
        &["http://127.0.0.1/", "--no-such-option", "1"],
        &["http://127.0.0.1/", "--writers"],
        &["http://127.0.0.1/", "--header", "no colon"],
        &["http://127.0.0.1/", "--format", "xml"],
        &["http://127.0.0.1/", "--body", "/no/such/file"],
        &["table", "/no/such/file"],
        // No question is about it, so that nothing would fail.
        &[&url, "--only", "13.9"],
    ] {
        let output = run(arguments).await;
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {output:?}");
        assert!(output.stderr.starts_with(b"judge: "), "{output:?}");
    }
}

#[tokio::test]
async fn json_is_for_machines_and_makes_a_table() {
    let (_server, url) = start(Some(Switch::IgnoresIfRange)).await;
    let output = run(&[&url, "--format", "json"]).await;
    let report: Report = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report.url, url);
    assert!(report.ids(Outcome::Fail).contains(&"if-range-other"));

    let name = format!("judge-{}-a server", std::process::id());
    let file = std::env::temp_dir().join(format!("{name}.json"));
    std::fs::write(&file, output.stdout).unwrap();
    let output = run(&["table", file.to_str().unwrap()]).await;
    std::fs::remove_file(&file).unwrap();
    let table = stdout(&output);
    let row = table.lines().find(|line| line.contains(&name)).unwrap();
    assert!(row.contains("| no |"), "{row}");
    assert!(row.contains("| yes |"), "{row}");
    assert!(table.contains("`if-range-other`"), "{table}");
    let columns = |line: &str| line.matches('|').count();
    assert_eq!(columns(row), columns(table.lines().next().unwrap()));
}

#[tokio::test]
async fn html_is_one_page_that_loads_nothing() {
    let (_server, url) = start(Some(Switch::TagWithoutQuotes)).await;
    let output = run(&[&url, "--format", "html"]).await;
    let page = stdout(&output);
    assert!(page.starts_with("<!doctype html>"));
    assert!(page.contains("id='etag-form'"));
    for outside in ["<script", "<link", "src=", "url("] {
        assert!(!page.contains(outside), "{outside}");
    }
    // Tags have quotes, and they are no markup.
    assert!(page.contains("If-None-Match: &quot;") || page.contains("&#39;"));
}

#[tokio::test]
async fn only_one_section_is_judged() {
    let (_server, url) = start(None).await;
    for (only, some, none) in [
        ("13.1.5", "if-range-other", "same"),
        ("13.1.1", "missing-star", "missing-create"),
        ("13.1.2", "missing-create", "delete-true"),
        ("13", "same", "list-last"),
        ("10008", "query-same", "same"),
    ] {
        let output = run(&[&url, "--write", "--only", only, "--format", "json"]).await;
        let report: Report = serde_json::from_slice(&output.stdout).unwrap();
        let asked: Vec<_> = report.verdicts.iter().map(|it| it.id.as_str()).collect();
        for verdict in &report.verdicts {
            let (id, section) = (&verdict.id, &verdict.section);
            assert!(section.contains(only), "{only}: {id} of {section}");
        }
        assert!(asked.contains(&some), "{only}: {asked:?}");
        assert!(!asked.contains(&none), "{only}: {asked:?}");
    }
}

#[tokio::test]
async fn secrets_are_not_in_the_report() {
    let (_server, url) = start(Some(Switch::StarIsATag)).await;
    let secret = "Authorization: Bearer not-for-others";
    let output = run(&[&url, "--header", secret, "--all"]).await;
    let text = stdout(&output);
    assert!(!text.contains("not-for-others"), "{text}");
    assert!(
        text.contains("-H \"Authorization: $AUTHORIZATION\""),
        "{text}"
    );
}
