//! Counts with many clients, and checks what each of them saw: no update is lost. Each test is also
//! run with its guard taken out, and then must lose updates.

mod cachew;
mod faults;
mod files;
mod notes;
mod support;
mod vault;

/// 64 clients: 10,000 increments under the lock, then some of each other kind.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes"]
async fn ten_thousand_increments() {
    let limit = std::time::Duration::from_secs(840);
    let all = async {
        vault::lose_nothing(support::MANY).await;
        let fewer = support::fewer();
        files::lose_nothing(fewer).await;
        notes::lose_nothing(fewer).await;
        cachew::lose_nothing(fewer).await;
    };
    tokio::time::timeout(limit, all)
        .await
        .expect("in bounded time");
}
