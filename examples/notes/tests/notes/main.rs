//! The notes example over real HTTP, on SQLite and on PostgreSQL.

mod binary;
mod browser;
mod codings;
mod conditional;
mod cross_origin;
mod list;
mod openapi;
mod page;
mod proxies;
mod races;
mod raw;
mod refused;
mod seeding;
mod service;
mod writes;

use service::Service;

/// Each scenario by itself on a new SQLite database, and all of them in turn on one PostgreSQL
/// database: no scenario relies on a note that it did not make.
macro_rules! scenarios {
    ($($module:ident: $($name:ident)+;)+) => {
        mod on_sqlite {
            use crate::{service::Service, *};
            $($(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    $module::$name(&Service::on_sqlite().await).await;
                }
            )+)+
        }

        async fn every_scenario(service: &Service) {
            $($(
                println!("{}", concat!(stringify!($module), "::", stringify!($name)));
                $module::$name(service).await;
            )+)+
        }
    };
}

scenarios! {
    conditional:
        a_get_is_revalidated
        a_304_has_the_fields_of_the_200_but_no_content
        no_content_has_no_length_over_http2_either
        head_has_the_fields_of_get
        dates_work_where_there_is_no_tag
        a_date_whose_second_is_not_over_proves_nothing;
    writes:
        an_unconditional_write_is_refused
        a_stale_write_is_refused_and_loses_nothing
        a_write_returns_the_tag_of_what_it_wrote
        patch_changes_only_what_it_names
        put_creates_and_create_only_creates_once
        a_deleted_note_is_gone
        a_version_never_comes_back;
    list:
        the_list_has_each_notes_tag
        the_lists_tag_changes_with_every_change
        post_can_depend_on_the_list
        post_does_not_take_an_id_that_a_client_chose;
    races:
        of_two_writers_of_one_version_one_wins
        no_increment_is_lost
        of_many_creations_one_creates
        any_version_will_do_for_an_asterisk
        deletion_and_change_exclude_each_other
        the_check_is_repeated_where_the_data_lives
        the_check_for_existence_is_repeated_too
        a_date_does_not_guard_less_than_a_tag;
    refused:
        content_that_is_no_note
        content_that_is_too_large
        ids_that_no_note_has
        a_percent_encoded_id_is_the_same_note
        methods_that_a_resource_does_not_have
        a_refused_write_does_not_wait_for_its_content;
    codings:
        the_compressed_form_has_a_tag_of_its_own
        the_compressed_forms_tag_revalidates_and_writes
        a_write_works_behind_any_compressing_proxy
        a_412_names_the_current_tag_without_a_suffix;
    cross_origin:
        scripts_may_read_the_tag_of_every_answer
        scripts_may_send_conditional_fields;
    page:
        the_page_and_its_parts_are_served
        the_page_is_revalidated
        the_page_runs_no_script_but_its_own;
    openapi:
        the_document_describes_preconditions;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL"]
async fn postgres_runs_the_same_service() {
    let url = std::env::var("NOTES_TEST_POSTGRES")
        .expect("NOTES_TEST_POSTGRES is the URL of an empty PostgreSQL database");
    every_scenario(&Service::on(&url).await).await;
}
