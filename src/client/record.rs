use std::{mem, sync::Arc};

use super::{
    BodyTag,
    layer::Settings,
    learn::{Observation, learn},
    store::{Hold, StoreEntry, StoreKey, ValidatorStore, fresh_id},
};

/// One user's entry of one resource in the store, and what it was when a request was sent.
#[derive(Clone)]
pub(super) struct Record {
    settings: Arc<Settings>,
    key: StoreKey,
    before: StoreEntry,
}

/// Returns one user's view of a resource: the entry, with the hold that all users share.
pub(super) fn look_up(store: &dyn ValidatorStore, key: &StoreKey) -> StoreEntry {
    let (entry, hold) = store.view(key);
    view(entry, hold)
}

fn view(mut entry: StoreEntry, hold: Option<Hold>) -> StoreEntry {
    let counts = |hold: &Hold| entry.released() != Some(hold.id());
    let hold = hold.filter(counts);
    entry.set_hold(hold);
    entry
}

impl Record {
    /// Looks up the entry, before a request is sent.
    pub(super) fn open(settings: &Arc<Settings>, key: StoreKey) -> Self {
        Self {
            settings: Arc::clone(settings),
            before: look_up(&*settings.store, &key),
            key,
        }
    }

    /// Returns what was known before the request is sent.
    pub(super) const fn before(&self) -> &StoreEntry {
        &self.before
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(super) fn body_tag(&self) -> Option<&BodyTag> {
        self.settings.body_tag.as_ref()
    }

    /// Stores what an observation teaches.
    pub(super) fn learn(&self, seen: Observation) {
        self.learn_from(|_| seen.clone());
    }

    /// Stores a rejection. It counts for all users before anything else changes.
    pub(super) fn reject(&self) {
        let hold = Hold::rejected();
        self.hold(|_| Some(hold));
        self.learn(Observation::Rejected(hold));
    }

    /// Stores what an observation teaches that depends on what is stored.
    pub(super) fn learn_from(&self, mut observe: impl FnMut(&StoreEntry) -> Observation) {
        let store = &*self.settings.store;
        let (known, shared) = store.view(&self.key);
        let fresh = fresh_id();
        let mut hold = shared;
        let mut change = |entry: &mut StoreEntry| {
            hold = shared;
            let stored = view(mem::take(entry), shared);
            let (released, held) = (stored.released(), stored.hold());
            let seen = observe(&stored);
            let mut new = learn(stored, seen, &self.before, fresh);
            match (held, new.hold()) {
                (Some(ended), None) => new.set_released(Some(ended.id())),
                (_, Some(now)) => {
                    new.set_released(None);
                    hold = Some(now);
                }
                // It says nothing if the hold that was released is over.
                (None, None) => new.set_released(released.filter(|_| shared.is_some())),
            }
            new.set_hold(None);
            *entry = new;
        };
        // Most responses say what is known already, and to find that out costs less than a write.
        let mut new = known.clone();
        change(&mut new);
        if new != known {
            store.update(&self.key, &mut change);
        }
        if hold != shared {
            // Another response may have stored something in the meantime, and it counts: in doubt, a write
            // is held.
            self.hold(|now| if now == shared { hold } else { now.or(hold) });
        }
    }

    fn hold(&self, change: impl Fn(Option<Hold>) -> Option<Hold>) {
        self.settings
            .store
            .update(&self.key.shared(), &mut |entry| {
                let now = change(entry.hold());
                entry.set_hold(now);
            });
    }
}
