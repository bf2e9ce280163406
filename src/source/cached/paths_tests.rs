//! Not in `paths.rs`, which `tests/interleavings` compiles with types that do not run alone.

use http::Uri;

use super::paths::{Paths, class_of};
use crate::target::class;

#[test]
fn a_class_that_is_found_in_its_path_is_the_class() {
    let mut paths = vec![String::new()];
    for _ in 0..6 {
        for path in std::mem::take(&mut paths) {
            paths.extend(["/", ".", "%", "2", "e"].map(|piece| path.clone() + piece));
            assert_eq!(class_of(&path), class(&path), "{path}");
        }
    }
}

#[test]
fn a_write_without_a_path_is_one_to_the_root() {
    let paths = Paths::default();
    let seen = paths.seen("/");
    drop(paths.begin(&Uri::from_static("example.org:443")));
    assert!(!seen.is_current());
}

#[test]
fn a_write_says_nothing_of_another_path() {
    let paths = Paths::default();
    let seen = paths.seen("/a");
    for n in 0..5000 {
        paths.forget(&format!("/x{n}"));
    }
    paths.begin(&Uri::from_static("/a")).changed_nothing();
    assert!(seen.is_current());
    assert_eq!(paths.len(), 1, "only what is in use");
    drop(paths.begin(&Uri::from_static("/%61?x")));
    assert!(!seen.is_current());
    let later = paths.seen("/a");
    assert!(later.is_current());
    paths.forget_all();
    assert!(!later.is_current());
    drop((seen, later));
    assert_eq!(paths.len(), 0);
}
