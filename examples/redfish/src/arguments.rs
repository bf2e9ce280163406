//! The command line.

use serde_json::Value;

use crate::{Options, Tags};

const USAGE: &str = "\
usage: redfish [serve] [--listen ADDR:PORT] [--tags weak|strong|none] [--require-if-match]
       redfish tree   URL
       redfish get    URL PATH
       redfish set    URL PATH NAME VALUE
       redfish patch  URL PATH JSON
       redfish create URL PATH JSON
       redfish delete URL PATH
URL is http://[USER:PASSWORD@]HOST[:PORT]; PATH is absolute, or relative to /redfish/v1";

#[derive(Debug)]
pub enum Arguments {
    Serve { listen: String, options: Options },
    Command { url: String, command: Command },
}

#[derive(Debug)]
pub enum Command {
    Tree,
    Get(String),
    Set {
        path: String,
        name: String,
        value: Value,
    },
    Patch(String, Value),
    Create(String, Value),
    Delete(String),
}

impl Arguments {
    pub fn parse(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut arguments = arguments.peekable();
        let serves = |first: &String| first == "serve" || first.starts_with("--");
        if arguments.peek().is_none_or(serves) {
            arguments.next_if(|first| first == "serve");
            return Self::serve(arguments);
        }
        let mut next = || arguments.next().ok_or(USAGE);
        let (verb, url) = (next()?, next()?);
        let command = match verb.as_str() {
            "tree" => Command::Tree,
            "get" => Command::Get(next()?),
            "set" => Command::Set {
                path: next()?,
                name: next()?,
                value: value(next()?),
            },
            "patch" => Command::Patch(next()?, json(&next()?)?),
            "create" => Command::Create(next()?, json(&next()?)?),
            "delete" => Command::Delete(next()?),
            _ => return Err(USAGE.to_owned()),
        };
        match arguments.next() {
            None => Ok(Self::Command { url, command }),
            Some(_) => Err(USAGE.to_owned()),
        }
    }

    fn serve(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut listen = "127.0.0.1:3000".to_owned();
        let mut options = Options::default();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--listen" => listen = arguments.next().ok_or(USAGE)?,
                "--tags" => {
                    options.tags = match arguments.next().as_deref() {
                        Some("weak") => Tags::Weak,
                        Some("strong") => Tags::Strong,
                        Some("none") => Tags::None,
                        _ => return Err(USAGE.to_owned()),
                    }
                }
                "--require-if-match" => options.require_if_match = true,
                _ => return Err(USAGE.to_owned()),
            }
        }
        Ok(Self::Serve { listen, options })
    }
}

/// Reads `true`, `7`, `null` and `"7"` as JSON. Anything else is a string.
fn value(text: String) -> Value {
    serde_json::from_str(&text)
        .ok()
        .filter(|value: &Value| !value.is_object() && !value.is_array())
        .unwrap_or(Value::String(text))
}

fn json(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| format!("not JSON: {text}: {error}"))
}
