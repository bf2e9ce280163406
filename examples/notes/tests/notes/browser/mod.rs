//! The page in real browsers, which WebDriver drives: each scenario in Chromium and in Firefox.
//!
//! If `NOTES_SCREENSHOT` names a file, the conflict is painted into it.

mod conflicts;
mod driver;
mod history;
mod site;
mod uploads;

use driver::Browser;
use site::Site;

/// In one session of the browser, and each with a new tab and a note of its own.
macro_rules! scenarios {
    ($($module:ident::$name:ident)+) => {
        async fn every_scenario(browser: &Browser) {
            let site = Site::start().await;
            $(
                println!("{}: {}", browser.name, concat!(stringify!($module), "::", stringify!($name)));
                browser.new_tab().await;
                $module::$name(browser, &site).await;
            )+
        }
    };
}

scenarios! {
    conflicts::two_tabs_edit_one_note_and_nothing_is_lost
    conflicts::a_merge_can_be_too_late_as_well
    conflicts::an_id_that_is_taken_is_not_replaced
    conflicts::a_note_that_was_changed_is_not_deleted
    conflicts::a_note_that_was_deleted_can_be_created_again
    conflicts::a_save_without_if_match_shows_why_it_is_refused
    conflicts::the_conflict_fits_on_a_phone
    history::without_a_note_the_page_says_what_to_do
    history::a_reload_is_answered_304
    history::back_and_forward_ask_the_service
    history::unsaved_changes_outlive_a_reload_and_keep_their_tag
    uploads::a_stale_upload_of_6_mb_shows_the_412
    uploads::twenty_of_twenty_stale_uploads_get_their_412
    uploads::scripts_of_another_origin_read_write_and_are_refused
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium and chromedriver"]
async fn chromium_shows_the_page() {
    Browser::chromium(every_scenario).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Firefox and geckodriver"]
async fn firefox_shows_the_page() {
    Browser::firefox(every_scenario).await;
}
