//! Not in `paths.rs`, which `tests/interleavings` compiles with types that do not run alone.

use super::paths::Paths;

#[test]
fn a_write_says_nothing_of_another_path() {
    let paths = Paths::default();
    let seen = paths.seen("/a");
    for n in 0..5000 {
        paths.forget(&format!("/x{n}"));
    }
    paths.begin("/a").changed_nothing();
    assert!(seen.is_current());
    assert_eq!(paths.len(), 1, "only what is in use");
    drop(paths.begin("/%61"));
    assert!(!seen.is_current());
    let later = paths.seen("/a");
    assert!(later.is_current());
    paths.forget_all();
    assert!(!later.is_current());
    drop((seen, later));
    assert_eq!(paths.len(), 0);
}
