//! The kinds of objects and their fields.

use serde_json::{Map, Value};

use super::{uuid, version::Version};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Node,
    Port,
    Portgroup,
    Chassis,
}

pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) form: Form,
    pub(crate) access: Access,
    /// The API version that introduced the field.
    pub(crate) since: Version,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Access {
    /// An object must have the field.
    Required,
    Optional,
    /// Clients cannot write the field.
    Internal,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Form {
    Text,
    Flag {
        default: bool,
    },
    Object,
    MacAddress,
    Uuid,
    /// The UUID of an object of this kind.
    Reference(Kind),
}

use self::{
    Access::{Internal, Optional, Required},
    Form::{Flag, MacAddress, Object, Reference, Text, Uuid},
};

const fn field(name: &'static str, form: Form, access: Access) -> Field {
    Field {
        name,
        form,
        access,
        since: Version::MINIMUM,
    }
}

const COMMON: [Field; 4] = [
    field("uuid", Uuid, Internal),
    field("extra", Object, Optional),
    field("created_at", Text, Internal),
    field("updated_at", Text, Internal),
];

const NODE: [Field; 12] = [
    field("name", Text, Optional),
    field("driver", Text, Required),
    field("driver_info", Object, Optional),
    field("driver_internal_info", Object, Internal),
    field("properties", Object, Optional),
    field("instance_uuid", Uuid, Optional),
    field("chassis_uuid", Reference(Kind::Chassis), Optional),
    field("maintenance", Flag { default: false }, Optional),
    field("maintenance_reason", Text, Optional),
    field("power_state", Text, Internal),
    field("provision_state", Text, Internal),
    Field {
        since: Version::NODE_DESCRIPTION,
        ..field("description", Text, Optional)
    },
];

const PORT: [Field; 4] = [
    field("address", MacAddress, Required),
    field("node_uuid", Reference(Kind::Node), Required),
    field("portgroup_uuid", Reference(Kind::Portgroup), Optional),
    field("pxe_enabled", Flag { default: true }, Optional),
];

const PORTGROUP: [Field; 5] = [
    field("name", Text, Optional),
    field("address", MacAddress, Optional),
    field("node_uuid", Reference(Kind::Node), Required),
    field("mode", Text, Optional),
    field("properties", Object, Optional),
];

const CHASSIS: [Field; 1] = [field("description", Text, Optional)];

impl Kind {
    const ALL: [Kind; 4] = [Kind::Node, Kind::Port, Kind::Portgroup, Kind::Chassis];

    /// Returns the name of the kind in a path, and of the list in a body.
    pub(crate) const fn plural(self) -> &'static str {
        match self {
            Kind::Node => "nodes",
            Kind::Port => "ports",
            Kind::Portgroup => "portgroups",
            Kind::Chassis => "chassis",
        }
    }

    /// Returns the name of the kind in a notification's type, and the name of the payload.
    pub(crate) const fn singular(self) -> (&'static str, &'static str) {
        match self {
            Kind::Node => ("node", "NodePayload"),
            Kind::Port => ("port", "PortPayload"),
            Kind::Portgroup => ("portgroup", "PortgroupPayload"),
            Kind::Chassis => ("chassis", "ChassisPayload"),
        }
    }

    pub(crate) fn from_singular(singular: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.singular().0 == singular)
    }

    /// Reports whether objects of this kind can be subresources of the other kind.
    pub(crate) fn names(self, other: Self) -> bool {
        self.fields()
            .any(|field| field.form == Form::Reference(other))
    }

    pub(crate) fn from_plural(plural: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.plural() == plural)
    }

    pub(crate) fn fields(self) -> impl Iterator<Item = &'static Field> {
        let own: &'static [Field] = match self {
            Kind::Node => &NODE,
            Kind::Port => &PORT,
            Kind::Portgroup => &PORTGROUP,
            Kind::Chassis => &CHASSIS,
        };
        COMMON.iter().chain(own)
    }

    pub(crate) fn field(self, name: &str) -> Option<&'static Field> {
        self.fields().find(|field| field.name == name)
    }

    /// Returns the fields that the tag does not depend on.
    pub(crate) const fn ignored(self) -> &'static [&'static str] {
        match self {
            Kind::Node => &["driver_internal_info", "etag", "updated_at"],
            Kind::Port | Kind::Portgroup | Kind::Chassis => &["etag", "updated_at"],
        }
    }
}

impl Field {
    pub(crate) fn default(&self) -> Value {
        match self.form {
            Flag { default } => default.into(),
            Object => Map::new().into(),
            Text | MacAddress | Uuid | Reference(_) => Value::Null,
        }
    }

    pub(crate) fn accepts(&self, value: &Value) -> bool {
        match (self.form, value) {
            (Flag { .. }, Value::Bool(_)) | (Object, Value::Object(_)) => true,
            (Flag { .. } | Object, _) => false,
            (_, Value::Null) => self.access != Required,
            (Text, Value::String(text)) => text.len() <= 4096,
            (MacAddress, Value::String(text)) => is_mac_address(text),
            (Uuid | Reference(_), Value::String(text)) => uuid::is_uuid(text),
            _ => false,
        }
    }
}

fn is_mac_address(text: &str) -> bool {
    let octets = text.split(':');
    octets.clone().count() == 6
        && octets
            .into_iter()
            .all(|octet| octet.len() == 2 && octet.bytes().all(|digit| digit.is_ascii_hexdigit()))
}
