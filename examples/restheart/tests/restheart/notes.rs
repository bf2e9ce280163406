//! The page's notes controller, in plain script.

use example_support::process::Process;
use tokio::process::Command;

/// Edits, reloads all notes, and meets a concurrent user.
#[tokio::test]
#[ignore = "needs node"]
async fn the_notes_controller_against_the_service() {
    let service = Process::start(env!("CARGO_BIN_EXE_restheart"), &[]);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/restheart/notes.mjs");
    let run = Command::new("node")
        .arg(script)
        .arg(format!("http://{}", service.address))
        .output()
        .await
        .expect("node is installed");
    let (out, err) = (
        String::from_utf8_lossy(&run.stdout),
        String::from_utf8_lossy(&run.stderr),
    );
    assert!(run.status.success(), "{out}{err}");
    assert_eq!(out.lines().last(), Some("all steps done"), "{out}{err}");
}
