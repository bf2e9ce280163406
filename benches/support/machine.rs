//! The machine and the versions that the numbers depend on.

use std::{fs, io, process::Command, thread};

use super::report::Setting;

const LOCK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.lock");

pub(crate) fn setting() -> io::Result<Setting> {
    let first_line = |program: &str| {
        let output = Command::new(program).arg("--version").output()?;
        let version = String::from_utf8_lossy(&output.stdout);
        io::Result::Ok(version.lines().next().unwrap_or_default().to_owned())
    };
    let processors = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let processor = processors
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map_or("unknown", |(_, name)| name);
    let cores = thread::available_parallelism()?;
    Ok(Setting {
        processor: format!("{processor} with {cores} cores"),
        rustc: first_line("rustc")?,
        valgrind: first_line("valgrind")?,
        crates: versions(&fs::read_to_string(LOCK)?),
    })
}

fn versions(lock: &str) -> Vec<String> {
    const MEASURED: [&str; 8] = [
        "axum",
        "headers",
        "http",
        "httpdate",
        "hyper",
        "memchr",
        "tokio",
        "tower-http",
    ];
    let packages = lock.split("[[package]]").skip(1);
    packages
        .filter_map(|package| {
            let mut values = package.lines().filter_map(|line| line.split_once(" = "));
            let mut value = |key| {
                let (_, value) = values.find(|(name, _)| *name == key)?;
                Some(value.trim_matches('"'))
            };
            let (name, version) = (value("name")?, value("version")?);
            MEASURED
                .contains(&name)
                .then(|| format!("{name} {version}"))
        })
        .collect()
}
