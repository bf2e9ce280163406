//! The example as its users start it.

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    time::Duration,
};

use example_support::process::Process;
use http::StatusCode;
use tempfile::tempdir;

const NOTES: &str = env!("CARGO_BIN_EXE_notes");

#[tokio::test]
async fn it_serves_until_it_is_asked_to_stop() {
    for signal in ["TERM", "INT"] {
        let process = Process::start(NOTES, &[]);
        let url = format!("http://{}/notes", process.address);
        // The connection stays open, idle, while the service stops.
        let client = reqwest::Client::new();
        let list = client.get(&url).send().await.unwrap();
        assert_eq!(list.status(), StatusCode::OK);
        let list: serde_json::Value = list.json().await.unwrap();
        let sizes = async {
            let mut sizes = Vec::new();
            for item in list.as_array().unwrap() {
                let note = client.get(format!("{url}/{}", item["id"])).send();
                sizes.push(note.await.unwrap().bytes().await.unwrap().len());
            }
            sizes
        };
        let sizes = sizes.await;
        assert!(
            sizes.len() >= 3 && sizes.iter().any(|size| *size > 4096),
            "{sizes:?}"
        );

        let (status, output) = process.stop(signal);
        assert!(status.success(), "SIG{signal}: {status}");
        assert!(output.contains(&format!("curl -i {url}")), "{output}");
        drop(client);
    }
}

#[tokio::test]
async fn a_client_that_stays_half_way_does_not_keep_it_from_stopping() {
    let process = Process::start(NOTES, &[]);
    let mut client = TcpStream::connect(&process.address).unwrap();
    let half = "PUT /notes/1 HTTP/1.1\r\nhost: notes\r\nif-match: *\r\n\
                content-type: application/json\r\ncontent-length: 9\r\n\r\n{";
    client.write_all(half.as_bytes()).unwrap();
    // Until it waits for the rest of the content, which never comes.
    let list = format!("http://{}/notes", process.address);
    assert_eq!(reqwest::get(list).await.unwrap().status(), StatusCode::OK);

    let (status, _) = process.stop("INT");
    assert!(status.success(), "{status}");
    drop(client);
}

/// Hundreds of connections were still open when their clients had been silent for long.
#[test]
fn a_client_that_stays_half_way_loses_its_connection() {
    let process = Process::start(NOTES, &["--patience", "1"]);
    for (sent, received) in [
        ("", ""),
        ("PRI * HTTP/2.0\r\n", ""),
        ("PUT /notes/1 HTTP/1.1\r\nhost: notes\r\nif-ma", ""),
        (
            "PUT /notes/1 HTTP/1.1\r\nhost: notes\r\nif-match: *\r\n\
             content-type: application/json\r\ncontent-length: 9\r\n\r\n{",
            "HTTP/1.1 408 Request Timeout\r\n",
        ),
    ] {
        let mut client = TcpStream::connect(&process.address).unwrap();
        client
            .set_read_timeout(Some(Duration::from_secs(60)))
            .unwrap();
        client.write_all(sent.as_bytes()).unwrap();
        let mut response = String::new();
        if let Err(error) = client.read_to_string(&mut response) {
            // The server has closed the connection without having read everything.
            assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{sent}");
        }
        assert!(response.starts_with(received), "{sent}: {response}");
        assert_eq!(response.is_empty(), received.is_empty(), "{response}");
    }
}

#[tokio::test]
async fn a_named_database_keeps_the_notes() {
    let directory = tempdir().unwrap();
    let database = format!("sqlite:{}", directory.path().join("kept.db").display());
    let arguments = ["--database", database.as_str()];

    let process = Process::start(NOTES, &arguments);
    let url = format!("http://{}/notes/1", process.address);
    let deleted = reqwest::Client::new().delete(url).header("if-match", "*");
    assert_eq!(
        deleted.send().await.unwrap().status(),
        StatusCode::NO_CONTENT
    );
    assert!(process.stop("TERM").0.success());

    let process = Process::start(NOTES, &arguments);
    let url = format!("http://{}/notes", process.address);
    let gone = reqwest::get(format!("{url}/1")).await.unwrap();
    assert_eq!(
        gone.status(),
        StatusCode::NOT_FOUND,
        "it is not seeded again"
    );
    let kept = reqwest::get(format!("{url}/2")).await.unwrap();
    assert_eq!(kept.status(), StatusCode::OK);
}
