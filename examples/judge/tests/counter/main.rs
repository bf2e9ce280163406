//! Counts with many clients, and checks what each of them saw: no update is lost. Each test is also
//! run with its guard taken out, and then must lose updates.

mod bucket;
mod cachew;
mod faults;
mod files;
mod notes;
mod support;
mod vault;

/// 64 clients and 10,000 increments each. They run at the same time, because the increments of a
/// counter are made one after another.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes a minute"]
async fn ten_thousand_increments() {
    let limit = std::time::Duration::from_secs(840);
    let all = async {
        tokio::join!(
            vault::lose_nothing(support::MANY),
            files::lose_nothing(support::MANY),
            notes::lose_nothing(support::MANY),
            cachew::lose_nothing(support::MANY),
            cachew::lose_nothing_in_a_bucket(support::MANY),
        )
    };
    tokio::time::timeout(limit, all)
        .await
        .expect("in bounded time");
}
