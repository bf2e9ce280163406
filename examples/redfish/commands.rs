//! What the command line does to a BMC.

use crate::{
    arguments::Command,
    client::{Failure, Redfish, Resource},
};

pub(crate) async fn run(url: &str, command: Command) -> Result<(), Failure> {
    let bmc = Redfish::new(url)?;
    let mut resource = match command {
        Command::Tree => return tree(&bmc).await,
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
    println!("{:#}", resource.json().await?);
    Ok(())
}

/// The systems and accounts, with their tags.
async fn tree(bmc: &Redfish) -> Result<(), Failure> {
    let mut root = bmc.root();
    let systems = root.follow("Systems").await?;
    let accounts = root
        .follow("AccountService")
        .await?
        .follow("Accounts")
        .await?;
    for mut collection in [systems, accounts] {
        print(&mut collection).await?;
        for mut member in collection.members().await? {
            print(&mut member).await?;
        }
    }
    Ok(())
}

async fn print(resource: &mut Resource) -> Result<(), Failure> {
    let tag = resource.tag().await?;
    println!(
        "{} {}",
        resource.path(),
        tag.as_deref().unwrap_or("without a tag")
    );
    Ok(())
}
