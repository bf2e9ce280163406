//! The results and the machine, which are stored in `benches/results/instructions.json`.

use serde::{Deserialize, Serialize};

#[derive(Deserialize, Serialize)]
pub(crate) struct Report {
    pub(crate) setting: Setting,
    pub(crate) evaluate: Vec<Evaluation>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) bytes: Vec<Bytes>,
    pub(crate) growth: Vec<Size>,
    pub(crate) service: Vec<Service>,
}

/// One workload: instructions (and allocations) of one evaluation.
#[derive(Deserialize, Serialize)]
pub(crate) struct Evaluation {
    pub(crate) workload: String,
    pub(crate) about: String,
    /// An experimental kernel in safe Rust, which implements only the order of section 13.2.2.
    /// `None` if its work is not comparable.
    pub(crate) limit: Option<u32>,
    pub(crate) ours: Cost,
    pub(crate) headers: Cost,
    /// `None` if the answer is wrong.
    pub(crate) split: Option<Cost>,
}

/// A request whose evaluation depends on a comparison rule.
#[derive(Deserialize, Serialize)]
pub(crate) struct Rule {
    pub(crate) name: String,
    pub(crate) cost: Cost,
}

/// A kind of field line that matches nothing.
#[derive(Deserialize, Serialize)]
pub(crate) struct Bytes {
    pub(crate) shape: String,
    pub(crate) length: usize,
    pub(crate) cost: Cost,
    /// Of this crate, if the current tag is one of 3 bytes.
    pub(crate) short_tag: Option<Cost>,
    /// Of this crate with all comparison rules.
    pub(crate) all_rules: Option<Cost>,
    /// Of this crate with both.
    pub(crate) short_tag_and_rules: Option<Cost>,
    pub(crate) headers: Option<Cost>,
    pub(crate) split: Option<Cost>,
}

/// A request of growing size.
#[derive(Deserialize, Serialize)]
pub(crate) struct Size {
    pub(crate) kind: String,
    pub(crate) size: usize,
    pub(crate) cost: Cost,
}

/// One request to a service: the call, and the drop of the response.
#[derive(Deserialize, Serialize)]
pub(crate) struct Service {
    pub(crate) server: String,
    pub(crate) case: String,
    pub(crate) status: u16,
    pub(crate) cost: Cost,
}

#[derive(Clone, Copy, Deserialize, Serialize)]
pub(crate) struct Cost {
    pub(crate) instructions: u64,
    pub(crate) allocations: u64,
}

/// The machine and the versions.
#[derive(Deserialize, Serialize)]
pub(crate) struct Setting {
    pub(crate) processor: String,
    pub(crate) rustc: String,
    pub(crate) valgrind: String,
    pub(crate) crates: Vec<String>,
}
