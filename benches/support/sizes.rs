//! The sizes of the layer's futures.

use std::{convert::Infallible, future::ready};

use http::{Request, Response};
use tower::{Layer, Service, service_fn};
use tower_conditional::{
    ConditionalLayer, EntityTag, ValidatorSource, axum::from_fn, ready_fn, source_fn,
};

use super::services::{by_extractor, by_path};

/// The bytes of the layer's future around the same small service, by source.
///
/// What a boxed look-up allocates is not in it, and is in the table of services.
pub(crate) fn futures() -> [(&'static str, usize); 3] {
    [
        ("ready_fn", size(ready_fn(|_| EntityTag::from_version(7)))),
        ("source_fn", size(source_fn(by_path))),
        ("from_fn", size(from_fn(by_extractor))),
    ]
}

fn size<V: ValidatorSource + Clone>(source: V) -> usize {
    let inner = service_fn(|_: Request<()>| ready(Ok::<_, Infallible>(Response::new(()))));
    let mut service = ConditionalLayer::new(source).layer(inner);
    size_of_val(&service.call(Request::new(())))
}
