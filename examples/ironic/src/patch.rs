//! JSON Patch (RFC 6902) as far as Ironic accepts it.

use json_patch::{Patch, PatchOperation};
use serde_json::{Map, Value};

use super::{
    fault::Fault,
    kind::{Access, Kind},
};

/// The greatest depth that a patch may reach. Otherwise each request could nest an object deeper,
/// until no stack is large enough to serialize it.
const DEPTH: usize = 32;

pub(crate) fn parse(kind: Kind, content: &[u8]) -> Result<Patch, Fault> {
    let patch: Patch = serde_json::from_slice(content)
        .map_err(|error| Fault::invalid(format!("The patch cannot be read: {error}")))?;
    for operation in patch.iter() {
        check(kind, operation)?;
    }
    Ok(patch)
}

fn check(kind: Kind, operation: &PatchOperation) -> Result<(), Fault> {
    use PatchOperation::{Add, Copy, Move, Remove, Replace, Test};

    let path = operation.path();
    let name = field_name(operation);
    let field = kind.field(&name);
    match (operation, field.map(|field| field.access)) {
        (Move(_) | Copy(_) | Test(_), _) => Err(Fault::invalid(
            "The operations of a patch are add, replace and remove.",
        )),
        (_, None) => Err(Fault::invalid(format!(
            "{path}: there is no such attribute."
        ))),
        (_, Some(Access::Internal)) => Err(Fault::invalid(format!(
            "{path} is an internal attribute and can not be updated."
        ))),
        (Remove(_), Some(Access::Required)) if path.count() == 1 => Err(Fault::invalid(format!(
            "{path} is a mandatory attribute and can not be removed."
        ))),
        (Add(_) | Remove(_) | Replace(_), _) if path.count() > DEPTH => {
            Err(Fault::invalid("The patch reaches too far down."))
        }
        (Add(_) | Remove(_) | Replace(_), _) => Ok(()),
    }
}

/// Returns the name of the field that an operation changes, at any depth.
pub(crate) fn field_name(operation: &PatchOperation) -> String {
    let first = operation.path().first();
    first.map_or_else(String::new, |token| token.decoded().into_owned())
}

/// Applies all operations, or none.
pub(crate) fn apply(
    fields: &Map<String, Value>,
    patch: &Patch,
) -> Result<Map<String, Value>, Fault> {
    let mut document = Value::Object(fields.clone());
    json_patch::patch(&mut document, patch).map_err(|error| Fault::invalid(error.to_string()))?;
    match document {
        Value::Object(fields) => Ok(fields),
        _ => Err(Fault::invalid("An object cannot become something else.")),
    }
}
