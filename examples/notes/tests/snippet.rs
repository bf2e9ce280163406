//! What an axum user would write without looking anything up, with an SQLite pool.

use axum::{
    Json, Router,
    body::Body,
    extract::{Path, State},
    http::{Request, StatusCode},
    response::{IntoResponse, Response},
    routing::get,
};
use serde::{Deserialize, Serialize};
use sqlx::{Row, SqlitePool, sqlite::SqlitePoolOptions};
use tower::ServiceExt;
use tower_conditional::{
    ConditionalLayer, EntityTag, Requirement,
    axum::{Precondition, PreconditionRejection, from_fn_with_state},
};

type Db = SqlitePool;

#[derive(Debug, Deserialize, Serialize)]
struct Note {
    text: String,
}

enum Error {
    Database(sqlx::Error),
    Precondition(PreconditionRejection),
    NotFound,
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Error::Database(error)
    }
}

impl From<PreconditionRejection> for Error {
    fn from(rejection: PreconditionRejection) -> Self {
        Error::Precondition(rejection)
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        match self {
            Error::Database(error) => {
                (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response()
            }
            Error::Precondition(rejection) => rejection.into_response(),
            Error::NotFound => StatusCode::NOT_FOUND.into_response(),
        }
    }
}

async fn version(
    State(db): State<Db>,
    Path(id): Path<i64>,
) -> Result<Option<EntityTag>, sqlx::Error> {
    let row: Option<(i64,)> = sqlx::query_as("SELECT version FROM notes WHERE id = ?")
        .bind(id)
        .fetch_optional(&db)
        .await?;
    Ok(row.map(|(version,)| EntityTag::from_version(version)))
}

async fn read(State(db): State<Db>, Path(id): Path<i64>) -> Result<Json<Note>, Error> {
    let row = sqlx::query("SELECT text FROM notes WHERE id = ?")
        .bind(id)
        .fetch_optional(&db)
        .await?;
    let text = row.ok_or(Error::NotFound)?.try_get("text")?;
    Ok(Json(Note { text }))
}

async fn replace(
    State(db): State<Db>,
    Path(id): Path<i64>,
    precondition: Precondition,
    Json(note): Json<Note>,
) -> Result<impl IntoResponse, Error> {
    let new: Option<(i64,)> = sqlx::query_as(
        "UPDATE notes SET version = version + 1, text = ? WHERE id = ? AND version = ?
         RETURNING version",
    )
    .bind(&note.text)
    .bind(id)
    .bind(precondition.version::<i64>())
    .fetch_optional(&db)
    .await?;
    let Some((new,)) = new else {
        let current = version(State(db), Path(id)).await?;
        return Err(precondition.lost(&current).into());
    };
    Ok((EntityTag::from_version(new), Json(note)))
}

async fn remove(
    State(db): State<Db>,
    Path(id): Path<i64>,
    precondition: Precondition,
) -> Result<StatusCode, Error> {
    let mut transaction = db.begin().await?;
    let row: Option<(i64,)> = sqlx::query_as("SELECT version FROM notes WHERE id = ?")
        .bind(id)
        .fetch_optional(&mut *transaction)
        .await?;
    let current = row.map(|(version,)| EntityTag::from_version(version));
    precondition.recheck(&current)?;
    current.ok_or(Error::NotFound)?;
    sqlx::query("DELETE FROM notes WHERE id = ?")
        .bind(id)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

fn app(db: Db) -> Router {
    let guard =
        ConditionalLayer::new(from_fn_with_state(db.clone(), version)).require(Requirement::WRITES);
    Router::new()
        .route(
            "/notes/{id}",
            get(read).put(replace).delete(remove).route_layer(guard),
        )
        .with_state(db)
}

/// A database with note 1, in version 7.
async fn database() -> Db {
    let db = SqlitePoolOptions::new()
        .max_connections(1)
        .connect("sqlite::memory:")
        .await
        .unwrap();
    for statement in [
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, version INTEGER NOT NULL, text TEXT NOT NULL)",
        "INSERT INTO notes VALUES (1, 7, 'old')",
    ] {
        sqlx::query(statement).execute(&db).await.unwrap();
    }
    db
}

async fn send(app: &Router, method: &str, path: &str, field: (&str, &str)) -> Response {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", "application/json")
        .header(field.0, field.1)
        .body(Body::from("{\"text\":\"new\"}"))
        .unwrap();
    app.clone().oneshot(request).await.unwrap()
}

async fn note(db: &Db) -> (i64, String) {
    sqlx::query_as("SELECT version, text FROM notes WHERE id = 1")
        .fetch_one(db)
        .await
        .unwrap()
}

#[tokio::test]
async fn the_natural_code_is_the_right_code() {
    let db = database().await;
    let app = app(db.clone());
    for (method, path, field, status) in [
        ("GET", "/notes/1", ("if-none-match", "\"7\""), 304),
        ("GET", "/notes/1", ("if-none-match", "\"6\""), 200),
        ("GET", "/notes/2", ("if-none-match", "\"6\""), 404),
        ("PUT", "/notes/1", ("if-match", "\"6\""), 412),
        ("PUT", "/notes/%31", ("if-match", "\"6\""), 412),
        ("PUT", "/notes/1", ("accept", "*/*"), 428),
        ("PUT", "/notes/one", ("if-match", "\"7\""), 400),
        ("DELETE", "/notes/1", ("if-match", "\"6\""), 412),
        ("PATCH", "/notes/1", ("if-match", "\"6\""), 405),
        ("PUT", "/note/1", ("if-match", "\"6\""), 404),
    ] {
        let response = send(&app, method, path, field).await;
        assert_eq!(response.status(), status, "{method} {path} {field:?}");
        assert_eq!(note(&db).await, (7, "old".to_owned()), "{method} {path}");
    }
    let response = send(&app, "PUT", "/notes/1", ("if-match", "\"7\"")).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["etag"], "\"8\"");
    assert_eq!(note(&db).await, (8, "new".to_owned()));
    let response = send(&app, "DELETE", "/notes/1", ("if-match", "*")).await;
    assert_eq!(response.status(), 204);
}

// The layer's check passes, and then another writer is faster.
#[tokio::test]
async fn a_lost_race_is_a_412_with_the_other_version() {
    let db = database().await;
    let other = db.clone();
    let app = app(db.clone());
    // A source that is out of date.
    let stale = ConditionalLayer::new(tower_conditional::ready_fn(|_| EntityTag::from_version(7)));
    let late = Router::new()
        .route(
            "/late/{id}",
            axum::routing::put(replace)
                .delete(remove)
                .route_layer(stale),
        )
        .with_state(db.clone());
    sqlx::query("UPDATE notes SET version = 8, text = 'other' WHERE id = 1")
        .execute(&other)
        .await
        .unwrap();
    for method in ["PUT", "DELETE"] {
        let early = send(&app, method, "/notes/1", ("if-match", "\"7\"")).await;
        let late = send(&late, method, "/late/1", ("if-match", "\"7\"")).await;
        assert_eq!(early.status(), 412);
        assert_eq!(late.status(), 412);
        assert_eq!(early.headers(), late.headers());
        assert_eq!(late.headers()["etag"], "\"8\"");
        assert_eq!(note(&db).await, (8, "other".to_owned()));
    }
}
