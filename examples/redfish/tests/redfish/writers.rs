//! Many writers at once: no change is lost, and each refusal has changed nothing.

use std::collections::BTreeSet;

use example_redfish::Tags;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::bmc::Bmc;

const WRITERS: usize = 16;
const CHANGES: usize = 5;

/// Each writer adds its changes to a text, so that a lost one would be missing in the end.
async fn write(bmc: &Bmc, log_in: bool) {
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let client = bmc.client();
        writers.spawn(async move {
            if log_in {
                client.connect().await.unwrap();
            }
            let mut refused = 0;
            let mut system = client.find("system").await.unwrap();
            for change in 0..CHANGES {
                loop {
                    let old = system.get("AssetTag").await.unwrap().clone();
                    let new = format!("{} {writer}.{change}", old.as_str().unwrap());
                    match system.set("AssetTag", new).await {
                        Ok(()) => break,
                        Err(failure) => assert!(failure.is_refused(), "{failure}"),
                    }
                    refused += 1;
                    system.refresh().await.unwrap();
                }
            }
            client.logout().await.unwrap();
            refused
        });
    }
    let refused: Vec<usize> = writers.join_all().await;
    let text = bmc.now("AssetTag").await;
    let changes: Vec<_> = text.as_str().unwrap().split(' ').skip(1).collect();
    let distinct: BTreeSet<_> = changes.iter().collect();
    assert_eq!(changes.len(), WRITERS * CHANGES, "{refused:?}: {text}");
    assert_eq!(distinct.len(), changes.len(), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixteen_writers_lose_no_change() {
    write(&Bmc::start(Tags::Weak, true).await, false).await;
    write(&Bmc::start(Tags::Strong, false).await, false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixteen_writers_with_sessions_lose_no_change() {
    let bmc = Bmc::locked(Tags::Weak).await;
    write(&bmc, true).await;
    let mut sessions = bmc.client().at("SessionService/Sessions");
    assert_eq!(sessions.members().await.unwrap().len(), 0);
}

/// All have seen the same collection: one of them adds an account.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_sixteen_adds_to_the_collection_that_it_has_seen() {
    for tags in [Tags::Weak, Tags::Strong] {
        let bmc = Bmc::start(tags, true).await;
        let path = "AccountService/Accounts";
        let tag = bmc.client().at(path).tag().await.unwrap().unwrap();
        let mut writers = JoinSet::new();
        for writer in 0..WRITERS {
            let accounts = bmc.client().at(path).with_etag(&tag).unwrap();
            writers.spawn(async move {
                let name = format!("user{writer}");
                let member = json!({ "UserName": name, "Password": "x", "RoleId": "Operator" });
                match { accounts }.create(member).await {
                    Ok(mut account) => Some(account.get("UserName").await.unwrap().clone()),
                    Err(failure) => {
                        assert!(failure.is_refused(), "{failure}");
                        None
                    }
                }
            });
        }
        let added: Vec<Value> = writers.join_all().await.into_iter().flatten().collect();
        assert_eq!(added.len(), 1, "{added:?}");
        let members = bmc.client().at(path).members().await.unwrap();
        assert_eq!(members.len(), 2);
    }
}

/// All have seen the same account: one of them deletes it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_sixteen_deletes() {
    let bmc = Bmc::start(Tags::Weak, true).await;
    let mut account = bmc.client().at("AccountService/Accounts/1");
    account.json().await.unwrap();
    let mut writers = JoinSet::new();
    for _ in 0..WRITERS {
        let account = account.clone();
        writers.spawn(async move { account.delete().await.is_ok() });
    }
    let done = writers.join_all().await;
    assert_eq!(done.iter().filter(|done| **done).count(), 1);
    let mut accounts = bmc.client().at("AccountService/Accounts");
    assert_eq!(accounts.get("Members@odata.count").await.unwrap(), 0);
}
