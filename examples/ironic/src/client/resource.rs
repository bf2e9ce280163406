use std::fmt;

use http::Method;
use serde_json::{Map, Value};

use super::{Etag, Failure, Manager, Operation, patch};

/// Limit for the attempts of [`Resource::update_around`].
const ATTEMPTS: usize = 5;

/// A resource as it was read, with its entity tag. It updates itself through its manager.
#[derive(Clone)]
pub struct Resource {
    manager: Manager,
    fields: Map<String, Value>,
}

impl Resource {
    pub(super) const fn new(manager: Manager, fields: Map<String, Value>) -> Self {
        Self { manager, fields }
    }

    /// Creates a resource from a stored representation, with or without a tag.
    ///
    /// # Errors
    ///
    /// Returns an error if this is not the representation of a resource.
    pub fn from_stored(manager: Manager, stored: Value) -> Result<Self, Failure> {
        match stored {
            Value::Object(fields) if fields.get("uuid").is_some_and(Value::is_string) => {
                Ok(Self { manager, fields })
            }
            _ => Err(Failure::usage("this is no stored resource")),
        }
    }

    /// Returns the entity tag that came with the representation.
    pub fn etag(&self) -> Option<&str> {
        self.fields.get("etag")?.as_str()
    }

    /// Returns a field of the representation.
    pub fn field(&self, name: &str) -> Option<&Value> {
        self.fields.get(name)
    }

    /// Returns the representation.
    pub const fn fields(&self) -> &Map<String, Value> {
        &self.fields
    }

    pub(super) fn into_fields(self) -> Map<String, Value> {
        self.fields
    }

    /// Reads the resource again.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. The stored representation is then unchanged.
    pub async fn refresh(&mut self) -> Result<(), Failure> {
        self.fields = self.manager.get(self.uuid()?).await?.fields;
        Ok(())
    }

    /// Changes some fields. Afterwards the resource has the new representation, and the new tag.
    ///
    /// # Errors
    ///
    /// - [`Failure::NoEtag`] if the tag is required and there is none. Nothing was sent.
    /// - [`Failure::Conflict`] if the resource has changed since it was read. Nothing was written, and
    ///   the stored representation is unchanged.
    /// - Another error if the request fails.
    pub async fn update(&mut self, patch: &[Operation], etag: Etag) -> Result<(), Failure> {
        let uuid = self.uuid()?;
        let updated = self.manager.patch(uuid, patch, &etag, Some(&self.fields));
        self.fields = updated.await?;
        Ok(())
    }

    /// Does the same as [`update`](Self::update) with [`Etag::On`], and tries again if others have
    /// changed only fields that the patch does not change.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`update`](Self::update). It returns [`Failure::Conflict`] if the
    /// changes overlap, or after five attempts.
    pub async fn update_around(&mut self, patch: &[Operation]) -> Result<(), Failure> {
        let mut attempt = 1;
        loop {
            let conflict = match self.update(patch, Etag::On).await {
                Err(Failure::Conflict(conflict)) => conflict,
                other => return other,
            };
            let paths = patch.iter().map(Operation::path);
            match conflict.server() {
                Some(server) if attempt < ATTEMPTS && !conflict.concerns(paths) => {
                    self.fields = server.clone();
                }
                _ => return Err(Failure::Conflict(conflict)),
            }
            attempt += 1;
        }
    }

    /// Replaces all fields that the client can write.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`update`](Self::update).
    pub async fn replace(&mut self, fields: Map<String, Value>, etag: Etag) -> Result<(), Failure> {
        let (uuid, content) = (self.uuid()?, Value::Object(fields));
        let (stored, put) = (Some(&self.fields), Method::PUT);
        let replaced = self.manager.write(put, uuid, Some(&content), &etag, stored);
        let replaced = replaced.await?;
        self.fields = serde_json::from_slice(replaced.body()).map_err(|_| Failure::unexpected())?;
        Ok(())
    }

    /// Deletes the resource.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`update`](Self::update).
    pub async fn delete(&self, etag: Etag) -> Result<(), Failure> {
        let (uuid, stored) = (self.uuid()?, Some(&self.fields));
        let deleted = self
            .manager
            .write(Method::DELETE, uuid, None, &etag, stored);
        deleted.await?;
        Ok(())
    }

    fn uuid(&self) -> Result<&str, Failure> {
        let uuid = self.fields.get("uuid").and_then(Value::as_str);
        uuid.ok_or_else(Failure::unexpected)
    }
}

impl fmt::Debug for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Resource").field(&self.fields).finish()
    }
}

impl fmt::Display for Resource {
    /// Writes the representation as JSON, which [`from_stored`](Self::from_stored) accepts.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&patch::pretty(&self.fields))
    }
}
