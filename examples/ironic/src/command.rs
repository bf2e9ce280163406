//! The command line of the service and of its client.

use std::{fs, io::Write};

use serde_json::{Map, Value};

use super::{
    client::{Client, Etag, Failure, Manager, Operation, Resource, operations},
    kind::Kind,
};

/// Describes the arguments of the program.
pub const USAGE: &str = "\
usage: ironic [--listen ADDR:PORT] [--notify]
       ironic [--ironic-url URL] [--ironic-api-version VERSION] [--next-release] COMMAND

commands, where KIND is node, port, portgroup or chassis:
  KIND-list
  KIND-show IDENT
  KIND-create FIELD=VALUE...
  KIND-update [--etag TAG | --no-etag] [--stored FILE [--retry]] IDENT [add|replace|remove] PATH[=VALUE]...
  KIND-delete [--etag TAG | --no-etag] [--stored FILE] IDENT

--etag TAG      write only if this is the current entity tag
--no-etag       write whatever the current one is, without a warning
--stored FILE   the output of KIND-show: its tag is sent, and on a conflict what has changed since is shown
--retry         try again if only other fields have changed
--next-release  send the tag of what is read by default";

/// The parsed arguments.
#[derive(Debug)]
pub enum Arguments {
    Serve { listen: Vec<String>, notify: bool },
    Command(Command),
}

/// A command of the client.
#[derive(Debug)]
pub struct Command {
    url: String,
    version: String,
    next_release: bool,
    kind: Kind,
    action: Action,
}

#[derive(Debug)]
enum Action {
    List,
    Show(String),
    Create(Vec<String>),
    Update(Target, Vec<Operation>),
    Delete(Target),
}

/// The resource that a command writes, and its guard.
#[derive(Debug, Default)]
struct Target {
    ident: String,
    etag: Etag,
    stored: Option<String>,
    retry: bool,
}

impl Arguments {
    /// Reads the arguments.
    ///
    /// # Errors
    ///
    /// Returns an error if an argument is invalid or missing.
    pub fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Self, Failure> {
        let mut arguments = arguments.into_iter();
        let (mut listen, mut notify) = (Vec::new(), false);
        let mut url = "http://127.0.0.1:3000".to_owned();
        let (mut version, mut next_release) = ("1.40".to_owned(), false);
        while let Some(argument) = arguments.next() {
            let mut value = || {
                let value = arguments.next();
                value.ok_or_else(|| Failure::usage(format!("{argument} needs a value")))
            };
            match &*argument {
                "--listen" => listen = vec![argument.clone(), value()?],
                "--notify" => notify = true,
                "--ironic-url" => url = value()?,
                "--ironic-api-version" => version = value()?,
                "--next-release" => next_release = true,
                command => {
                    let (kind, action) = action(command, arguments.collect())?;
                    return Ok(Self::Command(Command {
                        url,
                        version,
                        next_release,
                        kind,
                        action,
                    }));
                }
            }
        }
        Ok(Self::Serve { listen, notify })
    }
}

fn action(command: &str, arguments: Vec<String>) -> Result<(Kind, Action), Failure> {
    let unknown = || Failure::usage(format!("{command}: there is no such command\n\n{USAGE}"));
    let (kind, verb) = command.split_once('-').ok_or_else(unknown)?;
    let kind = Kind::from_singular(kind).ok_or_else(unknown)?;
    let one = |arguments: Vec<String>| match <[String; 1]>::try_from(arguments) {
        Ok([ident]) => Ok(ident),
        Err(_) => Err(Failure::usage("expected one UUID or name")),
    };
    let action = match verb {
        "list" if arguments.is_empty() => Action::List,
        "show" => Action::Show(one(arguments)?),
        "create" => Action::Create(arguments),
        "update" => {
            let (mut target, mut rest) = target(arguments)?;
            if rest.is_empty() || rest[0].contains('=') {
                return Err(Failure::usage("update needs a UUID or name"));
            }
            target.ident = rest.remove(0);
            let op = match rest.first() {
                Some(op) if !op.contains('=') => rest.remove(0),
                _ => "add".to_owned(),
            };
            let patch = operations(&op, rest.iter().map(String::as_str))?;
            Action::Update(target, patch)
        }
        "delete" => {
            let (mut target, rest) = target(arguments)?;
            target.ident = one(rest)?;
            Action::Delete(target)
        }
        _ => return Err(unknown()),
    };
    Ok((kind, action))
}

