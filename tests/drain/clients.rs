//! Clients of other people, as processes: they need `python3` and `curl`. The gate runs them.

use std::process::{Command, Stdio};

use crate::wire::start;

/// Sends the stale upload and then reads, on one connection, 20 times for each size.
const PYTHON: &str = r#"
import http.client, sys

address = sys.argv[1]
for size in [10_000, 20 * 1024, 200_000, 1_000_000, 5_000_000, 8 * 1024 * 1024]:
    for _ in range(20):
        connection = http.client.HTTPConnection(address, timeout=60)
        for _ in range(2):
            connection.request("PUT", "/", body=b"x" * size, headers={"If-Match": '"0"'})
            socket = connection.sock
            response = connection.getresponse()
            assert response.status == 412, response.status
            assert b"If-Match" in response.read()
            connection.request("GET", "/")
            assert connection.sock is socket, "another connection"
            response = connection.getresponse()
            assert (response.status, response.read()) == (200, b"content")
        connection.close()
    print(f"http.client, {size} bytes: 20 of 20")
"#;

pub(crate) async fn output(command: &mut Command) -> String {
    command.stdin(Stdio::null()).stderr(Stdio::inherit());
    let child = command.stdout(Stdio::piped()).spawn().unwrap();
    let output = tokio::task::spawn_blocking(|| child.wait_with_output());
    let output = output.await.unwrap().unwrap();
    assert!(output.status.success(), "{command:?}: {}", output.status);
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs python3"]
async fn http_client_of_python_gets_its_412_and_uses_the_connection_again() {
    let address = start().await.to_string();
    let printed = output(Command::new("python3").args(["-c", PYTHON, &address])).await;
    print!("{printed}");
    assert_eq!(printed.matches("20 of 20").count(), 6);
}

// Over HTTP/2 curl fails with 92 if the server ends the stream while it sends.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs curl"]
async fn curl_gets_its_412() {
    let address = start().await;
    let folder = std::env::temp_dir().join(format!("drain-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    for size in [20 * 1024, 1_000_000, 8 * 1024 * 1024] {
        let file = folder.join(size.to_string());
        std::fs::write(&file, vec![b'x'; size]).unwrap();
        let file = file.to_str().unwrap();
        for arguments in [
            &["--http2-prior-knowledge"][..],
            // Without `Expect` curl sends at once, and with it, it waits.
            &["--http1.1", "--header", "expect:"],
            &[
                "--http1.1",
                "--header",
                "expect:",
                "--header",
                "transfer-encoding: chunked",
            ],
            &[
                "--http1.1",
                "--header",
                "expect: 100-continue",
                "--expect100-timeout",
                "60",
            ],
        ] {
            for _ in 0..20 {
                let mut curl = Command::new("curl");
                curl.args(["--silent", "--show-error", "--max-time", "120"]);
                curl.args(["--header", "if-match: \"0\"", "--upload-file", file]);
                curl.args(["--write-out", "\n%{http_code} %{size_upload}"]);
                curl.args(arguments).arg(format!("http://{address}/"));
                let printed = output(&mut curl).await;
                let (status, sent) = printed.lines().last().unwrap().split_once(' ').unwrap();
                assert_eq!(status, "412", "{arguments:?}");
                // With chunks their sizes count too.
                let sent: usize = sent.parse().unwrap();
                let waits = arguments.contains(&"--expect100-timeout");
                assert!(
                    if waits { sent == 0 } else { sent >= size },
                    "{arguments:?}: {sent}"
                );
            }
            println!("curl {arguments:?}, {size} bytes: 20 of 20");
        }
    }
    std::fs::remove_dir_all(&folder).unwrap();
}
