//! What runs when the preconditions hold.

use axum::{
    Extension, Json,
    body::Bytes,
    extract::State,
    http::{
        HeaderName, HeaderValue, StatusCode, Uri,
        header::{ETAG, LOCATION},
    },
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use tower_conditional::{EntityTag, Outcome};

use super::{
    error::{Failure, Unwritten},
    schema, seeds,
    store::Store,
};

pub(super) async fn versions() -> Json<Value> {
    Json(json!({ "v1": "/redfish/v1/" }))
}

pub(super) async fn not_found(uri: Uri) -> Failure {
    Failure::not_found(uri.path())
}

pub(super) async fn read(State(store): State<Store>, uri: Uri) -> Result<Response, Failure> {
    let (json, tag) = store
        .read(uri.path())
        .ok_or_else(|| Failure::not_found(uri.path()))?;
    Ok(represent(StatusCode::OK, json, tag))
}

pub(super) async fn patch(
    State(store): State<Store>,
    uri: Uri,
    outcome: Option<Extension<Outcome>>,
    content: Bytes,
) -> Result<Response, Unwritten> {
    let changes = parse(&content)?;
    let outcome = outcome.as_ref().map(|Extension(outcome)| outcome);
    let (json, tag) = store.change(uri.path(), outcome, |json| schema::patch(json, &changes))?;
    Ok(represent(StatusCode::OK, json, tag))
}

pub(super) async fn delete(
    State(store): State<Store>,
    uri: Uri,
    outcome: Option<Extension<Outcome>>,
) -> Result<StatusCode, Unwritten> {
    let outcome = outcome.as_ref().map(|Extension(outcome)| outcome);
    store.delete(uri.path(), outcome)?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn create_account(
    State(store): State<Store>,
    uri: Uri,
    outcome: Option<Extension<Outcome>>,
    content: Bytes,
) -> Result<Response, Unwritten> {
    let account = parse(&content)?;
    let user = schema::required(&account, "UserName")?;
    let role = schema::required(&account, "RoleId")?;
    schema::required(&account, "Password")?;
    if !schema::ROLES.contains(&role) {
        return Err(Unwritten::from(Failure::bad_request(
            "PropertyValueNotInList",
            format!("The value {role} for the property RoleId is not acceptable."),
        )));
    }
    let outcome = outcome.as_ref().map(|Extension(outcome)| outcome);
    let (json, tag) = store.create(uri.path(), outcome, |id| seeds::account(id, user, role))?;
    Ok(created(json, tag))
}

pub(super) async fn create_session(
    State(store): State<Store>,
    uri: Uri,
    content: Bytes,
) -> Result<Response, Unwritten> {
    let login = parse(&content)?;
    let user = schema::required(&login, "UserName")?;
    schema::required(&login, "Password")?;
    // The layer does not evaluate a login.
    let (json, tag) = store.create(uri.path(), None, |id| seeds::session(id, user))?;
    let mut response = created(json, tag);
    // Nothing is protected by it.
    response.headers_mut().insert(
        HeaderName::from_static("x-auth-token"),
        HeaderValue::from_static("simulated"),
    );
    Ok(response)
}

fn parse(content: &[u8]) -> Result<Value, Failure> {
    serde_json::from_slice(content).map_err(|_| {
        Failure::bad_request(
            "MalformedJSON",
            "The request body submitted was malformed JSON and could not be parsed.".to_owned(),
        )
    })
}

fn created(json: Value, tag: Option<EntityTag>) -> Response {
    let location = json["@odata.id"]
        .as_str()
        .and_then(|path| path.parse().ok());
    let mut response = represent(StatusCode::CREATED, json, tag);
    if let Some(location) = location {
        let _: Option<HeaderValue> = response.headers_mut().insert(LOCATION, location);
    }
    response
}

fn represent(status: StatusCode, json: Value, tag: Option<EntityTag>) -> Response {
    let mut response = (status, Json(json)).into_response();
    if let Some(tag) = tag {
        response.headers_mut().insert(ETAG, tag.into());
    }
    response
}
