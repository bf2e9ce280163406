//! `Expect: 100-continue`: nothing is read before the handler reads. Reading would ask the client
//! for the content.

use futures_util::FutureExt;
use http::{HeaderValue, Request, Version, header::EXPECT};

use crate::support::{Step, Steps, assert_closes, assert_whole, peek, put, refuse, send};

fn waiting(version: Version, lines: &[&'static str]) -> Request<Steps> {
    let mut request = put(Steps::new([Step::Data(3), Step::Data(4)]));
    *request.version_mut() = version;
    for line in lines {
        request
            .headers_mut()
            .append(EXPECT, HeaderValue::from_static(line));
    }
    request
}

const FORMS: [&[&str]; 5] = [
    &["100-continue"],
    &["100-Continue"],
    &["\t100-continue "],
    &["other, 100-continue"],
    &["other", "100-continue", "other"],
];

#[tokio::test]
async fn content_that_the_client_waits_to_send_is_not_asked_for() {
    for lines in FORMS {
        let request = waiting(Version::HTTP_11, lines);
        let fate = request.body().fate();
        let response = send(request, refuse).now_or_never();
        assert_closes(&response.expect("a response at once"));
        assert_eq!(fate.polls(), 0, "{lines:?}");
        assert!(fate.is_dropped());
    }
}

#[tokio::test]
async fn over_http_2_the_connection_stays() {
    for lines in FORMS {
        let request = waiting(Version::HTTP_2, lines);
        let fate = request.body().fate();
        assert_whole(&send(request, refuse).await);
        assert_eq!(fate.polls(), 0, "{lines:?}");
    }
}

#[tokio::test]
async fn content_that_the_handler_has_asked_for_is_read() {
    for lines in FORMS {
        let request = waiting(Version::HTTP_11, lines);
        let fate = request.body().fate();
        assert_whole(&send(request, peek).await);
        assert_eq!(fate.polls(), 3, "{lines:?}");
    }
}

// RFC 9110 section 10.1.1: it is ignored there, so that the content comes unasked.
#[tokio::test]
async fn in_http_1_0_it_has_no_meaning() {
    let request = waiting(Version::HTTP_10, &["100-continue"]);
    let fate = request.body().fate();
    assert_whole(&send(request, refuse).await);
    assert_eq!(fate.polls(), 3);
}

#[tokio::test]
async fn another_expectation_waits_for_nothing() {
    for lines in [
        &["200-ok"][..],
        &[""],
        &["100-continued"],
        &["100 continue"],
    ] {
        let request = waiting(Version::HTTP_11, lines);
        let fate = request.body().fate();
        assert_whole(&send(request, refuse).await);
        assert_eq!(fate.polls(), 3, "{lines:?}");
    }
}
