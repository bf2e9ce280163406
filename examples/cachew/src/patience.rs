//! Limits the time that the store may take.
//!
//! The client of the object store limits the time of a whole download, so a large object or a slow
//! reader would never finish. Its limit for each read also counts the time in which nobody reads.
//! The limits here count only the time that the store itself takes.

use std::{future::Future, time::Duration};

use bytes::Bytes;
use futures_util::{Stream, TryStreamExt, stream};

use super::{BoxError, failure::Told};

pub const PATIENCE: Duration = Duration::from_secs(60);

/// Fails if the answer takes longer.
pub(super) async fn within<T, E: Into<BoxError>>(
    answer: impl Future<Output = Result<T, E>>,
) -> Result<T, BoxError> {
    match tokio::time::timeout(PATIENCE, answer).await {
        Ok(answer) => answer.map_err(Into::into),
        Err(_) => Err(Told("the store does not answer").into()),
    }
}

/// Fails if a frame of the content takes longer, counted from when the reader asks for it.
pub fn patient<E: Into<BoxError>>(
    content: impl Stream<Item = Result<Bytes, E>> + Unpin,
) -> impl Stream<Item = Result<Bytes, BoxError>> {
    stream::try_unfold(content, |mut content| async move {
        let frame = within(content.try_next()).await?;
        Ok(frame.map(|frame| (frame, content)))
    })
}
