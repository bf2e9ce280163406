//! BMCs that point elsewhere, and what the command line does with its arguments and its output.

use std::{
    future::ready,
    io::{self, ErrorKind, Write},
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    http::{HeaderMap, StatusCode, header::LOCATION},
    routing::{get, post},
};
use example_redfish::{
    Tags,
    arguments::Arguments,
    client::{Failure, Redfish},
    commands,
};
use serde_json::json;

use crate::bmc::Bmc;

async fn serve(app: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    address.to_string()
}

/// A host that is no BMC, and how often it was asked for something.
async fn other_host() -> (String, Arc<Mutex<u32>>) {
    let asked = Arc::new(Mutex::new(0));
    let count = Arc::clone(&asked);
    let app = Router::new().fallback(move || {
        *count.lock().unwrap() += 1;
        ready(Json(json!({ "@odata.id": "/stolen" })))
    });
    (serve(app).await, asked)
}

/// A BMC whose root links to `link`, and which creates at `location`.
async fn bmc(link: String, location: String) -> Redfish {
    let root = json!({ "@odata.id": "/redfish/v1", "Systems": { "@odata.id": link } });
    let created = move || {
        let mut headers = HeaderMap::new();
        headers.insert(LOCATION, location.parse().unwrap());
        ready((StatusCode::CREATED, headers))
    };
    let app = Router::new()
        .route("/redfish/v1", get(move || ready(Json(root))))
        .route("/redfish/v1/Things", get(|| ready("{}")).post(created))
        .route(
            "/redfish/v1/Things/1",
            get(|| ready(Json(json!({ "Id": "1" })))),
        );
    Redfish::new(&format!("http://admin:secret@{}", serve(app).await)).unwrap()
}

#[track_caller]
fn assert_elsewhere(failure: &Failure) {
    let text = failure.to_string();
    assert!(text.contains("not on this BMC"), "{text}");
}

#[tokio::test]
async fn a_link_to_another_host_is_not_followed() {
    let (host, asked) = other_host().await;
    for link in [
        format!("//{host}/redfish/v1/Systems"),
        format!("/\\{host}/"),
    ] {
        let bmc = bmc(link, String::new()).await;
        let mut systems = bmc.root().follow("Systems").await.unwrap();
        assert_elsewhere(&systems.json().await.unwrap_err());
        assert_elsewhere(&systems.patch(json!({})).await.unwrap_err());
    }
    assert_eq!(*asked.lock().unwrap(), 0, "no credentials have left");
}

/// A BMC that never stops would fill the memory.
#[tokio::test]
async fn a_response_that_is_too_long_is_an_error() {
    let long = || ready(vec![b' '; (16 << 20) + 1]);
    let host = serve(Router::new().route("/redfish/v1", get(long))).await;
    let bmc = Redfish::new(&format!("http://{host}")).unwrap();
    let failure = bmc.root().json().await.unwrap_err();
    assert!(failure.to_string().contains("limit"), "{failure}");
}

#[tokio::test]
async fn what_was_created_is_found_by_any_form_of_location() {
    for location in ["/redfish/v1/Things/1", "Things/1", "./Things/1"] {
        let bmc = bmc(String::new(), location.to_owned()).await;
        let mut created = bmc.at("Things").create(json!({})).await.unwrap();
        assert_eq!(created.path(), "/redfish/v1/Things/1");
        assert_eq!(created.get("Id").await.unwrap(), "1");
    }
}

#[tokio::test]
async fn an_absolute_location_is_on_the_bmc_or_nowhere() {
    let (host, asked) = other_host().await;
    let location = format!("http://{host}/redfish/v1/Things/1");
    let stranger = bmc(String::new(), location).await;
    let failure = stranger.at("Things").create(json!({})).await.unwrap_err();
    assert_elsewhere(&failure);
    assert_eq!(*asked.lock().unwrap(), 0);

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let bmc = format!("http://{}", listener.local_addr().unwrap());
    let location = format!("{bmc}/redfish/v1/Things/1");
    let created = move || ready((StatusCode::CREATED, [(LOCATION, location)]));
    let app = Router::new().route("/redfish/v1/Things", post(created));
    tokio::spawn(async move { axum::serve(listener, app).await });
    let things = Redfish::new(&bmc).unwrap().at("Things");
    let created = { things }.create(json!({})).await.unwrap();
    assert_eq!(created.path(), "/redfish/v1/Things/1");
}

/// What a command line prints.
async fn command(bmc: &Bmc, words: &[&str], out: &mut impl Write) -> Result<(), Failure> {
    let (verb, rest) = words.split_first().unwrap();
    let url = bmc.url();
    let words = [*verb, &url].into_iter().chain(rest.iter().copied());
    match Arguments::parse(words.map(str::to_owned)).unwrap() {
        Arguments::Call(call) => commands::run(call, out).await,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn commands_print_what_the_resource_is_now() {
    let bmc = Bmc::start(Tags::Strong, true).await;
    let mut out = Vec::new();
    let words = ["set", "Systems/1", "AssetTag", "rack-7"];
    command(&bmc, &words, &mut out).await.unwrap();
    let json: serde_json::Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(json["AssetTag"], "rack-7");

    out.clear();
    command(&bmc, &["tree"], &mut out).await.unwrap();
    let text = String::from_utf8(out).unwrap();
    let tag = json["@odata.etag"].as_str().unwrap();
    let line = format!("/redfish/v1/Systems/1 {tag}");
    assert!(text.lines().any(|other| other == line), "{text}");
}

/// A pipe whose reader has gone, or a full disk.
struct Broken(ErrorKind);

impl Write for Broken {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_reader_who_has_gone_is_no_failure() {
    let bmc = Bmc::start(Tags::Weak, false).await;
    for words in [&["get", "Systems/1"][..], &["tree"]] {
        let mut head = Broken(ErrorKind::BrokenPipe);
        command(&bmc, words, &mut head).await.unwrap();
        let mut full = Broken(ErrorKind::StorageFull);
        assert!(command(&bmc, words, &mut full).await.is_err());
    }
}
