//! Drives the service over HTTP, as its clients would.

mod binary;
mod limits;
mod names;
mod scenario;

use std::{fs, path::Path, time::Duration};

use example_files::files;
use example_support::scenario::Server;
use tempfile::TempDir;

struct Service {
    server: Server,
    directory: TempDir,
}

impl Service {
    async fn start() -> Self {
        Self::with_patience(Duration::from_secs(10)).await
    }

    async fn with_patience(patience: Duration) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let server = Server::start(files(directory.path(), patience).unwrap()).await;
        Self { server, directory }
    }

    fn path(&self) -> &Path {
        self.directory.path()
    }

    fn content(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    /// All names in the directory.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path()).unwrap();
        let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string();
        let mut names: Vec<_> = entries.map(|entry| name(entry).unwrap()).collect();
        names.sort();
        names
    }
}
