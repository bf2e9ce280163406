//! Services on a free port, and judgements.

use std::net::SocketAddr;

use axum::Router;
use example_judge::{
    Options, judge,
    verdict::{Outcome, Report, Verdict},
};
use tokio::{net::TcpListener, task::JoinHandle};

/// A service on the loopback interface, until it is dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    task: JoinHandle<()>,
}

impl Server {
    /// Over HTTP/1.1 and HTTP/2.
    pub(crate) async fn start(app: Router) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let task = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { address, task }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub(crate) async fn judged(options: &Options) -> Report {
    let report = judge(options, &|_| {}).await;
    report.unwrap_or_else(|error| panic!("{}: {error}", options.url))
}

/// Everything but the race.
pub(crate) fn writing(url: &str) -> Options {
    Options {
        write: true,
        ..Options::new(url)
    }
}

/// Asserts that each verdict says what was expected and seen, and how to see it again.
#[track_caller]
pub(crate) fn assert_complete(report: &Report) {
    let told = |it: &&Verdict| it.outcome != Outcome::CannotTell;
    for verdict in report.verdicts.iter().filter(told) {
        for text in [&verdict.section, &verdict.expected, &verdict.seen] {
            assert!(!text.is_empty(), "{verdict:?}");
        }
        assert!(verdict.curl.contains("curl -i"), "{verdict:?}");
    }
}

/// Asserts that the questions that fail are exactly these.
#[track_caller]
pub(crate) fn assert_fails(report: &Report, expected: &[&str]) {
    let mut found = report.ids(Outcome::Fail);
    found.sort_unstable();
    let mut expected = expected.to_vec();
    expected.sort_unstable();
    assert_eq!(
        found,
        expected,
        "{}",
        example_judge::report::text(report, false)
    );
}
