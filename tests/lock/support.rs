//! A resource whose handler just writes, and can be held up.

use std::{
    convert::Infallible,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use http::{Method, Request, Response, StatusCode, request::Parts};
use tokio::sync::Semaphore;
use tower::{Layer, Service, ServiceExt, util::BoxCloneSyncService};
use tower_conditional::{
    ConditionalLayer, EntityTag, RefusalBody, Requirement, Selected, ValidatorSource,
    lock::WriteLock, server::ResponseBody, source_fn,
};

/// What a handler does when it may go on.
pub(crate) type Act = Arc<dyn Fn(&Parts) -> Response<Body> + Send + Sync>;

pub(crate) type Body = RefusalBody;

#[derive(Clone)]
pub(crate) struct Resource {
    pub(crate) version: Arc<Mutex<u64>>,
    /// A permit lets one write end.
    pub(crate) gate: Arc<Semaphore>,
    pub(crate) running: Arc<AtomicUsize>,
    /// The most writes that ran at once.
    pub(crate) most: Arc<AtomicUsize>,
    pub(crate) asked: Arc<AtomicUsize>,
    pub(crate) act: Act,
}

impl Resource {
    /// A resource whose writes end only with a permit.
    pub(crate) fn gated() -> Self {
        Self {
            version: Arc::new(Mutex::new(1)),
            gate: Arc::new(Semaphore::new(0)),
            running: Arc::default(),
            most: Arc::default(),
            asked: Arc::default(),
            act: Arc::new(|_| Response::new(Body::default())),
        }
    }

    /// A resource whose writes end at once.
    pub(crate) fn open() -> Self {
        let resource = Self::gated();
        resource.gate.add_permits(1000);
        resource
    }

    pub(crate) fn acting(
        mut self,
        act: impl Fn(&Parts) -> Response<Body> + Send + Sync + 'static,
    ) -> Self {
        self.act = Arc::new(act);
        self
    }

    pub(crate) fn answering(self, status: StatusCode) -> Self {
        self.acting(move |_| {
            let mut response = Response::new(Body::default());
            *response.status_mut() = status;
            response
        })
    }

    pub(crate) fn version(&self) -> u64 {
        *self.version.lock().unwrap()
    }

    pub(crate) fn running(&self) -> usize {
        self.running.load(Ordering::SeqCst)
    }

    /// A source that has to be awaited.
    pub(crate) fn source(&self) -> impl ValidatorSource<Future: Send> + Clone + use<> {
        let (version, asked) = (self.version.clone(), self.asked.clone());
        source_fn(move |_: &Parts| {
            let (version, asked) = (version.clone(), asked.clone());
            async move {
                asked.fetch_add(1, Ordering::SeqCst);
                tokio::task::yield_now().await;
                Selected::from(EntityTag::from_version(*version.lock().unwrap()))
            }
        })
    }

    pub(crate) fn handler(&self) -> Handler {
        let this = self.clone();
        BoxCloneSyncService::new(tower::service_fn(move |request: Request<()>| {
            let this = this.clone();
            async move {
                let (head, ()) = request.into_parts();
                if head.method.is_safe() {
                    return Ok(Response::new(Body::default()));
                }
                let _running = Running::new(&this);
                // A lost update needs a write that is based on something old.
                let old = this.version();
                this.gate.acquire().await.unwrap().forget();
                let response = (this.act)(&head);
                *this.version.lock().unwrap() = old + 1;
                Ok(response)
            }
        }))
    }

    pub(crate) fn service(&self, lock: WriteLock) -> App {
        self.with(self.source(), lock)
    }

    pub(crate) fn with<V>(&self, source: V, lock: WriteLock) -> App
    where
        V: ValidatorSource<Future: Send> + Clone + Send + Sync + 'static,
    {
        let layer = ConditionalLayer::new(source)
            .require(Requirement::WRITES)
            .record_decision(true)
            .lock(lock);
        App::new(layer.layer(self.handler()))
    }
}

struct Running(Arc<AtomicUsize>);

impl Running {
    fn new(resource: &Resource) -> Self {
        let now = resource.running.fetch_add(1, Ordering::SeqCst) + 1;
        resource.most.fetch_max(now, Ordering::SeqCst);
        Self(resource.running.clone())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

pub(crate) type Handler = BoxCloneSyncService<Request<()>, Response<Body>, Infallible>;

pub(crate) type App = BoxCloneSyncService<Request<()>, Response<ResponseBody<Body>>, Infallible>;

/// Polls the response of a request by hand.
pub(crate) type Pending =
    tokio_test::task::Spawn<std::pin::Pin<Box<dyn std::future::Future<Output = Answer> + Send>>>;

pub(crate) type Answer = Response<ResponseBody<Body>>;

pub(crate) fn spawn(app: &App, request: Request<()>) -> Pending {
    let response = app.clone().oneshot(request);
    tokio_test::task::spawn(Box::pin(async move { response.await.unwrap() }))
}

/// Polls as often as the future is woken.
pub(crate) fn settle(pending: &mut Pending) -> Option<Answer> {
    loop {
        if let std::task::Poll::Ready(response) = pending.poll() {
            return Some(response);
        }
        if !pending.is_woken() {
            return None;
        }
    }
}

pub(crate) fn request(method: Method, path: &str, tag: Option<u64>) -> Request<()> {
    let mut request = Request::builder().method(method).uri(path);
    if let Some(tag) = tag {
        request = request.header("if-match", format!("\"{tag}\""));
    }
    request.body(()).unwrap()
}

pub(crate) fn put(path: &str, tag: u64) -> Request<()> {
    request(Method::PUT, path, Some(tag))
}

pub(crate) async fn send(app: &App, request: Request<()>) -> Answer {
    app.clone().oneshot(request).await.unwrap()
}

/// Boxes the future only to give the service a name.
pub(crate) fn boxed<S>(service: S) -> App
where
    S: Service<Request<()>, Response = Answer, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
{
    App::new(service)
}
