//! Somebody was faster.

use serde_json::json;

use super::{
    driver::Browser,
    site::{Site, plain},
};

const SAVE: &str = "#save";
const TEXT: &str = "#editor [name=text]";
const MERGED: &str = "#merge [name=text]";

pub(crate) async fn two_tabs_edit_one_note_and_nothing_is_lost(browser: &Browser, site: &Site) {
    let note = site.note("Shopping", "bread\nmilk\ntea").await;
    let left = browser.new_tab().await;
    browser.open(&note.url).await;
    browser.until("#base", &note.tag).await;
    browser.is_accessible().await;
    let right = browser.new_tab().await;
    browser.open(&note.url).await;
    browser.until("#base", &note.tag).await;

    left.select().await;
    browser.fill(TEXT, "brown bread\nmilk\ntea").await;
    browser.click(SAVE).await;
    browser.until("#message", "Saved.").await;
    let theirs = browser.text("#base").await;
    assert_ne!(theirs, note.tag);

    right.select().await;
    browser.fill(TEXT, "bread\nmilk\ntea\ncoffee").await;
    browser.click(SAVE).await;
    browser.until("#conflict-title", "changed this note").await;
    let focus = browser.run_script("return document.activeElement.id").await;
    assert_eq!(focus, "conflict-title");
    // On the wire: the save, and then the read that shows what there is now.
    let refused = format!(
        "PUT {}\nIf-Match: {}\n→ 412 Precondition Failed\nETag: {}\n",
        note.path,
        note.tag,
        plain(&theirs)
    );
    let wire = browser.text("#wire").await;
    assert!(wire.contains(&refused), "{wire}");
    for (selector, text) in [
        ("#mine pre", "bread\nmilk\ntea\ncoffee"),
        ("#mine code", &note.tag),
        ("#theirs pre", "brown bread\nmilk\ntea"),
        ("#theirs code", &theirs),
    ] {
        assert_eq!(browser.text(selector).await, text, "{selector}");
    }
    assert_eq!(
        browser.value(MERGED).await,
        "brown bread\nmilk\ntea\ncoffee"
    );
    assert_eq!(
        site.service.json(&note.path).await["text"],
        "brown bread\nmilk\ntea"
    );
    if let Ok(file) = std::env::var("NOTES_SCREENSHOT") {
        std::fs::write(file, browser.screenshot().await).unwrap();
    }

    browser.click("#resolve-button").await;
    browser.until("#message", "Saved.").await;
    let saved = site.service.json(&note.path).await;
    let both = json!({"title": "Shopping", "text": "brown bread\nmilk\ntea\ncoffee"});
    assert_eq!(saved, both);
    let merge = format!("PUT {} If-Match: {theirs} 200", note.path);
    assert_eq!(site.seen(&merge), 1, "{}", site.log());
}

pub(crate) async fn a_merge_can_be_too_late_as_well(browser: &Browser, site: &Site) {
    let note = site.note("Colours", "red").await;
    browser.open(&note.url).await;
    browser.until("#base", &note.tag).await;
    browser.fill(TEXT, "red\nblue").await;
    site.change(&note, "Colours", "red\ngreen").await;
    browser.click(SAVE).await;
    browser.until("#conflict-title", "changed").await;
    // Both have added a line at one place: both are there.
    assert_eq!(browser.value(MERGED).await, "red\ngreen\nblue");

    let third = site
        .change(&note, "More colours", "red\ngreen\nwhite")
        .await;
    browser.click("#resolve-button").await;
    browser.until("#theirs code", &third).await;
    assert_eq!(browser.value(MERGED).await, "red\ngreen\nwhite\nblue");
    browser.click("#resolve-button").await;
    browser.until("#message", "Saved.").await;
    let saved = site.service.json(&note.path).await;
    let all = json!({"title": "More colours", "text": "red\ngreen\nwhite\nblue"});
    assert_eq!(saved, all);
}

