//! The report as text.

use super::{
    cases::Case,
    report::{Cost, Evaluation, Report, Rule},
    services::Server,
    sizes,
};

pub(crate) fn print(report: &Report) {
    let setting = &report.setting;
    println!(
        "{}, {}, {}",
        setting.processor, setting.rustc, setting.valgrind
    );
    println!("{}\n", setting.crates.join(", "));
    evaluations(&report.evaluate);
    rules(&report.rules);
    bytes(report);
    growth(report);
    services(report);
}

/// Writes a number with separators between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev();
    let groups: Vec<_> = groups.map(String::from_utf8_lossy).collect();
    groups.join(",")
}

fn evaluations(rows: &[Evaluation]) {
    println!(
        "Evaluation of one request, instructions (allocations in parentheses if there are any)"
    );
    println!(
        "{:<5} {:<29} {:>8} {:>8} {:>6} {:>15} {:>6} {:>10} {:>6}",
        "", "", "limit", "ours", "/limit", "headers", "/ours", "split(',')", "/ours"
    );
    for row in rows {
        let ours = row.ours.instructions;
        let ratio = |a: u64, b: u64| format!("{:.2}", a as f64 / b as f64);
        let with_allocations = |instructions, allocations| match allocations {
            0 => grouped(instructions),
            _ => format!("{} ({allocations})", grouped(instructions)),
        };
        let (limit, to_limit) = match row.limit {
            Some(limit) => (grouped(limit.into()), ratio(ours, limit.into())),
            None => ("-".to_owned(), "-".to_owned()),
        };
        let (split, to_split) = match row.split {
            Some(split) => (grouped(split.instructions), ratio(split.instructions, ours)),
            None => ("wrong".to_owned(), "-".to_owned()),
        };
        println!(
            "{:<5} {:<29} {limit:>8} {:>8} {to_limit:>6} {:>15} {:>6} {split:>10} {to_split:>6}",
            row.workload,
            row.about,
            with_allocations(ours, row.ours.allocations),
            with_allocations(row.headers.instructions, row.headers.allocations),
            ratio(row.headers.instructions, ours),
        );
    }
}

fn rules(rows: &[Rule]) {
    println!("\nEvaluation by comparison rules, instructions");
    for row in rows {
        println!("{:<29} {:>9}", row.name, grouped(row.cost.instructions));
    }
}

fn bytes(report: &Report) {
    println!(
        "\nInstructions a byte of one field line that matches nothing, all that an evaluation costs"
    );
    println!(
        "{:<18} {:>8} {:>8} {:>8} {:>8}   {:>10} {:>10} {:>10} {:>10} {:>10}",
        "",
        "64 B",
        "1 KiB",
        "8 KiB",
        "64 KiB",
        "short tag",
        "all rules",
        "both",
        "headers",
        "split"
    );
    let each = |cost: &Cost, length: usize| cost.instructions as f64 / length as f64;
    for row in &report.bytes {
        if row.length == 64 {
            print!("{:<18}", row.shape);
        }
        print!(" {:>8.2}", each(&row.cost, row.length));
        if row.length == 65_536 {
            let peers = (report.bytes.iter())
                .find(|peer| peer.shape == row.shape && peer.headers.is_some());
            if let Some(peer) = peers {
                let others = [
                    &peer.short_tag,
                    &peer.all_rules,
                    &peer.short_tag_and_rules,
                    &peer.headers,
                    &peer.split,
                ];
                for cost in others.into_iter().flatten() {
                    print!(" {:>10.2}", each(cost, peer.length));
                }
            }
            println!();
        }
    }
}

fn growth(report: &Report) {
    println!("\nInstructions of one evaluation that grows");
    let mut kind = "";
    for row in &report.growth {
        if kind != row.kind {
            print!(
                "{}{:<10}",
                if kind.is_empty() { "" } else { "\n" },
                row.kind
            );
            kind = &row.kind;
        }
        print!(
            " {}: {}",
            grouped(row.size as u64),
            grouped(row.cost.instructions)
        );
    }
    println!();
}

fn services(report: &Report) {
    println!(
        "\nOne request to a service: instructions / allocations, without those of the request"
    );
    print!("{:<20}", "");
    for server in Server::ALL {
        print!(" {:>18}", server.name());
    }
    for case in Case::all() {
        print!("\n{:<20}", case.about);
        for row in report.service.iter().filter(|row| row.case == case.about) {
            let cost = format!(
                "{} / {}",
                grouped(row.cost.instructions),
                row.cost.allocations
            );
            print!(" {:>18}", format!("{} {cost}", row.status));
        }
    }
    println!();
    for (source, bytes) in sizes::futures() {
        println!("The future of the layer with {source}: {bytes} bytes");
    }
}
