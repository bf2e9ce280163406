//! Interrupted transfers.

use http::{HeaderMap, Response};
use tower_conditional::client::{Resume, Resumed};

const MODIFIED: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

fn response(status: u16, fields: &[(&str, &str)]) -> Response<()> {
    let mut builder = Response::builder().status(status);
    for (name, value) in fields {
        builder = builder.header(*name, *value);
    }
    builder.body(()).unwrap()
}

/// A transfer of ten bytes that broke after four.
fn broken(fields: &[(&str, &str)]) -> Resume {
    let mut resume = Resume::new();
    let mut all = vec![("content-length", "10")];
    all.extend(fields);
    assert_eq!(resume.accept(&response(200, &all)).unwrap(), Resumed::Start);
    resume.received(4);
    resume
}

#[track_caller]
fn assert_asks(resume: &Resume, range: Option<&str>, if_range: Option<&str>) {
    let mut headers = HeaderMap::new();
    headers.insert("range", "bytes=7-".parse().unwrap());
    headers.insert("if-range", "\"left over\"".parse().unwrap());
    resume.prepare(&mut headers);
    let get = |name| headers.get(name).map(|value| value.to_str().unwrap());
    assert_eq!((get("range"), get("if-range")), (range, if_range));
    assert_eq!(resume.can_resume(), range.is_some());
}

#[test]
fn with_a_strong_tag() {
    assert_asks(
        &broken(&[("etag", "\"1\"")]),
        Some("bytes=4-"),
        Some("\"1\""),
    );
}

#[test]
fn from_the_start_without_a_strong_validator() {
    for fields in [
        &[][..],
        &[("etag", "W/\"1\"")],
        &[("etag", "unquoted")],
        &[("etag", "\"1\""), ("etag", "\"2\"")],
        // No date beside a tag (RFC 9110 section 13.1.5).
        &[
            ("etag", "W/\"1\""),
            ("last-modified", MODIFIED),
            ("date", "Mon, 07 Nov 1994 08:49:37 GMT"),
        ],
        &[("last-modified", MODIFIED)],
        &[("last-modified", MODIFIED), ("date", MODIFIED)],
        &[
            ("last-modified", MODIFIED),
            ("date", "Sun, 06 Nov 1994 08:50:36 GMT"),
        ],
    ] {
        assert_asks(&broken(fields), None, None);
    }
    assert_asks(&Resume::new(), None, None);
}

#[test]
fn with_a_date_that_is_strong() {
    let date = ("date", "Sun, 06 Nov 1994 08:50:37 GMT");
    let resume = broken(&[("last-modified", MODIFIED), date]);
    assert_asks(&resume, Some("bytes=4-"), Some(MODIFIED));
}

#[test]
fn continues() {
    let mut resume = broken(&[("etag", "\"1\"")]);
    let rest = response(206, &[("content-range", "bytes 4-9/10"), ("etag", "\"1\"")]);
    assert_eq!(resume.accept(&rest).unwrap(), Resumed::Continue);
    assert_eq!((resume.offset(), resume.is_complete()), (4, Some(false)));
    resume.received(6);
    assert_eq!(resume.is_complete(), Some(true));
}

#[test]
fn a_200_restarts_cleanly() {
    let mut resume = broken(&[("etag", "\"1\"")]);
    let changed = response(200, &[("etag", "\"2\""), ("content-length", "8")]);
    assert_eq!(resume.accept(&changed).unwrap(), Resumed::Start);
    assert_eq!((resume.offset(), resume.is_complete()), (0, Some(false)));
    resume.received(2);
    assert_asks(&resume, Some("bytes=2-"), Some("\"2\""));
    assert_eq!(resume.accept(&response(200, &[])).unwrap(), Resumed::Start);
    resume.received(1);
    assert_asks(&resume, None, None);
    assert_eq!(resume.is_complete(), None);
}

#[test]
fn parts_of_something_else_are_refused() {
    for (fields, message) in [
        (
            &[("content-range", "bytes 5-9/10")][..],
            "from byte 4 on, found 5",
        ),
        (
            &[("content-range", "bytes 4-8/9")],
            "another representation",
        ),
        (
            &[("content-range", "bytes 4-10/*")],
            "another representation",
        ),
        (
            &[("content-range", "bytes 4-9/10"), ("etag", "\"2\"")],
            "another representation",
        ),
        (
            &[("content-range", "bytes 4-9/10"), ("etag", "W/\"1\"")],
            "another representation",
        ),
        (&[("content-type", "multipart/byteranges")], "one range"),
        (
            &[
                ("content-range", "bytes 4-9/10"),
                ("content-range", "bytes 4-9/10"),
            ],
            "one range",
        ),
    ] {
        let mut resume = broken(&[("etag", "\"1\"")]);
        let error = resume.accept(&response(206, fields)).unwrap_err();
        assert!(error.to_string().contains(message), "{error}");
        assert_eq!(error.status(), None);
        assert_eq!(resume.offset(), 4, "what was received is still valid");
        assert_asks(&resume, Some("bytes=4-"), Some("\"1\""));
    }
}

#[test]
fn a_part_by_date_is_compared_as_well() {
    let date = ("date", "Mon, 07 Nov 1994 08:49:37 GMT");
    let mut resume = broken(&[("last-modified", MODIFIED), date]);
    let range = ("content-range", "bytes 4-9/10");
    let other = response(206, &[range, ("last-modified", date.1)]);
    assert!(resume.accept(&other).is_err());
    let same = response(206, &[range, ("last-modified", MODIFIED)]);
    assert_eq!(resume.accept(&same).unwrap(), Resumed::Continue);
}

#[test]
fn a_part_that_was_not_asked_for_is_refused() {
    let part = response(206, &[("content-range", "bytes 4-9/10")]);
    let error = broken(&[]).accept(&part).unwrap_err();
    assert!(error.to_string().contains("not asked for"));
    assert!(Resume::new().accept(&part).is_err());

    // Nothing had arrived, so that the second request was an ordinary one as well.
    let mut resume = Resume::new();
    resume.accept(&response(200, &[("etag", "\"1\"")])).unwrap();
    let all = response(206, &[("content-range", "bytes 0-9/10")]);
    let error = resume.accept(&all).unwrap_err();
    assert!(error.to_string().contains("not asked for"));
}

#[test]
fn nothing_was_missing() {
    let mut resume = Resume::new();
    resume.accept(&response(200, &[("etag", "\"1\"")])).unwrap();
    resume.received(10);
    assert_eq!(resume.is_complete(), None);
    let beyond = response(416, &[("content-range", "bytes */10")]);
    assert_eq!(resume.accept(&beyond).unwrap(), Resumed::Complete);
    assert_eq!(resume.is_complete(), Some(true));

    let mut other = broken(&[("etag", "\"1\"")]);
    assert_eq!(other.accept(&beyond).unwrap_err().status().unwrap(), 416);
}

#[test]
fn other_statuses_are_errors() {
    for status in [204, 304, 404, 412, 500] {
        let error = broken(&[("etag", "\"1\"")])
            .accept(&response(status, &[]))
            .unwrap_err();
        assert_eq!(error.status().unwrap(), status);
    }
}
