//! `system.PowerState`, `Systems[0].Boot.BootSourceOverrideTarget`: what Python's users write.

use serde_json::{Value, json};

use super::{Failure, Redfish, Resource, tag};

/// A property in a resource, or, without names, the resource itself.
#[derive(Clone, Debug)]
pub struct Place {
    pub resource: Resource,
    /// From the outside to the inside.
    pub names: Vec<String>,
}

#[derive(Debug, PartialEq)]
enum Step<'a> {
    Name(&'a str),
    Index(usize),
}

/// Returns the steps of an expression, or `None` if it is not one.
fn steps(expression: &str) -> Option<Vec<Step<'_>>> {
    let mut steps = Vec::new();
    for part in expression.split('.') {
        let (name, mut rest) = part.split_at(part.find('[').unwrap_or(part.len()));
        if name.is_empty() {
            return None;
        }
        steps.push(Step::Name(name));
        while !rest.is_empty() {
            let (index, after) = rest.strip_prefix('[')?.split_once(']')?;
            steps.push(Step::Index(index.parse().ok()?));
            rest = after;
        }
    }
    // The variable of rackfish's document: `system = client.Systems[0]`.
    if let Some(Step::Name("system")) = steps.first() {
        steps.splice(..1, [Step::Name("Systems"), Step::Index(0)]);
    }
    Some(steps)
}

impl Redfish {
    /// Follows an expression such as `Systems[0]` or `AccountService.Accounts[1]` from the service
    /// root. `system` is short for `Systems[0]`. Reads what is on the way, but not what it finds.
    ///
    /// # Errors
    ///
    /// Fails if there is no such resource, and if it is a property.
    pub async fn find(&self, expression: &str) -> Result<Resource, Failure> {
        let place = self.place(expression, None).await?;
        match place.names.is_empty() {
            true => Ok(place.resource),
            false => Err(Failure::no_link(place.resource.path(), expression)),
        }
    }

    /// Sets one property: `client.assign("system.PowerState", "On", None)`. `etag` takes the place
    /// of the tag of what is read on the way.
    ///
    /// # Errors
    ///
    /// Fails as [`find`](Self::find) and [`Resource::set`] do.
    pub async fn assign(
        &self,
        expression: &str,
        value: impl Into<Value>,
        etag: Option<&str>,
    ) -> Result<Resource, Failure> {
        let mut place = self.place(expression, etag).await?;
        place.set(value.into()).await?;
        Ok(place.resource)
    }

    /// Follows an expression as far as there are links. What is left are names of properties. A write
    /// there is guarded by `etag`, or else by what is read.
    ///
    /// # Errors
    ///
    /// Fails if there is nothing with this name or index, and if `etag` is no tag.
    pub async fn place(&self, expression: &str, etag: Option<&str>) -> Result<Place, Failure> {
        let etag = etag.map(tag).transpose()?;
        let steps = steps(expression).ok_or_else(|| Failure::no_expression(expression))?;
        let mut place = Place {
            resource: self.root(),
            names: Vec::new(),
        };
        for step in steps {
            let found = match step {
                Step::Name(name) => {
                    place.names.push(name.to_owned());
                    place.value().await?
                }
                Step::Index(index) => match place.value().await? {
                    Some(Value::Object(collection)) => collection.get("Members"),
                    list => list,
                }
                .and_then(|list| list.get(index)),
            };
            let link = found.and_then(|found| found["@odata.id"].as_str());
            match (link, &step) {
                (Some(link), _) => {
                    place = Place {
                        resource: self.at(link),
                        names: Vec::new(),
                    };
                }
                (None, Step::Name(_)) if found.is_some() => {}
                (None, _) => {
                    let path = place.resource.path();
                    return Err(Failure::no_link(path, expression));
                }
            }
        }
        place.resource.set_etag(etag);
        Ok(place)
    }
}

impl Place {
    /// Returns the property of a resource. Nothing is sent.
    pub fn of(resource: Resource, property: &str) -> Self {
        Self {
            resource,
            names: vec![property.to_owned()],
        }
    }

    /// Returns what is there, if anything is.
    ///
    /// # Errors
    ///
    /// Fails if the resource cannot be read.
    pub async fn value(&mut self) -> Result<Option<&Value>, Failure> {
        let json = self.resource.json().await?;
        let mut names = self.names.iter();
        Ok(names.try_fold(json, |value, name| value.get(name)))
    }

    /// Sets this property.
    ///
    /// # Errors
    ///
    /// Fails if it is no simple property that exists, and as [`Resource::patch`] does.
    pub async fn set(&mut self, value: Value) -> Result<(), Failure> {
        match self.value().await? {
            None | Some(Value::Object(_) | Value::Array(_)) => {
                let path = self.resource.path();
                return Err(Failure::not_simple(path, &self.names.join(".")));
            }
            Some(_) => {}
        }
        let names = self.names.iter().rev();
        let changes = names.fold(value, |inner, name| json!({ name: inner }));
        self.resource.patch(changes).await
    }
}
