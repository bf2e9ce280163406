//! The conductor. It alone writes, one call after the other, and checks the tag when it does.

use axum::http::StatusCode;
use json_patch::Patch;
use serde_json::{Map, Value};
use tokio::sync::{broadcast, mpsc, oneshot};
use tower_conditional::EntityTag;

use super::{
    database::Database, fault::Fault, kind::Kind, notification::Notification, object::Object,
    version::Version,
};

/// A call from the API to the conductor. `etag` is the tag of the object that the client wants to
/// change, as the API has evaluated it. Without one the conductor does not compare.
pub(crate) enum Request {
    Create {
        kind: Kind,
        fields: Map<String, Value>,
    },
    Update {
        kind: Kind,
        ident: String,
        patch: Patch,
        etag: Option<EntityTag>,
    },
    Replace {
        kind: Kind,
        ident: String,
        fields: Map<String, Value>,
        version: Version,
        etag: Option<EntityTag>,
    },
    Destroy {
        kind: Kind,
        ident: String,
        etag: Option<EntityTag>,
    },
    Heartbeat {
        node: String,
        callback_url: String,
        etag: Option<EntityTag>,
    },
}

/// A call in the message queue, and where the answer goes: the object after the call, if it still
/// exists.
pub struct Call {
    request: Request,
    reply: oneshot::Sender<Result<Option<Object>, Fault>>,
}

pub struct Conductor {
    database: Database,
    queue: mpsc::Receiver<Call>,
    bus: broadcast::Sender<Notification>,
}

/// The API's end of the message queue.
#[derive(Clone)]
pub(crate) struct Calls(mpsc::Sender<Call>);

pub(crate) fn new(database: Database) -> (Conductor, Calls) {
    const WAITING_CALLS: usize = 64;
    const WAITING_NOTIFICATIONS: usize = 256;
    let (calls, queue) = mpsc::channel(WAITING_CALLS);
    let (bus, _) = broadcast::channel(WAITING_NOTIFICATIONS);
    let conductor = Conductor {
        database,
        queue,
        bus,
    };
    (conductor, Calls(calls))
}

impl Calls {
    pub(crate) async fn call(&self, request: Request) -> Result<Option<Object>, Fault> {
        let gone = || Fault::new(StatusCode::SERVICE_UNAVAILABLE, "No conductor is running.");
        let (reply, answer) = oneshot::channel();
        let call = Call { request, reply };
        self.0.send(call).await.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }
}

impl Conductor {
    pub async fn run(mut self) {
        while let Some(call) = self.next().await {
            self.perform(call);
        }
    }

    /// Returns a receiver of all later notifications. A slow receiver misses the oldest ones.
    pub fn notifications(&self) -> broadcast::Receiver<Notification> {
        self.bus.subscribe()
    }

    /// Waits for the next call.
    pub async fn next(&mut self) -> Option<Call> {
        self.queue.recv().await
    }

    pub fn perform(&self, call: Call) {
        let outcome = self.outcome(call.request);
        // A client that has gone away needs no answer.
        let _ = call.reply.send(outcome);
    }

    fn notify(&self, action: &str, object: &Object) {
        // There need not be a receiver.
        let _ = self.bus.send(Notification::new(action, object));
    }

    fn outcome(&self, request: Request) -> Result<Option<Object>, Fault> {
        match request {
            Request::Create { kind, fields } => {
                let created = self.database.insert(Object::create(kind, fields)?)?;
                self.notify("create", &created);
                Ok(Some(created))
            }
            Request::Update {
                kind,
                ident,
                patch,
                etag,
            } => self.update(kind, &ident, etag, |object| object.patched(&patch)),
            Request::Replace {
                kind,
                ident,
                fields,
                version,
                etag,
            } => self.update(kind, &ident, etag, |object| {
                object.replaced(fields, version)
            }),
            Request::Destroy { kind, ident, etag } => {
                for gone in self.database.remove(kind, &ident, etag.as_ref())? {
                    self.notify("delete", &gone);
                }
                Ok(None)
            }
            Request::Heartbeat {
                node,
                callback_url,
                etag,
            } => self
                .database
                .update(Kind::Node, &node, etag.as_ref(), |object| {
                    object.heard_of(callback_url)
                })
                .map(Some),
        }
    }

    fn update(
        &self,
        kind: Kind,
        ident: &str,
        etag: Option<EntityTag>,
        change: impl FnOnce(&Object) -> Result<Object, Fault>,
    ) -> Result<Option<Object>, Fault> {
        let updated = self.database.update(kind, ident, etag.as_ref(), change)?;
        self.notify("update", &updated);
        Ok(Some(updated))
    }
}
