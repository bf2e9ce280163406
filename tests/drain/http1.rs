//! HTTP/1.1: refused uploads of all sizes get their response, and the connection is used again.

use http::Method;
use tower::{Layer, service_fn};
use tower_conditional::drain::DrainLayer;

use crate::{
    support::refusal,
    wire::{Connection, Framing, SIZES, TIMES, serve, start},
};

// Without the layer hyper closes the connection, and the client cannot send: broken pipe, or reset.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_upload_gets_its_412_and_the_connection_is_used_again() {
    let address = start().await;
    for framing in [Framing::ContentLength, Framing::Chunked] {
        for size in SIZES {
            for _ in 0..TIMES {
                let mut connection = Connection::open(address).await;
                let stale = "if-match: \"0\"\r\n";
                let refused = connection
                    .send(Method::PUT, "/", stale, framing, size)
                    .await;
                refused.assert_kept(412);
                assert!(refused.head.contains("etag: \"1\""));
                let problem: serde_json::Value = serde_json::from_slice(&refused.content).unwrap();
                assert_eq!(problem["status"], 412);
                let read = connection.get("/").await;
                read.assert_kept(200);
                assert_eq!(read.content, b"content");
                let written = connection.send(Method::PUT, "/", "if-match: \"1\"\r\n", framing, 9);
                written.await.assert_kept(200);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_status_of_every_service_arrives() {
    let address = start().await;
    for (method, path, status) in [
        (Method::POST, "/401", 401),
        (Method::POST, "/404", 404),
        (Method::POST, "/412", 412),
        (Method::POST, "/413", 413),
        (Method::POST, "/200", 200),
        (Method::PUT, "/", 428),
    ] {
        for _ in 0..TIMES {
            let mut connection = Connection::open(address).await;
            let method = method.clone();
            let reply = connection.send(method, path, "", Framing::ContentLength, 5_000_000);
            reply.await.assert_kept(status);
            connection.get("/").await.assert_kept(200);
        }
    }
}

// The client sends only the head. If the server had sent a 100, it would now wait for the content.
#[tokio::test]
async fn a_client_that_waits_for_100_gets_the_412_and_no_100() {
    let address = start().await;
    for size in SIZES {
        for _ in 0..TIMES {
            let mut connection = Connection::open(address).await;
            let head = format!(
                "PUT / HTTP/1.1\r\nhost: a\r\nif-match: \"0\"\r\nexpect: 100-continue\r\n\
                 content-length: {size}\r\n\r\n"
            );
            connection.write(head.as_bytes()).await;
            connection.read().await.assert_closing(412);
            connection.assert_closed().await;
        }
    }
}

#[tokio::test]
async fn a_client_that_waits_for_100_gets_it_if_the_handler_reads() {
    let address = start().await;
    for _ in 0..TIMES {
        let mut connection = Connection::open(address).await;
        let head = "PUT / HTTP/1.1\r\nhost: a\r\nif-match: \"1\"\r\nexpect: 100-continue\r\n\
                    content-length: 4\r\n\r\n";
        connection.write(head.as_bytes()).await;
        assert_eq!(connection.read().await.status, 100);
        connection.write(b"sent").await;
        connection.read().await.assert_kept(200);
        connection.get("/").await.assert_kept(200);
    }
}

#[tokio::test]
async fn above_the_limit_the_connection_is_closed() {
    let refuse = service_fn(|_| async { Ok(refusal()) });
    let address = serve(DrainLayer::new().limit(9_999).layer(refuse)).await;
    for framing in [Framing::ContentLength, Framing::Chunked] {
        let mut connection = Connection::open(address).await;
        let reply = connection.send(Method::PUT, "/", "", framing, 9_999);
        reply.await.assert_kept(412);
        // One byte more. Nothing stays unread, so that no system resets the connection.
        let (fields, content) = match framing {
            Framing::ContentLength => ("content-length: 10000", String::new()),
            Framing::Chunked => (
                "transfer-encoding: chunked",
                format!("2710\r\n{}", "x".repeat(10_000)),
            ),
        };
        let request = format!("PUT / HTTP/1.1\r\nhost: a\r\n{fields}\r\n\r\n{content}");
        connection.write(request.as_bytes()).await;
        connection.read().await.assert_closing(412);
        connection.assert_closed().await;
    }
}

#[tokio::test]
async fn a_client_that_stops_sending_gets_the_response_in_the_end() {
    let refuse = service_fn(|_| async { Ok(refusal()) });
    let timeout = || tokio::time::sleep(std::time::Duration::from_millis(10));
    let address = serve(DrainLayer::new().timeout(timeout).layer(refuse)).await;
    let mut connection = Connection::open(address).await;
    let head = "PUT / HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\nsome";
    connection.write(head.as_bytes()).await;
    connection.read().await.assert_closing(412);
    connection.assert_closed().await;
}

// The handler and the client keep talking after the response: nothing of it is content.
#[tokio::test]
async fn an_upgraded_connection_passes() {
    let upgrade = service_fn(|mut request: http::Request<_>| async move {
        let upgraded = hyper::upgrade::on(&mut request);
        tokio::spawn(async move {
            let mut io = hyper_util::rt::TokioIo::new(upgraded.await.unwrap());
            let (mut read, mut write) = tokio::io::split(&mut io);
            tokio::io::copy(&mut read, &mut write).await.unwrap();
        });
        let response = http::Response::builder()
            .status(if request.method() == Method::CONNECT {
                200
            } else {
                101
            })
            .header("connection", "upgrade")
            .header("upgrade", "echo");
        Ok(response.body(String::new()).unwrap())
    });
    let address = serve(DrainLayer::new().layer(upgrade)).await;
    for (head, status) in [
        (
            "GET / HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n",
            101,
        ),
        ("CONNECT a:1 HTTP/1.1\r\nhost: a\r\n\r\n", 200),
    ] {
        for _ in 0..TIMES {
            let mut connection = Connection::open(address).await;
            connection.write(head.as_bytes()).await;
            let reply = connection.read().await;
            assert_eq!(reply.status, status);
            assert!(!reply.head.contains("close"));
            for word in ["one", "another"] {
                connection.write(word.as_bytes()).await;
                assert_eq!(connection.take(word.len()).await, word.as_bytes());
            }
        }
    }
}
