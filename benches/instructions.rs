//! The instructions and heap allocations of evaluations and services, counted by valgrind:
//!
//! ```text
//! cargo bench --features axum,cache,client,lock --bench instructions            # print the tables
//! cargo bench --features axum,cache,client,lock --bench instructions -- --save  # and keep them in benches/results
//! cargo bench --features axum,cache,client,lock --bench instructions -- --gate    # compare with the kept bounds
//! cargo run -p bench-chart                    # draw what is kept
//! ```
//!
//! Unlike times, the numbers repeat from run to run. The executable runs itself under valgrind, so
//! nothing but valgrind has to be installed.

use std::{env, fs, io};

mod support {
    pub(crate) mod cases;
    pub(crate) mod evaluators;
    pub(crate) mod fields;
    pub(crate) mod gate;
    pub(crate) mod growth;
    pub(crate) mod machine;
    pub(crate) mod report;
    pub(crate) mod results;
    pub(crate) mod services;
    pub(crate) mod sizes;
    pub(crate) mod subjects;
    pub(crate) mod tables;
    pub(crate) mod tolerances;
    pub(crate) mod valgrind;
    pub(crate) mod workloads;
}
use support::{
    cases::Case,
    evaluators::{ByHand, Evaluator, Ours, TypedHeaders},
    gate,
    growth::Growth,
    machine,
    report::{Bytes, Cost, Evaluation, Report, Rule, Service, Size},
    results::result,
    services::Server,
    subjects::{ALL_RULES, SHORT_TAG, SHORT_TAG_AND_RULES, repeat},
    tables,
    tolerances::Tolerance,
    valgrind::{REPEAT, cost},
    workloads::{self, Shape, Workload},
};

fn main() -> io::Result<()> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    if let [REPEAT, subject, times] = arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        repeat(subject, times.parse().expect("a number of runs"));
        return Ok(());
    }
    if !arguments.iter().any(|argument| argument == "--bench") {
        // `cargo test` only checks that it works.
        return check();
    }
    if arguments.iter().any(|argument| argument == "--gate") {
        return gate::check(arguments.iter().any(|argument| argument == "--save"));
    }
    let report = Report {
        setting: machine::setting()?,
        evaluate: workloads::all()
            .iter()
            .map(evaluation)
            .collect::<io::Result<_>>()?,
        rules: rules()?,
        bytes: bytes()?,
        growth: growth()?,
        service: services()?,
    };
    tables::print(&report);
    if arguments.iter().any(|argument| argument == "--save") {
        let json = serde_json::to_string_pretty(&report)? + "\n";
        fs::write(result("instructions.json"), json)?;
    }
    Ok(())
}

fn check() -> io::Result<()> {
    gate::check_itself();
    for workload in workloads::all() {
        for evaluator in [Ours::NAME, TypedHeaders::NAME, ByHand::NAME] {
            repeat(&format!("evaluate {evaluator} {}", workload.name), 1);
        }
    }
    for shape in Shape::ALL {
        for evaluator in [SHORT_TAG, ALL_RULES, SHORT_TAG_AND_RULES] {
            repeat(&format!("bytes {evaluator} {} 64", shape.name()), 1);
        }
    }
    for index in 0..Tolerance::all().len() {
        repeat(&format!("rules {index}"), 1);
    }
    for case in Case::all() {
        for server in Server::ALL {
            repeat(&format!("service {} {}", server.name(), case.name), 1);
        }
    }
    Ok(())
}

fn evaluation(workload: &Workload) -> io::Result<Evaluation> {
    Ok(Evaluation {
        workload: workload.name.to_owned(),
        about: workload.about.to_owned(),
        limit: workload.limit,
        ours: cost_of::<Ours>(workload)?,
        headers: cost_of::<TypedHeaders>(workload)?,
        split: match ByHand::is_wrong_about(workload) {
            true => None,
            false => Some(cost_of::<ByHand>(workload)?),
        },
    })
}

fn cost_of<E: Evaluator>(workload: &Workload) -> io::Result<Cost> {
    cost(&format!("evaluate {} {}", E::NAME, workload.name))
}

fn rules() -> io::Result<Vec<Rule>> {
    let row = |(index, tolerance): (usize, Tolerance)| {
        Ok(Rule {
            name: tolerance.name.to_owned(),
            cost: cost(&format!("rules {index}"))?,
        })
    };
    Tolerance::all().into_iter().enumerate().map(row).collect()
}

fn bytes() -> io::Result<Vec<Bytes>> {
    let mut rows = Vec::new();
    for shape in Shape::ALL {
        let name = shape.name();
        let of = |evaluator, length| cost(&format!("bytes {evaluator} {name} {length}"));
        for length in [64, 1_024, 8_192, 65_536] {
            // The others are compared at one length.
            let peer = |evaluator| (length == 8_192).then(|| of(evaluator, length)).transpose();
            rows.push(Bytes {
                shape: name.to_owned(),
                length,
                cost: of(Ours::NAME, length)?,
                short_tag: peer(SHORT_TAG)?,
                all_rules: peer(ALL_RULES)?,
                short_tag_and_rules: peer(SHORT_TAG_AND_RULES)?,
                headers: peer(TypedHeaders::NAME)?,
                split: peer(ByHand::NAME)?,
            });
        }
    }
    Ok(rows)
}

fn growth() -> io::Result<Vec<Size>> {
    let mut rows = Vec::new();
    for growth in Growth::ALL {
        let kind = growth.name();
        for size in growth.sizes() {
            rows.push(Size {
                kind: kind.to_owned(),
                size: *size,
                cost: cost(&format!("growth {kind} {size}"))?,
            });
        }
    }
    Ok(rows)
}

fn services() -> io::Result<Vec<Service>> {
    let mut rows = Vec::new();
    for case in Case::all() {
        for server in Server::ALL {
            rows.push(Service {
                server: server.name().to_owned(),
                case: case.about.to_owned(),
                status: server.status(&case).as_u16(),
                cost: cost(&format!("service {} {}", server.name(), case.name))?,
            });
        }
    }
    Ok(rows)
}
