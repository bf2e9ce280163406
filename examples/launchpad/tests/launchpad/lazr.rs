//! The real client, which is Python's: `pip install lazr.restfulclient`.

use example_support::process::Process;
use tokio::process::Command;

/// The document's steps, a form without a Content-Type, and a read-only field.
#[tokio::test]
#[ignore = "needs lazr.restfulclient from PyPI"]
async fn lazr_restfulclient_itself_against_the_service() {
    let python = std::env::var("LAUNCHPAD_TEST_PYTHON")
        .expect("LAUNCHPAD_TEST_PYTHON is the path of a Python that has lazr.restfulclient");
    let service = Process::start(env!("CARGO_BIN_EXE_launchpad"), &[]);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/launchpad/drive_lazr.py");
    let run = Command::new(python)
        .arg(script)
        .arg(format!("http://{}/", service.address))
        .output()
        .await
        .unwrap();
    let (out, err) = (
        String::from_utf8_lossy(&run.stdout),
        String::from_utf8_lossy(&run.stderr),
    );
    assert!(run.status.success(), "{out}{err}");
    assert_eq!(out.lines().last(), Some("all steps done"), "{out}{err}");
}
