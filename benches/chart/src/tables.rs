//! The results as tables of Markdown.

use super::{
    kept::{Exchanges, Tagging, quantile},
    report::{Bytes, Cost, Evaluation, Report, Rule, Service, Setting},
};

/// Returns all tables, each with its name.
pub(crate) fn all(report: &Report, kept: &Exchanges) -> [(&'static str, String); 10] {
    let service = |servers: &[&str]| services(&report.service, servers);
    [
        ("setting", setting(report, kept)),
        ("evaluation", evaluations(&report.evaluate)),
        ("bytes", bytes(&report.bytes)),
        ("rules", rules(&report.rules)),
        (
            "layers",
            service(&[
                "tower",
                "tower+layer",
                "tower+lock",
                "tower+drain",
                "tower+set-header",
            ]),
        ),
        (
            "sources",
            service(&[
                "tower",
                "tower+by-head",
                "tower+response",
                "tower+cached",
                "client",
            ]),
        ),
        (
            "axum",
            service(&[
                "axum",
                "axum+map-body",
                "axum+layer",
                "axum+by-hand",
                "axum+source_fn",
                "axum+from_fn",
            ]),
        ),
        ("in memory", in_memory(kept)),
        ("loopback", loopback(kept)),
        ("tagging", tagging(&kept.tagging)),
    ]
}

fn setting(report: &Report, kept: &Exchanges) -> String {
    let setting = |setting: &Setting| {
        format!(
            "{}, Linux, {}, {}; {}",
            setting.processor,
            setting.rustc,
            setting.valgrind,
            setting.crates.join(", ")
        )
    };
    format!(
        "Instructions: {}.\n\nWhole exchanges: {}; {}.\n",
        setting(&report.setting),
        setting(&kept.setting),
        kept.nginx.as_deref().unwrap_or("without nginx"),
    )
}

fn evaluations(rows: &[Evaluation]) -> String {
    let columns = [
        "ours",
        "limit",
        "`headers`",
        "`split(',')` by hand",
        "ours / limit",
    ];
    table(
        "workload",
        &columns,
        rows.iter().map(|row| {
            let limit = row.limit.map(u64::from);
            // The kernel gives up where the crate goes on.
            let comparable = limit.filter(|_| !row.workload.starts_with("w10"));
            let ratio = comparable.map(|limit| row.ours.instructions as f64 / limit as f64);
            let cells = vec![
                cost(&row.ours),
                limit.map(grouped).unwrap_or_default(),
                cost(&row.headers),
                row.split.as_ref().map_or("(wrong)".to_owned(), cost),
                ratio.map(|ratio| format!("{ratio:.2}")).unwrap_or_default(),
            ];
            (format!("{} {}", row.workload, row.about), cells)
        }),
    )
}

fn bytes(rows: &[Bytes]) -> String {
    let columns = [
        "64 B",
        "1 KiB",
        "8 KiB",
        "64 KiB",
        "short tag",
        "all rules",
        "short tag, all rules",
        "`headers`",
        "split by hand",
    ];
    let each =
        |cost: &Cost, length: usize| format!("{:.2}", cost.instructions as f64 / length as f64);
    table(
        "shape",
        &columns,
        rows.chunk_by(|a, b| a.shape == b.shape).map(|lengths| {
            let mut cells: Vec<_> = lengths
                .iter()
                .map(|row| each(&row.cost, row.length))
                .collect();
            for row in lengths {
                let others = [
                    &row.short_tag,
                    &row.all_rules,
                    &row.short_tag_and_rules,
                    &row.headers,
                    &row.split,
                ];
                cells.extend(
                    others
                        .into_iter()
                        .flatten()
                        .map(|cost| each(cost, row.length)),
                );
            }
            (lengths[0].shape.clone(), cells)
        }),
    )
}

fn rules(rows: &[Rule]) -> String {
    table(
        "rule, and request",
        &["instructions"],
        rows.iter()
            .map(|row| (row.name.clone(), vec![cost(&row.cost)])),
    )
}

/// The rows of a case follow one another, one for each server. Cases may share a name.
fn services(rows: &[Service], servers: &[&str]) -> String {
    let columns = code(servers.iter().copied());
    let number = rows
        .iter()
        .skip(1)
        .position(|row| row.server == rows[0].server);
    let cases = rows.chunks(number.map_or(rows.len(), |number| number + 1));
    table(
        "",
        &columns,
        cases.map(|case| {
            let cells = servers.iter().map(|server| {
                let row = case.iter().find(|row| row.server == *server);
                row.map_or(String::new(), |row| {
                    let cost = format!(
                        "{} / {}",
                        grouped(row.cost.instructions),
                        row.cost.allocations
                    );
                    match row.status {
                        200 => cost,
                        status => format!("{cost} ({status})"),
                    }
                })
            });
            (case[0].case.clone(), cells.collect())
        }),
    )
}

fn in_memory(kept: &Exchanges) -> String {
    let rows = &kept.in_memory;
    let stacks = rows.iter().filter(|row| row.case == rows[0].case);
    table(
        "",
        &code(stacks.map(|row| row.stack.as_str())),
        rows.chunk_by(|a, b| a.case == b.case).map(|case| {
            let cells = case.iter().map(|row| {
                let [low, median, high] = [0.0, 0.5, 1.0].map(|part| quantile(&row.ratios, part));
                let instructions = grouped(quantile(&row.instructions, 0.5) as u64);
                format!("{instructions}, {median:.3} ({low:.3} to {high:.3})")
            });
            (case[0].case.clone(), cells.collect())
        }),
    )
}

fn loopback(kept: &Exchanges) -> String {
    let rows = &kept.loopback;
    let stacks: Vec<_> = rows.iter().filter(|row| row.case == rows[0].case).collect();
    table(
        "",
        &code(stacks.iter().map(|row| row.stack.as_str())),
        rows.chunk_by(|a, b| a.case == b.case).map(|case| {
            let cells = stacks.iter().map(|stack| {
                let row = case.iter().find(|row| row.stack == stack.stack);
                row.map_or("–".to_owned(), |row| spread(&row.ratios))
            });
            (case[0].case.clone(), cells.collect())
        }),
    )
}

fn tagging(rows: &[Tagging]) -> String {
    table(
        "bytes of the body",
        &["time / time of the hash"],
        rows.iter()
            .map(|row| (grouped(row.length as u64), vec![spread(&row.ratios)])),
    )
}

fn spread(ratios: &[f64]) -> String {
    let [low, median, high] = [0.25, 0.5, 0.75].map(|part| quantile(ratios, part));
    format!("{median:.2} ({low:.2} to {high:.2})")
}

fn cost(cost: &Cost) -> String {
    match cost.allocations {
        0 => grouped(cost.instructions),
        allocations => format!("{} ({allocations})", grouped(cost.instructions)),
    }
}

/// Writes a number with separators between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev();
    let groups: Vec<_> = groups.map(String::from_utf8_lossy).collect();
    groups.join(",")
}

fn code<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    names.map(|name| format!("`{name}`")).collect()
}

fn table(
    corner: &str,
    columns: &[impl AsRef<str>],
    rows: impl Iterator<Item = (String, Vec<String>)>,
) -> String {
    let mut text = format!(
        "| {corner} | {} |\n",
        columns
            .iter()
            .map(AsRef::as_ref)
            .collect::<Vec<&str>>()
            .join(" | ")
    );
    text.push_str(&format!("|---{}|\n", "|---".repeat(columns.len())));
    for (name, cells) in rows {
        text.push_str(&format!("| {name} | {} |\n", cells.join(" | ")));
    }
    text
}
