//! Auto traits are part of the interface: a server moves services and futures between threads.

use std::{convert::Infallible, future::Ready, marker::PhantomPinned};

use bytes::Bytes;
use http::{Request, Response, request::Parts};
use tower::util::BoxCloneSyncService;
use tower_conditional::{
    Conditional, ConditionalLayer, CurrentState, Decision, EntityTag, Field, HttpDate, Outcome,
    Preconditions, Refusal, RefusalBody, Representation, Requirement, Rules, Ruling, Selected,
    ValidatorSource, Validators,
    date::InvalidHttpDate,
    etag::{EntityTagRef, EntityTags, InvalidEntityTag},
    precondition::InvalidRequirement,
    server::{ResponseBody, ResponseFuture},
    source::{Answer, BoxLookup, BoxedSource, Lookup, ReadyFn, SourceError},
    source_fn,
};

fn is_send<T: Send>() {}
fn is_sync<T: Sync>() {}
fn is_unpin<T: Unpin>() {}

fn all_three<T: Send + Sync + Unpin>() {}

#[test]
fn values_have_all_three() {
    all_three::<EntityTag>();
    all_three::<EntityTagRef<'_>>();
    all_three::<EntityTags<'_>>();
    all_three::<InvalidEntityTag>();
    all_three::<HttpDate>();
    all_three::<InvalidHttpDate>();
    all_three::<Validators>();
    all_three::<CurrentState<&Validators>>();
    all_three::<Preconditions<'_>>();
    all_three::<Rules>();
    all_three::<Decision>();
    all_three::<Field>();
    all_three::<Outcome>();
    all_three::<Requirement>();
    all_three::<Ruling>();
    all_three::<InvalidRequirement>();
    all_three::<Representation>();
    all_three::<Selected>();
    all_three::<SourceError>();
    all_three::<Refusal<'_>>();
    all_three::<RefusalBody>();
    all_three::<Lookup<Ready<Answer>>>();
    all_three::<BoxedSource>();
    is_send::<BoxLookup>();
}

type Source = ReadyFn<fn(&Parts) -> EntityTag>;
type Handler = BoxCloneSyncService<Request<Bytes>, Response<Bytes>, Infallible>;

#[test]
fn layer_and_service_have_what_their_parts_have() {
    all_three::<Source>();
    all_three::<ConditionalLayer<Source>>();
    all_three::<Conditional<Handler, Source>>();
}

/// A source whose future is `F`.
#[derive(Clone)]
struct SourceOf<F>(std::marker::PhantomData<fn() -> F>);

impl<F: std::future::Future<Output = Answer>> ValidatorSource for SourceOf<F> {
    type Future = F;

    fn look_up(&self, _: &Parts) -> Lookup<F> {
        Lookup::ready(EntityTag::from_version(1))
    }
}

type FutureOf<F> = ResponseFuture<Handler, SourceOf<F>, Bytes>;

/// Pinned, and otherwise at ease everywhere.
struct Pinned(PhantomPinned);

impl std::future::Future for Pinned {
    type Output = Answer;

    fn poll(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Answer> {
        std::task::Poll::Ready(Ok(EntityTag::from_version(1).into()))
    }
}

#[test]
fn the_future_is_send_if_its_parts_are() {
    is_send::<FutureOf<Ready<Answer>>>();
    is_send::<FutureOf<Pinned>>();
    is_unpin::<FutureOf<Ready<Answer>>>();
}

#[test]
fn the_body_has_what_the_handlers_has() {
    all_three::<ResponseBody<String>>();
    is_send::<ResponseBody<std::cell::Cell<u8>>>();
    is_sync::<ResponseBody<PhantomPinned>>();
}

// The future of an asynchronous closure has no name, so only its use shows whether it is `Send`.
#[test]
fn a_service_with_an_asynchronous_source_can_be_spawned() {
    use tower::{Layer, Service, service_fn};

    let handler = service_fn(|request: Request<Bytes>| async {
        tokio::task::yield_now().await;
        Ok::<_, Infallible>(Response::new(request.into_body()))
    });
    let source = source_fn(|_: &Parts| async {
        tokio::task::yield_now().await;
        EntityTag::from_version(1)
    });
    let mut service = ConditionalLayer::new(source).layer(handler);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .build()
        .unwrap();
    let response = runtime.spawn(service.call(Request::new(Bytes::new())));
    let response = runtime.block_on(response).unwrap().unwrap();
    assert_eq!(response.headers()["etag"], "\"1\"");
}

#[test]
fn the_other_layers_have_what_their_parts_have() {
    use tower_conditional::{
        ByHead, FromResponse,
        coding::{CodingSuffixLayer, CodingSuffixService},
        drain::{DrainBody, DrainLayer, DrainService},
    };

    all_three::<ByHead<Bytes>>();
    all_three::<FromResponse>();
    all_three::<CodingSuffixLayer>();
    all_three::<CodingSuffixService<Handler>>();
    all_three::<DrainLayer>();
    all_three::<DrainService<Handler, fn() -> Ready<()>>>();
    is_send::<DrainBody<String>>();
}

#[cfg(feature = "cache")]
#[test]
fn a_cache_has_what_its_source_has() {
    all_three::<tower_conditional::Cached<Source>>();
}

#[cfg(feature = "digest")]
#[test]
fn the_layer_of_tags_has_what_its_service_has() {
    use tower_conditional::tagging::{EtagBody, EtagLayer, EtagService};

    all_three::<EtagLayer>();
    all_three::<EtagService<Handler, sha2::Sha256>>();
    is_send::<EtagBody<String, sha2::Sha256>>();
}

#[cfg(feature = "client")]
#[test]
fn the_client_has_what_its_service_has() {
    use tower_conditional::client::{
        ClientBody, ClientError, ClientErrorReason, ConditionalClient, ConditionalClientLayer,
        FinalUri, KnownValidators, Rejection, Resent, ServerTag, UpdateError,
        store::{Hold, MemoryStore, StoreEntry, StoreKey},
    };

    all_three::<ConditionalClientLayer>();
    all_three::<ConditionalClient<Handler>>();
    all_three::<ClientBody<String>>();
    all_three::<ClientError<Infallible>>();
    all_three::<ClientErrorReason>();
    all_three::<KnownValidators>();
    all_three::<Rejection>();
    all_three::<FinalUri>();
    all_three::<Resent>();
    all_three::<ServerTag>();
    all_three::<UpdateError<Infallible>>();
    all_three::<MemoryStore>();
    all_three::<StoreKey>();
    all_three::<StoreEntry>();
    all_three::<Hold>();
}

#[cfg(feature = "axum")]
#[test]
fn what_axum_users_hold_has_all_three() {
    use tower_conditional::axum::{Precondition, PreconditionRejection, from_fn};

    fn all_three_of<T: Send + Sync + Unpin>(_: T) {}

    all_three::<Precondition>();
    all_three::<PreconditionRejection>();
    all_three_of(from_fn(|| async { EntityTag::from_version(1) }));
}
