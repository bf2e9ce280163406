//! Notifications: what the conductor tells others on the message bus after it has written.

use serde_json::{Value, json};

use super::{object::Object, version::Version};

/// What was done to an object, and the object as it is since then, with its tag.
///
/// A client that listens knows by the tag whether the representation that it holds is still current.
#[derive(Clone, Debug)]
pub struct Notification(Value);

impl Notification {
    /// `action` is `create`, `update` or `delete`. A deleted object is as it was last.
    pub(crate) fn new(action: &str, object: &Object) -> Self {
        let (kind, payload) = object.kind().singular();
        Self(json!({
            "event_type": format!("baremetal.{kind}.{action}.end"),
            "publisher_id": "ironic-conductor.example",
            "priority": "INFO",
            "payload": {
                "ironic_object.namespace": "ironic",
                "ironic_object.name": payload,
                "ironic_object.version": "1.0",
                "ironic_object.data": object.representation(Version::MAXIMUM),
            },
        }))
    }

    /// Returns the notification as JSON.
    pub const fn json(&self) -> &Value {
        &self.0
    }
}