pub(crate) async fn an_id_that_is_taken_is_not_replaced(browser: &Browser, site: &Site) {
    let note = site.note("Taken", "the first").await;
    browser.open(&note.url).await;
    browser.fill("#create [name=id]", &note.id).await;
    browser.fill("#create [name=title]", "Mine").await;
    browser.click("#create button").await;
    browser.until("#conflict-title", "already a note").await;
    assert_eq!(browser.text("#theirs pre").await, "the first");
    let refused = format!("PUT {} If-None-Match: * 412", note.path);
    assert_eq!(site.seen(&refused), 1, "{}", site.log());

    browser.click("#resolve-button").await;
    browser.until("#message", "Created.").await;
    assert_ne!(
        browser.text("#editor-title").await,
        format!("Note {}", note.id)
    );
    assert_eq!(browser.value("#editor [name=title]").await, "Mine");
    assert_eq!(site.service.json(&note.path).await["title"], "Taken");
}

pub(crate) async fn a_note_that_was_changed_is_not_deleted(browser: &Browser, site: &Site) {
    let note = site.note("Old", "old").await;
    browser.open(&note.url).await;
    browser.until("#base", &note.tag).await;
    let changed = site.change(&note, "New", "worth keeping").await;
    browser.click("#delete").await;
    browser.until("#conflict-title", "that you delete").await;
    assert_eq!(browser.text("#theirs pre").await, "worth keeping");
    assert_eq!(site.service.json(&note.path).await["text"], "worth keeping");

    browser.click("#resolve-button").await;
    browser.until("#message", "Deleted.").await;
    let deleted = format!("DELETE {} If-Match: {changed} 204", note.path);
    assert_eq!(site.seen(&deleted), 1, "{}", site.log());
    let gone = site.service.get(&note.path).send().await.unwrap();
    assert_eq!(gone.status(), 404);
}

pub(crate) async fn a_note_that_was_deleted_can_be_created_again(browser: &Browser, site: &Site) {
    let note = site.note("Mine", "first").await;
    browser.open(&note.url).await;
    browser.until("#base", &note.tag).await;
    let delete = site.service.delete(&note.path).header("if-match", "*");
    assert_eq!(delete.send().await.unwrap().status(), 204);
    browser.fill(TEXT, "second").await;
    browser.click(SAVE).await;
    browser.until("#conflict-title", "deleted this note").await;
    browser.click("#resolve-button").await;
    browser.until("#message", "Created.").await;
    assert_eq!(site.service.json(&note.path).await["text"], "second");
}

pub(crate) async fn a_save_without_if_match_shows_why_it_is_refused(
    browser: &Browser,
    site: &Site,
) {
    let note = site.note("Guarded", "first").await;
    browser.open(&note.url).await;
    browser.fill(TEXT, "second").await;
    browser.click("#unguarded").await;
    browser.until("#message", "If-Match").await;
    let wire = browser.text("#wire li").await;
    let refused = format!("PUT {}\n→ 428 Precondition Required\n", note.path);
    assert!(wire.starts_with(&refused), "{wire}");
    // The reason.
    assert!(wire[refused.len()..].contains("If-Match"), "{wire}");
    assert_eq!(site.service.json(&note.path).await["text"], "first");
}

pub(crate) async fn the_conflict_fits_on_a_phone(browser: &Browser, site: &Site) {
    let note = site.note("Long", &"word ".repeat(200)).await;
    browser.open(&note.url).await;
    browser.until("#base", "\"").await;
    browser.fill(TEXT, &"x".repeat(300)).await;
    site.change(&note, &"y".repeat(300), "theirs").await;
    browser.click(SAVE).await;
    browser.until("#conflict-title", "changed").await;
    // Headless Firefox does not go below 500 CSS pixels, and Chromium does.
    browser.resize(500, 800).await;
    let width = "const root = document.documentElement; return [root.scrollWidth, innerWidth]";
    let width = browser.run_script(width).await;
    assert!(width[0].as_u64() <= width[1].as_u64(), "{width}");
    let small = "return [...document.querySelectorAll('button, input, textarea')]
                 .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 44)
                 .map((e) => e.outerHTML)";
    assert_eq!(browser.run_script(small).await, json!([]));
    browser.is_accessible().await;
}
