//! Runs this executable again, under valgrind.

use std::{cmp::Ordering, collections::HashMap, env, fs, io, mem, process, process::Command};

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
        .args(["--dump-instr=yes", "--compress-pos=no"])
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
            allocations: (allocations(&counts) + TIMES / 2) / TIMES,
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

/// Returns how often functions that allocate were called, which is how often their first
/// instruction ran. (The lines `calls=` also count calls while nothing is collected.)
///
/// A line `fn=(id) name`, or `fn=(id)` if the name was given before, names the function whose
/// instructions follow: address, line of the source and count. The line after `calls=` is not one of
/// them.
fn allocations(profile: &str) -> u64 {
    const ALLOCATE: [&str; 5] = [
        "malloc",
        "calloc",
        "realloc",
        "posix_memalign",
        "aligned_alloc",
    ];
    let mut names = HashMap::new();
    // For each of these functions the lowest address, and its count.
    let mut firsts = HashMap::<&str, (u64, u64)>::new();
    let (mut function, mut is_call) = ("", false);
    for line in profile.lines() {
        if let Some((key @ ("fn" | "cfn"), it)) = line.split_once('=') {
            let (id, name) = it.split_once(' ').unwrap_or((it, ""));
            if !name.is_empty() {
                names.insert(id, name);
            }
            if key == "fn" {
                function = names.get(id).copied().unwrap_or_default();
            }
        } else if line.starts_with("calls=") {
            is_call = true;
        } else if let Some(instruction) = line.strip_prefix("0x") {
            if !mem::take(&mut is_call) && ALLOCATE.contains(&function) {
                let mut words = instruction.split(' ');
                let address = words.next().and_then(|it| u64::from_str_radix(it, 16).ok());
                let count = words.next_back().and_then(|it| it.parse().ok());
                let (Some(address), Some(count)) = (address, count) else {
                    continue;
                };
                let first = firsts.entry(function).or_insert((address, 0));
                match address.cmp(&first.0) {
                    Ordering::Less => *first = (address, count),
                    Ordering::Equal => first.1 += count,
                    Ordering::Greater => {}
                }
            }
        }
    }
    firsts.values().map(|(_, count)| count).sum()
}
