//! cachew's content cache: one list of scenarios over three kinds of stores.

mod atomic;
mod backend;
mod cleanup;
mod client;
mod content;
mod counting;
mod existence;
mod fields;
mod newest;
mod outgrown;
mod preconditions;
mod process;
mod slow;
mod soak;
mod state;
mod writers;

use backend::Backend;

/// Each has entries of its own.
async fn all_scenarios(backend: Backend) {
    content::is_stored_with_its_hash_as_the_tag(&backend).await;
    content::has_the_same_tag_at_every_key(&backend).await;
    content::may_be_empty(&backend).await;
    content::of_many_parts_is_stored_in_full(&backend).await;
    content::is_found_by_any_key(&backend).await;
    content::that_is_under_way_is_given_up_when_the_service_stops(&backend).await;
    content::that_ends_too_early_is_refused(&backend).await;
    fields::all_come_back_as_they_came(&backend).await;
    fields::come_back_as_far_as_they_fit_the_response(&backend).await;
    fields::that_change_alone_come_with_a_304(&backend).await;
    fields::about_the_request_are_not_stored(&backend).await;
    fields::are_bounded(&backend).await;
    client::needs_no_preconditions(&backend).await;
    client::tells_what_reads_found(&backend).await;
    client::tells_what_writes_found(&backend).await;
    client::sends_nothing_without_the_guard_it_was_given(&backend).await;
    client::gets_the_refusal_of_a_large_upload(&backend).await;
    preconditions::of_reads_are_evaluated_over_all_field_lines(&backend).await;
    preconditions::of_writes_are_evaluated(&backend).await;
    preconditions::of_deletions_are_evaluated(&backend).await;
    preconditions::on_dates_are_evaluated(&backend).await;
    preconditions::come_after_what_is_no_request_for_an_entry(&backend).await;
    preconditions::that_fail_are_not_stored(&backend).await;
    existence::is_what_an_asterisk_asks_for(&backend).await;
    existence::ends_with_deletion_and_begins_again(&backend).await;
    existence::needs_content(&backend).await;
    cleanup::leaves_one_content_an_entry(&backend).await;
    newest::is_found_without_a_list(&backend).await;
    newest::is_found_by_any_pointer(&backend).await;
    atomic::a_writer_that_slips_in_is_not_overwritten(&backend).await;
    atomic::a_deletion_that_slips_in_is_noticed(&backend).await;
    atomic::the_store_refuses_a_version_that_is_taken(&backend).await;
    atomic::one_of_many_creators_wins(&backend).await;
    atomic::one_of_many_updaters_wins(&backend).await;
    atomic::a_reader_gets_what_its_precondition_was_evaluated_for(&backend).await;
    writers::with_one_tag_have_one_winner(&backend).await;
    writers::lose_no_update(&backend).await;
    atomic::a_writer_that_slips_in_is_noticed_by_readers(&backend).await;
    atomic::a_slow_reader_gets_all_of_what_was_replaced(&backend).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_memory() {
    all_scenarios(Backend::memory()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_local_disk() {
    all_scenarios(Backend::disk()).await;
}

/// `CACHEW_TEST_S3` is the server's URL, for instance `http://127.0.0.1:5000`.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs an S3 server"]
async fn in_a_bucket() {
    all_scenarios(Backend::s3().await).await;
}
