//! What the benches keep in `benches/results`.

use serde::Deserialize;

/// `instructions.json`
#[derive(Deserialize)]
pub(crate) struct Report {
    pub(crate) setting: Setting,
    pub(crate) evaluate: Vec<Evaluation>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) bytes: Vec<Bytes>,
    pub(crate) growth: Vec<Size>,
    pub(crate) service: Vec<Service>,
}

/// `end_to_end.json`
#[derive(Deserialize)]
pub(crate) struct Exchanges {
    pub(crate) setting: Setting,
    pub(crate) nginx: Option<String>,
    pub(crate) in_memory: Vec<InMemory>,
    pub(crate) loopback: Vec<Loopback>,
    pub(crate) tagging: Vec<Tagging>,
}

#[derive(Deserialize)]
pub(crate) struct Setting {
    pub(crate) processor: String,
    pub(crate) rustc: String,
    pub(crate) valgrind: String,
    pub(crate) crates: Vec<String>,
}

#[derive(Deserialize)]
pub(crate) struct Cost {
    pub(crate) instructions: u64,
    pub(crate) allocations: u64,
}

#[derive(Deserialize)]
pub(crate) struct Evaluation {
    pub(crate) workload: String,
    pub(crate) about: String,
    pub(crate) limit: Option<u32>,
    pub(crate) ours: Cost,
    pub(crate) headers: Cost,
    pub(crate) split: Option<Cost>,
}

#[derive(Deserialize)]
pub(crate) struct Rule {
    pub(crate) name: String,
    pub(crate) cost: Cost,
}

#[derive(Deserialize)]
pub(crate) struct Bytes {
    pub(crate) shape: String,
    pub(crate) length: usize,
    pub(crate) cost: Cost,
    pub(crate) short_tag: Option<Cost>,
    pub(crate) all_rules: Option<Cost>,
    pub(crate) headers: Option<Cost>,
    pub(crate) split: Option<Cost>,
}

#[derive(Deserialize)]
pub(crate) struct Size {
    pub(crate) kind: String,
    pub(crate) size: usize,
    pub(crate) cost: Cost,
}

#[derive(Deserialize)]
pub(crate) struct Service {
    pub(crate) server: String,
    pub(crate) case: String,
    pub(crate) status: u16,
    pub(crate) cost: Cost,
}

#[derive(Deserialize)]
pub(crate) struct InMemory {
    pub(crate) stack: String,
    pub(crate) case: String,
    pub(crate) cost: Cost,
}

#[derive(Deserialize)]
pub(crate) struct Loopback {
    pub(crate) stack: String,
    pub(crate) case: String,
    pub(crate) ratios: Vec<f64>,
}

#[derive(Deserialize)]
pub(crate) struct Tagging {
    pub(crate) length: usize,
    pub(crate) ratios: Vec<f64>,
}

/// The value at a part of the sorted values: 0.5 is the median.
pub(crate) fn quantile(values: &[f64], part: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = ((sorted.len().saturating_sub(1)) as f64 * part).round() as usize;
    sorted.get(at).copied().unwrap_or_default()
}
