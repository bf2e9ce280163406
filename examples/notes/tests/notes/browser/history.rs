//! Reloading, going back and going forward.

use super::{driver::Browser, site::Site};

const TITLE: &str = "#editor [name=title]";

/// The first thing that anybody sees.
pub(crate) async fn without_a_note_the_page_says_what_to_do(browser: &Browser, site: &Site) {
    let note = site.note("To be chosen", "").await;
    let start = format!("http://{}/", site.service.address);
    browser.open(&start).await;
    browser.until("#message", "Choose a note").await;
    let link = format!("#list a[href='#{}']", note.id);
    browser.until(&link, "To be chosen").await;
    browser.click(&link).await;
    browser.until("#base", &note.tag).await;
    // An empty element is not displayed.
    let message = "return document.querySelector('#message').innerText";
    assert_eq!(browser.run_script(message).await, "");
}

pub(crate) async fn a_reload_is_answered_304(browser: &Browser, site: &Site) {
    let note = site.note("Read", "twice").await;
    browser.open(&note.url).await;
    browser.until("#base", &note.tag).await;
    let read = format!("GET {}", note.path);
    assert_eq!(site.seen(&format!("{read} 200")), 1, "{}", site.log());

    browser.reload().await;
    browser.until("#base", &note.tag).await;
    let revalidated = format!("{read} If-None-Match: {} 304", note.tag);
    assert_eq!(site.seen(&revalidated), 1, "{}", site.log());
    let wire = browser.text("#wire").await;
    let shown = format!(
        "{read}\nIf-None-Match: {}\n→ 304 Not Modified\nETag: {}\n",
        note.tag, note.tag
    );
    assert!(wire.contains(&shown), "{wire}");
    // The list too, and the page itself, which the browser's cache has.
    let log = site.log();
    for path in ["/", "/notes"] {
        let start = format!("GET {path} If-None-Match: ");
        let mut lines = log.lines();
        assert!(
            lines.any(|line| line.starts_with(&start) && line.ends_with(" 304")),
            "{path} in {log}"
        );
    }
    assert_eq!(browser.value(TITLE).await, "Read");
}

pub(crate) async fn back_and_forward_ask_the_service(browser: &Browser, site: &Site) {
    let first = site.note("First", "").await;
    let second = site.note("Second", "").await;
    browser.open(&first.url).await;
    browser.until("#base", &first.tag).await;
    browser
        .click(&format!("#list a[href='#{}']", second.id))
        .await;
    browser.until("#base", &second.tag).await;

    // Within the page.
    let changed = site.change(&first, "First, changed", "").await;
    browser.back().await;
    browser.until("#base", &changed).await;
    assert_eq!(browser.value(TITLE).await, "First, changed");
    browser.forward().await;
    browser.until("#base", &second.tag).await;
    let revalidated = format!("GET {} If-None-Match: {} 304", second.path, second.tag);
    assert_eq!(site.seen(&revalidated), 1, "{}", site.log());

    // From another page: what the browser has kept is not what is shown.
    browser.open(&site.elsewhere).await;
    let changed = site.change(&second, "Second, changed", "").await;
    browser.back().await;
    browser.until("#base", &changed).await;
    assert_eq!(browser.value(TITLE).await, "Second, changed");
}

/// The draft is not rebased silently: saving it shows what the others have written.
pub(crate) async fn unsaved_changes_outlive_a_reload_and_keep_their_tag(
    browser: &Browser,
    site: &Site,
) {
    let note = site.note("Draft", "first").await;
    browser.open(&note.url).await;
    browser.until("#base", &note.tag).await;
    browser.fill("#editor [name=text]", "mine").await;
    let theirs = site.change(&note, "Draft", "theirs").await;
    browser.reload().await;
    browser
        .until("#message", "has changed since you began")
        .await;
    assert_eq!(browser.value("#editor [name=text]").await, "mine");
    assert_eq!(browser.text("#base").await, note.tag);
    browser.click("#save").await;
    browser.until("#theirs code", &theirs).await;
    assert_eq!(browser.text("#theirs pre").await, "theirs");
    browser.click("#take-theirs").await;
    browser.until("#base", &theirs).await;
    assert_eq!(browser.value("#editor [name=text]").await, "theirs");
}
