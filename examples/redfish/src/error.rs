//! Redfish's extended error information (DSP0266 section 8.6).

use axum::{
    Json,
    body::Bytes,
    extract::{FromRequest, Request},
    http::{
        HeaderValue, Method, Response as HttpResponse, StatusCode,
        header::{CONTENT_TYPE, WWW_AUTHENTICATE},
    },
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use tower_conditional::{Decision, RefusalBody};

/// A message of the Base registry.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) status: StatusCode,
    pub(super) id: &'static str,
    pub(super) message: String,
    pub(super) resolution: &'static str,
}

impl Failure {
    pub(super) fn bad_request(id: &'static str, message: String) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            id,
            message,
            resolution: "Correct the request body and send the request again.",
        }
    }

    pub(super) fn not_found(path: &str) -> Self {
        Self {
            status: StatusCode::NOT_FOUND,
            id: "ResourceMissingAtURI",
            message: format!("The resource at the URI '{path}' was not found."),
            resolution: "Place a valid resource at the URI or correct the URI.",
        }
    }

    pub(super) fn not_allowed(method: &Method) -> Self {
        Self {
            status: StatusCode::METHOD_NOT_ALLOWED,
            id: "OperationNotAllowed",
            message: format!("The resource does not allow {method}."),
            resolution: "Use one of the methods in the field Allow.",
        }
    }

    pub(super) fn unauthorized() -> Self {
        Self {
            status: StatusCode::UNAUTHORIZED,
            id: "ResourceAtUriUnauthorized",
            message: "The credentials are missing or not valid, or the session has ended."
                .to_owned(),
            resolution: "Log in, and send the request again.",
        }
    }

    fn json(&self) -> Value {
        let id = format!("Base.1.18.{}", self.id);
        json!({
            "error": {
                "code": id,
                "message": self.message,
                "@Message.ExtendedInfo": [{
                    "@odata.type": "#Message.v1_2_1.Message",
                    "MessageId": id,
                    "Message": self.message,
                    "MessageArgs": [],
                    "MessageSeverity": "Critical",
                    "Resolution": self.resolution,
                }],
            },
        })
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.json())).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Basic realm=\"redfish\", charset=\"UTF-8\"");
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// Extracts the whole content of a request. One that is too large is answered in Redfish's JSON, too.
pub(super) struct Content(pub(super) Bytes);

impl<S: Send + Sync> FromRequest<S> for Content {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let content = Bytes::from_request(request, state).await;
        content.map(Self).map_err(|rejection| {
            let (id, message) = match rejection.status() {
                StatusCode::PAYLOAD_TOO_LARGE => ("PayloadTooLarge", "is larger than 2 MiB"),
                _ => ("GeneralError", "could not be read"),
            };
            Failure {
                status: rejection.status(),
                ..Failure::bad_request(id, format!("The request body submitted {message}."))
            }
        })
    }
}

/// The reason why a resource was not written.
#[derive(Debug)]
pub(super) enum Unwritten {
    Failure(Failure),
    /// Another writer was faster than a request that had passed the layer. This is the layer's own
    /// response.
    Refused(Box<HttpResponse<RefusalBody>>),
}

impl From<Failure> for Unwritten {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<HttpResponse<RefusalBody>> for Unwritten {
    fn from(refusal: HttpResponse<RefusalBody>) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl IntoResponse for Unwritten {
    fn into_response(self) -> Response {
        match self {
            Self::Failure(failure) => failure.into_response(),
            Self::Refused(refusal) => refusal.into_response(),
        }
    }
}

/// Replaces the content of the layer's response by Redfish's.
pub(super) fn extended(
    decision: Decision,
    response: HttpResponse<RefusalBody>,
) -> HttpResponse<RefusalBody> {
    let (id, message, resolution) = match decision {
        Decision::PreconditionRequired => (
            "PreconditionRequired",
            "A precondition header or annotation is required to change this resource.",
            "Try the operation again using an If-Match or If-None-Match header and appropriate ETag.",
        ),
        Decision::PreconditionFailed(_) => (
            "PreconditionFailed",
            "The ETag supplied did not match the ETag required to change this resource.",
            "Try the operation again using the appropriate ETag.",
        ),
        _ => return response,
    };
    let failure = Failure {
        status: response.status(),
        id,
        message: message.to_owned(),
        resolution,
    };
    let mut response = response.map(|_| RefusalBody::from(failure.json().to_string()));
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
