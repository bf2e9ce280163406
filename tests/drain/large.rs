//! 10 GB: thrown away in bounded memory.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use allocation_counter::measure;
use bytes::Bytes;
use http::Request;
use http_body::{Body, Frame};
use tokio_test::block_on;
use tower::{Layer, Service, service_fn};
use tower_conditional::drain::DrainLayer;

use crate::support::{assert_closes, assert_whole, refusal};

/// A body of this many bytes that are all the same memory.
struct Generated {
    chunk: Bytes,
    left: u64,
}

impl Body for Generated {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let this = self.get_mut();
        if this.left == 0 {
            return Poll::Ready(None);
        }
        let size = this.left.min(this.chunk.len() as u64);
        this.left -= size;
        let chunk = this.chunk.slice(..size as usize);
        Poll::Ready(Some(Ok(Frame::data(chunk))))
    }
}

const TEN_GIGABYTES: u64 = 10_000_000_000;
const CHUNK: usize = 64 * 1024;

fn send(layer: DrainLayer) -> (http::Response<String>, allocation_counter::AllocationInfo) {
    let body = Generated {
        chunk: vec![0; CHUNK].into(),
        left: TEN_GIGABYTES,
    };
    let request = Request::put("/").body(body).unwrap();
    let handler = |_: Request<_>| async { Ok::<_, Infallible>(refusal()) };
    let mut service = layer.layer(service_fn(handler));
    let mut response = None;
    let info = measure(|| response = Some(block_on(service.call(request)).unwrap()));
    (response.unwrap(), info)
}

#[test]
fn ten_gigabytes_are_read_in_bounded_memory() {
    let (response, info) = send(DrainLayer::new().limit(u64::MAX));
    assert_whole(&response);
    assert!(info.bytes_max < CHUNK as u64, "{info:?}");
    assert!(info.count_total < 100, "{info:?}");
}

#[test]
fn of_ten_gigabytes_64_mebibytes_are_read() {
    let (response, info) = send(DrainLayer::new());
    assert_closes(&response);
    assert!(info.bytes_max < CHUNK as u64, "{info:?}");
}
