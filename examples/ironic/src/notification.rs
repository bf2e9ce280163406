//! Notifications, which the conductor sends to the message bus after each write.

use serde_json::{Value, json};

use super::{object::Object, version::Version};

/// A write, and the object after it, with its tag.
///
/// By the tag a client can see whether the representation that it holds is still current.
#[derive(Clone, Debug)]
pub struct Notification(Value);

impl Notification {
    /// Creates a notification. `action` is `create`, `update` or `delete`. A deleted object has its last
    /// state.
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
