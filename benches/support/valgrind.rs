//! This very executable, run again under valgrind.

use std::{env, io, process::Command};

/// The first argument of a run that is counted: a subject and how many times it runs follow.
pub(crate) const REPEAT: &str = "--repeat";

/// Where instructions are collected.
#[inline(never)]
pub(crate) fn measured<I, O>(run: impl FnOnce(I) -> O, input: I) -> O {
    run(input)
}

/// Instructions of one run inside of [`measured`].
pub(crate) fn instructions(subject: &str) -> io::Result<u64> {
    per_run(
        subject,
        &[
            "--tool=callgrind",
            "--callgrind-out-file=/dev/null",
            "--toggle-collect=*measured*",
        ],
        |report| {
            let (_, collected) = report.split_once("Collected : ")?;
            collected.split_whitespace().next()?.parse().ok()
        },
    )
}

/// Heap allocations of one run, and of whatever prepares it.
pub(crate) fn allocations(subject: &str) -> io::Result<u64> {
    per_run(
        subject,
        &[
            "--tool=memcheck",
            "--undef-value-errors=no",
            "--leak-check=no",
        ],
        |report| {
            let (_, total) = report.split_once("total heap usage: ")?;
            total.split_once(" allocs")?.0.replace(',', "").parse().ok()
        },
    )
}

/// The first runs fill what is filled only once, so two numbers of runs are compared.
fn per_run(subject: &str, tool: &[&str], total: impl Fn(&str) -> Option<u64>) -> io::Result<u64> {
    const FEW: u64 = 4;
    const MORE: u64 = 24;
    let run = |times: u64| {
        let output = Command::new("valgrind")
            .args(tool)
            .arg(env::current_exe()?)
            .args([REPEAT, subject, &times.to_string()])
            .output()
            .map_err(|error| io::Error::new(error.kind(), format!("valgrind: {error}")))?;
        let report = String::from_utf8_lossy(&output.stderr);
        match total(&report) {
            Some(total) if output.status.success() => Ok(total),
            _ => Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("valgrind said of {subject}:\n{report}"),
            )),
        }
    };
    let added = run(MORE)?.saturating_sub(run(FEW)?);
    Ok((added + (MORE - FEW) / 2) / (MORE - FEW))
}
