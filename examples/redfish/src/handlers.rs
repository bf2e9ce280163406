//! What runs when the preconditions hold.

use axum::{
    Extension, Json,
    extract::State,
    http::{
        HeaderValue, Method, StatusCode, Uri,
        header::{ETAG, LOCATION},
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use tower_conditional::EntityTag;

use super::{
    auth::{Auth, X_AUTH_TOKEN},
    error::{Content, Failure, Unwritten},
    schema, seeds,
    store::Store,
};

pub(super) async fn versions() -> Json<Value> {
    Json(json!({ "v1": "/redfish/v1/" }))
}

pub(super) async fn not_found(uri: Uri) -> Failure {
    Failure::not_found(uri.path())
}

pub(super) async fn not_allowed(method: Method) -> Failure {
    Failure::not_allowed(&method)
}

pub(super) async fn read(State(store): State<Store>, uri: Uri) -> Result<Response, Failure> {
    let (json, tag) = store
        .read(uri.path())
        .ok_or_else(|| Failure::not_found(uri.path()))?;
    Ok(represent(StatusCode::OK, json, tag))
}

pub(super) async fn patch(
    State(store): State<Store>,
    head: Parts,
    Content(content): Content,
) -> Result<Response, Unwritten> {
    let changes = parse(&content)?;
    let (json, tag) = store.change(&head, |json| schema::patch(json, &changes))?;
    Ok(represent(StatusCode::OK, json, tag))
}

pub(super) async fn delete(
    State(store): State<Store>,
    head: Parts,
) -> Result<StatusCode, Unwritten> {
    store.delete(&head)?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn create_account(
    State(store): State<Store>,
    head: Parts,
    Content(content): Content,
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
    let (json, tag) = store.create_account(&head, |id| seeds::account(id, user, role))?;
    Ok(created(json, tag))
}

/// Logs in: makes a session, and returns its token.
pub(super) async fn create_session(
    State(store): State<Store>,
    Extension(auth): Extension<Auth>,
    head: Parts,
    Content(content): Content,
) -> Result<Response, Unwritten> {
    let login = parse(&content)?;
    let user = schema::required(&login, "UserName")?;
    let password = schema::required(&login, "Password")?;
    if !auth.accepts(user, password) {
        return Err(Unwritten::from(Failure::unauthorized()));
    }
    let (json, tag, token) = store.create_session(&head, |id| seeds::session(id, user))?;
    let mut response = created(json, tag);
    if let Ok(mut token) = HeaderValue::try_from(token) {
        token.set_sensitive(true);
        response.headers_mut().insert(X_AUTH_TOKEN, token);
    }
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
