//! 10 GB: thrown away in bounded memory.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
};

use allocation_counter::{AllocationInfo, measure};
use bytes::Bytes;
use http::{Request, Response};
use http_body::{Body, Frame};
use tokio_test::block_on;
use tower::{Layer, Service, service_fn};
use tower_conditional::drain::DrainLayer;

use crate::support::{assert_closes, assert_whole, refusal};

/// A body of bytes that are all the same memory.
struct Generated {
    chunk: Bytes,
    left: Arc<AtomicU64>,
}

impl Body for Generated {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let left = self.left.load(Ordering::SeqCst);
        if left == 0 {
            return Poll::Ready(None);
        }
        let size = left.min(self.chunk.len() as u64);
        self.left.store(left - size, Ordering::SeqCst);
        let chunk = self.chunk.slice(..size as usize);
        Poll::Ready(Some(Ok(Frame::data(chunk))))
    }
}

const TEN_GIGABYTES: u64 = 10_000_000_000;
const CHUNK: usize = 64 * 1024;

struct Sent {
    response: Response<String>,
    read: u64,
    memory: AllocationInfo,
}

fn send_ten_gigabytes(layer: DrainLayer) -> Sent {
    let left = Arc::new(AtomicU64::new(TEN_GIGABYTES));
    let body = Generated {
        chunk: vec![0; CHUNK].into(),
        left: Arc::clone(&left),
    };
    let request = Request::put("/").body(body).unwrap();
    let handler = |_: Request<_>| async { Ok::<_, Infallible>(refusal()) };
    let mut service = layer.layer(service_fn(handler));
    let mut response = None;
    let memory = measure(|| response = Some(block_on(service.call(request)).unwrap()));
    Sent {
        response: response.unwrap(),
        read: TEN_GIGABYTES - left.load(Ordering::SeqCst),
        memory,
    }
}

// Most of what is allocated here is the runtime of `block_on`.
#[test]
fn ten_gigabytes_are_read_in_bounded_memory() {
    let sent = send_ten_gigabytes(DrainLayer::new().limit(u64::MAX));
    assert_whole(&sent.response);
    assert_eq!(sent.read, TEN_GIGABYTES);
    assert!(sent.memory.bytes_max < CHUNK as u64, "{:?}", sent.memory);
    assert!(sent.memory.count_total < 100, "{:?}", sent.memory);
}

#[test]
fn of_ten_gigabytes_64_mebibytes_are_read() {
    let sent = send_ten_gigabytes(DrainLayer::new());
    assert_closes(&sent.response);
    // The chunk that exceeds the limit has been read too.
    assert_eq!(sent.read, (64 << 20) + CHUNK as u64);
    assert!(sent.memory.bytes_max < CHUNK as u64, "{:?}", sent.memory);
}
