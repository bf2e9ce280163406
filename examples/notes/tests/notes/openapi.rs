//! What the OpenAPI document says is what the service does.

use std::process::Command;

use example_support::process::Process;
use serde_json::Value;
use tempfile::tempdir;

use crate::service::Service;

pub(crate) async fn the_document_describes_preconditions(service: &Service) {
    let document = service.json("/openapi.json").await;
    let note = &document["paths"]["/notes/{id}"];
    for (method, statuses) in [
        ("get", ["200", "304", "404", "412"]),
        ("put", ["201", "412", "428", "503"]),
        ("patch", ["200", "404", "412", "428"]),
        ("delete", ["204", "404", "412", "428"]),
    ] {
        let operation = &note[method];
        let parameters = operation["parameters"].as_array().unwrap();
        for name in ["id", "If-Match", "If-None-Match"] {
            let named = |parameter: &&Value| parameter["name"] == name;
            assert_eq!(
                parameters.iter().filter(named).count(),
                1,
                "{method} {name}"
            );
        }
        for status in statuses {
            let response = &operation["responses"][status];
            assert!(response["description"].is_string(), "{method} {status}");
            if status == "412" {
                assert!(response["headers"]["ETag"].is_object(), "{response}");
                assert!(response["content"]["application/problem+json"].is_object());
            }
        }
    }
}

#[test]
#[ignore = "needs schemathesis"]
fn schemathesis_finds_nothing_that_is_not_documented() {
    let schemathesis = std::env::var("NOTES_TEST_SCHEMATHESIS")
        .expect("NOTES_TEST_SCHEMATHESIS is the path of schemathesis, 4.32.5 from PyPI");
    let process = Process::start(env!("CARGO_BIN_EXE_notes"), &[]);
    let document = format!("http://{}/openapi.json", process.address);
    let directory = tempdir().unwrap();
    // Not that wrong data is refused: a precondition that is not valid is ignored.
    let checks = "not_a_server_error,status_code_conformance,content_type_conformance,\
                  response_headers_conformance,response_schema_conformance,unsupported_method,\
                  allow_header_conformance,use_after_free";
    let status = Command::new(schemathesis)
        .args(["run", &document, "--checks", checks])
        .args(["--phases", "examples,coverage,fuzzing"])
        .args(["--max-examples", "50", "--max-time", "45", "--seed", "9110"])
        .args(["--continue-on-failure", "--no-color"])
        .current_dir(directory.path())
        .status();
    assert!(status.unwrap().success());
}
