//! Runs this executable again, under valgrind.

use std::{collections::HashMap, env, fs, io, process, process::Command};

use super::report::Cost;

/// The number of runs before the measured ones. They pay for what is done only once, such as
/// detecting the instructions of the processor.
pub(crate) const WARM_UP: u32 = 3;

/// The first argument of a run that is counted. The subject and the number of repetitions follow.
pub(crate) const REPEAT: &str = "--repeat";

/// Instructions and allocations are counted only inside of this function.
#[inline(never)]
pub(crate) fn measured<I, O>(run: impl FnOnce(I) -> O, input: I) -> O {
    run(input)
}

/// Returns the cost of one run of the subject.
pub(crate) fn cost(subject: &str) -> io::Result<Cost> {
    const TIMES: u64 = 20;
    let profile = env::temp_dir().join(format!("tower-conditional-{}", process::id()));
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--toggle-collect=*measured*"])
        .arg(format!("--callgrind-out-file={}", profile.display()))
        .arg(env::current_exe()?)
        .args([REPEAT, subject, &TIMES.to_string()])
        .output()
        .map_err(|error| io::Error::new(error.kind(), format!("valgrind: {error}")))?;
    let counts = fs::read_to_string(&profile).unwrap_or_default();
    // The file does not exist if valgrind failed, which the next lines report.
    let _ = fs::remove_file(&profile);
    match instructions(&counts) {
        Some(instructions) if output.status.success() => Ok(Cost {
            instructions: (instructions + TIMES / 2) / TIMES,
            // Calls are counted in the warm-up too, instructions are not.
            allocations: allocations(&counts) / (TIMES + u64::from(WARM_UP)),
        }),
        _ => {
            let message = String::from_utf8_lossy(&output.stderr);
            Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("valgrind said of {subject}:\n{message}"),
            ))
        }
    }
}

fn instructions(profile: &str) -> Option<u64> {
    let total = profile
        .lines()
        .find_map(|line| line.strip_prefix("totals: "))?;
    total.parse().ok()
}

/// A line `cfn=(id) name`, or `cfn=(id)` if the name was given before, names the function that is
/// called. The next line, `calls=count …`, says how often.
fn allocations(profile: &str) -> u64 {
    const ALLOCATE: [&str; 5] = [
        "malloc",
        "calloc",
        "realloc",
        "posix_memalign",
        "aligned_alloc",
    ];
    let mut names = HashMap::new();
    let mut allocates = false;
    let mut sum = 0;
    for line in profile.lines() {
        if let Some((key @ ("fn" | "cfn"), function)) = line.split_once('=') {
            let (id, name) = function.split_once(' ').unwrap_or((function, ""));
            if !name.is_empty() {
                names.insert(id, name);
            }
            allocates = key == "cfn" && names.get(id).is_some_and(|name| ALLOCATE.contains(name));
        } else if let Some(calls) = line.strip_prefix("calls=") {
            let count = calls.split(' ').next().and_then(|count| count.parse().ok());
            sum += count.filter(|_| allocates).unwrap_or(0);
        }
    }
    sum
}
