//! Logging in and out, as DSP0266 describes it under "Redfish session login authentication".

use std::sync::{MutexGuard, PoisonError};

use http::{HeaderMap, HeaderValue, Method, StatusCode, header::LOCATION};
use serde_json::{Value, json};

use super::{Failure, Guarded, Redfish, Resource};
use crate::auth::X_AUTH_TOKEN;

/// Where BMCs have their sessions, if the service root does not say so.
const SESSIONS: &str = "/redfish/v1/SessionService/Sessions";

/// A session of the BMC's.
#[derive(Debug)]
pub(super) struct Session {
    /// Marked as sensitive.
    pub(super) token: HeaderValue,
    path: Option<String>,
}

impl Redfish {
    pub(super) fn lock(&self) -> MutexGuard<'_, Option<Session>> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reports whether there were credentials in the URL.
    pub fn has_login(&self) -> bool {
        self.login.is_some()
    }

    /// Logs in, and returns the service root. From here on, requests carry the token of the session
    /// in place of the credentials; also those for resources that were found before.
    ///
    /// Without credentials in the URL, and in a session that has not ended, it only reads the service
    /// root.
    ///
    /// # Errors
    ///
    /// Fails if the BMC does not accept the credentials, or has no sessions. The client then still
    /// sends Basic credentials.
    pub async fn connect(&self) -> Result<Resource, Failure> {
        let mut root = self.root();
        // Whoever is not logged in may read it. The credentials are for the login.
        let request = self.request(
            Method::GET,
            root.path(),
            None,
            Guarded::IfKnown,
            HeaderMap::new(),
        )?;
        let response = Failure::check(self.exchange(request).await?)?;
        root.take(&response)?;
        let Some(login) = self.login.as_ref().filter(|_| self.lock().is_none()) else {
            return Ok(root);
        };
        let sessions = root.get("Links").await?["Sessions"]["@odata.id"].as_str();
        let sessions = sessions.unwrap_or(SESSIONS).to_owned();
        let content = json!({ "UserName": login.user, "Password": login.password });
        let request = self.request(
            Method::POST,
            &sessions,
            Some(&content),
            Guarded::IfKnown,
            HeaderMap::new(),
        )?;
        let response = Failure::check(self.exchange(request).await?)?;
        let token = response.headers().get(X_AUTH_TOKEN);
        let token = token.map(|token| HeaderValue::from_bytes(token.as_bytes()));
        let Some(Ok(mut token)) = token else {
            return Err(Failure::no_token(&sessions));
        };
        token.set_sensitive(true);
        let location = response.headers().get(LOCATION);
        let location = location.and_then(|value| std::str::from_utf8(value.as_bytes()).ok());
        let body: Value = serde_json::from_slice(response.body()).unwrap_or_default();
        let location = location.or(body["@odata.id"].as_str());
        let path = location.and_then(|location| self.url(&sessions, location).ok());
        *self.lock() = Some(Session {
            token,
            path: path.map(|url| url.path().to_owned()),
        });
        Ok(root)
    }

    /// Forgets a session that the BMC has ended, so that [`connect`](Self::connect) logs in again.
    pub(super) fn has_ended(&self, token: Option<HeaderValue>) {
        let mut session = self.lock();
        if session.as_ref().map(|session| &session.token) == token.as_ref() {
            *session = None;
        }
    }

    /// Logs out: deletes the session, and forgets its token. Without a session, nothing is sent.
    ///
    /// # Errors
    ///
    /// Fails if the BMC does not delete the session. The token is forgotten nevertheless.
    pub async fn logout(&self) -> Result<(), Failure> {
        let Some(session) = self.lock().take() else {
            return Ok(());
        };
        let path = session.path.ok_or_else(Failure::no_session)?;
        let mut credentials = HeaderMap::new();
        credentials.insert(X_AUTH_TOKEN, session.token);
        // It is to end, whatever has become of it.
        let request = self.request(Method::DELETE, &path, None, Guarded::Not, credentials)?;
        let response = self.exchange(request).await?;
        match response.status() {
            // It has ended already.
            StatusCode::UNAUTHORIZED | StatusCode::NOT_FOUND => Ok(()),
            _ => Failure::check(response).map(|_| ()),
        }
    }
}
