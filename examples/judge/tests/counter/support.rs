//! Services on ports of their own.

use std::net::SocketAddr;

use axum::{Router, serve::ListenerExt};
use example_judge::race::counter::{Counted, Counter, count};
use tokio::net::TcpListener;

pub(crate) async fn serve(app: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    // Content that follows its head would else wait for an acknowledgement.
    let listener = listener.tap_io(|stream| stream.set_nodelay(true).unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

/// The number of increments of the slow tests.
pub(crate) const MANY: u64 = 10_000;

/// Plain text, 64 clients, 500 increments.
pub(crate) fn counter(addresses: Vec<SocketAddr>, path: &str) -> Counter {
    Counter {
        addresses,
        path: path.to_owned(),
        method: "PUT",
        template: "{}\n",
        content_type: "text/plain",
        clients: 64,
        increments: 500,
        takes_turns: true,
        vanishing: 0,
    }
}

/// Few clients and few increments: enough to lose some of them.
pub(crate) fn briefly(counter: Counter) -> Counter {
    Counter {
        clients: 16,
        increments: 200,
        takes_turns: false,
        ..counter
    }
}

pub(crate) async fn counted(counter: &Counter) -> Counted {
    let counted = count(counter).await;
    println!("{}", counted.line(counter));
    counted
}
