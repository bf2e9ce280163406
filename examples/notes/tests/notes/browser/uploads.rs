//! Large content, and scripts of another origin.

use serde_json::json;

use super::{
    driver::Browser,
    site::{Site, plain},
};

/// Without `DrainLayer`, Firefox reports a network error: the service closes the connection.
pub(crate) async fn a_stale_upload_of_6_mb_shows_the_412(browser: &Browser, site: &Site) {
    let note = site.note("Large", "small").await;
    browser.open(&note.url).await;
    browser.until("#base", &note.tag).await;
    let theirs = site.change(&note, "Large", "theirs").await;
    browser
        .run_script("document.querySelector('#editor [name=text]').value = 'x'.repeat(6e6)")
        .await;
    browser.click("#save").await;
    browser.until("#theirs code", &theirs).await;
    browser.until("#mine pre", "… (6000000 characters)").await;
    let wire = browser.text("#wire").await;
    let refused = format!("If-Match: {}\n→ 412 Precondition Failed\n", note.tag);
    assert!(wire.contains(&refused), "{wire}");
    assert_eq!(site.service.json(&note.path).await["text"], "theirs");
}

pub(crate) async fn twenty_of_twenty_stale_uploads_get_their_412(browser: &Browser, site: &Site) {
    let note = site.note("Large", "small").await;
    browser.open(&note.url).await;
    let script = "
        const [[path, sizes], answers] = [given, []];
        for (const size of sizes) for (let i = 0; i < 20; i += 1) {
            const body = JSON.stringify({title: '', text: 'x'.repeat(size)});
            const headers = {'If-Match': '\"0\"', 'Content-Type': 'application/json'};
            answers.push(await fetch(path, {method: 'PUT', headers, body}).then((r) => r.status, String));
        }
        return answers;";
    let sizes = json!([20_000, 1_000_000, 6_000_000]);
    let answers = browser.resolve(script, &[json!(note.path), sizes]).await;
    assert_eq!(answers, json!(vec![412; 60]));
}

pub(crate) async fn scripts_of_another_origin_read_write_and_are_refused(
    browser: &Browser,
    site: &Site,
) {
    let note = site.note("Shared", "with all").await;
    browser.open(&site.elsewhere).await;
    let script = "
        const [url] = given;
        const ask = async (method, headers, note) => {
            const body = note && JSON.stringify({title: 'Shared', text: note});
            if (body) headers['Content-Type'] = 'application/json';
            const response = await fetch(url, {method, headers, body});
            return [response.status, response.headers.get('ETag')];
        };
        const [status, tag] = await ask('GET', {});
        return [
            [status, tag],
            await ask('GET', {'If-None-Match': tag}),
            await ask('PUT', {'If-Match': tag}, 'from elsewhere'),
            await ask('PUT', {'If-Match': tag}, 'too late'),
            await ask('PUT', {'If-Match': tag}, 'x'.repeat(6e6)),
            await ask('PUT', {}, 'unguarded'),
            await ask('DELETE', {'If-Match': tag}),
        ];";
    let url = format!("http://{}{}", site.service.address, note.path);
    let answers = browser.resolve(script, &[json!(url)]).await;
    let new = site.tag(&note.path).await;
    let current = plain(&new);
    let expected = json!([
        [200, note.tag],
        [304, note.tag],
        [200, new],
        [412, current],
        [412, current],
        [428, current],
        [412, current],
    ]);
    assert_eq!(answers, expected);
    assert_eq!(
        site.service.json(&note.path).await["text"],
        "from elsewhere"
    );
}
