//! The results of `end_to_end` as text.

use super::exchanges::{BASE, CASES, Exchanges, quantile};

pub(crate) fn print(report: &Exchanges) {
    let setting = &report.setting;
    println!(
        "{}, {}, {}",
        setting.processor, setting.rustc, setting.valgrind
    );
    println!("{}", setting.crates.join(", "));
    println!("{}", report.nginx.as_deref().unwrap_or("without nginx"));
    println!(
        "\nOne exchange in memory: instructions of both sides, and their ratio to `{BASE}` on the"
    );
    println!("same heap: median (lowest to highest)");
    for case in CASES {
        for row in report.in_memory.iter().filter(|row| row.case == case) {
            println!(
                "{case:<10} {:<16} {:>7}   {:.3} ({:.3} to {:.3})",
                row.stack,
                quantile(&row.instructions, 0.5),
                quantile(&row.ratios, 0.5),
                quantile(&row.ratios, 0.0),
                quantile(&row.ratios, 1.0),
            );
        }
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
