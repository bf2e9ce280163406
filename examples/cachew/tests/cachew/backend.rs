use std::{
    ops::Deref,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use example_cachew::{app, client::Client, open::open, store::Store};
use example_support::scenario::Server;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload, path::Path};
use tokio::{net::TcpListener, task::JoinHandle};

/// A store of one of the three kinds, empty at first.
pub(crate) struct Backend {
    pub(crate) objects: Arc<dyn ObjectStore>,
    _directory: Option<Directory>,
}

/// A client. When it is dropped, its service stops.
pub(crate) struct Connected {
    client: Client,
    task: JoinHandle<()>,
}

impl Deref for Connected {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Drop for Connected {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A directory that is removed when it is dropped.
pub(crate) struct Directory(pub(crate) PathBuf);

impl Directory {
    pub(crate) fn new(name: &str) -> Self {
        let name = format!("tower-conditional-cachew-{name}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn url(&self) -> String {
        format!("file://{}", self.0.display())
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

impl Backend {
    pub(crate) fn memory() -> Self {
        Self::open("memory:///", None, &[])
    }

    pub(crate) fn disk() -> Self {
        let directory = Directory::new("disk");
        let url = directory.url();
        Self::open(&url, Some(directory), &[])
    }

    /// A new bucket.
    pub(crate) async fn s3() -> Self {
        let endpoint = std::env::var("CACHEW_TEST_S3").expect("the URL of an S3 server");
        let bucket = bucket(&endpoint).await;
        Self::open(
            &format!("s3://{bucket}/some/prefix"),
            None,
            &options(&endpoint),
        )
    }

    pub(crate) fn open(url: &str, directory: Option<Directory>, options: &[(&str, &str)]) -> Self {
        let options = options
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_string()));
        Self {
            objects: open(&url.parse().unwrap(), options).unwrap(),
            _directory: directory,
        }
    }

    pub(crate) fn store(&self) -> Store {
        Store::new(Arc::clone(&self.objects))
    }

    pub(crate) async fn serve(&self) -> Server {
        Server::start(app(self.store())).await
    }

    /// A client of a service of its own.
    pub(crate) async fn connect(&self) -> Connected {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let app = app(self.store());
        let task = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        let client = Client::new(&url).unwrap();
        Connected { client, task }
    }

    pub(crate) async fn put(&self, location: &str, content: impl Into<PutPayload>) {
        let location = Path::parse(location).unwrap();
        self.objects.put(&location, content.into()).await.unwrap();
    }
}

pub(crate) fn target(key: &str) -> String {
    format!("/api/v1/object/{key}")
}

/// A new bucket on this server.
pub(crate) async fn bucket(endpoint: &str) -> String {
    static MADE: AtomicUsize = AtomicUsize::new(0);
    let number = MADE.fetch_add(1, Ordering::Relaxed);
    let bucket = format!("cachew-{}-{number}", std::process::id());
    let created = reqwest::Client::new()
        .put(format!("{endpoint}/{bucket}"))
        .send()
        .await
        .unwrap();
    assert!(created.status().is_success(), "{created:?}");
    bucket
}

/// What the environment says of an S3 server on this machine.
pub(crate) fn options(endpoint: &str) -> [(&str, &str); 5] {
    [
        ("AWS_ENDPOINT", endpoint),
        ("AWS_ALLOW_HTTP", "true"),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
    ]
}
