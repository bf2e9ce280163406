use std::{fmt, sync::Arc};

use http::{HeaderName, header::AUTHORIZATION};

use super::{BodyTag, MemoryStore, ValidatorStore, guard::Guards};

/// What a layer was told; shared by its services, their futures and bodies.
#[derive(Clone)]
pub(super) struct Config {
    pub(super) store: Arc<dyn ValidatorStore>,
    pub(super) guards: Guards,
    pub(super) body_tag: Option<BodyTag>,
    pub(super) credentials: Vec<HeaderName>,
    pub(super) revalidate: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            store: Arc::new(MemoryStore::default()),
            guards: Guards::default(),
            body_tag: None,
            credentials: vec![AUTHORIZATION],
            revalidate: false,
        }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("guards", &self.guards)
            .field("body_tag", &self.body_tag)
            .field("credentials", &self.credentials)
            .field("revalidate", &self.revalidate)
            .finish_non_exhaustive()
    }
}
