//! When the check of the entity tag is mandatory.

use std::str::FromStr;

use serde_json::{Map, Value};
use tower_conditional::Requirement;

use super::{
    config,
    resource::{Kind, Resource},
};

#[derive(Clone, Copy, Debug)]
enum Policy {
    Required,
    RequiredForDelete,
    Optional,
}

/// The configuration: what holds where no metadata says anything else.
#[derive(Clone, Copy, Debug)]
pub struct EtagCheckPolicy {
    db: Policy,
    coll: Policy,
    doc: Policy,
}

impl Default for EtagCheckPolicy {
    fn default() -> Self {
        Self {
            db: Policy::RequiredForDelete,
            coll: Policy::RequiredForDelete,
            doc: Policy::Optional,
        }
    }
}

impl EtagCheckPolicy {
    /// Reads a configuration file.
    ///
    /// # Errors
    ///
    /// Returns a description with the number of the line, if the file has anything except the section
    /// `etag-check-policy`.
    pub fn from_file(text: &str) -> Result<Self, String> {
        config::parse(text)
    }

    /// Sets the policy for `db`, `coll` or `doc`, or returns `None` if either name is unknown.
    pub(crate) fn set(&mut self, kind: &str, policy: &str) -> Option<()> {
        let policy = Policy::from_name(policy)?;
        match kind {
            "db" => self.db = policy,
            "coll" => self.coll = policy,
            "doc" => self.doc = policy,
            _ => return None,
        }
        Some(())
    }

    /// The methods that must be conditional on this resource, where `properties` tells those of any.
    ///
    /// The first property that is there decides. If its value is no policy, the configuration does.
    pub(crate) fn requirement<'a>(
        &self,
        resource: &Resource,
        properties: impl Fn(&Resource) -> Option<&'a Map<String, Value>>,
    ) -> Requirement {
        let (property, configured) = match resource.kind() {
            Kind::Db => ("etagPolicy", self.db),
            Kind::Coll => ("etagPolicy", self.coll),
            Kind::Doc => ("etagDocPolicy", self.doc),
        };
        let mut holders = std::iter::successors(Some(resource.clone()), Resource::parent)
            .filter(|holder| holder.kind() != Kind::Doc);
        let policy = holders
            .find_map(|holder| properties(&holder)?.get(property))
            .and_then(|value| Policy::from_name(value.as_str()?))
            .unwrap_or(configured);
        match policy {
            Policy::Required => Requirement::WRITES,
            Policy::RequiredForDelete => Requirement::methods([http::Method::DELETE]).unwrap(),
            Policy::Optional => Requirement::NONE,
        }
    }
}

/// Reads a configuration file, or only its policies, separated by commas or line breaks. A policy that
/// is not named keeps its default.
impl FromStr for EtagCheckPolicy {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if config::has_section(text) {
            return config::parse(text);
        }
        let mut config = Self::default();
        let settings = text.split([',', '\n']).map(str::trim);
        for setting in settings.filter(|setting| !setting.is_empty()) {
            let wrong = || format!("no policy for db, coll or doc: {setting}");
            let (kind, policy) = setting.split_once(':').ok_or_else(wrong)?;
            config.set(kind.trim(), policy.trim()).ok_or_else(wrong)?;
        }
        Ok(config)
    }
}

impl Policy {
    fn from_name(name: &str) -> Option<Self> {
        match name {
            "REQUIRED" => Some(Policy::Required),
            "REQUIRED_FOR_DELETE" => Some(Policy::RequiredForDelete),
            "OPTIONAL" => Some(Policy::Optional),
            _ => None,
        }
    }
}
