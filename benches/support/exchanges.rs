//! The results of `end_to_end`, and their tables.

use serde::Serialize;

use super::report::{Cost, Setting};

/// The names of the cases that are measured.
pub(crate) const CASES: [&str; 5] = ["304", "stamped", "missed", "412", "performed"];

/// The stack that the others are compared with: it answers with a constant.
pub(crate) const BASE: &str = "hyper";

#[derive(Serialize)]
pub(crate) struct Exchanges {
    pub(crate) setting: Setting,
    pub(crate) nginx: Option<String>,
    pub(crate) in_memory: Vec<InMemory>,
    pub(crate) loopback: Vec<Loopback>,
    pub(crate) tagging: Vec<Tagging>,
}

/// `EtagLayer` around a body of this length, in process: one number for each round.
#[derive(Serialize)]
pub(crate) struct Tagging {
    pub(crate) length: usize,
    /// The time, divided by that of the hash alone in the same round.
    pub(crate) ratios: Vec<f64>,
}

/// One exchange over a connection in memory.
#[derive(Serialize)]
pub(crate) struct InMemory {
    pub(crate) stack: String,
    pub(crate) case: String,
    pub(crate) cost: Cost,
}

/// Exchanges over loopback: one number for each round.
#[derive(Serialize)]
pub(crate) struct Loopback {
    pub(crate) stack: String,
    pub(crate) case: String,
    /// Nanoseconds of the server on a processor, for one request.
    pub(crate) nanoseconds: Vec<f64>,
    /// The same, divided by those of the base in the same round.
    pub(crate) ratios: Vec<f64>,
}

/// The value at a part of the sorted values: 0.5 is the median.
fn quantile(values: &[f64], part: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = ((sorted.len().saturating_sub(1)) as f64 * part).round() as usize;
    sorted.get(at).copied().unwrap_or(f64::NAN)
}

pub(crate) fn print(report: &Exchanges) {
    let setting = &report.setting;
    println!(
        "{}, {}, {}",
        setting.processor, setting.rustc, setting.valgrind
    );
    println!("{}", setting.crates.join(", "));
    println!("{}", report.nginx.as_deref().unwrap_or("without nginx"));
    println!("\nOne exchange in memory: instructions of both sides, and their ratio to `{BASE}`");
    for case in CASES {
        print!("{case:<10}");
        let rows = report.in_memory.iter().filter(|row| row.case == case);
        let of = |stack: &str| {
            let mut rows = rows.clone();
            rows.find(|row| row.stack == stack)
                .map(|row| row.cost.instructions)
        };
        for row in rows.clone() {
            let ratio = of(BASE).map(|base| row.cost.instructions as f64 / base as f64);
            let ratio = ratio.unwrap_or(f64::NAN);
            print!("  {} {} ({ratio:.3})", row.stack, row.cost.instructions);
        }
        println!();
    }
    println!("\nOver loopback: processor time of the server for one request, in microseconds, and");
    println!("its ratio to `{BASE}` in the same round: median (quartiles)");
    for case in CASES {
        for row in report.loopback.iter().filter(|row| row.case == case) {
            println!(
                "{case:<10} {:<16} {:>7.2}   {:.3} ({:.3} to {:.3})",
                row.stack,
                quantile(&row.nanoseconds, 0.5) / 1_000.0,
                quantile(&row.ratios, 0.5),
                quantile(&row.ratios, 0.25),
                quantile(&row.ratios, 0.75),
            );
        }
    }
    println!("\nThe time of EtagLayer, in relation to its hash alone: median (quartiles)");
    for row in &report.tagging {
        let [low, median, high] = [0.25, 0.5, 0.75].map(|part| quantile(&row.ratios, part));
        println!("{:<10} {median:.3} ({low:.3} to {high:.3})", row.length);
    }
}
