//! The rejection of an extractor, as the answer of a source.

use std::{future::poll_fn, pin::Pin};

use axum_core::{body::Body, response::Response};
use bytes::{Bytes, BytesMut};
use http_body::Body as _;

use crate::{
    fields::{is_content_field, remove_all},
    source::Selected,
};

/// The most bytes of a rejection's content that are kept. A rejection is a sentence or two.
const LIMIT: usize = 64 * 1024;

/// Keeps the response with its content, since an answer of a source is a plain value.
pub(super) async fn answered(response: Response) -> Selected {
    let (mut head, body) = response.into_parts();
    let content = collect(body).await.unwrap_or_else(|| {
        // The status says enough, and the fields would describe content that is not there.
        remove_all(&mut head.headers, is_content_field);
        Bytes::new()
    });
    Selected::Answered(Response::from_parts(head, content))
}

/// Returns the content, or `None` if it is too long or ends with an error.
async fn collect(mut body: Body) -> Option<Bytes> {
    let mut content = BytesMut::new();
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        if let Ok(data) = frame.ok()?.into_data() {
            if content.len() + data.len() > LIMIT {
                return None;
            }
            content.extend_from_slice(&data);
        }
    }
    Some(content.freeze())
}
