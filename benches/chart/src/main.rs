//! Shows what the benches keep in `benches/results`: draws the files `.svg` there, and writes the tables
//! of `benches/README.md`.
//!
//! ```text
//! cargo run -p bench-chart
//! ```

mod evaluations;
mod exchanges;
mod growth;
mod readme;
// What the benches keep: they write it, and it is read here.
#[allow(dead_code)]
#[path = "../../support/exchanges.rs"]
mod kept;
#[allow(dead_code)]
#[path = "../../support/report.rs"]
mod report;
mod tables;

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
};

fn main() -> Result<(), Box<dyn Error>> {
    for (path, content) in files()? {
        fs::write(path, content)?;
    }
    Ok(())
}

/// The paths and contents of all files that show results.
fn files() -> Result<Vec<(PathBuf, String)>, Box<dyn Error>> {
    let benches = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let result = |name| benches.join("results").join(name);
    let report = serde_json::from_slice(&fs::read(result("instructions.json"))?)?;
    let kept = serde_json::from_slice(&fs::read(result("end_to_end.json"))?)?;
    let readme = benches.join("README.md");
    let text = readme::with_tables(&fs::read_to_string(&readme)?, &tables::all(&report, &kept))?;
    Ok(vec![
        (result("instructions.svg"), evaluations::draw(&report)?),
        (result("growth.svg"), growth::draw(&report.growth)?),
        (result("end_to_end.svg"), exchanges::draw(&kept)?),
        (readme, text),
    ])
}

#[test]
fn the_files_show_the_results() {
    for (path, content) in files().unwrap() {
        let kept = fs::read_to_string(&path).unwrap();
        let path = path.display();
        assert_eq!(
            content, kept,
            "`cargo run -p bench-chart` writes {path} again"
        );
    }
}
