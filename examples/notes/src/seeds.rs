//! The first notes, so that there is something to look at.

use super::note::Content;

pub(crate) fn seeds() -> Vec<Content> {
    let note = |title: &str, text: String| Content {
        title: title.to_owned(),
        text,
    };
    vec![
        note(
            "Welcome",
            "Get me, change me, and put me back with my ETag in If-Match.".to_owned(),
        ),
        note(
            "Two editors",
            "Of two who change the same version, one gets 412 and loses nothing.".to_owned(),
        ),
        note("A long one", long_text()),
    ]
}

/// Several KiB, so that a 304 and compression make a difference.
fn long_text() -> String {
    (1..=120)
        .map(|line| format!("{line}. A cache that asks with If-None-Match need not get this.\n"))
        .collect()
}
