//! The body of a response: the handler's, frame by frame, or the layer's own.

use std::{
    collections::VecDeque,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode, request::Parts};
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt;
use tokio_test::block_on;
use tower::{ServiceExt, service_fn};
use tower_conditional::{Conditional, EntityTag, Selected, ready_fn, server::ResponseBody};

use crate::support::head;

/// A body of prepared frames.
#[derive(Debug)]
struct Frames {
    frames: VecDeque<Result<Frame<Bytes>, &'static str>>,
    hint: SizeHint,
}

impl Body for Frames {
    type Data = Bytes;
    type Error = &'static str;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, &'static str>>> {
        Poll::Ready(self.frames.pop_front())
    }

    fn is_end_stream(&self) -> bool {
        self.frames.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        self.hint
    }
}

fn trailers() -> HeaderMap {
    HeaderMap::from_iter([("checksum".parse().unwrap(), "1".parse().unwrap())])
}

/// Returns the response to a request with these fields. The current tag is `"1"`.
fn respond(method: Method, answer: Selected, tag: &'static str) -> Response<ResponseBody<Frames>> {
    let handler = service_fn(|_: Request<()>| async {
        let mut hint = SizeHint::new();
        hint.set_lower(3);
        hint.set_upper(5);
        let frames = VecDeque::from([
            Ok(Frame::data(Bytes::from_static(b"con"))),
            Ok(Frame::trailers(trailers())),
            Err("cut off"),
        ]);
        let response = Response::builder().header("etag", "\"1\"");
        Ok::<_, ()>(response.body(Frames { frames, hint }).unwrap())
    });
    let source = ready_fn(move |_: &Parts| answer.clone());
    let mut head = head(method);
    if !tag.is_empty() {
        head.headers.insert("if-none-match", tag.parse().unwrap());
    }
    let request = Request::from_parts(head, ());
    block_on(Conditional::new(handler, source).oneshot(request)).unwrap()
}

fn version_1() -> Selected {
    EntityTag::from_version(1).into()
}

#[test]
fn the_handlers_frames_pass_unchanged() {
    let passed = respond(Method::OPTIONS, version_1(), "");
    let performed = respond(Method::GET, version_1(), "\"0\"");
    let deferred = respond(Method::GET, Selected::Unknown, "\"0\"");
    for response in [passed, performed, deferred] {
        let mut body = response.into_body();
        assert!(!body.is_end_stream());
        assert_eq!(
            (body.size_hint().lower(), body.size_hint().upper()),
            (3, Some(5))
        );

        let frame = block_on(body.frame()).unwrap().unwrap();
        assert_eq!(frame.into_data().unwrap(), "con");
        let frame = block_on(body.frame()).unwrap().unwrap();
        assert_eq!(frame.into_trailers().unwrap(), trailers());
        assert_eq!(block_on(body.frame()).unwrap().unwrap_err(), "cut off");
        assert!(body.is_end_stream());
        assert!(block_on(body.frame()).is_none());
    }
}

#[test]
fn a_304_is_at_its_end_from_the_start() {
    let early = respond(Method::GET, version_1(), "\"1\"");
    let late = respond(Method::GET, Selected::Unknown, "\"1\"");
    for response in [early, late] {
        assert_eq!(response.status(), StatusCode::NOT_MODIFIED);
        let mut body = response.into_body();
        assert!(body.is_end_stream());
        assert_eq!(body.size_hint().exact(), None);
        assert!(block_on(body.frame()).is_none());
        assert!(block_on(body.frame()).is_none(), "and stays there");
    }
}

#[test]
fn a_problem_is_one_frame_of_known_size() {
    let response = respond(Method::PUT, version_1(), "*");
    assert_eq!(response.status(), StatusCode::PRECONDITION_FAILED);
    let mut body = response.into_body();
    assert!(!body.is_end_stream());
    let size = body.size_hint().exact().unwrap();

    let data = block_on(body.frame())
        .unwrap()
        .unwrap()
        .into_data()
        .unwrap();
    assert_eq!(data.len() as u64, size);
    assert!(body.is_end_stream());
    assert_eq!(body.size_hint().exact(), Some(0));
    assert!(block_on(body.frame()).is_none());
}
