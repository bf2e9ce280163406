//! The notes in a SQL database. The statements are the same for SQLite and PostgreSQL.
//!
//! Each write is one transaction, and is made only to the version that it names. No version is NULL
//! in SQL, which equals nothing: such a write finds no row.

use std::time::{SystemTime, UNIX_EPOCH};

use sqlx::{
    Any, AnyPool, Error, Transaction,
    any::{AnyArguments, AnyPoolOptions},
    query::QueryAs,
    query_as,
};
use tower_conditional::EntityTag;

use super::note::{Changed, Content, Edit, Item, Note};

const SCHEMA: [&str; 3] = [
    "CREATE TABLE IF NOT EXISTS notes (
        id BIGINT PRIMARY KEY,
        title TEXT NOT NULL,
        text TEXT NOT NULL,
        version BIGINT NOT NULL,
        updated_at BIGINT NOT NULL
    )",
    // One row: the latest change of any note, which is also the version of the list.
    "CREATE TABLE IF NOT EXISTS latest (
        one BIGINT PRIMARY KEY CHECK (one = 1),
        version BIGINT NOT NULL,
        updated_at BIGINT NOT NULL
    )",
    "INSERT INTO latest (one, version, updated_at) VALUES (1, 0, 0) ON CONFLICT DO NOTHING",
];

#[derive(Clone, Debug)]
pub struct Store(AnyPool);

/// `None` if the version was not current, and nothing is written.
type Written = Result<Option<Note>, Error>;

impl Store {
    /// Opens a database, and creates its tables if there are none. Creates a SQLite file if
    /// necessary.
    pub async fn open(url: &str) -> Result<Self, Error> {
        sqlx::any::install_default_drivers();
        let sqlite = url.starts_with("sqlite:");
        let create = sqlite && !url.contains('?');
        let options = if create { "?mode=rwc" } else { "" };
        // SQLite allows one write at a time. The pool serves its waiters in turn. SQLite serves
        // them by chance, and under load some would never be served.
        let pool = AnyPoolOptions::new().max_connections(if sqlite { 1 } else { 8 });
        let pool = pool.connect(&format!("{url}{options}")).await?;
        for statement in SCHEMA {
            sqlx::query(statement).execute(&pool).await?;
        }
        Ok(Self(pool))
    }

    /// Writes the first notes into a new database.
    pub async fn seed(&self) -> Result<(), Error> {
        // Several KiB, so that a 304 and compression make a difference.
        let long = "A cache that asks with If-None-Match need not get this.\n".repeat(120);
        let welcome = "Get me, change me, and put me back with my ETag in If-Match.";
        let editors = "Of two who change the same version, one gets 412 and loses nothing.";
        let notes = [
            ("Welcome", welcome),
            ("Two editors", editors),
            ("A long one", &long),
        ];
        for (version, (title, text)) in (0..).zip(notes) {
            let (title, text) = (title.to_owned(), text.to_owned());
            self.create_at(Some(version), &Content { title, text })
                .await?;
        }
        Ok(())
    }

    pub async fn close(&self) {
        self.0.close().await;
    }

    pub(crate) async fn list_changed(&self) -> Result<Option<Changed>, Error> {
        let select = query_as("SELECT version, updated_at FROM latest");
        select.fetch_optional(&self.0).await
    }

    pub(crate) async fn changed(&self, id: i64) -> Result<Option<Changed>, Error> {
        let select = query_as("SELECT version, updated_at FROM notes WHERE id = $1");
        select.bind(id).fetch_optional(&self.0).await
    }

    pub(crate) async fn note(&self, id: i64) -> Result<Option<Note>, Error> {
        let select = query_as("SELECT * FROM notes WHERE id = $1");
        select.bind(id).fetch_optional(&self.0).await
    }

