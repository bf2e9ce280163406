//! The gate: a few costs, and the bounds that they must not exceed.

use std::{fs, io};

use super::{results::result, valgrind::cost};

/// What is counted. Each is a subject of `subjects.rs`.
const SUBJECTS: [&str; 17] = [
    "evaluate tower-conditional w0",
    "evaluate tower-conditional w1",
    "evaluate tower-conditional w4",
    "evaluate tower-conditional w7",
    "evaluate tower-conditional w8",
    "bytes tower-conditional short-unquoted 8192",
    "bytes short-tag short-unquoted 8192",
    "rules 13",
    "service tower+layer post",
    "service tower+layer stamped",
    "service tower+layer missed",
    "service tower+layer performed",
    "service tower+layer 304",
    "service tower+layer 412",
    "service tower+response 304",
    "service tower+cached 304",
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
        text.push_str(&format!(
            "{} {} {subject}\n",
            now.instructions, now.allocations
        ));
        let Some((instructions, allocations)) = bound(&kept, subject) else {
            faults.push(format!("{subject}: no bound is kept"));
            continue;
        };
        println!("{:>8} of {instructions:>8}  {subject}", now.instructions);
        if now.instructions > allowed(instructions) || now.allocations > allocations {
            faults.push(format!(
                "{subject}: {} instructions and {} allocations, the bound is {instructions} and {allocations}",
                now.instructions, now.allocations
            ));
        }
    }
    if save {
        return fs::write(result(FILE), text);
    }
    match faults.is_empty() {
        true => Ok(()),
        false => Err(io::Error::new(io::ErrorKind::Other, faults.join("\n"))),
    }
}

fn bound(kept: &str, subject: &str) -> Option<(u64, u64)> {
    kept.lines().find_map(|line| {
        let (instructions, rest) = line.split_once(' ')?;
        let (allocations, known) = rest.split_once(' ')?;
        let bound = (instructions.parse().ok()?, allocations.parse().ok()?);
        (known == subject).then_some(bound)
    })
}
