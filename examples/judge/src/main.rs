//! `cargo run -p example-judge -- URL [--write] [--body FILE|--json POINTER] [--header 'Name: value']…
//! [--writers N] [--seconds S] [--format text|json|html] [--only SECTION]`; see `lib.rs`.
//!
//! The exit status is 0 without a fail, 1 with one, and 2 if nothing could be judged.

mod arguments;

use std::{
    io::{self, IsTerminal},
    process::ExitCode,
    sync::atomic::{AtomicUsize, Ordering},
};

use arguments::{Arguments, Command, Format, USAGE};
use example_judge::{
    judge,
    report::{html, json, table, text},
    verdict::{Outcome, Verdict},
};

#[tokio::main]
async fn main() -> ExitCode {
    match Command::parse(std::env::args().skip(1)) {
        Ok(Command::Judge(arguments)) => run(&arguments).await,
        Ok(Command::Table(files)) => match arguments::reports(&files) {
            Ok(reports) => {
                print!("{}", table(&reports));
                ExitCode::SUCCESS
            }
            Err(error) => failed(&error),
        },
        Err(error) => failed(&format!("{error}\n{USAGE}")),
    }
}

fn failed(error: &str) -> ExitCode {
    eprintln!("judge: {error}");
    ExitCode::from(2)
}

async fn run(arguments: &Arguments) -> ExitCode {
    let terminal = io::stderr().is_terminal();
    let asked = AtomicUsize::new(0);
    let wrong = AtomicUsize::new(0);
    let progress = |verdict: &Verdict| {
        let asked = asked.fetch_add(1, Ordering::Relaxed) + 1;
        if matches!(verdict.outcome, Outcome::Fail | Outcome::Warn) {
            wrong.fetch_add(1, Ordering::Relaxed);
        }
        if terminal {
            let wrong = wrong.load(Ordering::Relaxed);
            eprint!("\r{asked} questions, {wrong} not right: {:<30}", verdict.id);
        }
    };
    let report = judge(&arguments.options, &progress).await;
    if terminal {
        eprint!("\r{:<80}\r", "");
    }
    match report {
        Err(error) => failed(&error),
        Ok(report) => {
            match arguments.format {
                Format::Text => print!("{}", text(&report, arguments.all)),
                Format::Json => print!("{}", json(&report)),
                Format::Html => print!("{}", html(&report)),
            }
            match report.is_ok() {
                true => ExitCode::SUCCESS,
                false => ExitCode::FAILURE,
            }
        }
    }
}
