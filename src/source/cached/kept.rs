//! One answer that the cache keeps.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use super::{paths::Seen, variant::Variant};
use crate::source::{Lookup, Representation, Selected};

/// An answer, what had been written when the source was asked, and when that was.
pub(super) struct Kept {
    pub(super) variant: Variant,
    pub(super) selected: Selected,
    pub(super) seen: Seen,
    pub(super) number: u64,
    pub(super) asked: Instant,
    /// When it expires, or `None` if it never does.
    pub(super) until: Option<Instant>,
}

impl Kept {
    /// Reports whether it has not expired, and is younger than `age` if there is one.
    pub(super) fn is_fresh(&self, age: Option<Duration>) -> bool {
        if self.until.is_none() && age.is_none() {
            return true;
        }
        let now = Instant::now();
        self.until.map_or(true, |until| now < until)
            && age.map_or(true, |age| now.saturating_duration_since(self.asked) < age)
    }
}

/// The answers with one key.
pub(super) type Variants = Arc<[Arc<Kept>]>;

/// An answer that was found. An answer is large, so it is cloned where it is needed, and not moved.
pub(super) struct Hit {
    pub(super) variants: Variants,
    pub(super) at: usize,
}

impl Hit {
    pub(super) fn selected(&self) -> &Selected {
        &self.variants[self.at].selected
    }

    /// Returns a clone of the answer.
    #[inline]
    pub(super) fn answer<F>(&self) -> Lookup<F> {
        match self.selected() {
            // Cloning the parts avoids a move of the whole enum, which is as large as its largest
            // variant.
            Selected::Present(Representation {
                validators,
                details,
            }) => Lookup::Ready(Ok(Selected::Present(Representation {
                validators: validators.clone(),
                details: details.clone(),
            }))),
            selected => Lookup::Ready(Ok(selected.clone())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::paths::Paths, *};

    #[test]
    fn an_answer_is_fresh_until_its_time_or_the_age_is_over() {
        let asked = Instant::now().checked_sub(Duration::from_secs(10)).unwrap();
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        for (time_to_live, age, fresh) in [
            (seconds(60), None, true),
            (seconds(5), None, false),
            (seconds(60), seconds(60), true),
            (seconds(60), seconds(5), false),
            (seconds(5), seconds(60), false),
            (None, None, true),
            (None, seconds(60), true),
            (None, seconds(5), false),
        ] {
            let kept = Kept {
                variant: Variant::default(),
                selected: Selected::Missing,
                seen: Paths::default().seen("/"),
                number: 1,
                asked,
                until: time_to_live.map(|time| asked + time),
            };
            assert_eq!(kept.is_fresh(age), fresh, "{time_to_live:?} {age:?}");
        }
    }
}
