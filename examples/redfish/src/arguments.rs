//! The command line.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{Login, Options, Tags};

pub const USAGE: &str = "\
usage: redfish [serve] [OPTION]...
       redfish tree   URL
       redfish get    URL RESOURCE
       redfish set    URL RESOURCE.PROPERTY=VALUE
       redfish set    URL RESOURCE PROPERTY VALUE
       redfish patch  URL RESOURCE JSON
       redfish create URL RESOURCE JSON
       redfish delete URL RESOURCE

URL is http[s]://[USER:PASSWORD@]HOST[:PORT]. RESOURCE is a path with a slash, absolute or relative to
/redfish/v1 (Systems/1), or an expression (Systems[0], AccountService.Accounts). `system` is Systems[0].

options of serve:
  --listen ADDR:PORT     the address; 127.0.0.1:3000 by default
  --tags weak|strong|none
  --require-if-match     answer PATCH and PUT without a precondition with 428. It does not cover DELETE and
                         POST: rackfish and sushy send both without one, also to log out and in
  --login USER:PASSWORD  demand these credentials, or a session; by default all are accepted, and none needed
  --tls-cert FILE        serve https with this certificate, and those that lead to its authority (PEM)
  --tls-key FILE         its key (PEM)

options of the others, at any place:
  --etag TAG             guard the write by this tag, which `get` has shown, in place of the current one
                         (set, patch, create, delete)
  --basic                send the credentials with each request; by default the command logs in and out
  --cacert FILE          trust the certificates in this file only (PEM)

exit status: 2 if the BMC has refused a write with 412 or 428, and 1 after any other failure";

#[derive(Debug)]
pub enum Arguments {
    Help,
    Serve {
        listen: String,
        options: Options,
        login: Option<Login>,
        /// The files of the certificate and of its key.
        tls: Option<(String, String)>,
    },
    Call(Call),
}

/// A command of the client.
#[derive(Debug)]
pub struct Call {
    pub url: String,
    pub cacert: Option<String>,
    pub basic: bool,
    pub etag: Option<String>,
    pub command: Command,
}

#[derive(Debug)]
pub enum Command {
    Tree,
    Get(String),
    Set {
        resource: String,
        property: String,
        value: Value,
    },
    Patch(String, Value),
    Create(String, Value),
    Delete(String),
}

impl Arguments {
    /// # Errors
    ///
    /// Returns what to print if these are no arguments.
    pub fn parse(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut arguments: Vec<_> = arguments.collect();
        if arguments.iter().any(|it| it == "--help" || it == "-h") {
            return Ok(Self::Help);
        }
        match arguments.first().map(String::as_str) {
            Some("serve") => {
                arguments.remove(0);
                Self::serve(arguments)
            }
            None => Self::serve(arguments),
            Some(first) if first.starts_with("--") => Self::serve(arguments),
            Some(_) => Self::call(arguments),
        }
    }

    fn serve(arguments: Vec<String>) -> Result<Self, String> {
        const VALUES: &[&str] = &["--listen", "--tags", "--login", "--tls-cert", "--tls-key"];
        let (words, mut given) = split(arguments, VALUES, &["--require-if-match"])?;
        let mut options = Options::default();
        if let Some(tags) = given.remove("--tags") {
            options.tags = match tags.as_str() {
                "weak" => Tags::Weak,
                "strong" => Tags::Strong,
                "none" => Tags::None,
                _ => return Err(USAGE.to_owned()),
            };
        }
        options.require_if_match = given.remove("--require-if-match").is_some();
        let login = given.remove("--login").map(|login| {
            let (user, password) = login.split_once(':').ok_or(USAGE)?;
            let (user, password) = (user.to_owned(), password.to_owned());
            Ok::<_, &str>(Login { user, password })
        });
        let tls = match (given.remove("--tls-cert"), given.remove("--tls-key")) {
            (Some(certificate), Some(key)) => Some((certificate, key)),
            (None, None) => None,
            _ => return Err("--tls-cert and --tls-key go together".to_owned()),
        };
        let listen = given.remove("--listen");
        match words.is_empty() {
            true => Ok(Self::Serve {
                listen: listen.unwrap_or_else(|| "127.0.0.1:3000".to_owned()),
                options,
                login: login.transpose()?,
                tls,
            }),
            false => Err(USAGE.to_owned()),
        }
    }

    fn call(arguments: Vec<String>) -> Result<Self, String> {
        let (words, mut given) = split(arguments, &["--etag", "--cacert"], &["--basic"])?;
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        let (url, command) = match words[..] {
            ["tree", url] => (url, Command::Tree),
            ["get", url, at] => (url, Command::Get(at.to_owned())),
            ["set", url, assignment] => (url, self::assignment(assignment).ok_or(USAGE)?),
            ["set", url, at, property, text] => {
                let command = Command::Set {
                    resource: at.to_owned(),
                    property: property.to_owned(),
                    value: value(text),
                };
                (url, command)
            }
            ["patch", url, at, text] => (url, Command::Patch(at.to_owned(), json(text)?)),
            ["create", url, at, text] => (url, Command::Create(at.to_owned(), json(text)?)),
            ["delete", url, at] => (url, Command::Delete(at.to_owned())),
            _ => return Err(USAGE.to_owned()),
        };
        let etag = given.remove("--etag");
        if etag.is_some() && matches!(command, Command::Tree | Command::Get(_)) {
            return Err("--etag guards writes".to_owned());
        }
        Ok(Self::Call(Call {
            url: url.to_owned(),
            cacert: given.remove("--cacert"),
            basic: given.remove("--basic").is_some(),
            etag,
            command,
        }))
    }
}

/// Separates options from the other words. An option counts once.
fn split(
    arguments: Vec<String>,
    values: &[&str],
    switches: &[&str],
) -> Result<(Vec<String>, BTreeMap<String, String>), String> {
    let (mut words, mut options) = (Vec::new(), BTreeMap::new());
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        let value = if values.contains(&argument.as_str()) {
            arguments.next().ok_or(USAGE)?
        } else if switches.contains(&argument.as_str()) {
            String::new()
        } else if argument.starts_with("--") {
            return Err(USAGE.to_owned());
        } else {
            words.push(argument);
            continue;
        };
        if options.insert(argument, value).is_some() {
            return Err(USAGE.to_owned());
        }
    }
    Ok((words, options))
}

/// Reads `system.PowerState=On`: the property is behind the last dot before `=`.
fn assignment(text: &str) -> Option<Command> {
    let (target, text) = text.split_once('=')?;
    let (resource, property) = target.rsplit_once('.')?;
    Some(Command::Set {
        resource: resource.to_owned(),
        property: property.to_owned(),
        value: value(text),
    })
}

/// Reads `true`, `7`, `null` and `"7"` as JSON. Anything else is a string.
fn value(text: &str) -> Value {
    serde_json::from_str(text)
        .ok()
        .filter(|value: &Value| !value.is_object() && !value.is_array())
        .unwrap_or_else(|| Value::from(text))
}

fn json(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| format!("not JSON: {text}: {error}"))
}
