use axum::body::Bytes;
use http::{HeaderValue, Method, Response};
use serde_json::{Map, Value};
use tower_conditional::client::KnownValidators;

use super::{Failure, Guarded, Place, Redfish, tag};

/// A resource of a BMC. It is only a link until it is needed.
#[derive(Clone, Debug)]
pub struct Resource {
    bmc: Redfish,
    path: String,
    read: Option<Read>,
    /// What the next write carries in place of the tag that was read.
    etag: Option<HeaderValue>,
}

#[derive(Clone, Debug)]
struct Read {
    json: Value,
    known: KnownValidators,
}

impl Resource {
    pub(super) fn link(bmc: &Redfish, path: String) -> Self {
        Self {
            bmc: bmc.clone(),
            path,
            read: None,
            etag: None,
        }
    }

    /// Guards the next write by this tag, which was seen earlier, in place of the one that is read.
    /// It counts until a write succeeds, or until [`refresh`](Self::refresh) reads the resource
    /// again.
    ///
    /// # Errors
    ///
    /// Fails if the tag is empty, or if it cannot be sent.
    pub fn with_etag(mut self, etag: &str) -> Result<Self, Failure> {
        self.etag = Some(tag(etag)?);
        Ok(self)
    }

    pub fn path(&self) -> &str {
        &self.path
    }

    pub(super) fn set_etag(&mut self, etag: Option<HeaderValue>) {
        self.etag = etag;
    }

    async fn ensure_read(&mut self) -> Result<&Read, Failure> {
        let read = match self.read.take() {
            Some(read) => read,
            None => {
                let sent = self
                    .bmc
                    .send(Method::GET, &self.path, None, Guarded::IfKnown);
                Read::of(&sent.await?).ok_or_else(|| Failure::not_json(&self.path))?
            }
        };
        Ok(self.read.insert(read))
    }

    /// Takes a response for what was read.
    pub(super) fn take(&mut self, response: &Response<Bytes>) -> Result<(), Failure> {
        let read = Read::of(response).ok_or_else(|| Failure::not_json(&self.path))?;
        self.read = Some(read);
        Ok(())
    }

    /// Returns what guards the next write. Reads the resource, if it has no tag otherwise.
    async fn guard(&mut self) -> Result<Guarded, Failure> {
        Ok(match self.etag.clone() {
            Some(etag) => Guarded::Tag(etag),
            None => Guarded::By(self.ensure_read().await?.known.clone()),
        })
    }

    /// Reads the resource again.
    pub async fn refresh(&mut self) -> Result<(), Failure> {
        self.read = None;
        self.etag = None;
        self.ensure_read().await.map(|_| ())
    }

    /// Returns the whole resource.
    pub async fn json(&mut self) -> Result<&Value, Failure> {
        self.ensure_read().await.map(|read| &read.json)
    }

    /// Returns the tag that the next write carries.
    pub async fn tag(&mut self) -> Result<Option<String>, Failure> {
        let read = self.ensure_read().await?;
        Ok(read.known.tag().map(ToString::to_string))
    }

    /// Returns one property, or null if there is none with this name.
    pub async fn get(&mut self, name: &str) -> Result<&Value, Failure> {
        self.json().await.map(|json| &json[name])
    }

    /// Returns the resource that a property links to, without reading it.
    pub async fn follow(&mut self, name: &str) -> Result<Resource, Failure> {
        let path = self.path.clone();
        let link = self.get(name).await?["@odata.id"]
            .as_str()
            .map(str::to_owned);
        match link {
            Some(link) => Ok(self.bmc.at(&link)),
            None => Err(Failure::no_link(&path, name)),
        }
    }

    /// Returns the members of a collection, without reading them.
    pub async fn members(&mut self) -> Result<Vec<Resource>, Failure> {
        let members = self.get("Members").await?.as_array().cloned();
        let links = members.unwrap_or_default().into_iter();
        Ok(links
            .filter_map(|member| Some(self.bmc.at(member["@odata.id"].as_str()?)))
            .collect())
    }

    /// Sets a property of the resource: `system.set("PowerState", "On")`.
    ///
    /// # Errors
    ///
    /// Fails if there is no simple property with this name, and as [`patch`](Self::patch) does.
    pub async fn set(&mut self, name: &str, value: impl Into<Value>) -> Result<(), Failure> {
        let mut place = Place::of(self.clone(), name);
        let done = place.set(value.into()).await;
        *self = place.resource;
        done
    }

    /// Sets several properties at once. A resource that was not read yet is read first, so that the
    /// write has a tag.
    ///
    /// # Errors
    ///
    /// Fails if the BMC does not make the changes: because the resource is no longer what was read,
    /// for example.
    pub async fn patch(&mut self, changes: Value) -> Result<(), Failure> {
        let guard = self.guard().await?;
        let sent = self
            .bmc
            .send(Method::PATCH, &self.path, Some(&changes), guard);
        let response = sent.await?;
        self.etag = None;
        match Read::of(&response).filter(|read| read.json["@odata.id"] == *self.path) {
            Some(read) => self.read = Some(read),
            // A 204, a 202 or a message: the resource has to be read again.
            None => self.refresh().await?,
        }
        Ok(())
    }

    /// Adds a member to a collection.
    pub async fn create(&mut self, member: Value) -> Result<Resource, Failure> {
        // A collection changes with each member, so that it guards only if it is asked to.
        let guard = self.etag.clone().map_or(Guarded::IfKnown, Guarded::Tag);
        let response = self
            .bmc
            .send(Method::POST, &self.path, Some(&member), guard)
            .await?;
        self.etag = None;
        let location = response.headers().get(http::header::LOCATION);
        let location = location.and_then(|value| std::str::from_utf8(value.as_bytes()).ok());
        self.read = None;
        let location = location.ok_or_else(|| Failure::no_link(&self.path, "Location"))?;
        // The URL may be absolute, or relative to this one (RFC 9110 section 10.2.2).
        let url = self.bmc.url(&self.path, location)?;
        Ok(self.bmc.at(url.path()))
    }

    /// Deletes the resource, if it is still what was read.
    pub async fn delete(mut self) -> Result<(), Failure> {
        let guard = self.guard().await?;
        let sent = self.bmc.send(Method::DELETE, &self.path, None, guard);
        sent.await.map(|_| ())
    }
}

impl Read {
    fn of(response: &Response<Bytes>) -> Option<Self> {
        let json: Map<String, Value> = serde_json::from_slice(response.body()).ok()?;
        Some(Self {
            json: json.into(),
            known: KnownValidators::of_collected(response).unwrap_or_default(),
        })
    }
}
