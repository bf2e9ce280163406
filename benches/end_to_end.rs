//! Whole HTTP/1.1 exchanges, of this crate and of others:
//!
//! ```text
//! cargo bench --features axum,digest --bench end_to_end            # print the tables
//! taskset -c 0 cargo bench --features axum,digest --bench end_to_end -- --save  # and keep them in benches/results
//! ```
//!
//! Over a connection in memory, instructions are counted by valgrind: server, client and runtime in
//! one thread, on several heaps. Over loopback, each server is a process of its own, and the bench reads how long it
//! was on a processor. The servers take turns, so that what disturbs the machine disturbs all of
//! them. nginx is one of them if it is installed.

use std::{env, fs, io};

mod support {
    // The other benches use the rest of it.
    #[allow(dead_code)]
    pub(crate) mod cases;
    pub(crate) mod connection;
    pub(crate) mod exchange_tables;
    pub(crate) mod exchanges;
    pub(crate) mod fields;
    pub(crate) mod heap;
    pub(crate) mod loopback;
    pub(crate) mod machine;
    #[allow(dead_code)]
    pub(crate) mod report;
    pub(crate) mod results;
    pub(crate) mod tagging;
    pub(crate) mod valgrind;
}
use support::{
    connection::{self, Stack},
    exchange_tables,
    exchanges::{self, Exchanges, InMemory},
    heap::HEAPS,
    loopback, machine,
    results::result,
    tagging,
    valgrind::{REPEAT, cost},
};

fn main() -> io::Result<()> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [REPEAT, subject, times] => {
            connection::repeat(subject, times.parse().expect("a number of runs"));
            return Ok(());
        }
        [loopback::SERVE, stack, case] => return loopback::serve(stack, case),
        _ => {}
    }
    if !arguments.iter().any(|argument| argument == "--bench") {
        // `cargo test` only checks that it works.
        for stack in Stack::IN_MEMORY {
            for case in exchanges::CASES {
                connection::repeat(&format!("{} {case} 0", stack.name()), 1);
            }
        }
        tagging::check();
        return Ok(());
    }
    let mut in_memory = Vec::new();
    for case in exchanges::CASES {
        // The first stack is the one that the others are compared with.
        let mut base = Vec::new();
        for stack in Stack::IN_MEMORY {
            let heaps = (0..HEAPS).map(|heap| cost(&format!("{} {case} {heap}", stack.name())));
            let costs = heaps.collect::<io::Result<Vec<_>>>()?;
            let instructions: Vec<_> = costs.iter().map(|cost| cost.instructions as f64).collect();
            if base.is_empty() {
                base.clone_from(&instructions);
            }
            in_memory.push(InMemory {
                stack: stack.name().to_owned(),
                case: case.to_owned(),
                ratios: instructions
                    .iter()
                    .zip(&base)
                    .map(|(it, base)| it / base)
                    .collect(),
                instructions,
            });
        }
    }
    let report = Exchanges {
        setting: machine::setting()?,
        nginx: loopback::nginx_version(),
        in_memory,
        loopback: loopback::measure()?,
        tagging: tagging::measure(),
    };
    exchange_tables::print(&report);
    if arguments.iter().any(|argument| argument == "--save") {
        let json = serde_json::to_string_pretty(&report)? + "\n";
        fs::write(result("end_to_end.json"), json)?;
    }
    Ok(())
}
