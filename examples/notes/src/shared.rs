//! Texts that several processes serve. The handler just writes: the lock makes it safe.
//!
//! A second, smaller service. It shares no code with the notes.

use axum::{
    Extension, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use sqlx::PgPool;
use tower_conditional::{
    ConditionalLayer, EntityTag, Requirement, axum::from_fn_with_state, lock::WriteLock,
};

use super::pg_lock::LockedConnection;

/// A text that is deleted and created again has no version twice.
const SCHEMA: &str = "CREATE SEQUENCE IF NOT EXISTS text_versions;
    CREATE TABLE IF NOT EXISTS texts (name TEXT PRIMARY KEY, version BIGINT NOT NULL, content TEXT NOT NULL)";

/// Creates the table, unless another process has.
pub async fn create_table(pool: &PgPool) -> Result<(), sqlx::Error> {
    let mut one_after_another = pool.begin().await?;
    sqlx::query("SELECT pg_advisory_xact_lock(0)")
        .execute(&mut *one_after_another)
        .await?;
    sqlx::raw_sql(SCHEMA)
        .execute(&mut *one_after_another)
        .await?;
    one_after_another.commit().await
}

/// Returns the service. `lock` must be one of all processes, as
/// [`PgAdvisoryLock`](super::PgAdvisoryLock) is.
pub fn texts(pool: PgPool, lock: WriteLock) -> Router {
    let layer = ConditionalLayer::new(from_fn_with_state(pool.clone(), version))
        .require(Requirement::WRITES)
        .lock(lock);
    let text = get(read).put(write).delete(delete);
    Router::new()
        .route("/texts/{name}", text.route_layer(layer))
        .with_state(pool)
}

async fn version(
    State(pool): State<PgPool>,
    Path(name): Path<String>,
) -> Result<Option<EntityTag>, sqlx::Error> {
    let version = sqlx::query_scalar("SELECT version FROM texts WHERE name = $1");
    let version: Option<i64> = version.bind(name).fetch_optional(&pool).await?;
    Ok(version.map(EntityTag::from_version))
}

async fn read(State(pool): State<PgPool>, Path(name): Path<String>) -> Result<Response, Failed> {
    let text = sqlx::query_as("SELECT version, content FROM texts WHERE name = $1");
    let text: Option<(i64, String)> = text.bind(name).fetch_optional(&pool).await?;
    Ok(match text {
        // One statement reads both, so that they belong together.
        Some((version, content)) => {
            let tag = EntityTag::from_version(version).to_string();
            ([("etag", tag)], content).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    })
}

async fn write(
    State(pool): State<PgPool>,
    locked: Option<Extension<LockedConnection>>,
    Path(name): Path<String>,
    content: String,
) -> Result<StatusCode, Failed> {
    let write = "INSERT INTO texts VALUES ($1, nextval('text_versions'), $2) ON CONFLICT (name)
        DO UPDATE SET version = EXCLUDED.version, content = EXCLUDED.content";
    let write = sqlx::query(write).bind(name).bind(content);
    run(&pool, locked, write).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn delete(
    State(pool): State<PgPool>,
    locked: Option<Extension<LockedConnection>>,
    Path(name): Path<String>,
) -> Result<StatusCode, Failed> {
    let delete = sqlx::query("DELETE FROM texts WHERE name = $1").bind(name);
    Ok(match run(&pool, locked, delete).await? {
        0 => StatusCode::NOT_FOUND,
        _ => StatusCode::NO_CONTENT,
    })
}

/// Writes through the connection that holds the lock.
async fn run(
    pool: &PgPool,
    locked: Option<Extension<LockedConnection>>,
    query: sqlx::query::Query<'_, sqlx::Postgres, sqlx::postgres::PgArguments>,
) -> Result<u64, sqlx::Error> {
    let done = match locked {
        Some(Extension(locked)) => match &mut *locked.get().await {
            Some(connection) => query.execute(&mut **connection).await?,
            None => return Err(sqlx::Error::PoolClosed),
        },
        // A lock of this process alone shares no connection.
        None => query.execute(pool).await?,
    };
    Ok(done.rows_affected())
}

struct Failed;

impl From<sqlx::Error> for Failed {
    fn from(error: sqlx::Error) -> Self {
        eprintln!("shared: the database failed: {error}");
        Self
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        StatusCode::SERVICE_UNAVAILABLE.into_response()
    }
}
