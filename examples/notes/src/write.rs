//! Writes to the database. Each is one transaction, and is made only to the version that it names.
//!
//! No version is NULL in SQL, which equals nothing: such a write finds no row.

use std::time::{SystemTime, UNIX_EPOCH};

use sqlx::{Any, Transaction};

use super::{
    note::{Content, Edit, Note},
    store::{Row, Store},
};

/// `None` if the version was not current, and nothing is written.
type Written = Result<Option<Note>, sqlx::Error>;

impl Store {
    /// Writes the first notes into a new database.
    pub async fn seed(&self) -> Result<(), sqlx::Error> {
        // Several KiB, so that a 304 and compression make a difference.
        let long = "A cache that asks with If-None-Match need not get this.\n".repeat(120);
        let notes = [
            (
                "Welcome",
                "Get me, change me, and put me back with my ETag in If-Match.",
            ),
            (
                "Two editors",
                "Of two who change the same version, one gets 412 and loses nothing.",
            ),
            ("A long one", long.as_str()),
        ];
        for (version, (title, text)) in (0..).zip(notes) {
            let (title, text) = (title.to_owned(), text.to_owned());
            let content = Content { title, text };
            self.create_at(Some(version), &content).await?;
        }
        Ok(())
    }

    pub(crate) async fn create(&self, content: &Content) -> Written {
        Writer::begin(self).await?.create(content).await
    }

    /// Creates a note if this is the version of the list.
    pub(crate) async fn create_at(&self, version: Option<i64>, content: &Content) -> Written {
        let writer = Writer::begin(self).await?;
        // The writer has taken the next version.
        if version != Some(writer.version - 1) {
            return Ok(None);
        }
        writer.create(content).await
    }

    /// Creates a note if there is none of this id.
    pub(crate) async fn insert(&self, id: i64, content: &Content) -> Written {
        let mut writer = Writer::begin(self).await?;
        let row = writer.insert(id, content).await?;
        writer.commit(row).await
    }

    pub(crate) async fn update(&self, id: i64, version: Option<i64>, edit: &Edit) -> Written {
        let mut writer = Writer::begin(self).await?;
        let row = sqlx::query_as(
            "UPDATE notes SET title = COALESCE($1, title), text = COALESCE($2, text),
             version = $3, updated_at = $4
             WHERE id = $5 AND version = $6 RETURNING id, title, text, version, updated_at",
        )
        .bind(edit.title.clone())
        .bind(edit.text.clone())
        .bind(writer.version)
        .bind(writer.now)
        .bind(id)
        .bind(version)
        .fetch_optional(&mut *writer.transaction)
        .await?;
        writer.commit(row).await
    }

    /// Returns whether this deleted the note.
    pub(crate) async fn delete(&self, id: i64, version: Option<i64>) -> Result<bool, sqlx::Error> {
        let mut writer = Writer::begin(self).await?;
        let row = sqlx::query_as(
            "DELETE FROM notes WHERE id = $1 AND version = $2
             RETURNING id, title, text, version, updated_at",
        )
        .bind(id)
        .bind(version)
        .fetch_optional(&mut *writer.transaction)
        .await?;
        Ok(writer.commit(row).await?.is_some())
    }
}

/// A transaction. Without a commit, dropping it undoes everything, including the new version.
struct Writer {
    transaction: Transaction<'static, Any>,
    version: i64,
    now: i64,
}

impl Writer {
    /// Takes the next version. This locks the row of `latest`, so writers run one after another, and
    /// there is no deadlock.
    async fn begin(store: &Store) -> Result<Self, sqlx::Error> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let mut writer = Self {
            transaction: store.pool.begin().await?,
            version: 0,
            now: now.map_or(0, |now| now.as_secs().try_into().unwrap_or(i64::MAX)),
        };
        writer.next_version().await?;
        Ok(writer)
    }

    async fn next_version(&mut self) -> Result<(), sqlx::Error> {
        let next = "UPDATE latest SET version = version + 1, updated_at = $1 RETURNING version";
        (self.version,) = sqlx::query_as(next)
            .bind(self.now)
            .fetch_one(&mut *self.transaction)
            .await?;
        Ok(())
    }

    /// Uses the version as the id, or the next number that no client has used.
    async fn create(mut self, content: &Content) -> Written {
        loop {
            let row = self.insert(self.version, content).await?;
            if row.is_some() {
                return self.commit(row).await;
            }
            self.next_version().await?;
        }
    }

    async fn insert(&mut self, id: i64, content: &Content) -> Result<Option<Row>, sqlx::Error> {
        sqlx::query_as(
            "INSERT INTO notes (id, title, text, version, updated_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT DO NOTHING RETURNING id, title, text, version, updated_at",
        )
        .bind(id)
        .bind(content.title.clone())
        .bind(content.text.clone())
        .bind(self.version)
        .bind(self.now)
        .fetch_optional(&mut *self.transaction)
        .await
    }

    /// Commits if the write has found its row.
    async fn commit(self, row: Option<Row>) -> Written {
        if row.is_some() {
            self.transaction.commit().await?;
        }
        Ok(row.map(Note::from))
    }
}
