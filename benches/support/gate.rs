//! The gate: a few costs, and the bounds that they must not exceed.

use std::{fs, io};

use super::{results::result, valgrind::cost};

/// What is counted. Each is a subject of `subjects.rs`.
const SUBJECTS: [&str; 22] = [
    "evaluate tower-conditional w0",
    "evaluate tower-conditional w1",
    "evaluate tower-conditional w4",
    "evaluate tower-conditional w7",
    "evaluate tower-conditional w8",
    "bytes tower-conditional short-unquoted 8192",
    "bytes short-tag short-unquoted 8192",
    "bytes tower-conditional quoted-commas 8192",
    "bytes short-tag-and-rules short-unquoted 8192",
    "bytes all-rules same-ends 8192",
    "rules 13",
    "service tower+layer post",
    "service tower+layer stamped",
    "service tower+layer missed",
    "service tower+layer performed",
    "service tower+layer 304",
    "service tower+layer 412",
    "service tower+by-head 304",
    "service tower+response 304",
    "service tower+cached 304",
    "service axum+layer missed",
    "service client put",
];

const FILE: &str = "bounds.txt";

/// A bound may be exceeded by 3 %: builds differ that much.
fn allowed(bound: u64) -> u64 {
    bound + bound * 3 / 100
}

/// Compares the costs with the bounds, or keeps the costs as the bounds.
pub(crate) fn check(save: bool) -> io::Result<()> {
    let kept = fs::read_to_string(result(FILE)).unwrap_or_default();
    let mut text = String::from("# instructions allocations subject; see benches/README.md\n");
    let mut faults = Vec::new();
    for subject in SUBJECTS {
        let now = cost(subject)?;
        let line = format!("{} {} {subject}", now.instructions, now.allocations);
        let most = bound(&kept, subject).map_or(0, |(most, _)| most);
        println!("{:>8} of {most:>8}  {subject}", now.instructions);
        faults.extend(fault(&kept, subject, now.instructions, now.allocations));
        text = text + &line + "\n";
    }
    if save {
        return fs::write(result(FILE), text);
    }
    match faults.is_empty() {
        true => Ok(()),
        false => Err(io::Error::new(io::ErrorKind::Other, faults.join("\n"))),
    }
}

/// Says which bound of those that are kept the costs exceed.
fn fault(kept: &str, subject: &str, instructions: u64, allocations: u64) -> Option<String> {
    let Some((most, most_allocations)) = bound(kept, subject) else {
        return Some(format!("{subject}: no bound is kept"));
    };
    (instructions > allowed(most) || allocations > most_allocations).then(|| {
        format!(
            "{subject}: {instructions} instructions and {allocations} allocations, \
             the bound is {most} and {most_allocations}"
        )
    })
}

fn bound(kept: &str, subject: &str) -> Option<(u64, u64)> {
    kept.lines().find_map(|line| {
        let (instructions, rest) = line.split_once(' ')?;
        let (allocations, known) = rest.split_once(' ')?;
        let bound = (instructions.parse().ok()?, allocations.parse().ok()?);
        (known == subject).then_some(bound)
    })
}

/// Checks the gate itself, and that each subject has a bound.
pub(crate) fn check_itself() {
    const KEPT: &str = "# text\n100 2 rules 1\n1000 0 rules 13\n";
    let is_fault = |subject, instructions, allocations| {
        fault(KEPT, subject, instructions, allocations).is_some()
    };
    assert!(!is_fault("rules 1", 103, 2) && !is_fault("rules 13", 1_030, 0));
    assert!(is_fault("rules 1", 104, 2) && is_fault("rules 13", 1_031, 0));
    assert!(is_fault("rules 1", 100, 3), "one allocation more");
    assert!(is_fault("rules 2", 1, 0), "no bound");
    let kept = fs::read_to_string(result(FILE)).expect("the bounds");
    for subject in SUBJECTS {
        assert!(bound(&kept, subject).is_some(), "{subject}");
    }
}
