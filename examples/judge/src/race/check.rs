//! Checks a history: one chain of versions, and no false 304 or 412.
//!
//! A version is current from some instant of the write that made it to some instant of the write
//! that replaced it. Only what is wrong whichever instants these were is a finding.

use std::collections::{BTreeMap, BTreeSet};

use super::history::{Event, History, Kind};
use crate::{message::shown, oracle::is_weak};

/// What a history shows. Lines are for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Finding {
    pub performed: usize,
    /// Lost updates.
    pub forks: Vec<String>,
    pub refused: usize,
    /// Refused writes that a reader saw.
    pub written: Vec<String>,
    pub checked_412: usize,
    pub false_412: Vec<String>,
    pub checked_304: usize,
    pub false_304: Vec<String>,
    pub tags: usize,
    pub shared_tags: Vec<String>,
    /// The shortest history that shows a lost update.
    pub shortest: Vec<String>,
}

pub fn check(history: &History) -> Finding {
    let mut finding = Finding::default();
    chain(history, &mut finding);
    refusals(history, &mut finding);
    truths(history, &mut finding);
    tags(history, &mut finding);
    finding
}

/// Two writes based on one version: the later one has undone the earlier one.
fn chain(history: &History, finding: &mut Finding) {
    let mut next: BTreeMap<&str, Vec<&Event>> = BTreeMap::new();
    let mut performed: Vec<&Event> = history
        .events
        .iter()
        .filter(|event| event.is_performed())
        .collect();
    performed.sort_by_key(|event| event.returned);
    finding.performed = performed.len();
    for write in &performed {
        if let Some(base) = &write.based_on {
            next.entry(base).or_default().push(write);
        }
    }
    let mut shortest: Option<(u64, Vec<String>)> = None;
    for (base, writes) in &next {
        for pair in writes.windows(2) {
            let steps = steps(history, base, pair);
            let [first, second] = pair else {
                continue;
            };
            let (one, other) = (version(first), version(second));
            let line = format!("{one} and {other} both replaced {base}");
            finding.forks.push(line);
            let span = second.returned - first.invoked.min(second.invoked);
            if shortest.as_ref().is_none_or(|(known, _)| span < *known) {
                shortest = Some((span, steps));
            }
        }
    }
    finding.shortest = shortest.map(|(_, steps)| steps).unwrap_or_default();
    lost_at_the_end(history, &performed, &next, finding);
}

/// Without forks the last write of the chain is what remains, unless it was not stored.
fn lost_at_the_end(
    history: &History,
    performed: &[&Event],
    next: &BTreeMap<&str, Vec<&Event>>,
    finding: &mut Finding,
) {
    let unknown = history
        .events
        .iter()
        .any(|event| event.may_be_performed() && !event.is_performed());
    let Some(last) = history.last.as_deref() else {
        return;
    };
    if unknown || !finding.forks.is_empty() {
        return;
    }
    let mut end = history.initial.as_str();
    // Each step leads to another write, so there are no more steps than writes.
    for _ in performed {
        match next.get(end).and_then(|writes| writes.first()) {
            Some(write) => end = version(write),
            None => break,
        }
    }
    if end != last {
        let line = format!("{end} is acknowledged, and {last} is read after the race");
        finding.forks.push(line.clone());
        finding.shortest = performed
            .iter()
            .filter(|write| [end, last].contains(&version(write)))
            .map(|write| write.line())
            .chain([line])
            .collect();
    }
}

/// The reads that the two writes are based on, the writes, and what is lost.
fn steps(history: &History, base: &str, writes: &[&Event]) -> Vec<String> {
    let mut steps: Vec<&Event> = Vec::new();
    for write in writes {
        // The last read of this client before its write.
        let read = history.events.iter().rfind(|event| {
            event.client == write.client
                && event.kind == Kind::Read
                && event.version.as_deref() == Some(base)
                && event.returned <= write.invoked
        });
        steps.extend(read);
        steps.push(write);
    }
    steps.sort_by_key(|event| event.invoked);
    let mut lines: Vec<String> = steps.iter().map(|event| event.line()).collect();
    if let [first, second] = writes {
        let (lost, kept) = (version(first), version(second));
        lines.push(format!("{lost} is lost: {kept} replaced it unseen"));
    }
    lines
}

fn version(event: &Event) -> &str {
    event.version.as_deref().unwrap_or("an unknown version")
}

fn refusals(history: &History, finding: &mut Finding) {
    let is_refused = |event: &&Event| event.kind == Kind::Write && !event.may_be_performed();
    let refused: BTreeMap<&str, &Event> = history
        .events
        .iter()
        .filter(is_refused)
        .map(|event| (version(event), event))
        .collect();
    finding.refused = refused.len();
    let read = history.events.iter().filter(|it| it.kind == Kind::Read);
    let seen: BTreeSet<&str> = read.map(version).chain(history.last.as_deref()).collect();
    for (version, event) in refused {
        if seen.contains(version) {
            finding.written.push(event.line());
        }
    }
}

fn truths(history: &History, finding: &mut Finding) {
    let made: BTreeMap<&str, &Event> = history
        .events
        .iter()
        .filter(|event| event.may_be_performed())
        .map(|event| (version(event), event))
        .collect();
    let mut by_base: BTreeMap<&str, Vec<&Event>> = BTreeMap::new();
    for event in history.events.iter().filter(|it| it.may_be_performed()) {
        if let Some(base) = &event.based_on {
            by_base.entry(base).or_default().push(event);
        }
    }
    let replaced = |base: &str| by_base.get(base).into_iter().flatten();
    for event in &history.events {
        let (Some(base), Some(tag)) = (&event.based_on, &event.sent_tag) else {
            continue;
        };
        // A weak tag never matches in If-Match, and may name several versions in If-None-Match.
        if is_weak(tag) {
            continue;
        }
        let maker = made.get(base.as_str());
        if maker.is_none() && *base != history.initial {
            continue;
        }
        match (event.kind, event.status) {
            (Kind::Write, Some(412)) => {
                finding.checked_412 += 1;
                let surely_made = maker
                    .is_none_or(|write| write.is_performed() && write.returned <= event.invoked);
                let maybe_replaced = replaced(base).any(|write| write.invoked < event.returned);
                if surely_made && !maybe_replaced {
                    finding.false_412.push(event.line());
                }
            }
            (Kind::Revalidate, Some(304)) => {
                finding.checked_304 += 1;
                let surely_replaced = replaced(base)
                    .any(|write| write.is_performed() && write.returned <= event.invoked);
                if surely_replaced {
                    finding.false_304.push(event.line());
                }
            }
            _ => {}
        }
    }
}

fn tags(history: &History, finding: &mut Finding) {
    let mut named: BTreeMap<&[u8], BTreeSet<&str>> = BTreeMap::new();
    for event in history.events.iter().filter(|it| it.kind == Kind::Read) {
        if let (Some(tag), Some(version)) = (&event.tag, &event.version) {
            if !is_weak(tag) {
                named.entry(tag).or_default().insert(version);
            }
        }
    }
    finding.tags = named.len();
    for (tag, versions) in named.iter().filter(|(_, versions)| versions.len() > 1) {
        let some: Vec<&str> = versions.iter().copied().take(2).collect();
        let (tag, count) = (shown(tag), versions.len());
        let line = format!(
            "{tag} names {count} versions, {} among them",
            some.join(" and ")
        );
        finding.shared_tags.push(line);
    }
}
