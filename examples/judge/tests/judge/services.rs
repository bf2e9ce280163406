//! This crate's own services are judged. What they fail is in `departures.txt`, and each of these is
//! a departure that the service's documentation names.

use example_cachew::{open::open, store::Store};
use example_judge::{
    Content, Options,
    budget::Budget,
    client::{Client, Url},
    message::Request as Sent,
    verdict::{Outcome, Report},
};
use example_redfish::Tags;
use example_support::process::Process;
use tokio::net::TcpListener;
use tower::make::Shared;

use crate::support::{Server, assert_fails, judged, writing};

const JSON: (&str, &str) = ("Content-Type", "application/json");

/// What this service is allowed to fail.
fn departures(name: &str) -> Vec<&'static str> {
    include_str!("departures.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(':'))
        .find(|(known, _)| *known == name)
        .unwrap_or_else(|| panic!("departures.txt has no line for {name}"))
        .1
        .split_whitespace()
        .collect()
}

async fn judge_as(name: &str, options: Options) -> Report {
    let report = judged(&options).await;
    assert_fails(&report, &departures(name));
    if options.write {
        let method = report.learned.write_method.as_deref();
        assert!(method.is_some(), "{name} was not written");
        let raced = report.ids(Outcome::Pass).contains(&"race-chain");
        assert!(raced || options.writers == 0, "{name} was not raced");
    }
    report
}

/// Options for a service that is written, and raced for.
fn with(url: String, content: Content, fields: &[(&str, &str)]) -> Options {
    let fields = fields
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()));
    Options {
        content,
        fields: fields.collect(),
        writers: 4,
        seconds: 1,
        ..writing(&url)
    }
}

fn template(text: &str) -> Content {
    Content::Template(text.to_owned())
}

async fn put(url: &str, body: &'static str) {
    let client = Client {
        url: Url::parse(url).unwrap(),
        common: Vec::new(),
        budget: Budget::new(1, 1 << 20, std::time::Duration::from_secs(10)).into(),
    };
    let request = Sent::new("PUT").field(JSON.0, JSON.1).body(body);
    let status = client.send(request).await.unwrap().response.status;
    assert!([200, 201].contains(&status), "PUT {url}: {status}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_notes_service() {
    let directory = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", directory.path().join("notes.db").display());
    let store = example_notes::Store::open(&database).await.unwrap();
    store.seed().await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/notes/1", listener.local_addr().unwrap());
    let notes = Shared::new(example_notes::notes(
        store,
        std::time::Duration::from_secs(10),
    ));
    let serving = tokio::spawn(async move { axum::serve(listener, notes).await });
    let content = template(r#"{"title": "judged", "text": "{unique}"}"#);
    let report = judge_as("notes", with(url, content, &[JSON])).await;
    assert_eq!(report.learned.required, Some(428));
    serving.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn launchpad() {
    let server = Server::start(example_launchpad::app()).await;
    let content = Content::Json("/title".to_owned());
    let mut options = with(server.url("/bugs/1"), content, &[JSON]);
    options.method = Some("PATCH".to_owned());
    judge_as("launchpad", options).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn restheart() {
    let policy = example_restheart::EtagCheckPolicy::default();
    let server = Server::start(example_restheart::app(policy)).await;
    for path in ["/test", "/test/coll", "/test/coll/doc"] {
        put(&server.url(path), "{}").await;
    }
    let content = template(r#"{"descr": "{unique}"}"#);
    judge_as(
        "restheart",
        with(server.url("/test/coll/doc"), content, &[JSON]),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ironic() {
    const NODE: &str = "/v1/nodes/6d85703a-565d-469a-96ce-30b6de53079d";
    const VERSION: (&str, &str) = ("X-OpenStack-Ironic-API-Version", "1.40");
    let server = Server::start(example_ironic::app()).await;
    let content = template(r#"[{"op": "add", "path": "/extra/judge", "value": "{unique}"}]"#);
    let mut options = with(server.url(NODE), content, &[JSON, VERSION]);
    options.method = Some("PATCH".to_owned());
    judge_as("ironic", options).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cachew() {
    let objects = open(&"memory:///".parse().unwrap(), []).unwrap();
    let server = Server::start(example_cachew::app(Store::new(objects))).await;
    let url = server.url("/api/v1/object/judge");
    let client = Client {
        url: Url::parse(&url).unwrap(),
        common: Vec::new(),
        budget: Budget::new(1, 1 << 20, std::time::Duration::from_secs(10)).into(),
    };
    client.send(Sent::new("POST").body("first")).await.unwrap();
    let mut options = with(url, Content::Text, &[]);
    options.method = Some("POST".to_owned());
    judge_as("cachew", options).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redfish() {
    for (name, tags) in [("redfish", Tags::Weak), ("redfish-strong", Tags::Strong)] {
        let options = example_redfish::Options {
            tags,
            require_if_match: true,
        };
        let server = Server::start(example_redfish::app(options)).await;
        let content = Content::Json("/AssetTag".to_owned());
        let url = server.url("/redfish/v1/Systems/1");
        judge_as(name, with(url, content, &[JSON])).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_profile_of_the_test_bed() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = tokio::spawn(async move { example_testbed::serve(listener).await });
    for profile in [
        "rfc",
        "gzip",
        "launchpad",
        "restheart",
        "ironic",
        "redfish",
        "weakened",
    ] {
        for (form, tag) in [
            ("strong", "\"Read-Write\""),
            ("weak", "W/\"Read-Write\""),
            ("none", ""),
        ] {
            let mut fields = vec![("test-last-modified", "Sun, 06 Nov 1994 08:49:37 GMT")];
            if !tag.is_empty() {
                fields.push(("test-etag", tag));
            }
            let mut options = with(
                format!("http://{address}/{profile}/it"),
                Content::Text,
                &fields,
            );
            // Nothing is stored there.
            (options.write, options.writers) = (false, 0);
            judge_as(&format!("testbed/{profile} {form}"), options).await;
        }
    }
    serving.abort();
}

/// An example of the library, which `cargo build --examples` has built beside this test.
fn example(name: &str) -> String {
    let test = std::env::current_exe().unwrap();
    let built = test.parent().unwrap().parent().unwrap();
    built.join("examples").join(name).display().to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the library's examples, built"]
async fn the_examples_for_hyper_and_axum() {
    for name in ["hyper", "axum"] {
        let process = Process::start(&example(name), &[]);
        let url = format!("http://{}/", process.address);
        let report = judge_as(name, with(url, Content::Text, &[])).await;
        assert_eq!(report.learned.required, Some(428));
    }
}
