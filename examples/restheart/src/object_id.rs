//! MongoDB's ObjectIds, which RESTHeart has for entity tags.

use std::{
    fmt,
    hash::{BuildHasher, Hasher, RandomState},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use tower_conditional::EntityTag;

/// Four bytes of seconds, five that are random in each process, three of a counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ObjectId([u8; 12]);

impl ObjectId {
    /// Another one each time.
    pub(crate) fn new() -> Self {
        static PROCESS: OnceLock<u64> = OnceLock::new();
        static COUNTER: AtomicU32 = AtomicU32::new(0);
        let seconds = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs() as u32);
        let process = PROCESS.get_or_init(|| RandomState::new().build_hasher().finish());
        let count = COUNTER.fetch_add(1, Ordering::Relaxed);
        let mut bytes = [0; 12];
        bytes[..4].copy_from_slice(&seconds.to_be_bytes());
        bytes[4..9].copy_from_slice(&process.to_be_bytes()[..5]);
        bytes[9..].copy_from_slice(&count.to_be_bytes()[1..]);
        Self(bytes)
    }

    pub(crate) fn etag(self) -> EntityTag {
        EntityTag::strong(self.to_string())
            .expect("hexadecimal digits are characters of an entity tag")
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
