//! Writes to the database. Each change is one transaction and changes one version.

use std::time::{SystemTime, UNIX_EPOCH};

use sqlx::{Any, Transaction};

use super::{
    note::{Change, Changed, Content, Edit, Note, Version},
    seeds::seeds,
    store::Store,
};

/// The result of a change.
#[derive(Debug)]
pub(crate) enum Attempt {
    /// It succeeded. This is the note that it wrote or deleted.
    Done(Note),
    /// It failed, because another writer has replaced the version that it was for.
    Lost,
}

/// The id, title and text of the row that a statement wrote, if it found the row.
type Written = Option<(i64, String, String)>;

impl Store {
    /// Makes the change, unless another writer has replaced the version that it is for. `expected`
    /// is the version of the note, or `None` if the note must not exist. For a new note it is the
    /// version of the list, or `None` if that does not matter.
    pub(crate) async fn attempt(
        &self,
        change: &Change,
        expected: Option<Version>,
    ) -> Result<Attempt, sqlx::Error> {
        let mut writer = self.writer().await?;
        let of_list = expected.filter(|_| matches!(change, Change::Create(_)));
        // Every change locks the row of `latest` first. So changes run one after another, and there
        // is no deadlock.
        if !writer.next_version(of_list).await? {
            return Ok(Attempt::Lost);
        }
        let written = match (change, expected) {
            (Change::Create(content), _) => writer.insert_anywhere(content).await?,
            (Change::Put(id, content), None) => writer.insert(*id, content).await?,
            (Change::Put(id, content), Some(expected)) => {
                writer.update(*id, expected, &Edit::from(content)).await?
            }
            (Change::Edit(id, edit), Some(expected)) => writer.update(*id, expected, edit).await?,
            (Change::Delete(id), Some(expected)) => writer.delete(*id, expected).await?,
            (Change::Edit(..) | Change::Delete(_), None) => None,
        };
        let Some((id, title, text)) = written else {
            return Ok(Attempt::Lost);
        };
        let changed = writer.commit().await?;
        let content = Content { title, text };
        Ok(Attempt::Done(Note {
            id,
            content,
            changed,
        }))
    }

    /// Writes the first notes into a new database.
    pub async fn seed(&self) -> Result<(), sqlx::Error> {
        let mut writer = self.writer().await?;
        for (count, content) in (0..).zip(seeds()) {
            if !writer.next_version(Some(Version(count))).await? {
                return Ok(());
            }
            writer.insert_anywhere(&content).await?;
        }
        writer.commit().await?;
        Ok(())
    }

    async fn writer(&self) -> Result<Writer, sqlx::Error> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        Ok(Writer {
            transaction: self.pool.begin().await?,
            version: 0,
            now: now.map_or(0, |now| now.as_secs().try_into().unwrap_or(i64::MAX)),
        })
    }
}

/// A transaction. Without a commit, dropping it undoes everything, including the new version.
struct Writer {
    transaction: Transaction<'static, Any>,
    version: i64,
    now: i64,
}

impl Writer {
    /// Takes the next version, unless the latest one is not the expected one.
    async fn next_version(&mut self, expected: Option<Version>) -> Result<bool, sqlx::Error> {
        let next: Option<(i64,)> = sqlx::query_as(
            "UPDATE latest SET version = version + 1, updated_at = $1
             WHERE $2 IS NULL OR version = $2 RETURNING version",
        )
        .bind(self.now)
        .bind(expected.map(|version| version.0))
        .fetch_optional(&mut *self.transaction)
        .await?;
        if let Some((version,)) = next {
            self.version = version;
        }
        Ok(next.is_some())
    }

    async fn insert(&mut self, id: i64, content: &Content) -> Result<Written, sqlx::Error> {
        sqlx::query_as(
            "INSERT INTO notes (id, title, text, version, updated_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT DO NOTHING RETURNING id, title, text",
        )
        .bind(id)
        .bind(content.title.clone())
        .bind(content.text.clone())
        .bind(self.version)
        .bind(self.now)
        .fetch_optional(&mut *self.transaction)
        .await
    }

    /// Uses the version as the id, or the next number that no client has used.
    async fn insert_anywhere(&mut self, content: &Content) -> Result<Written, sqlx::Error> {
        loop {
            let written = self.insert(self.version, content).await?;
            if written.is_some() || !self.next_version(None).await? {
                return Ok(written);
            }
        }
    }

    async fn update(
        &mut self,
        id: i64,
        expected: Version,
        edit: &Edit,
    ) -> Result<Written, sqlx::Error> {
        sqlx::query_as(
            "UPDATE notes SET title = COALESCE($1, title), text = COALESCE($2, text),
             version = $3, updated_at = $4
             WHERE id = $5 AND version = $6 RETURNING id, title, text",
        )
        .bind(edit.title.clone())
        .bind(edit.text.clone())
        .bind(self.version)
        .bind(self.now)
        .bind(id)
        .bind(expected.0)
        .fetch_optional(&mut *self.transaction)
        .await
    }

    async fn delete(&mut self, id: i64, expected: Version) -> Result<Written, sqlx::Error> {
        sqlx::query_as("DELETE FROM notes WHERE id = $1 AND version = $2 RETURNING id, title, text")
            .bind(id)
            .bind(expected.0)
            .fetch_optional(&mut *self.transaction)
            .await
    }

    async fn commit(self) -> Result<Changed, sqlx::Error> {
        self.transaction.commit().await?;
        Ok(Changed::new(self.version, self.now))
    }
}
