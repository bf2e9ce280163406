//! The properties and values that a client may write.

use serde_json::{Map, Value, json};

use super::{error::Failure, seeds};

const LEDS: &[&str] = &["Lit", "Blinking", "Off"];
const POWER: &[&str] = &["On", "Off"];
const OVERRIDES: &[&str] = &["Disabled", "Once", "Continuous"];
const TARGETS: &[&str] = &["None", "Pxe", "Hdd", "Cd"];
pub(super) const ROLES: &[&str] = &["Administrator", "Operator", "ReadOnly"];

enum Kind {
    Text,
    Switch,
    Secret,
    OneOf(&'static [&'static str]),
    Object(fn(&str) -> Option<Kind>),
}

fn of_system(name: &str) -> Option<Kind> {
    Some(match name {
        "AssetTag" => Kind::Text,
        "IndicatorLED" => Kind::OneOf(LEDS),
        // rackfish's document sets it. In Redfish it can only be read.
        "PowerState" => Kind::OneOf(POWER),
        "Boot" => Kind::Object(of_boot),
        _ => return None,
    })
}

fn of_boot(name: &str) -> Option<Kind> {
    Some(match name {
        "BootSourceOverrideEnabled" => Kind::OneOf(OVERRIDES),
        "BootSourceOverrideTarget" => Kind::OneOf(TARGETS),
        _ => return None,
    })
}

fn of_account(name: &str) -> Option<Kind> {
    Some(match name {
        "RoleId" => Kind::OneOf(ROLES),
        "Password" => Kind::Secret,
        "Enabled" => Kind::Switch,
        _ => return None,
    })
}

/// Makes all changes that the content names, or none.
pub(super) fn patch(resource: &Value, changes: &Value) -> Result<Value, Failure> {
    let mut changed = resource.clone();
    let is_account = resource["@odata.id"]
        .as_str()
        .is_some_and(|path| path.starts_with(seeds::ACCOUNTS));
    let writable = if is_account { of_account } else { of_system };
    merge(&mut changed, object(changes)?, writable)?;
    if is_account {
        let role = changed["RoleId"].as_str().unwrap_or_default();
        changed["Links"]["Role"] = json!({ "@odata.id": format!("{}/{role}", seeds::ROLES) });
    }
    Ok(changed)
}

fn merge(
    target: &mut Value,
    changes: &Map<String, Value>,
    writable: fn(&str) -> Option<Kind>,
) -> Result<(), Failure> {
    for (name, value) in changes {
        let Some(kind) = writable(name) else {
            return Err(match target.get(name) {
                Some(_) => Failure::bad_request(
                    "PropertyNotWritable",
                    format!("The property {name} is a read-only property."),
                ),
                None => Failure::bad_request(
                    "PropertyUnknown",
                    format!("The property {name} is not in the list of valid properties."),
                ),
            });
        };
        match kind {
            Kind::Object(writable) => merge(&mut target[name], object(value)?, writable)?,
            Kind::Secret if value.is_string() => {}
            Kind::Text if value.is_string() => target[name] = value.clone(),
            Kind::Switch if value.is_boolean() => target[name] = value.clone(),
            Kind::OneOf(values) if value.as_str().is_some_and(|value| values.contains(&value)) => {
                target[name] = value.clone();
            }
            Kind::OneOf(_) if value.is_string() => {
                return Err(Failure::bad_request(
                    "PropertyValueNotInList",
                    format!("The value {value} for the property {name} is not acceptable."),
                ));
            }
            _ => {
                return Err(Failure::bad_request(
                    "PropertyValueTypeError",
                    format!("The value {value} for the property {name} is of another type."),
                ));
            }
        }
    }
    Ok(())
}

/// Returns a string that a new resource must have.
pub(super) fn required<'a>(content: &'a Value, name: &str) -> Result<&'a str, Failure> {
    object(content)?
        .get(name)
        .and_then(Value::as_str)
        .ok_or_else(|| {
            Failure::bad_request(
                "PropertyMissing",
                format!("The property {name} is a required property."),
            )
        })
}

fn object(value: &Value) -> Result<&Map<String, Value>, Failure> {
    value.as_object().ok_or_else(|| {
        Failure::bad_request(
            "UnrecognizedRequestBody",
            "The request body contains an object where none was expected, or none.".to_owned(),
        )
    })
}
