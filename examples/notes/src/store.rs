//! The notes in a SQL database. The statements are the same for SQLite and PostgreSQL.

use sqlx::{AnyPool, any::AnyPoolOptions};
use tower_conditional::EntityTag;

use super::note::{Changed, Content, Item, Note};

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

/// The columns of a note, in this order: id, title, text, version, updated_at.
pub(super) type Row = (i64, String, String, i64, i64);

impl From<Row> for Note {
    fn from((id, title, text, version, unix_seconds): Row) -> Self {
        Self {
            id,
            content: Content { title, text },
            changed: Changed {
                version,
                unix_seconds,
            },
        }
    }
}

#[derive(Clone, Debug)]
pub struct Store {
    pub(super) pool: AnyPool,
}

impl Store {
    /// Opens a database, and creates its tables if there are none. Creates a SQLite file if
    /// necessary.
    pub async fn open(url: &str) -> Result<Self, sqlx::Error> {
        sqlx::any::install_default_drivers();
        let sqlite = url.starts_with("sqlite:");
        let url = if sqlite && !url.contains('?') {
            format!("{url}?mode=rwc")
        } else {
            url.to_owned()
        };
        // SQLite allows one write at a time. The pool serves its waiters in turn. SQLite serves
        // them by chance, and under load some would never be served.
        let connections = if sqlite { 1 } else { 8 };
        let pool = AnyPoolOptions::new()
            .max_connections(connections)
            .connect(&url)
            .await?;
        for statement in SCHEMA {
            sqlx::query(statement).execute(&pool).await?;
        }
        Ok(Self { pool })
    }

    pub async fn close(&self) {
        self.pool.close().await;
    }

    pub(crate) async fn list_changed(&self) -> Result<Option<Changed>, sqlx::Error> {
        let row = sqlx::query_as("SELECT version, updated_at FROM latest")
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.map(changed))
    }

    pub(crate) async fn changed(&self, id: i64) -> Result<Option<Changed>, sqlx::Error> {
        let row = sqlx::query_as("SELECT version, updated_at FROM notes WHERE id = $1")
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.map(changed))
    }

    pub(crate) async fn note(&self, id: i64) -> Result<Option<Note>, sqlx::Error> {
        let row: Option<Row> =
            sqlx::query_as("SELECT id, title, text, version, updated_at FROM notes WHERE id = $1")
                .bind(id)
                .fetch_optional(&self.pool)
                .await?;
        Ok(row.map(Note::from))
    }

    /// Returns the latest change of the list, and its items. One statement reads both, so that they
    /// belong together.
    pub(crate) async fn list(&self) -> Result<(Changed, Vec<Item>), sqlx::Error> {
        type Row = (i64, i64, Option<i64>, Option<String>, Option<i64>);
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT latest.version, latest.updated_at, notes.id, notes.title, notes.version
             FROM latest LEFT JOIN notes ON 1 = 1 ORDER BY notes.id",
        )
        .fetch_all(&self.pool)
        .await?;
        let &(version, updated_at, ..) = rows.first().ok_or(sqlx::Error::RowNotFound)?;
        let item = |(_, _, id, title, version): Row| {
            Some(Item {
                id: id?,
                title: title?,
                etag: EntityTag::from_version(version?),
            })
        };
        let items = rows.into_iter().filter_map(item).collect();
        Ok((changed((version, updated_at)), items))
    }
}

fn changed((version, unix_seconds): (i64, i64)) -> Changed {
    Changed {
        version,
        unix_seconds,
    }
}
