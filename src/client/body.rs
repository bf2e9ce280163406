use std::{
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use http_body::{Body, Frame, SizeHint};
use pin_project::pin_project;

use super::{Entry, Key, Variant, body_tag::Copied, config::Config};

/// The body of a [`ConditionalClient`](super::ConditionalClient)'s response: the inner service's,
/// frame by frame.
///
/// Where a tag may be in it, it is copied as the caller reads it, up to the limit. The tag is
/// remembered once the caller has read the body to its end; nothing is delayed or held back.
#[pin_project]
#[derive(Debug)]
pub struct ResponseBody<B> {
    #[pin]
    inner: B,
    watch: Option<Watch>,
    settled: bool,
}

/// Waits for the end of a body.
pub(super) struct Watch {
    config: Arc<Config>,
    key: Key,
    variant: Variant,
    /// What was known when the request was sent.
    before: Entry,
    is_read: bool,
    /// None of a body that cannot have a tag: only its end is of interest.
    copied: Option<Copied>,
}

impl Watch {
    pub(super) const fn new(
        config: Arc<Config>,
        key: Key,
        variant: Variant,
        before: Entry,
        is_read: bool,
    ) -> Self {
        Self {
            config,
            key,
            variant,
            before,
            is_read,
            copied: Some(Copied::new()),
        }
    }

    /// Waits for the end only.
    pub(super) fn without_tag(mut self) -> Self {
        self.copied = None;
        self
    }

    /// Whether there is still something to wait for.
    fn sees<D: bytes::Buf>(&mut self, frame: &Frame<D>) -> bool {
        match (frame.data_ref(), &mut self.copied, &self.config.body_tag) {
            (Some(data), Some(copied), Some(place)) => copied.copy(data, place),
            _ => true,
        }
    }

    fn finish(self) {
        let place = self.config.body_tag.as_ref();
        let copied = self.copied.as_ref();
        let tag = copied
            .zip(place)
            .and_then(|(copied, place)| copied.tag(place));
        let store = &self.config.store;
        if let Some(tag) = tag {
            self.variant.remembered().found_body_tag(tag);
            store.update(&self.key, &mut |entry| {
                entry.body_read(self.variant.clone(), &self.before);
            });
        } else if self.is_read && self.variant.remembered().field_tag().is_none() {
            store.update(&self.key, &mut |entry| {
                entry.read(self.variant.clone(), &self.before);
            });
        }
    }
}

impl<B> ResponseBody<B> {
    pub(super) const fn passed(body: B) -> Self {
        Self {
            inner: body,
            watch: None,
            settled: true,
        }
    }

    /// One that may have a tag, which will not be seen.
    pub(super) const fn unreadable(body: B) -> Self {
        Self {
            inner: body,
            watch: None,
            settled: false,
        }
    }

    pub(super) const fn watched(body: B, watch: Watch) -> Self {
        Self {
            inner: body,
            settled: watch.copied.is_none(),
            watch: Some(watch),
        }
    }

    /// Whether reading on can still find a tag.
    pub(super) const fn is_searched(&self) -> bool {
        self.watch.is_some() && !self.settled
    }

    /// Whether the tag in it is known, or that there is none.
    pub(super) const fn is_settled(&self) -> bool {
        self.settled
    }

    /// The inner service's body. A tag that was not found yet is not looked for any more.
    pub fn into_inner(self) -> B {
        self.inner
    }
}

impl<B: Body> Body for ResponseBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let mut this = self.project();
        let frame = std::task::ready!(this.inner.as_mut().poll_frame(cx));
        if let Some(watch) = this.watch {
            let (goes_on, ended) = match &frame {
                // Who reads no further than the last frame does not see the end itself.
                Some(Ok(frame)) => (watch.sees(frame), this.inner.is_end_stream()),
                Some(Err(_)) => (false, false),
                None => (true, true),
            };
            if !goes_on {
                *this.watch = None;
            } else if ended {
                if let Some(watch) = this.watch.take() {
                    watch.finish();
                    *this.settled = true;
                }
            }
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}
