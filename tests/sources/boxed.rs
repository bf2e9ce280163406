//! Sources whose type is erased, or shared.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use http::{Request, request::Parts};
use tower::{Layer, ServiceExt, service_fn};
use tower_conditional::{
    ConditionalLayer, EntityTag, FromResponse, ValidatorSource, ready_fn,
    source::{BoxLookup, BoxedSource, Lookup},
    source_fn,
};

/// The status of a PUT with `If-Match: "1"`.
fn put<V: ValidatorSource + Clone>(source: V) -> u16 {
    let handler = service_fn(|_: Request<String>| async {
        Ok::<_, std::convert::Infallible>(http::Response::new(String::new()))
    });
    let put = Request::put("/1").header("if-match", "\"1\"");
    let service = ConditionalLayer::new(source).layer(handler);
    let response = service.oneshot(put.body(String::new()).unwrap());
    tokio_test::block_on(response).unwrap().status().as_u16()
}

/// The version is counted in memory, and read after a pause.
#[derive(Clone)]
struct Counted {
    version: Arc<AtomicU64>,
}

impl ValidatorSource for Counted {
    type Future = BoxLookup;

    fn look_up(&self, head: &Parts) -> Lookup<BoxLookup> {
        let (version, path) = (Arc::clone(&self.version), head.uri.path().to_owned());
        Lookup::boxed(async move {
            tokio::task::yield_now().await;
            let tag = EntityTag::from_version(version.load(Ordering::SeqCst));
            (path == "/1").then_some(tag)
        })
    }
}

#[test]
fn a_type_implements_the_trait_in_a_dozen_lines() {
    let source = Counted {
        version: Arc::new(AtomicU64::new(1)),
    };
    assert_eq!(put(source.clone()), 200);
    source.version.store(2, Ordering::SeqCst);
    assert_eq!(put(source.clone()), 412);
    assert_eq!(put(source.boxed()), 412);
}

#[test]
fn a_source_is_chosen_at_run_time() {
    let choose = |version: Option<u64>| -> BoxedSource {
        match version {
            Some(1) => ready_fn(|_| EntityTag::from_version(1)).boxed(),
            Some(version) => {
                source_fn(move |_| async move { EntityTag::from_version(version) }).boxed()
            }
            None => FromResponse.boxed(),
        }
    };
    assert_eq!(put(choose(Some(1))), 200);
    assert_eq!(put(choose(Some(2))), 412);
    assert_eq!(put(choose(None)), 501);
}

#[test]
fn a_shared_source_is_a_source() {
    let version = Arc::new(AtomicU64::new(1));
    let counted = Counted {
        version: Arc::clone(&version),
    };
    // The type behind the `Arc` need not be `Clone`.
    struct Shared(Counted);
    impl ValidatorSource for Shared {
        type Future = BoxLookup;

        fn look_up(&self, head: &Parts) -> Lookup<BoxLookup> {
            self.0.look_up(head)
        }
    }
    let shared = Arc::new(Shared(counted));
    assert_eq!(put(Arc::clone(&shared)), 200);
    version.store(2, Ordering::SeqCst);
    assert_eq!(put(Arc::clone(&shared)), 412);
    assert_eq!(put(shared.boxed()), 412);
}

/// Like the source that it hides, it is not asked about what the response has anyway.
#[test]
fn a_hidden_source_is_asked_as_often() {
    let asked = Arc::new(AtomicU64::new(0));
    struct Never(Arc<AtomicU64>);
    impl ValidatorSource for Never {
        type Future = std::future::Ready<tower_conditional::source::Answer>;

        fn look_up(&self, _: &Parts) -> Lookup<Self::Future> {
            self.0.fetch_add(1, Ordering::SeqCst);
            Lookup::ready(EntityTag::from_version(1))
        }
    }
    let get = |source: BoxedSource| {
        let handler = service_fn(|_: Request<String>| async {
            Ok::<_, std::convert::Infallible>(http::Response::new(String::new()))
        });
        let service = ConditionalLayer::new(source).layer(handler);
        tokio_test::block_on(service.oneshot(Request::new(String::new()))).unwrap()
    };
    let response = get(Arc::new(Never(Arc::clone(&asked))).boxed());
    assert_eq!(response.headers()["etag"], "\"1\"");
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    let response = get(FromResponse.boxed());
    assert!(response.headers().is_empty());
}