    /// Returns the latest change of the list, and its items. One statement reads both, so that they
    /// belong together.
    pub(crate) async fn list(&self) -> Result<(Changed, Vec<Item>), Error> {
        type Row = (i64, i64, Option<i64>, Option<String>, Option<i64>);
        let select = query_as(
            "SELECT latest.version, latest.updated_at, notes.id, notes.title, notes.version
             FROM latest LEFT JOIN notes ON 1 = 1 ORDER BY notes.id",
        );
        let rows: Vec<Row> = select.fetch_all(&self.0).await?;
        let &(version, updated_at, ..) = rows.first().ok_or(Error::RowNotFound)?;
        let item = |(_, _, id, title, version): Row| {
            let (id, title, etag) = (id?, title?, EntityTag::from_version(version?));
            Some(Item { id, title, etag })
        };
        let items = rows.into_iter().filter_map(item).collect();
        let changed = Changed {
            version,
            updated_at,
        };
        Ok((changed, items))
    }

    pub(crate) async fn create(&self, content: &Content) -> Written {
        self.begin().await?.create(content).await
    }

    /// Creates a note if this is the version of the list.
    pub(crate) async fn create_at(&self, version: Option<i64>, content: &Content) -> Written {
        let writer = self.begin().await?;
        // The writer has taken the next version.
        if version == Some(writer.next.version - 1) {
            writer.create(content).await
        } else {
            Ok(None)
        }
    }

    /// Creates a note if there is none of this id.
    pub(crate) async fn insert(&self, id: i64, content: &Content) -> Written {
        let mut writer = self.begin().await?;
        let written = writer.insert(id, content).await?;
        writer.commit(written).await
    }

    pub(crate) async fn update(&self, id: i64, version: Option<i64>, edit: &Edit) -> Written {
        let writer = self.begin().await?;
        let update = query_as(
            "UPDATE notes SET title = COALESCE($1, title), text = COALESCE($2, text),
             version = $3, updated_at = $4 WHERE id = $5 AND version = $6 RETURNING *",
        );
        let update = update.bind(edit.title.clone()).bind(edit.text.clone());
        let update = update
            .bind(writer.next.version)
            .bind(writer.next.updated_at);
        writer.finish(update.bind(id).bind(version)).await
    }

    pub(crate) async fn delete(&self, id: i64, version: Option<i64>) -> Written {
        let delete = query_as("DELETE FROM notes WHERE id = $1 AND version = $2 RETURNING *");
        let writer = self.begin().await?;
        writer.finish(delete.bind(id).bind(version)).await
    }

    async fn begin(&self) -> Result<Writer, Error> {
        let mut transaction = self.0.begin().await?;
        let next = next(&mut transaction).await?;
        Ok(Writer { transaction, next })
    }
}

/// Takes the next version. This locks the row of `latest`, so writers run one after another, and
/// there is no deadlock.
async fn next(transaction: &mut Transaction<'static, Any>) -> Result<Changed, Error> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.map_or(0, |now| now.as_secs().try_into().unwrap_or(i64::MAX));
    query_as("UPDATE latest SET version = version + 1, updated_at = $1 RETURNING *")
        .bind(now)
        .fetch_one(&mut **transaction)
        .await
}

/// Without a commit, dropping it undoes everything, including the new version.
struct Writer {
    transaction: Transaction<'static, Any>,
    next: Changed,
}

impl Writer {
    /// Uses the version as the id, or the next number that no client has used.
    async fn create(mut self, content: &Content) -> Written {
        loop {
            let written = self.insert(self.next.version, content).await?;
            if written.is_some() {
                return self.commit(written).await;
            }
            self.next = next(&mut self.transaction).await?;
        }
    }

    async fn insert(&mut self, id: i64, content: &Content) -> Written {
        let insert = query_as(
            "INSERT INTO notes (id, title, text, version, updated_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT DO NOTHING RETURNING *",
        );
        let insert = insert.bind(id).bind(content.title.clone());
        let insert = insert.bind(content.text.clone()).bind(self.next.version);
        let insert = insert.bind(self.next.updated_at);
        insert.fetch_optional(&mut *self.transaction).await
    }

    async fn finish(mut self, write: QueryAs<'_, Any, Note, AnyArguments>) -> Written {
        let written = write.fetch_optional(&mut *self.transaction).await?;
        self.commit(written).await
    }

    /// Commits if the write has found its row.
    async fn commit(self, written: Option<Note>) -> Written {
        if written.is_some() {
            self.transaction.commit().await?;
        }
        Ok(written)
    }
}
