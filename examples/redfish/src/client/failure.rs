use std::{error::Error, fmt, time::Duration};

use axum::body::Bytes;
use http::{Response, StatusCode};
use serde_json::Value;
use tower_conditional::client::Rejection;

/// An error of the client, and what to do next.
#[derive(Debug)]
pub struct Failure {
    is_refused: bool,
    message: String,
}

impl Failure {
    fn new(message: String) -> Self {
        Self {
            is_refused: false,
            message,
        }
    }

    pub fn transport(error: impl Error) -> Self {
        let mut message = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            message += &format!(": {error}");
            cause = error.source();
        }
        Self::new(message)
    }

    pub(super) fn not_json(path: &str) -> Self {
        Self::new(format!("{path} is not a JSON object"))
    }

    pub(super) fn elsewhere(path: &str) -> Self {
        Self::new(format!(
            "{path} is not on this BMC, and nothing was sent: the credentials are for the BMC only"
        ))
    }

    pub(super) fn no_link(path: &str, name: &str) -> Self {
        Self::new(format!("{path} has no link in {name}"))
    }

    pub(super) fn not_simple(path: &str, name: &str) -> Self {
        Self::new(format!(
            "{name} is not a simple property of {path}; set it by a patch"
        ))
    }

    pub(super) fn no_expression(text: &str) -> Self {
        Self::new(format!(
            "{text:?} is no expression such as Systems[0] or system.PowerState"
        ))
    }

    pub(super) fn no_tag(text: &str) -> Self {
        Self::new(format!(
            "{text:?} is no tag, and nothing was sent: the write would not be guarded"
        ))
    }

    pub(super) fn no_token(path: &str) -> Self {
        Self::new(format!("{path} has answered a login without X-Auth-Token"))
    }

    pub(super) fn no_session() -> Self {
        Self::new("the BMC has not said where the session is: it ends when it is idle".to_owned())
    }

    pub(super) fn not_http(url: &str) -> Self {
        Self::new(format!("{url} is no http or https URL"))
    }

    pub(super) fn in_file(file: &str, error: &dyn fmt::Display) -> Self {
        Self::new(format!("{file}: {error}"))
    }

    pub(super) fn late(patience: Duration) -> Self {
        Self::new(format!(
            "no response within {} s. Read the resource again: a write may have been made, or not",
            patience.as_secs()
        ))
    }

    /// Reports whether the BMC has refused a write with 412 or 428.
    pub const fn is_refused(&self) -> bool {
        self.is_refused
    }

    pub(super) fn check(response: Response<Bytes>) -> Result<Response<Bytes>, Self> {
        if response.status().is_success() {
            return Ok(response);
        }
        let told = told(response.body());
        let refused = Rejection::of(&response);
        Err(Self {
            is_refused: refused.is_some(),
            message: match refused {
                Some(refused) => explain(refused, &told),
                None => format!("the BMC answered {}{told}", response.status()),
            },
        })
    }
}

/// Returns the first message of Redfish's extended error information.
fn told(body: &[u8]) -> String {
    let error: Value = serde_json::from_slice(body).unwrap_or_default();
    let error = &error["error"];
    let info = &error["@Message.ExtendedInfo"][0];
    match info["Message"].as_str().or(error["message"].as_str()) {
        Some(message) => format!(": {message}"),
        None => String::new(),
    }
}

fn explain(refused: &Rejection, told: &str) -> String {
    let what = format!("{} {}", refused.method(), refused.uri().path());
    let status = refused.status();
    let sent = refused.sent().map(|tag| lossy(tag.as_bytes()));
    let current = refused.current().map(|tag| lossy(tag.as_bytes()));
    let next = match (status, &sent, &current) {
        (StatusCode::PRECONDITION_FAILED, Some(sent), Some(current)) if sent == current => format!(
            "The tag {sent} that was sent is the current one, but the BMC does not accept it. Look for \
             the form of the tag in the BMC's log{}.",
            if sent.starts_with("W/") { "; strictly, a weak tag never matches" } else { "" }
        ),
        (StatusCode::PRECONDITION_FAILED, Some(sent), current) => format!(
            "Somebody has changed it since it was read: its tag was {sent}{}. Read it again, look at \
             what has changed, and, if you still want to, make your change once more. If that is \
             refused as well, the BMC does not update its tags.",
            current.as_ref().map_or(String::new(), |tag| format!(", and is {tag} now"))
        ),
        (StatusCode::PRECONDITION_FAILED, None, _) => {
            "No tag was sent, for the resource has none. The BMC demands something else.".to_owned()
        }
        (_, None, _) => "The BMC demands a tag, but the resource has none to send: neither \
             @odata.etag nor ETag. Read it again; if it still has none, this is a fault of the BMC's \
             firmware, or a proxy removes it."
            .to_owned(),
        (_, Some(sent), _) => format!(
            "The BMC demands a tag, and does not take {sent} for one. Read the resource again."
        ),
    };
    format!("{what} was refused with {status}{told}\nNothing was changed. {next}")
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Failure {}
