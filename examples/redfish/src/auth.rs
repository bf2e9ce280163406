//! Who may do what: Basic credentials, and sessions with a token (DSP0266).

use axum::{
    extract::{Request, State},
    http::{HeaderName, Method, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use headers::{Authorization, HeaderMapExt, authorization::Basic};

use super::{
    error::Failure,
    seeds,
    store::{Store, is_same},
};

pub(super) const X_AUTH_TOKEN: HeaderName = HeaderName::from_static("x-auth-token");

/// The user who may log in.
#[derive(Clone)]
pub struct Login {
    pub user: String,
    pub password: String,
}

impl std::fmt::Debug for Login {
    /// Without the password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut debug = f.debug_struct("Login");
        debug.field("user", &self.user).finish_non_exhaustive()
    }
}

/// Clones share the sessions.
#[derive(Clone)]
pub(super) struct Auth {
    store: Store,
    login: Option<Login>,
}

impl Auth {
    pub(super) fn new(store: Store, login: Option<Login>) -> Self {
        Self { store, login }
    }

    /// Reports whether somebody may log in. Without a [`Login`] everybody may.
    pub(super) fn accepts(&self, user: &str, password: &str) -> bool {
        self.login.as_ref().is_none_or(|login| {
            let users = is_same(login.user.as_bytes(), user.as_bytes());
            let passwords = is_same(login.password.as_bytes(), password.as_bytes());
            users & passwords
        })
    }

    /// A token is checked even if none is needed: after a logout it must not work any more.
    fn admits(&self, head: &Parts) -> bool {
        if is_public(head) {
            return true;
        }
        let mut tokens = head.headers.get_all(X_AUTH_TOKEN).iter();
        match (tokens.next(), tokens.next()) {
            (Some(token), None) => self.store.is_session(token.as_bytes()),
            (Some(_), Some(_)) => false,
            (None, _) if self.login.is_none() => true,
            (None, _) => head
                .headers
                .typed_get::<Authorization<Basic>>()
                .is_some_and(|basic| self.accepts(basic.username(), basic.password())),
        }
    }
}

/// What needs no credentials: the way to the login, and the login.
fn is_public(head: &Parts) -> bool {
    match head.uri.path().trim_end_matches('/') {
        "/redfish" | "/redfish/v1" => matches!(head.method, Method::GET | Method::HEAD),
        seeds::SESSIONS => head.method == Method::POST,
        _ => false,
    }
}

pub(super) async fn authenticate(
    State(auth): State<Auth>,
    request: Request,
    next: Next,
) -> Response {
    let (head, body) = request.into_parts();
    match auth.admits(&head) {
        true => next.run(Request::from_parts(head, body)).await,
        false => Failure::unauthorized().into_response(),
    }
}
