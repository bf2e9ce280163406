//! Versions of the API. A client asks for one of them.

use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue, StatusCode, header::VARY, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::fault::Fault;

/// The minor version. The major version is 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version(u16);

pub(crate) const ASKED: HeaderName = HeaderName::from_static("x-openstack-ironic-api-version");
const LOWEST: HeaderName = HeaderName::from_static("x-openstack-ironic-api-minimum-version");
const HIGHEST: HeaderName = HeaderName::from_static("x-openstack-ironic-api-maximum-version");

impl Version {
    /// For clients that do not ask for a version.
    pub(crate) const MINIMUM: Version = Version(1);
    /// The first version with entity tags, as in the specification's own example.
    pub(crate) const TAGS: Version = Version(40);
    pub(crate) const NODE_DESCRIPTION: Version = Version(51);
    pub(crate) const MAXIMUM: Version = Version(51);

    /// Returns the version that was negotiated.
    pub(crate) fn of(head: &Parts) -> Self {
        let negotiated = head.extensions.get::<Version>();
        negotiated.copied().unwrap_or(Self::MINIMUM)
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.eq_ignore_ascii_case("latest") {
            return Some(Self::MAXIMUM);
        }
        let minor = text.strip_prefix("1.")?.parse().ok().map(Version)?;
        (Self::MINIMUM..=Self::MAXIMUM)
            .contains(&minor)
            .then_some(minor)
    }

    pub(crate) fn field(self) -> HeaderValue {
        HeaderValue::try_from(format!("1.{}", self.0)).expect("digits are a field value")
    }
}

/// Puts the [`Version`] into the request's extensions, and names it in the response. Answers 406 if
/// there is no such version.
pub(crate) async fn negotiate(mut request: Request, next: Next) -> Response {
    let version = match request.headers().get(ASKED) {
        None => Some(Version::MINIMUM),
        Some(asked) => asked.to_str().ok().map(str::trim).and_then(Version::parse),
    };
    let mut response = match version {
        Some(version) => {
            request.extensions_mut().insert(version);
            let mut response = next.run(request).await;
            response.headers_mut().insert(ASKED, version.field());
            response
        }
        None => {
            Fault::new(StatusCode::NOT_ACCEPTABLE, "There is no such API version.").into_response()
        }
    };
    let headers = response.headers_mut();
    headers.insert(LOWEST, Version::MINIMUM.field());
    headers.insert(HIGHEST, Version::MAXIMUM.field());
    headers.append(VARY, ASKED.into());
    response
}
