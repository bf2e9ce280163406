use serde::{Deserialize, Serialize};

/// One version of an entry: the metadata object that `store.rs` writes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Record {
    /// Tells this write from every other.
    pub(crate) id: String,
    pub(crate) key: String,
    /// Where the content is; `None` in the version that deletes the entry.
    pub(crate) content: Option<String>,
    /// As on the wire. Entries from before there were tags have none.
    pub(crate) etag: Option<String>,
    /// The stored fields.
    #[serde(default)]
    pub(crate) fields: Vec<(String, String)>,
}
