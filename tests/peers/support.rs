//! Sends one request through the layer.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use bytes::Bytes;
use http::{Request, Response, request::Parts};
use http_body_util::{BodyExt, Full};
use tower::{Layer, ServiceExt, service_fn};
use tower_conditional::{
    ConditionalLayer, EntityTag, HttpDate, Representation, Selected, ready_fn,
};

/// The answer of the source, and the response of the handler.
pub(crate) struct Site {
    pub(crate) selected: Selected,
    pub(crate) status: u16,
    pub(crate) fields: &'static [(&'static str, &'static str)],
}

pub(crate) struct Reply {
    pub(crate) response: Response<Bytes>,
    /// Whether the handler ran.
    pub(crate) performed: bool,
}

impl Site {
    /// Creates a site with this answer of the source, and a handler that answers 200.
    pub(crate) fn of(selected: impl Into<Selected>) -> Self {
        Self {
            selected: selected.into(),
            status: 200,
            fields: &[],
        }
    }

    pub(crate) fn answering(
        mut self,
        status: u16,
        fields: &'static [(&'static str, &'static str)],
    ) -> Self {
        self.status = status;
        self.fields = fields;
        self
    }

    pub(crate) fn send(&self, request: http::request::Builder) -> Reply {
        let performed = Arc::new(AtomicBool::new(false));
        let (flag, status, fields) = (Arc::clone(&performed), self.status, self.fields);
        let handler = service_fn(move |_: Request<()>| {
            flag.store(true, Ordering::SeqCst);
            let mut response = Response::builder().status(status);
            for (name, value) in fields {
                response = response.header(*name, *value);
            }
            async { Ok::<_, Infallible>(response.body(Full::<Bytes>::from("content")).unwrap()) }
        });
        let selected = self.selected.clone();
        let service = ConditionalLayer::new(ready_fn(move |_: &Parts| selected.clone()))
            .record_decision(true)
            .layer(handler);
        let response = tokio_test::block_on(async {
            let response = service.oneshot(request.body(()).unwrap()).await.unwrap();
            let (head, body) = response.into_parts();
            Response::from_parts(head, body.collect().await.unwrap().to_bytes())
        });
        Reply {
            response,
            performed: performed.load(Ordering::SeqCst),
        }
    }

    /// Sends the request and returns the status of the response.
    pub(crate) fn status(&self, request: http::request::Builder) -> u16 {
        self.send(request).response.status().as_u16()
    }
}

pub(crate) const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
pub(crate) const BEFORE: &str = "Sun, 06 Nov 1994 08:49:36 GMT";
pub(crate) const LATER: &str = "Sun, 06 Nov 1994 08:49:38 GMT";

pub(crate) fn date() -> HttpDate {
    HttpDate::from_unix_seconds(784_111_777).unwrap()
}

/// A resource with the tag `"1"` that was modified at `DATE`.
pub(crate) fn both() -> Representation {
    Representation::from(EntityTag::from_version(1)).with_last_modified(date())
}
