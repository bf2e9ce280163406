use std::{error::Error, path::PathBuf, sync::Arc};

use object_store::{ObjectStore, local::LocalFileSystem, parse_url_opts, prefix::PrefixStore};
use url::Url;

/// `memory:///`, `file:///directory`, or `s3://bucket/prefix`. The options are those of the
/// environment, `AWS_ENDPOINT` for a server other than Amazon's among them.
pub(crate) fn open(
    url: &Url,
    options: impl IntoIterator<Item = (String, String)>,
) -> Result<Arc<dyn ObjectStore>, Box<dyn Error + Send + Sync>> {
    if url.scheme() == "file" {
        let directory: PathBuf = url.to_file_path().map_err(|()| "not a path")?;
        std::fs::create_dir_all(&directory)?;
        return Ok(Arc::new(LocalFileSystem::new_with_prefix(directory)?));
    }
    let options = options
        .into_iter()
        .map(|(name, value)| (name.to_lowercase(), value));
    let (objects, prefix) = parse_url_opts(url, options)?;
    Ok(Arc::new(PrefixStore::new(objects, prefix)))
}
