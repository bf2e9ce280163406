use std::{
    hint::black_box,
    time::{Duration, SystemTime},
};

use http::{HeaderMap, Method};
use tower_conditional::{
    CurrentState, Decision, EntityTag, HttpDate, Preconditions, Rules, Validators,
};

use super::{Evaluator, Told};
use crate::support::{fields::ETAG, workloads::LAST_MODIFIED};

pub(crate) struct Ours {
    validators: Validators,
    now: SystemTime,
    rules: Rules,
}

impl Ours {
    pub(crate) fn new(current: &'static str, rules: Rules) -> Self {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_000_000);
        let date = HttpDate::parse(LAST_MODIFIED.as_bytes(), now).expect("a date");
        let validators = Validators::from(EntityTag::from_static(current)).with_last_modified(date);
        // Not known at compile time, as in the layer.
        let rules = black_box(rules);
        Self {
            validators,
            now,
            rules,
        }
    }
}

impl Default for Ours {
    fn default() -> Self {
        Self::new(ETAG, Rules::RFC9110)
    }
}

impl Evaluator for Ours {
    const NAME: &'static str = "tower-conditional";

    type Answer = Decision;

    #[inline]
    fn evaluate(&self, method: &Method, headers: &HeaderMap) -> Decision {
        Preconditions::new(method, headers).evaluate(
            CurrentState::Present(&self.validators),
            &self.rules,
            self.now,
        )
    }

    fn told(decision: &Decision) -> Told {
        let without_range = *decision == Decision::PerformWithoutRange;
        (decision.status(), without_range)
    }
}