/// Separates the options of a write from the other arguments.
fn target(arguments: Vec<String>) -> Result<(Target, Vec<String>), Failure> {
    let (mut target, mut rest) = (Target::default(), Vec::new());
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        let mut value = || {
            let value = arguments.next();
            value.ok_or_else(|| Failure::usage(format!("{argument} needs a value")))
        };
        match &*argument {
            "--etag" => target.etag = Etag::Is(value()?),
            "--no-etag" => target.etag = Etag::Off,
            "--stored" => target.stored = Some(value()?),
            "--retry" => target.retry = true,
            option if option.starts_with("--") => {
                return Err(Failure::usage(format!("{option}: there is no such option")));
            }
            _ => rest.push(argument),
        }
    }
    if target.stored.is_some() && target.etag == Etag::Unset {
        target.etag = Etag::On;
    }
    if target.retry && (target.stored.is_none() || target.etag != Etag::On) {
        return Err(Failure::usage("--retry needs --stored, and its tag"));
    }
    Ok((target, rest))
}

impl Command {
    /// Sends the requests, and writes the resources to `output`.
    ///
    /// # Errors
    ///
    /// Returns an error if an argument is invalid, or if a request fails.
    pub async fn run(self, output: &mut (dyn Write + Send)) -> Result<(), Failure> {
        let client = Client::new(&self.url, &self.version)?.after_deprecation(self.next_release);
        let manager = client.manager(self.kind);
        let mut show = |resource: &Resource| {
            writeln!(output, "{resource}").map_err(|error| Failure::Transport(error.into()))
        };
        match self.action {
            Action::List => manager.list().await?.iter().try_for_each(show),
            Action::Show(ident) => show(&manager.get(&ident).await?),
            Action::Create(fields) => show(&manager.create(values(&fields)?).await?),
            Action::Update(target, patch) => show(&update(manager, target, &patch).await?),
            Action::Delete(target) => delete(manager, target).await,
        }
    }
}

async fn update(
    manager: Manager,
    target: Target,
    patch: &[Operation],
) -> Result<Resource, Failure> {
    if target.stored.is_none() && matches!(target.etag, Etag::Is(_)) {
        return manager.update(&target.ident, patch, target.etag).await;
    }
    let mut resource = resource(manager, &target).await?;
    match target.retry {
        true => resource.update_around(patch).await?,
        false => resource.update(patch, target.etag).await?,
    }
    Ok(resource)
}

async fn delete(manager: Manager, target: Target) -> Result<(), Failure> {
    if target.stored.is_none() && matches!(target.etag, Etag::Is(_)) {
        return manager.delete(&target.ident, target.etag).await;
    }
    let resource = resource(manager, &target).await?;
    resource.delete(target.etag).await
}

/// Returns the stored resource, or else reads the current one.
async fn resource(manager: Manager, target: &Target) -> Result<Resource, Failure> {
    let Some(path) = &target.stored else {
        return manager.get(&target.ident).await;
    };
    let unreadable = |error: &dyn std::fmt::Display| Failure::usage(format!("{path}: {error}"));
    let text = fs::read_to_string(path).map_err(|error| unreadable(&error))?;
    let stored = serde_json::from_str(&text).map_err(|error| unreadable(&error))?;
    let resource = Resource::from_stored(manager, stored)?;
    let is_it = ["uuid", "name"]
        .iter()
        .any(|name| resource.field(name).and_then(Value::as_str) == Some(&target.ident));
    match is_it {
        true => Ok(resource),
        false => Err(Failure::usage(format!("{path} is another resource"))),
    }
}

fn values(fields: &[String]) -> Result<Map<String, Value>, Failure> {
    let value = |field: &String| {
        let (name, value) = field
            .split_once('=')
            .ok_or_else(|| Failure::usage(format!("{field}: expected FIELD=VALUE")))?;
        let value = serde_json::from_str(value).unwrap_or_else(|_| value.into());
        Ok((name.to_owned(), value))
    };
    fields.iter().map(value).collect()
}
