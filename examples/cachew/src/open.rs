use std::{
    error::Error,
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use object_store::{
    ClientOptions, ObjectStore, ObjectStoreScheme, aws::AmazonS3Builder, local::LocalFileSystem,
    parse_url_opts, prefix::PrefixStore,
};
use url::Url;

/// If nobody has written to a file for this long, the process that created it is gone.
const ABANDONED: Duration = Duration::from_secs(24 * 3600);

/// Opens `memory:///`, `file:///directory` or `s3://bucket/prefix`. The options come from the
/// environment, including `AWS_ENDPOINT` for servers other than Amazon's.
pub fn open(
    url: &Url,
    options: impl IntoIterator<Item = (String, String)>,
) -> Result<Arc<dyn ObjectStore>, Box<dyn Error + Send + Sync>> {
    if url.scheme() == "file" {
        let directory: PathBuf = url.to_file_path().map_err(|()| "not a path")?;
        fs::create_dir_all(&directory)?;
        for objects in ["content", "entries", "newest"] {
            remove_partial_files(&directory.join(objects))?;
        }
        return Ok(Arc::new(LocalFileSystem::new_with_prefix(directory)?));
    }
    let options = options
        .into_iter()
        .map(|(name, value)| (name.to_lowercase(), value));
    let (scheme, prefix) = ObjectStoreScheme::parse(url)?;
    if scheme != ObjectStoreScheme::AmazonS3 {
        let (objects, prefix) = parse_url_opts(url, options)?;
        return Ok(Arc::new(PrefixStore::new(objects, prefix)));
    }
    // This would limit the time of whole downloads. See `patience.rs` for the limits in use.
    let client = ClientOptions::new().with_timeout_disabled();
    let builder = AmazonS3Builder::new()
        .with_url(url.as_str())
        .with_client_options(client);
    let builder = options.fold(builder, |builder, (name, value)| match name.parse() {
        Ok(option) => builder.with_config(option, value),
        Err(_) => builder,
    });
    Ok(Arc::new(PrefixStore::new(builder.build()?, prefix)))
}

/// Removes files that a killed process has left: the object's name, `#` and a number.
fn remove_partial_files(directory: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            remove_partial_files(&entry.path())?;
        } else if is_partial(&entry.file_name().to_string_lossy()) {
            // Another process may have removed it.
            let age = entry.metadata().and_then(|meta| meta.modified()).ok();
            if age.and_then(|time| time.elapsed().ok()) > Some(ABANDONED) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
    Ok(())
}

fn is_partial(name: &str) -> bool {
    name.split_once('#').is_some_and(|(_, number)| {
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}
