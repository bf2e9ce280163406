use std::{
    hash::{BuildHasher, RandomState},
    pin::pin,
    sync::Arc,
};

use axum::body::Body;
use futures_util::StreamExt;
use object_store::{ObjectStoreExt, buffered::BufWriter};
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;

use super::{
    failure::{Failure, Told},
    patience::{PATIENCE, within},
    record::Record,
    store::{Store, content, hexadecimal},
};

/// The smallest part that S3 accepts. Each part in transit takes this much memory.
const PART: usize = 5 << 20;
const PARTS_UNDER_WAY: usize = 2;

impl Store {
    /// Stores the content of a request as it arrives, and hashes it on the way. Nothing refers to
    /// it yet.
    pub(super) async fn upload(
        &self,
        key: String,
        fields: Vec<(String, String)>,
        body: Body,
    ) -> Result<Record, Failure> {
        let id = random_id();
        let location = content(&key, &id);
        let writer = BufWriter::with_capacity(Arc::clone(&self.objects), location.clone(), PART)
            .with_max_concurrency(PARTS_UNDER_WAY);
        let mut upload = Upload(Some(writer));
        let mut hasher = Sha256::new();
        let mut chunks = body.into_data_stream();
        let mut stopping = pin!(self.stopping());
        loop {
            let chunk = tokio::select! {
                chunk = tokio::time::timeout(PATIENCE, chunks.next()) => chunk,
                () = &mut stopping => {
                    upload.abort().await;
                    return Err(Failure::stopping());
                }
            };
            let Ok(chunk) = chunk else {
                upload.abort().await;
                return Err(Failure::too_slow());
            };
            let Some(chunk) = chunk else { break };
            let chunk = chunk.map_err(Failure::bad_request)?;
            hasher.update(&chunk);
            within(upload.writer()?.put(chunk)).await?;
        }
        within(upload.writer()?.shutdown()).await?;
        upload.0 = None;
        let digest = hexadecimal(&hasher.finalize());
        Ok(Record {
            id,
            key,
            content: Some(location.to_string()),
            etag: Some(format!("\"sha256:{digest}\"")),
            fields,
        })
    }

    /// Removes the content of a write that was refused.
    pub(super) async fn discard(&self, record: &Record) {
        if let Some(location) = record.content.as_deref().map(Into::into) {
            let _ = within(self.objects.delete(&location)).await;
        }
    }
}

/// Returns 128 random bits in hexadecimal.
pub(super) fn random_id() -> String {
    let bits = || RandomState::new().hash_one(());
    format!("{:016x}{:016x}", bits(), bits())
}

/// An upload that is aborted if it is dropped before it completes. Otherwise the parts that a
/// disconnected client has sent would keep taking up space.
struct Upload(Option<BufWriter>);

impl Upload {
    fn writer(&mut self) -> Result<&mut BufWriter, Told> {
        self.0.as_mut().ok_or(Told("the upload is over"))
    }

    async fn abort(&mut self) {
        if let Some(mut writer) = self.0.take() {
            let _ = writer.abort().await;
        }
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if let Some(mut writer) = self.0.take() {
            tokio::spawn(async move { writer.abort().await });
        }
    }
}
