use example_redfish::{Tags, client::Resource};
use serde_json::json;

use crate::bmc::Bmc;

async fn operator(bmc: &Bmc) -> Resource {
    let mut accounts = bmc.client().at("AccountService/Accounts");
    let member = json!({ "UserName": "jane", "Password": "secret", "RoleId": "Operator" });
    accounts.create(member).await.unwrap()
}

#[tokio::test]
async fn accounts_are_created_changed_and_deleted() {
    let bmc = Bmc::start(Tags::Strong, true).await;
    let mut account = operator(&bmc).await;
    assert_eq!(account.get("UserName").await.unwrap(), "jane");
    assert!(account.get("Password").await.unwrap().is_null());
    let changes = json!({ "RoleId": "ReadOnly", "Password": "other", "Enabled": false });
    account.patch(changes).await.unwrap();
    assert_eq!(account.get("Enabled").await.unwrap(), false);
    assert!(account.get("Password").await.unwrap().is_null());
    let role = &account.get("Links").await.unwrap()["Role"]["@odata.id"];
    assert_eq!(role, "/redfish/v1/AccountService/Roles/ReadOnly");

    let mut accounts = bmc.client().at("AccountService/Accounts");
    assert_eq!(accounts.members().await.unwrap().len(), 2);
    account.delete().await.unwrap();
    accounts.refresh().await.unwrap();
    assert_eq!(accounts.members().await.unwrap().len(), 1);
    assert_eq!(accounts.get("Members@odata.count").await.unwrap(), 1);
}

/// rackfish deletes whatever is there.
#[tokio::test]
async fn what_was_changed_since_is_not_deleted() {
    let bmc = Bmc::start(Tags::Weak, false).await;
    let mut mine = operator(&bmc).await;
    mine.json().await.unwrap();
    let mut theirs = bmc.client().at(mine.path());
    theirs.set("RoleId", json!("Administrator")).await.unwrap();
    assert!(mine.delete().await.unwrap_err().is_refused());
    theirs.refresh().await.unwrap();
    assert_eq!(theirs.get("RoleId").await.unwrap(), "Administrator");
}
