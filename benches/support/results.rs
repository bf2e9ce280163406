//! Where results are kept.

use std::path::PathBuf;

/// A file in `benches/results`.
pub(crate) fn result(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/benches/results")).join(name)
}
