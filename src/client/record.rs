use std::{mem, sync::Arc};

use super::{
    BodyTag,
    layer::Settings,
    learn::{Observation, learn},
    store::{StoreEntry, StoreKey},
};

/// The entry of one resource in the store, and what it was when a request was sent.
pub(super) struct Record {
    settings: Arc<Settings>,
    key: StoreKey,
    before: StoreEntry,
}

impl Record {
    /// Looks up the entry, before a request is sent.
    pub(super) fn open(settings: &Arc<Settings>, key: StoreKey) -> Self {
        Self {
            settings: Arc::clone(settings),
            before: settings.store.get(&key).unwrap_or_default(),
            key,
        }
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(super) fn body_tag(&self) -> Option<&BodyTag> {
        self.settings.body_tag.as_ref()
    }

    /// Learns from an observation.
    pub(super) fn learn(&self, seen: Observation) {
        self.learn_from(|_| seen);
    }

    /// Learns from an observation that depends on what is stored.
    pub(super) fn learn_from(&self, observe: impl FnOnce(&StoreEntry) -> Observation) {
        let mut observe = Some(observe);
        self.settings.store.update(&self.key, &mut |entry| {
            if let Some(observe) = observe.take() {
                let seen = observe(entry);
                *entry = learn(mem::take(entry), seen, &self.before);
            }
        });
    }
}
