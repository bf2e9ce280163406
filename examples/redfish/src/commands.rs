//! The subcommands of the client.

use std::io::{ErrorKind, Write};

use crate::{
    arguments::Command,
    client::{Failure, Redfish, Resource},
};

/// Runs a command, and writes its result to `out`.
pub async fn run(url: &str, command: Command, out: &mut impl Write) -> Result<(), Failure> {
    let bmc = Redfish::new(url)?;
    let mut resource = match command {
        Command::Tree => return tree(&bmc, out).await,
        Command::Get(path) => bmc.at(&path),
        Command::Set { path, name, value } => {
            let mut resource = bmc.at(&path);
            resource.set(&name, value).await?;
            resource
        }
        Command::Patch(path, changes) => {
            let mut resource = bmc.at(&path);
            resource.patch(changes).await?;
            resource
        }
        Command::Create(path, member) => bmc.at(&path).create(member).await?,
        Command::Delete(path) => return bmc.at(&path).delete().await,
    };
    let text = format!("{:#}", resource.json().await?);
    print(out, &text)
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
