//! Dropping the future drops what it waits for.

use std::{convert::Infallible, future::pending, sync::Arc};

use futures_util::poll;
use http::Response;
use tower::{Layer, Service, service_fn};
use tower_conditional::drain::DrainLayer;

use crate::support::{Incoming, Step, Steps, put, refusal};

#[tokio::test]
async fn while_the_handler_has_the_content() {
    let body = Steps::new([Step::Data(3)]);
    let fate = body.fate();
    let handler = |request: Incoming| async move {
        pending::<()>().await;
        drop(request);
        Ok::<_, Infallible>(refusal())
    };
    let mut service = DrainLayer::new().layer(service_fn(handler));
    let mut future = Box::pin(service.call(put(body)));
    assert!(poll!(&mut future).is_pending());
    assert!(!fate.is_dropped());
    drop(future);
    assert!(fate.is_dropped());
    assert_eq!(fate.polls(), 0);
}

#[tokio::test]
async fn after_the_handler_has_dropped_the_content() {
    let body = Steps::new([Step::Data(3)]);
    let fate = body.fate();
    let handler = |request: Incoming| async move {
        drop(request);
        pending::<()>().await;
        Ok::<_, Infallible>(refusal())
    };
    let mut service = DrainLayer::new().layer(service_fn(handler));
    let mut future = Box::pin(service.call(put(body)));
    assert!(poll!(&mut future).is_pending());
    drop(future);
    assert!(fate.is_dropped());
    assert_eq!(fate.polls(), 0);
}

#[tokio::test]
async fn while_the_content_is_thrown_away() {
    let body = Steps::new([Step::Data(3), Step::Stall]);
    let fate = body.fate();
    let witness = Arc::new(());
    let (of_response, of_timeout) = (witness.clone(), witness.clone());
    let handler = move |_: Incoming| {
        let response = Response::new(of_response.clone());
        async { Ok::<_, Infallible>(response) }
    };
    let timeout = move || {
        let witness = of_timeout.clone();
        async move {
            pending::<()>().await;
            drop(witness);
        }
    };
    let layer = DrainLayer::new().timeout(timeout);
    let mut service = layer.layer(service_fn(handler));
    let before = Arc::strong_count(&witness);
    let mut future = Box::pin(service.call(put(body)));
    assert!(poll!(&mut future).is_pending());
    assert_eq!(fate.polls(), 2);
    // The closure's clone, its future and the response.
    assert_eq!(Arc::strong_count(&witness), before + 2);
    drop(future);
    assert!(fate.is_dropped());
    assert_eq!(Arc::strong_count(&witness), before);
}
