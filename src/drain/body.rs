use std::{
    fmt,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
};

use http_body::{Body, Frame, SizeHint};

/// Yields the frames of a request body, and hands the body to the layer if it is dropped before its
/// end.
///
/// This is the request body that [`DrainService`](super::DrainService) gives to its inner service.
/// Its frames, its size hint and its errors are those of the body that it wraps. A `DrainBody` that
/// is made by `default()` belongs to no layer. See the [module docs](crate::drain).
pub struct DrainBody<B> {
    /// `None` only while the value is dropped.
    body: Option<B>,
    progress: Progress,
    /// `None` if nobody waits for the body.
    slot: Option<Slot<B>>,
}

/// How far a body was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    Untouched,
    /// Polled at least once.
    Begun,
    Ended,
    Failed,
}

/// A body that was dropped before its end.
pub(super) struct Unread<B> {
    pub(super) body: B,
    pub(super) progress: Progress,
}

/// Where a [`DrainBody`] puts its body when it is dropped.
pub(super) struct Slot<B>(Arc<Mutex<Option<Unread<B>>>>);

impl<B> Slot<B> {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(None)))
    }

    pub(super) fn take(&self) -> Option<Unread<B>> {
        // Poisoned or not: no code that can panic runs while the lock is held.
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn put(&self, unread: Unread<B>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(unread);
    }
}

impl<B> Clone for Slot<B> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<B> DrainBody<B> {
    pub(super) const fn tracked(body: B, slot: Slot<B>) -> Self {
        Self {
            body: Some(body),
            progress: Progress::Untouched,
            slot: Some(slot),
        }
    }

    pub(super) const fn untracked(body: B) -> Self {
        Self {
            body: Some(body),
            progress: Progress::Untouched,
            slot: None,
        }
    }
}

impl<B> Drop for DrainBody<B> {
    fn drop(&mut self) {
        if self.progress == Progress::Ended {
            return;
        }
        if let (Some(body), Some(slot)) = (self.body.take(), self.slot.take()) {
            slot.put(Unread {
                body,
                progress: self.progress,
            });
        }
    }
}

impl<B: Body + Unpin> Body for DrainBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    #[inline]
    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let this = self.get_mut();
        let Some(body) = &mut this.body else {
            return Poll::Ready(None);
        };
        if this.progress == Progress::Untouched {
            this.progress = Progress::Begun;
        }
        let frame = ready!(Pin::new(body).poll_frame(cx));
        match &frame {
            None => this.progress = Progress::Ended,
            Some(Err(_)) => this.progress = Progress::Failed,
            Some(Ok(_)) => {}
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().map_or(true, Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        match &self.body {
            Some(body) => body.size_hint(),
            None => SizeHint::with_exact(0),
        }
    }
}

impl<B: Default> Default for DrainBody<B> {
    fn default() -> Self {
        Self::untracked(B::default())
    }
}

impl<B> fmt::Debug for DrainBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug_state!(f, "DrainBody", self.progress,
            Progress::Untouched => "Untouched",
            Progress::Begun => "Begun",
            Progress::Ended => "Ended",
            Progress::Failed => "Failed",
        )
    }
}
