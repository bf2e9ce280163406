//! Clients that stop in the middle of a request.

use example_testbed::serve;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// The clock runs ahead while nothing else happens.
#[tokio::test(start_paused = true)]
async fn a_head_that_stops_half_way_does_not_hold_its_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(listener));
    let mut stream = TcpStream::connect(address).await.unwrap();
    let half = b"GET /rfc/it HTTP/1.1\r\nhost: a\r\nx-half";
    stream.write_all(half).await.unwrap();
    let mut response = Vec::new();
    let _ = stream.read_to_end(&mut response).await;
    assert!(
        !response.starts_with(b"HTTP/1.1 2"),
        "{}",
        response.escape_ascii()
    );
}
