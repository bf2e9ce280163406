use bytes::{Buf, Bytes};
use digest::Digest;
use http_body::Frame;

use crate::etag::EntityTag;

/// Makes an entity tag from the data frames of a body.
pub(super) struct Hasher<D> {
    digest: D,
    weak: bool,
    size: u64,
}

impl<D: Digest> Hasher<D> {
    pub(super) fn new(weak: bool) -> Self {
        Self {
            digest: D::new(),
            weak,
            size: 0,
        }
    }

    /// Hashes the data of a frame, and returns the frame.
    ///
    /// Data in one contiguous chunk is not copied.
    pub(super) fn update<T: Buf + From<Bytes>>(&mut self, frame: Frame<T>) -> Frame<T> {
        match frame.into_data() {
            Ok(mut data) => {
                self.size += data.remaining() as u64;
                if data.chunk().len() == data.remaining() {
                    self.digest.update(data.chunk());
                    return Frame::data(data);
                }
                let bytes = data.copy_to_bytes(data.remaining());
                self.digest.update(&bytes);
                Frame::data(bytes.into())
            }
            Err(frame) => frame,
        }
    }

    /// Returns how many bytes of data were hashed.
    pub(super) const fn size(&self) -> u64 {
        self.size
    }

    pub(super) fn into_entity_tag(self) -> EntityTag {
        let tag = EntityTag::from_digest(self.digest.finalize());
        if self.weak { tag.into_weak() } else { tag }
    }
}
