//! The program itself.

use std::{fs, process::Command};

use example_support::process::Process;

const FILES: &str = env!("CARGO_BIN_EXE_files");

#[tokio::test]
async fn it_serves_a_directory_and_stops_on_sigterm() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("a"), "content").unwrap();
    let process = Process::start(FILES, &["--directory", directory.path().to_str().unwrap()]);
    let url = format!("http://{}/a", process.address);
    let read = reqwest::get(&url).await.unwrap();
    let tag = read.headers()["etag"].clone();
    assert_eq!(read.text().await.unwrap(), "content");
    let client = reqwest::Client::new();
    let put = client.put(&url).header("if-match", &tag).body("new");
    assert_eq!(put.send().await.unwrap().status(), 204);
    let (status, rest) = process.stop("TERM");
    assert!(status.success(), "{status}");
    assert_eq!(rest, "");
    assert_eq!(
        fs::read_to_string(directory.path().join("a")).unwrap(),
        "new"
    );
}

/// A half of a file may be left, under a name that nobody can ask for.
#[tokio::test]
async fn it_may_be_killed_at_any_time() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().to_str().unwrap();
    fs::write(directory.path().join("a"), "content").unwrap();
    let process = Process::start(FILES, &["--directory", path]);
    let mut stream = std::net::TcpStream::connect(process.address).unwrap();
    let put = "PUT /a HTTP/1.1\r\nhost: h\r\nif-match: *\r\ncontent-length: 9\r\n\r\nhalf";
    std::io::Write::write_all(&mut stream, put.as_bytes()).unwrap();
    while fs::read_dir(directory.path()).unwrap().count() == 1 {
        std::thread::yield_now();
    }
    process.stop("KILL");
    assert_eq!(
        fs::read_to_string(directory.path().join("a")).unwrap(),
        "content"
    );
    let process = Process::start(FILES, &["--directory", path]);
    let url = format!("http://{}", process.address);
    assert_eq!(
        reqwest::get(format!("{url}/a")).await.unwrap().status(),
        200
    );
    for entry in fs::read_dir(directory.path()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name != "a" {
            assert_eq!(
                reqwest::get(format!("{url}/{name}"))
                    .await
                    .unwrap()
                    .status(),
                404
            );
        }
    }
}

#[test]
fn it_says_how_it_is_called() {
    for arguments in [&[][..], &["--directory"], &["--directory", ".", "--what"]] {
        let output = Command::new(FILES).args(arguments).output().unwrap();
        assert!(!output.status.success(), "{arguments:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("usage:"));
    }
}
