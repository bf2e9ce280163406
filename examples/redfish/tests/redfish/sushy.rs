//! OpenStack's client of BMCs, which is Python's: `pip install sushy`.

use example_redfish::Tags;
use tokio::process::Command;

use crate::bmc::Bmc;

/// After a 412 sushy tries again without a tag, which would undo the other writer's change. A BMC that
/// requires a precondition answers 428, and nothing is changed.
#[tokio::test]
#[ignore = "needs sushy from PyPI"]
async fn sushy_itself_against_the_service() {
    let python = std::env::var("REDFISH_TEST_SUSHY")
        .expect("REDFISH_TEST_SUSHY is the path of a Python that has sushy");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/redfish/drive_sushy.py");
    for tags in [Tags::Weak, Tags::Strong] {
        let bmc = Bmc::start(tags, true).await;
        let run = Command::new(&python)
            .args([script, &bmc.url()])
            .output()
            .await
            .unwrap();
        let (out, err) = (
            String::from_utf8_lossy(&run.stdout),
            String::from_utf8_lossy(&run.stderr),
        );
        assert!(run.status.success(), "{out}{err}");
        assert_eq!(out.lines().last(), Some("all steps done"), "{out}{err}");

        let mut sent = bmc.sent();
        sent.retain(|sent| sent.method == "PATCH");
        let tags: Vec<_> = sent.iter().map(|sent| sent.if_match.as_deref()).collect();
        // Two changes, and the other writer's. Then the attempts.
        let (before, attempts) = tags.split_at(3);
        assert!(before.iter().all(Option::is_some), "{tags:?}");
        let first = attempts[0].unwrap();
        match first.strip_prefix("W/") {
            Some(strong) => assert_eq!(attempts, [Some(first), Some(strong), None]),
            None => assert_eq!(attempts, [Some(first), None]),
        }
        assert_eq!(bmc.now("IndicatorLED").await, "Blinking");
    }
}
