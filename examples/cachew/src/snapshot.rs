use std::sync::Arc;

use axum::http::HeaderMap;
use object_store::{ObjectMeta, path::Path};
use tower_conditional::{EntityTag, HttpDate, Representation, Selected, Validators};

use super::{fields, record::Record, store::Versions};

/// An entry as it was at one time. Versions never change, so it stays true.
#[derive(Clone, Debug)]
pub struct Snapshot(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// 0 if there has never been one.
    version: u64,
    /// No version before this one is there.
    oldest: u64,
    /// The metadata object, if there has been a version.
    entry: Option<ObjectMeta>,
    record: Option<Record>,
    /// What the store tells of the content, if there is any.
    content: Option<ObjectMeta>,
    validators: Validators,
    fields: HeaderMap,
}

impl Snapshot {
    pub(super) fn new(
        Versions { newest, oldest }: Versions,
        entry: Option<ObjectMeta>,
        record: Option<Record>,
        content: Option<ObjectMeta>,
    ) -> Self {
        let etag = record.as_ref().and_then(|record| record.etag.as_deref());
        let mut validators = Validators::new();
        if let Some(etag) = etag.and_then(|etag| etag.parse::<EntityTag>().ok()) {
            validators = validators.with_etag(etag);
        }
        let modified = content
            .as_ref()
            .map(|content| content.last_modified.timestamp());
        if let Some(date) = modified.and_then(|date| HttpDate::from_unix_seconds(date).ok()) {
            validators = validators.with_last_modified(date);
        }
        let stored = record.as_ref().map(|record| record.fields.as_slice());
        Self(Arc::new(Inner {
            version: newest,
            oldest,
            entry,
            fields: fields::stored(stored.unwrap_or_default()),
            record,
            content,
            validators,
        }))
    }

    pub(super) fn version(&self) -> u64 {
        self.0.version
    }

    pub(super) fn oldest(&self) -> u64 {
        self.0.oldest
    }

    pub(super) fn entry(&self) -> Option<&ObjectMeta> {
        self.0.entry.as_ref()
    }

    /// The identity of the write that made this version.
    pub(super) fn id(&self) -> Option<&str> {
        Some(self.0.record.as_ref()?.id.as_str())
    }

    pub fn content(&self) -> Option<&ObjectMeta> {
        self.0.content.as_ref()
    }

    pub(super) fn location(&self) -> Option<&Path> {
        Some(&self.content()?.location)
    }

    pub(super) fn fields(&self) -> &HeaderMap {
        &self.0.fields
    }

    pub(super) fn validators(&self) -> &Validators {
        &self.0.validators
    }

    pub(super) fn into_selected(self) -> Selected {
        if self.0.content.is_none() {
            return Selected::Missing;
        }
        let mut representation = Representation::from(self.0.validators.clone());
        // Those that a 304 carries.
        for (name, value) in &self.0.fields {
            if !fields::describes_content(name) {
                representation = representation.with_field(name.clone(), value.clone());
            }
        }
        Selected::Present(representation.with_extension(self))
    }
}
