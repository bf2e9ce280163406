use axum::body::Bytes;
use http::{Method, Response, StatusCode};
use serde_json::{Map, Value};
use tower_conditional::client::Rejection;

use super::{Client, Conflict, Etag, Failure, Operation, Precondition, Resource, patch};
use crate::kind::Kind;

/// Sends the requests for one kind of resource.
#[derive(Clone)]
pub struct Manager {
    client: Client,
    kind: Kind,
}

impl Manager {
    pub(super) fn new(client: &Client, kind: Kind) -> Self {
        Self {
            client: client.clone(),
            kind,
        }
    }

    /// Reads a resource by its UUID or name.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails.
    pub async fn get(&self, ident: &str) -> Result<Resource, Failure> {
        let path = [ident];
        let response = self.send(Method::GET, &path, None, Precondition::None);
        let fields = fields(&success(response.await?)?)?;
        Ok(Resource::new(self.clone(), fields))
    }

    /// Reads all resources of the kind, each with its own tag.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails.
    pub async fn list(&self) -> Result<Vec<Resource>, Failure> {
        let response = self.send(Method::GET, &[], None, Precondition::None);
        let mut list = fields(&success(response.await?)?)?;
        let Some(Value::Array(items)) = list.remove(self.kind.plural()) else {
            return Err(Failure::unexpected());
        };
        let resource = |item| match item {
            Value::Object(fields) => Ok(Resource::new(self.clone(), fields)),
            _ => Err(Failure::unexpected()),
        };
        items.into_iter().map(resource).collect()
    }

    /// Creates a resource.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails.
    pub async fn create(&self, fields: Map<String, Value>) -> Result<Resource, Failure> {
        let content = Value::Object(fields);
        let response = self.send(Method::POST, &[], Some(&content), Precondition::None);
        let fields = self::fields(&success(response.await?)?)?;
        Ok(Resource::new(self.clone(), fields))
    }

    /// Updates a resource without a stored representation. Use [`Etag::Is`] to guard the write.
    ///
    /// # Errors
    ///
    /// Returns [`Failure::NoEtag`] for [`Etag::On`], because there is no stored tag, and
    /// [`Failure::Conflict`] if the tag is not the current one.
    pub async fn update(
        &self,
        ident: &str,
        patch: &[Operation],
        etag: Etag,
    ) -> Result<Resource, Failure> {
        let fields = self.patch(ident, patch, &etag, None).await?;
        Ok(Resource::new(self.clone(), fields))
    }

    /// Deletes a resource without a stored representation. Use [`Etag::Is`] to guard the write.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`update`](Self::update).
    pub async fn delete(&self, ident: &str, etag: Etag) -> Result<(), Failure> {
        self.write(Method::DELETE, ident, None, &etag, None).await?;
        Ok(())
    }

    pub(super) async fn patch(
        &self,
        ident: &str,
        patch: &[Operation],
        etag: &Etag,
        stored: Option<&Map<String, Value>>,
    ) -> Result<Map<String, Value>, Failure> {
        let content = patch::to_json(patch);
        let written = self.write(Method::PATCH, ident, Some(&content), etag, stored);
        fields(&written.await?)
    }

    /// Sends a write of the resource that was read as `stored`. A 412 becomes a [`Conflict`].
    pub(super) async fn write(
        &self,
        method: Method,
        ident: &str,
        content: Option<&Value>,
        etag: &Etag,
        stored: Option<&Map<String, Value>>,
    ) -> Result<Response<Bytes>, Failure> {
        let tag = stored.and_then(|fields| fields.get("etag")?.as_str());
        let precondition = self.client.precondition(etag, tag)?;
        let response = self.send(method, &[ident], content, precondition).await?;
        if response.status() != StatusCode::PRECONDITION_FAILED {
            return success(response);
        }
        let sent = Rejection::of(&response)
            .and_then(Rejection::sent)
            .map(|tag| String::from_utf8_lossy(tag.as_bytes()).into_owned());
        // The 412 has the current tag, but not the current representation.
        let server = self.get(ident).await.ok().map(Resource::into_fields);
        let conflict = Conflict::new(ident, sent, stored, server);
        Err(Failure::Conflict(Box::new(conflict)))
    }

    async fn send(
        &self,
        method: Method,
        path: &[&str],
        content: Option<&Value>,
        precondition: Precondition,
    ) -> Result<Response<Bytes>, Failure> {
        // The path with an empty name is that of the list.
        if path.contains(&"") {
            return Err(Failure::usage("a UUID or a name is not empty"));
        }
        let path = [&[self.kind.plural()], path].concat();
        self.client.send(method, &path, content, precondition).await
    }
}

fn success(response: Response<Bytes>) -> Result<Response<Bytes>, Failure> {
    if response.status().is_success() {
        return Ok(response);
    }
    let content: Option<Value> = serde_json::from_slice(response.body()).ok();
    let message = content
        .as_ref()
        .and_then(|content| content.pointer("/error_message/faultstring")?.as_str());
    Err(Failure::Status(
        response.status(),
        message.unwrap_or_default().to_owned(),
    ))
}

fn fields(response: &Response<Bytes>) -> Result<Map<String, Value>, Failure> {
    serde_json::from_slice(response.body()).map_err(|_| Failure::unexpected())
}
