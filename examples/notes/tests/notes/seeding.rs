//! The first notes of a new database.

use example_notes::Store;
use tempfile::tempdir;

use crate::service::Service;

#[tokio::test]
async fn a_database_is_seeded_once() {
    let directory = tempdir().unwrap();
    let database = format!("sqlite:{}", directory.path().join("notes.db").display());
    let store = Store::open(&database).await.unwrap();
    // Two processes may start at the same time.
    let (left, right) = tokio::join!(store.seed(), store.seed());
    left.and(right).unwrap();
    store.close().await;

    let service = Service::on(&database).await;
    let list = service.json("/notes").await;
    assert_eq!(list.as_array().unwrap().len(), 3, "{list}");
}
