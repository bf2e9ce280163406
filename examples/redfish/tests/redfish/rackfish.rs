//! The real client, which is Python's: `pip install rackfish`.

use example_redfish::Tags;
use tokio::process::Command;

use crate::bmc::Bmc;

/// Logs in, sets an attribute, patches, meets another writer, and a BMC without tags.
#[tokio::test]
#[ignore = "needs rackfish from PyPI"]
async fn rackfish_itself_against_the_service() {
    let python = std::env::var("REDFISH_TEST_PYTHON")
        .expect("REDFISH_TEST_PYTHON is the path of a Python that has rackfish");
    let required = Bmc::start(Tags::Weak, true).await;
    let strong = Bmc::start(Tags::Strong, true).await;
    let locked = Bmc::locked(Tags::Weak).await;
    let untagged = Bmc::start(Tags::None, false).await;
    let untagged_but_required = Bmc::start(Tags::None, true).await;

    let script = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/redfish/drive_rackfish.py"
    );
    let run = Command::new(python)
        .arg(script)
        .args(
            [
                &required,
                &strong,
                &locked,
                &untagged,
                &untagged_but_required,
            ]
            .map(Bmc::url),
        )
        .output()
        .await
        .unwrap();
    let (out, err) = (
        String::from_utf8_lossy(&run.stdout),
        String::from_utf8_lossy(&run.stderr),
    );
    assert!(run.status.success(), "{out}{err}");
    assert_eq!(out.lines().last(), Some("all steps done"), "{out}{err}");

    for bmc in [&required, &strong, &locked] {
        let writes: Vec<_> = bmc.sent();
        let unguarded = writes
            .iter()
            .filter(|sent| sent.method == "PATCH" && sent.if_match.is_none());
        assert_eq!(unguarded.count(), 0);
    }
    let guarded = untagged
        .sent()
        .into_iter()
        .filter(|sent| sent.if_match.is_some());
    assert_eq!(guarded.count(), 0);
}
