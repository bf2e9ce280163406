//! The service as a process.

use example_support::process::Process;
use tokio::net::TcpStream;

#[tokio::test]
async fn it_serves_until_it_is_asked_to_stop() {
    for signal in ["TERM", "INT"] {
        let process = Process::start(env!("CARGO_BIN_EXE_launchpad"), &[]);
        // An idle connection does not keep it.
        let _idle = TcpStream::connect(process.address).await.unwrap();
        let (status, _) = process.stop(signal);
        assert!(status.success(), "{signal}: {status}");
    }
}
