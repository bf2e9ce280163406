use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use tower_conditional::EntityTag;

pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A request with an empty body and these fields.
pub(crate) fn request<B: Default>(
    method: Method,
    uri: &str,
    fields: &[(&'static str, &str)],
) -> Request<B> {
    let mut request = Request::builder().method(method).uri(uri);
    for (name, value) in fields {
        request = request.header(HeaderName::from_static(name), *value);
    }
    request.body(B::default()).unwrap()
}

/// A response with an empty body and these fields.
pub(crate) fn response<B: Default>(
    status: u16,
    fields: &[(&'static str, &'static str)],
) -> Response<B> {
    let mut response = Response::new(B::default());
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    for (name, value) in fields {
        let name = HeaderName::from_static(name);
        let value = HeaderValue::from_static(value);
        response.headers_mut().append(name, value);
    }
    response
}

#[track_caller]
pub(crate) fn assert_answer<B>(response: &Response<B>, status: u16, etag: Option<&str>) {
    assert_eq!(response.status().as_u16(), status);
    let found = response.headers().get("etag");
    assert_eq!(found.map(|tag| tag.to_str().unwrap()), etag);
}

pub(crate) fn tag(opaque: &str) -> EntityTag {
    EntityTag::strong(opaque).unwrap()
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Counter(Arc<AtomicUsize>);

impl Counter {
    pub(crate) fn add_one(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn get(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

/// Counts how many of its instances were dropped.
pub(crate) struct CountDrop(pub(crate) Counter);

impl Drop for CountDrop {
    fn drop(&mut self) {
        self.0.add_one();
    }
}

/// A future that is never ready. `dropped` counts the futures that were dropped.
pub(crate) async fn never<T>(dropped: Counter) -> Result<T, std::convert::Infallible> {
    let _count = CountDrop(dropped);
    std::future::pending().await
}
