//! Notes whose source and handlers use axum's extractors.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Result},
    routing::{MethodRouter, get},
};
use http::StatusCode;
use tower_conditional::{
    ConditionalLayer, EntityTag, Requirement, ValidatorSource,
    axum::{Precondition, from_fn_with_state},
    source::BoxLookup,
};

/// Versions and texts.
#[derive(Clone, Default)]
pub(crate) struct Notes(Arc<Mutex<BTreeMap<i64, (i64, String)>>>);

impl Notes {
    /// Creates note 1, in version 7.
    pub(crate) fn new() -> Self {
        let notes = Self::default();
        notes.0.lock().unwrap().insert(1, (7, "old".to_owned()));
        notes
    }

    fn tag(&self, id: i64) -> Option<EntityTag> {
        let notes = self.0.lock().unwrap();
        notes.get(&id).map(|note| EntityTag::from_version(note.0))
    }

    pub(crate) fn get(&self, id: i64) -> Option<(i64, String)> {
        self.0.lock().unwrap().get(&id).cloned()
    }

    pub(crate) fn guard(
        &self,
    ) -> ConditionalLayer<impl ValidatorSource<Future = BoxLookup> + Clone + Send + Sync + use<>>
    {
        ConditionalLayer::new(from_fn_with_state(self.clone(), version))
            .record_decision(true)
            .require(Requirement::WRITES)
    }

    pub(crate) fn routes(&self) -> Router {
        Router::new()
            .route("/notes/{id}", methods())
            .with_state(self.clone())
    }
}

pub(crate) fn methods() -> MethodRouter<Notes> {
    get(read).put(replace)
}

async fn version(State(notes): State<Notes>, Path(id): Path<i64>) -> Option<EntityTag> {
    tokio::task::yield_now().await;
    notes.tag(id)
}

pub(crate) async fn read(
    State(notes): State<Notes>,
    Path(id): Path<i64>,
) -> Result<String, StatusCode> {
    let note = notes.get(id).ok_or(StatusCode::NOT_FOUND)?;
    Ok(note.1)
}

pub(crate) async fn replace(
    State(notes): State<Notes>,
    Path(id): Path<i64>,
    precondition: Precondition,
    text: String,
) -> Result<impl IntoResponse> {
    precondition.recheck(notes.tag(id))?;
    let mut notes = notes.0.lock().unwrap();
    let version = notes.get(&id).map_or(1, |note| note.0 + 1);
    notes.insert(id, (version, text));
    Ok((StatusCode::NO_CONTENT, EntityTag::from_version(version)))
}
