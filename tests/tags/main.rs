//! Building entity tags: from a version, a revision, a UUID, a digest, a value.

mod digests;
#[cfg(feature = "json")]
mod golden;
#[cfg(feature = "headers")]
mod headers;
#[cfg(feature = "json")]
mod json_fields;
#[cfg(feature = "json")]
mod json_numbers;
#[cfg(feature = "json")]
mod json_properties;
#[cfg(feature = "json")]
mod json_values;
mod revisions;
#[cfg(feature = "serde")]
mod strings;
mod support;
#[cfg(feature = "uuid")]
mod uuids;
