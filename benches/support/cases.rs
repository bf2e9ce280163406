//! The requests that services are called with.

use axum::body::Body;
use http::{
    HeaderName, HeaderValue, Method, Request, StatusCode,
    header::{IF_MATCH, IF_NONE_MATCH},
    request::Parts,
};
use tower_conditional::{ConditionalLayer, EntityTag, HttpDate, Validators};

use super::fields::{self, browser_fields};

pub(crate) static TAG: EntityTag = EntityTag::from_static(fields::ETAG);

/// The modification date of the page, in seconds since 1970.
const LAST_MODIFIED: i64 = 1_667_724_577;

pub(crate) const PAGE: [u8; 1_024] = [b'x'; 1_024];

/// A request, and how it is prepared before the service is called.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) method: Method,
    pub(crate) field: Option<(HeaderName, &'static str)>,
    pub(crate) status: StatusCode,
    content: &'static [u8],
    set_validators: bool,
    record_decision: bool,
    /// The source knows no validators.
    unknown: bool,
    /// The source knows a modification date beside the tag.
    dated: bool,
    /// The service sets the entity tag itself.
    pub(crate) own_tag: bool,
}

impl Case {
    pub(crate) fn all() -> Vec<Case> {
        const OK: StatusCode = StatusCode::OK;
        const NOT_MODIFIED: StatusCode = StatusCode::NOT_MODIFIED;
        let case = |name, about, method, field, status| Case {
            name,
            about,
            method,
            field,
            status,
            content: b"",
            set_validators: true,
            record_decision: false,
            unknown: false,
            dated: false,
            own_tag: false,
        };
        let get = |name, about, field, status| case(name, about, Method::GET, field, status);
        let put = |name, about, tag, status| {
            case(name, about, Method::PUT, Some((IF_MATCH, tag)), status)
        };
        let hit = || Some((IF_NONE_MATCH, fields::ETAG));
        let stale = "\"00000000000000000000000000000001\"";
        let missed = || Some((IF_NONE_MATCH, stale));
        let not_modified = get("304", "GET, If-None-Match: 304", hit(), NOT_MODIFIED);
        let failed = put(
            "412",
            "PUT, If-Match false: 412",
            stale,
            StatusCode::PRECONDITION_FAILED,
        );
        vec![
            case("post", "POST, unconditional", Method::POST, None, OK),
            Case {
                content: &PAGE,
                ..case("post-content", "POST, 1 KiB unread", Method::POST, None, OK)
            },
            Case {
                set_validators: false,
                ..get("get", "GET, set_validators(false)", None, OK)
            },
            Case {
                unknown: true,
                ..get("unknown", "GET, no validators known", None, OK)
            },
            get("stamped", "GET, validators set", None, OK),
            Case {
                own_tag: true,
                ..get("own-tag", "GET, tag of the handler", None, OK)
            },
            Case {
                dated: true,
                ..get("stamped-dated", "GET, tag and date set", None, OK)
            },
            case("put", "PUT, unconditional", Method::PUT, None, OK),
            get("missed", "GET, If-None-Match missed", missed(), OK),
            put("performed", "PUT, If-Match true", fields::ETAG, OK),
            not_modified.clone(),
            Case {
                name: "304-dated",
                about: "the same, tag and date",
                dated: true,
                ..not_modified.clone()
            },
            Case {
                name: "304-recorded",
                about: "the same, decision recorded",
                record_decision: true,
                ..not_modified
            },
            failed.clone(),
            Case {
                name: "412-recorded",
                about: "the same, decision recorded",
                record_decision: true,
                ..failed
            },
        ]
    }

    pub(crate) fn layer<V>(&self, source: V) -> ConditionalLayer<V> {
        ConditionalLayer::new(source)
            .set_validators(self.set_validators)
            .record_decision(self.record_decision)
    }

    /// What the source says of the page.
    pub(crate) fn validators(&self) -> Validators {
        if self.unknown {
            return Validators::new();
        }
        let tagged = Validators::from(TAG.clone());
        match self.dated {
            true => tagged.with_last_modified(
                HttpDate::from_unix_seconds(LAST_MODIFIED).expect("a year of four digits"),
            ),
            false => tagged,
        }
    }

    /// The request with this head.
    pub(crate) fn request(&self, head: Parts) -> Request<Body> {
        let body = match self.content {
            [] => Body::empty(),
            content => Body::from(content),
        };
        Request::from_parts(head, body)
    }

    /// The head of the request, with eight ordinary browser fields.
    pub(crate) fn head(&self) -> Parts {
        let mut request = Request::new(());
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = http::Uri::from_static("/page");
        *request.headers_mut() = browser_fields();
        if let Some((name, value)) = &self.field {
            request
                .headers_mut()
                .insert(name, HeaderValue::from_static(value));
        }
        request.into_parts().0
    }
}
