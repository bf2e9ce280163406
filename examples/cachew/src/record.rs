use serde::{Deserialize, Serialize};

/// One version of an entry: the metadata object that `store.rs` writes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Record {
    /// Identifies this write.
    pub id: String,
    pub key: String,
    /// Where the content is. `None` in the version that deletes the entry.
    pub content: Option<String>,
    /// The entity tag as it is sent. Entries that are older than this feature have none.
    pub etag: Option<String>,
    /// The stored fields.
    #[serde(default)]
    pub fields: Vec<(String, String)>,
}
