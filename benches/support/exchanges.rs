//! The results of `end_to_end`, which are stored in `benches/results/end_to_end.json`.

use serde::{Deserialize, Serialize};

use super::report::Setting;

/// The names of the cases that are measured.
pub(crate) const CASES: [&str; 5] = ["304", "stamped", "missed", "412", "performed"];

/// The stack that the others are compared with: it answers with a constant.
pub(crate) const BASE: &str = "hyper";

#[derive(Deserialize, Serialize)]
pub(crate) struct Exchanges {
    pub(crate) setting: Setting,
    pub(crate) nginx: Option<String>,
    pub(crate) in_memory: Vec<InMemory>,
    pub(crate) loopback: Vec<Loopback>,
    pub(crate) tagging: Vec<Tagging>,
}

/// `EtagLayer` around a body of this length, in process: one number for each round.
#[derive(Deserialize, Serialize)]
pub(crate) struct Tagging {
    pub(crate) length: usize,
    /// The time, divided by that of the hash alone in the same round.
    pub(crate) ratios: Vec<f64>,
}

/// One exchange over a connection in memory: one number for each heap.
#[derive(Deserialize, Serialize)]
pub(crate) struct InMemory {
    pub(crate) stack: String,
    pub(crate) case: String,
    pub(crate) instructions: Vec<f64>,
    /// The same, divided by those of the base on the same heap.
    pub(crate) ratios: Vec<f64>,
}

/// Exchanges over loopback: one number for each round.
#[derive(Deserialize, Serialize)]
pub(crate) struct Loopback {
    pub(crate) stack: String,
    pub(crate) case: String,
    /// Nanoseconds of the server on a processor, for one request.
    pub(crate) nanoseconds: Vec<f64>,
    /// The same, divided by those of the base in the same round.
    pub(crate) ratios: Vec<f64>,
}

/// The value at a part of the sorted values: 0.5 is the median.
pub(crate) fn quantile(values: &[f64], part: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = ((sorted.len().saturating_sub(1)) as f64 * part).round() as usize;
    sorted.get(at).copied().unwrap_or(f64::NAN)
}
