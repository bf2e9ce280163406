//! How long a store may take.
//!
//! The client of the object store would limit the time of a whole download, so that a large object
//! or a slow reader never came to its end; and its limit for each read goes on while nobody reads.
//! Here it is the store's own time that counts.

use std::{future::Future, time::Duration};

use bytes::Bytes;
use futures_util::{Stream, TryStreamExt, stream};

use super::{BoxError, failure::Told};

pub const PATIENCE: Duration = Duration::from_secs(60);

/// An answer that does not take longer.
pub(super) async fn within<T, E: Into<BoxError>>(
    answer: impl Future<Output = Result<T, E>>,
) -> Result<T, BoxError> {
    match tokio::time::timeout(PATIENCE, answer).await {
        Ok(answer) => answer.map_err(Into::into),
        Err(_) => Err(Told("the store does not answer").into()),
    }
}

/// Content each of whose frames does not take longer, from when the reader asks for it.
pub fn patient<E: Into<BoxError>>(
    content: impl Stream<Item = Result<Bytes, E>> + Unpin,
) -> impl Stream<Item = Result<Bytes, BoxError>> {
    stream::try_unfold(content, |mut content| async move {
        let frame = within(content.try_next()).await?;
        Ok(frame.map(|frame| (frame, content)))
    })
}
