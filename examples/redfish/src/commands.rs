//! The subcommands of the client.

use std::io::{ErrorKind, Write};

use serde_json::{Value, json};

use crate::{
    arguments::{Call, Command},
    client::{Failure, Place, Redfish, Resource},
};

/// Runs a command, and writes its result to `out`.
///
/// # Errors
///
/// Fails if the BMC does not do it, or if the result cannot be written.
pub async fn run(call: Call, out: &mut impl Write) -> Result<(), Failure> {
    let bmc = match &call.cacert {
        Some(file) => Redfish::with_cacert(&call.url, file)?,
        None => Redfish::new(&call.url)?,
    };
    // A mistake in the tag is found before anything is sent.
    if let Some(etag) = &call.etag {
        bmc.root().with_etag(etag)?;
    }
    if !call.basic && bmc.has_login() {
        bmc.connect().await?;
    }
    let done = perform(&bmc, call.command, call.etag.as_deref(), out).await;
    let logged_out = bmc.logout().await;
    done.and(logged_out)
}

async fn perform(
    bmc: &Redfish,
    command: Command,
    etag: Option<&str>,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let resource = async |text: &str| {
        let resource = match text.contains('/') {
            true => bmc.at(text),
            false => bmc.find(text).await?,
        };
        match etag {
            Some(etag) => resource.with_etag(etag),
            None => Ok(resource),
        }
    };
    let mut changed = match command {
        Command::Tree => return tree(bmc, out).await,
        Command::Get(text) => return get(bmc, &text, out).await,
        Command::Set {
            resource: text,
            property,
            value,
        } => {
            let mut place = match text.contains('/') {
                true => Place::of(resource(&text).await?, &property),
                false => bmc.place(&format!("{text}.{property}"), etag).await?,
            };
            place.set(value).await?;
            place.resource
        }
        Command::Patch(text, changes) => {
            let mut resource = resource(&text).await?;
            resource.patch(changes).await?;
            resource
        }
        Command::Create(text, member) => resource(&text).await?.create(member).await?,
        Command::Delete(text) => return resource(&text).await?.delete().await,
    };
    show(&mut changed, out).await
}

/// Writes a resource, or one of its properties.
async fn get(bmc: &Redfish, text: &str, out: &mut impl Write) -> Result<(), Failure> {
    if text.contains('/') {
        return show(&mut bmc.at(text), out).await;
    }
    let mut place = bmc.place(text, None).await?;
    if place.names.is_empty() {
        return show(&mut place.resource, out).await;
    }
    let value = place.value().await?.cloned().unwrap_or_default();
    match value {
        Value::String(text) => print(out, &text),
        value => print(out, &format!("{value:#}")),
    }
}

/// Writes a resource. Its tag is always in `@odata.etag`, so that it can guard a later command.
async fn show(resource: &mut Resource, out: &mut impl Write) -> Result<(), Failure> {
    let tag = resource.tag().await?;
    let mut json = resource.json().await?.clone();
    if let Some(tag) = tag {
        json["@odata.etag"] = json!(tag);
    }
    print(out, &format!("{json:#}"))
}

/// Ignores a closed pipe: the reader has stopped (`| head`).
fn print(out: &mut impl Write, text: &str) -> Result<(), Failure> {
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::transport(error)),
        _ => Ok(()),
    }
}

/// Writes the systems and accounts, with their tags.
async fn tree(bmc: &Redfish, out: &mut impl Write) -> Result<(), Failure> {
    let mut root = bmc.root();
    let systems = root.follow("Systems").await?;
    let accounts = root
        .follow("AccountService")
        .await?
        .follow("Accounts")
        .await?;
    for mut collection in [systems, accounts] {
        print(out, &line(&mut collection).await?)?;
        for mut member in collection.members().await? {
            print(out, &line(&mut member).await?)?;
        }
    }
    Ok(())
}

async fn line(resource: &mut Resource) -> Result<String, Failure> {
    let tag = resource.tag().await?;
    let tag = tag.as_deref().unwrap_or("without a tag");
    Ok(format!("{} {tag}", resource.path()))
}
