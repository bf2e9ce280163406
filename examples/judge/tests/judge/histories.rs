//! Histories of races, made by hand: what is a lost update, and what only looks like one.

use example_judge::race::{
    check::{Finding, check},
    history::{Event, History, Kind},
};

fn tag(version: &str) -> Vec<u8> {
    format!("\"{version}\"").into()
}

/// A request of a client from one instant to another.
fn event(client: usize, kind: Kind, invoked: u64, returned: u64, status: u16) -> Event {
    Event {
        client,
        kind,
        invoked,
        returned,
        based_on: None,
        sent_tag: None,
        version: None,
        status: Some(status),
        tag: None,
    }
}

fn read(client: usize, invoked: u64, returned: u64, version: &str) -> Event {
    Event {
        version: Some(version.to_owned()),
        tag: Some(tag(version)),
        ..event(client, Kind::Read, invoked, returned, 200)
    }
}

fn write(client: usize, times: (u64, u64), base: &str, version: &str, status: u16) -> Event {
    Event {
        based_on: Some(base.to_owned()),
        sent_tag: Some(tag(base)),
        version: Some(version.to_owned()),
        ..event(client, Kind::Write, times.0, times.1, status)
    }
}

fn revalidate(client: usize, times: (u64, u64), base: &str, status: u16) -> Event {
    Event {
        based_on: Some(base.to_owned()),
        sent_tag: Some(tag(base)),
        ..event(client, Kind::Revalidate, times.0, times.1, status)
    }
}

/// Checks events that begin with version `a`; `last` is read at the end.
fn found(events: Vec<Event>, last: &str) -> Finding {
    check(&History {
        initial: "a".to_owned(),
        events,
        last: Some(last.to_owned()),
    })
}

#[track_caller]
fn assert_right(finding: &Finding) {
    for wrong in [
        &finding.forks,
        &finding.written,
        &finding.false_412,
        &finding.false_304,
        &finding.shared_tags,
        &finding.shortest,
    ] {
        assert!(wrong.is_empty(), "{finding:?}");
    }
}

#[test]
fn one_chain_is_right() {
    let finding = found(
        vec![
            read(1, 0, 1, "a"),
            read(2, 0, 1, "a"),
            write(1, (2, 5), "a", "b", 200),
            write(2, (3, 6), "a", "c", 412),
            read(2, 7, 8, "b"),
            write(2, (9, 10), "b", "d", 204),
            revalidate(1, (7, 8), "b", 304),
        ],
        "d",
    );
    assert_right(&finding);
    assert_eq!((finding.performed, finding.refused), (2, 1));
    assert_eq!((finding.checked_412, finding.checked_304), (1, 1));
}

#[test]
fn two_writes_of_one_version_are_a_lost_update() {
    let finding = found(
        vec![
            read(1, 0, 1, "a"),
            read(2, 0, 1, "a"),
            read(3, 0, 1, "a"),
            write(1, (2, 5), "a", "b", 200),
            write(2, (3, 6), "a", "c", 200),
            write(3, (50, 90), "a", "d", 200),
        ],
        "d",
    );
    assert_eq!(finding.forks.len(), 2);
    // The two that are closest to each other, what they have read, and what is lost.
    let clients: Vec<_> = finding.shortest.iter().map(|line| &line[..8]).collect();
    assert_eq!(
        clients,
        ["client 1", "client 2", "client 1", "client 2", "b is los"]
    );
}

#[test]
fn what_a_client_that_retries_reads_twice_is_a_lost_update_too() {
    let finding = found(
        vec![
            read(1, 0, 1, "a"),
            write(1, (2, 3), "a", "b", 200),
            read(1, 4, 5, "a"),
            write(1, (6, 7), "a", "c", 200),
        ],
        "c",
    );
    assert_eq!(finding.forks.len(), 1);
}

#[test]
fn an_acknowledged_write_that_nobody_finds_is_lost() {
    let finding = found(
        vec![read(1, 0, 1, "a"), write(1, (2, 3), "a", "b", 200)],
        "a",
    );
    assert_eq!(finding.forks.len(), 1);
    assert_eq!(finding.shortest.len(), 2);
}

#[test]
fn a_write_without_a_response_may_have_happened() {
    let mut unknown = write(1, (2, 9), "a", "b", 200);
    unknown.status = None;
    let events = vec![
        read(1, 0, 1, "a"),
        unknown,
        // True if the write above happened.
        write(2, (10, 11), "a", "c", 412),
        read(2, 12, 13, "b"),
        write(2, (14, 15), "b", "d", 200),
    ];
    assert_right(&found(events, "d"));
}

#[test]
fn a_refused_write_that_is_read_was_written() {
    let finding = found(
        vec![
            read(1, 0, 1, "a"),
            write(1, (2, 3), "a", "b", 412),
            read(2, 4, 5, "b"),
        ],
        "b",
    );
    assert_eq!(finding.written.len(), 1);
}

#[test]
fn a_412_to_the_current_version_is_false() {
    let finding = found(
        vec![read(1, 0, 1, "a"), write(1, (2, 3), "a", "b", 412)],
        "a",
    );
    assert_eq!(finding.false_412.len(), 1);
    // It is true if another write may have come first.
    let finding = found(
        vec![
            read(1, 0, 1, "a"),
            write(1, (2, 4), "a", "b", 412),
            write(2, (3, 9), "a", "c", 200),
        ],
        "c",
    );
    assert_right(&finding);
}

#[test]
fn a_weak_tag_is_refused_whatever_is_current() {
    let mut refused = write(1, (2, 3), "a", "b", 412);
    refused.sent_tag = Some(b"W/\"a\"".to_vec());
    let finding = found(vec![refused], "a");
    assert_right(&finding);
    assert_eq!(finding.checked_412, 0);
}

#[test]
fn a_304_for_what_was_replaced_before_is_false() {
    let finding = found(
        vec![
            write(1, (2, 3), "a", "b", 200),
            revalidate(2, (4, 5), "a", 304),
        ],
        "b",
    );
    assert_eq!(finding.false_304.len(), 1);
    // It is true if the write was still under way.
    let finding = found(
        vec![
            write(1, (2, 5), "a", "b", 200),
            revalidate(2, (4, 6), "a", 304),
        ],
        "b",
    );
    assert_right(&finding);
}

#[test]
fn one_strong_tag_for_two_versions_is_found() {
    let mut second = read(1, 4, 5, "b");
    second.tag = Some(tag("a"));
    let events = vec![
        read(1, 0, 1, "a"),
        write(1, (2, 3), "a", "b", 200),
        second.clone(),
    ];
    assert_eq!(found(events, "b").shared_tags.len(), 1);
    // Weak tags may do that.
    let weak = |mut event: Event| {
        event.tag = Some(b"W/\"a\"".to_vec());
        event
    };
    let events = vec![weak(read(1, 0, 1, "a")), weak(second)];
    assert!(found(events, "a").shared_tags.is_empty());
}
