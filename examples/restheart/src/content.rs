//! Reads the content of requests: properties as JSON, and files in forms.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
};
use example_support::media_type_essence;
use futures_util::stream;
use serde_json::{Map, Value};

use super::{failure::Failure, id, store::File};

/// The largest content of a request, in bytes.
pub const LARGEST_CONTENT: usize = 2 * 1024 * 1024;

/// Extracts the whole content of a request. Errors have RESTHeart's JSON, also 413.
pub(crate) struct Content(pub(crate) Bytes);

impl<S: Send + Sync> FromRequest<S> for Content {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        match Bytes::from_request(request, state).await {
            Ok(content) => Ok(Self(content)),
            Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(
                Failure::Invalid(rejection.status(), "The content is larger than 2 MiB"),
            ),
            Err(rejection) => Err(Failure::Invalid(
                rejection.status(),
                "The content could not be read",
            )),
        }
    }
}

/// The properties in the content, and the `_id` in it.
#[derive(Default)]
pub(crate) struct Properties {
    pub(crate) id: Option<String>,
    pub(crate) properties: Map<String, Value>,
}

impl Properties {
    /// Reads a JSON object. Empty content has no properties.
    pub(crate) fn from_json(headers: &HeaderMap, content: &[u8]) -> Result<Self, Failure> {
        if content.is_empty() {
            return Ok(Self::default());
        }
        if !media_type_essence(headers).eq_ignore_ascii_case("application/json") {
            let message = "Content-Type must be application/json";
            return Err(Failure::Invalid(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                message,
            ));
        }
        Self::parse(content)
    }

    fn parse(content: &[u8]) -> Result<Self, Failure> {
        let Ok(Value::Object(mut properties)) = serde_json::from_slice(content) else {
            return Err(bad_request("The content must be a JSON object"));
        };
        // Properties of the service. Clients send them back when they edit what they have read.
        for own in [
            "_etag",
            "_links",
            "_embedded",
            "_returned",
            "_size",
            "_total_pages",
        ] {
            properties.remove(own);
        }
        let id = match properties.remove("_id") {
            Some(id) => Some(
                id::from_json(&id)
                    .ok_or_else(|| bad_request("_id must be a string or an ObjectId"))?,
            ),
            None => None,
        };
        Ok(Self { id, properties })
    }

    /// Returns the properties, unless the `_id` in the content differs from the id in the URL.
    pub(crate) fn of(self, name: &str) -> Result<Map<String, Value>, Failure> {
        match self.id {
            Some(id) if id != name => {
                let message = "_id in the content is different from the id in the URL";
                Err(Failure::Invalid(StatusCode::NOT_ACCEPTABLE, message))
            }
            _ => Ok(self.properties),
        }
    }
}

/// Reads a form with a part `file`, and optionally a part `properties` with JSON.
pub(crate) async fn form(
    headers: &HeaderMap,
    content: Bytes,
) -> Result<(Properties, File), Failure> {
    let boundary = headers
        .get(CONTENT_TYPE)
        .and_then(|value| std::str::from_utf8(value.as_bytes()).ok())
        .and_then(|value| multer::parse_boundary(value).ok());
    let Some(boundary) = boundary else {
        let message = "Content-Type must be multipart/form-data, with a boundary";
        return Err(Failure::Invalid(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            message,
        ));
    };
    let broken = |_| bad_request("The form cannot be read");
    let whole = stream::iter([Ok::<_, std::convert::Infallible>(content)]);
    let mut parts = multer::Multipart::new(whole, boundary);
    let (mut properties, mut file) = (Properties::default(), None);
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        match part.name() {
            Some("properties") => {
                properties = Properties::parse(&part.bytes().await.map_err(broken)?)?;
            }
            Some("file") => {
                let filename = part.file_name().map(str::to_owned);
                let media_type = part.content_type().map(ToString::to_string);
                let content = part.bytes().await.map_err(broken)?;
                file = Some(File {
                    filename,
                    media_type: media_type.unwrap_or_else(|| "application/octet-stream".to_owned()),
                    // A slice would keep the whole request in memory.
                    content: Bytes::copy_from_slice(&content),
                });
            }
            _ => return Err(bad_request("The parts of the form are file and properties")),
        }
    }
    let file = file.ok_or_else(|| bad_request("The form has no file"))?;
    for own in File::PROPERTIES {
        properties.properties.remove(own);
    }
    Ok((properties, file))
}

fn bad_request(message: &'static str) -> Failure {
    Failure::Invalid(StatusCode::BAD_REQUEST, message)
}
