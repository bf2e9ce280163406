//! The configuration file.

use std::{fs, process::Command};

use example_restheart::EtagCheckPolicy;
use example_support::{process::Process, scenario::Server};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{app, get, object_id, put};

/// The page's snippet, as it stands there.
const SNIPPET: &str = "etag-check-policy:
   db: REQUIRED_FOR_DELETE
   coll: REQUIRED_FOR_DELETE
   doc: OPTIONAL
";

fn with(text: &str) -> Result<EtagCheckPolicy, String> {
    EtagCheckPolicy::from_file(text)
}

#[tokio::test]
async fn the_snippet_is_the_default() {
    for text in [
        SNIPPET.to_owned(),
        SNIPPET.replace('\n', "\r\n"),
        format!(
            "# The policy\n---\n\n{}",
            SNIPPET
                .replace("REQ", "'REQ")
                .replace("DELETE", "DELETE' # so")
        ),
        SNIPPET.replace("   doc: OPTIONAL\n", ""),
    ] {
        let server = Server::start(app(with(&text).expect("a configuration"))).await;
        for path in ["/db", "/db/coll", "/db/coll/doc"] {
            put(&server, path, "").await.expect(201);
        }
        server.send("DELETE", "/db/coll/doc", &[]).await.expect(204);
        for path in ["/db/coll", "/db"] {
            put(&server, path, "").await.expect(200);
            let refused = server.send("DELETE", path, &[]).await.expect(409);
            assert_eq!(object_id(&refused), object_id(&get(&server, path).await));
        }
    }
}

#[test]
fn what_it_does_not_know_it_refuses() {
    for (text, line) in [
        ("", ""),
        ("etag-check-policy:\n", ""),
        ("db: REQUIRED\n", "line 1: "),
        ("etag-check-policy: REQUIRED\n", "line 1: "),
        ("etag-check-policy\n  db: REQUIRED\n", "line 1: "),
        ("etag-check-policy:\n\tdb: REQUIRED\n", "line 2: "),
        ("etag-check-policy:\n  db:REQUIRED\n", "line 2: "),
        ("etag-check-policy:\n  db: required\n", "line 2: "),
        ("etag-check-policy:\n  file: REQUIRED\n", "line 2: "),
        (
            "etag-check-policy:\n  db: REQUIRED\n   doc: REQUIRED\n",
            "line 3: ",
        ),
        (
            "etag-check-policy:\n  db: REQUIRED\n  db: OPTIONAL\n",
            "line 3: ",
        ),
        ("etag-check-policy:\n  db: REQUIRED\nother: x\n", "line 3: "),
        ("  db: REQUIRED\netag-check-policy:\n", "line 1: "),
        ("etag-check-policy:\n  db: REQUIRED\n---\n", "line 3: "),
        ("etag-check-policy:\n  db: {REQUIRED}\n", "line 2: "),
    ] {
        let error = with(text).expect_err(text);
        assert!(error.starts_with(line), "{text:?}: {error}");
    }
}

#[tokio::test]
async fn it_starts_the_server() {
    let path = std::env::temp_dir().join(format!("restheart-{}.yml", std::process::id()));
    fs::write(&path, SNIPPET.replace("OPTIONAL", "REQUIRED")).unwrap();
    let file = path.to_str().unwrap();
    let process = Process::start(env!("CARGO_BIN_EXE_restheart"), &["--config", file]);
    for path in ["/db", "/db/coll", "/db/coll/doc"] {
        assert_eq!(put_at(&process, path).await, "201");
    }
    assert_eq!(put_at(&process, "/db/coll").await, "200");
    assert_eq!(put_at(&process, "/db/coll/doc").await, "409");

    for (text, arguments) in [
        ("etag-check-policy:\n  db: x\n", &["--config", file][..]),
        (SNIPPET, &["--config"]),
        (SNIPPET, &["--config", "/none/such.yml"]),
        (SNIPPET, &["--confg", file]),
    ] {
        fs::write(&path, text).unwrap();
        let run = Command::new(env!("CARGO_BIN_EXE_restheart"))
            .args(["--listen", "127.0.0.1:0"])
            .args(arguments)
            .output()
            .unwrap();
        assert!(
            !run.status.success() && run.stdout.is_empty(),
            "{arguments:?}"
        );
    }
    fs::remove_file(&path).unwrap();
}

async fn put_at(process: &Process, path: &str) -> String {
    let mut stream = TcpStream::connect(process.address).await.unwrap();
    let head = format!(
        "PUT {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    response.split(' ').nth(1).unwrap().to_owned()
}

#[tokio::test]
async fn it_serves_until_it_is_asked_to_stop() {
    for signal in ["TERM", "INT"] {
        let process = Process::start(env!("CARGO_BIN_EXE_restheart"), &[]);
        // An idle connection does not keep it.
        let _idle = TcpStream::connect(process.address).await.unwrap();
        let (status, _) = process.stop(signal);
        assert!(status.success(), "{signal}: {status}");
    }
}
