//! Counts with many clients, and checks what each of them saw: no update is lost. Each test is also
//! run with its guard taken out, and then must lose updates.

mod cachew;
mod faults;
mod files;
mod notes;
mod support;
mod vault;

/// 64 clients and 10,000 increments under the lock. The others are slower: with 500 they are tests of
/// their own, and with more if `COUNTER_INCREMENTS` says so.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes"]
async fn ten_thousand_increments() {
    let limit = std::time::Duration::from_secs(840);
    let all = async {
        vault::lose_nothing(support::MANY).await;
        if let Some(others) = support::others() {
            files::lose_nothing(others).await;
            notes::lose_nothing(others).await;
            cachew::lose_nothing(others).await;
        }
    };
    tokio::time::timeout(limit, all)
        .await
        .expect("in bounded time");
}
