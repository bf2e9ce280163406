//! The order of evaluation of RFC 9110 section 13.2.2.

use std::time::SystemTime;

use http::{
    HeaderMap, HeaderName, Method,
    header::{IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE},
};

use super::{
    CurrentState, Decision, Field, Preconditions, Rules, Validators, is_read, is_safe,
    tolerant::first_member,
};
use crate::{
    date::{HttpDate, parse_seconds},
    etag::{Comparison, EntityTag, EntityTagRef, Lines, contains, is_asterisk},
    fields::{only_line, trim},
};

/// What a list of entity tags matches by.
enum Match {
    Tag,
    Asterisk,
}

impl Preconditions<'_> {
    pub(super) fn evaluate_present(
        &self,
        current: &Validators,
        rules: &Rules,
        now: impl Fn() -> SystemTime,
        if_match_asterisk: &mut bool,
    ) -> Decision {
        let mut first = None;
        if self.fields.contains(Field::IfMatch) {
            match self.matches::<true>(&IF_MATCH, current, rules) {
                Some(Match::Tag) => {}
                Some(Match::Asterisk) => *if_match_asterisk = true,
                None => return Decision::PreconditionFailed(Field::IfMatch),
            }
            first = Some(Field::IfMatch);
        } else if self.fields.contains(Field::IfUnmodifiedSince) {
            match unmodified_since(self.headers, IF_UNMODIFIED_SINCE, current, &now) {
                Some(false) => {
                    return Decision::PreconditionFailed(Field::IfUnmodifiedSince);
                }
                Some(true) => first = Some(Field::IfUnmodifiedSince),
                None => {}
            }
        }
        let guarded = first.is_some();

        if self.fields.contains(Field::IfNoneMatch) {
            let matched = self.matches::<false>(&IF_NONE_MATCH, current, rules);
            if matched.is_some() {
                return if is_read(self.method) {
                    Decision::NotModified(Field::IfNoneMatch)
                } else {
                    Decision::PreconditionFailed(Field::IfNoneMatch)
                };
            }
            first = first.or(Some(Field::IfNoneMatch));
        } else if self.fields.contains(Field::IfModifiedSince) {
            match unmodified_since(self.headers, IF_MODIFIED_SINCE, current, &now) {
                Some(true) => return Decision::NotModified(Field::IfModifiedSince),
                Some(false) => first = first.or(Some(Field::IfModifiedSince)),
                None => {}
            }
        }

        if self.required && !guarded {
            return Decision::PreconditionRequired;
        }
        if self.fields.contains(Field::IfRange) {
            if !if_range(self.headers, current, &now) {
                return Decision::PerformWithoutRange;
            }
            first = first.or(Some(Field::IfRange));
        }
        first.map_or(Decision::Unconditional, Decision::Perform)
    }

    /// Returns by what the field matches the current representation. `*` matches any, even one
    /// without an entity tag.
    #[inline(always)]
    fn matches<const STRONG: bool>(
        &self,
        name: &HeaderName,
        current: &Validators,
        rules: &Rules,
    ) -> Option<Match> {
        let comparison = if STRONG {
            Comparison::Strong
        } else {
            Comparison::Weak
        };
        let lines = Lines::of(self.headers, name);
        let named = current.etag().is_some_and(|etag| {
            if rules.tolerant && !self.fields.is_ranged() {
                self.match_tolerantly(&lines, etag, rules, comparison)
            } else {
                contains(&lines, etag.to_ref(), comparison)
            }
        });
        if named {
            Some(Match::Tag)
        } else {
            is_asterisk(&lines).then_some(Match::Asterisk)
        }
    }

    /// Reports whether the current tag matches by the rules of comparison. It is not inlined, so that
    /// requests without rules do not pay for it.
    #[inline(never)]
    fn match_tolerantly(
        &self,
        lines: &Lines<'_>,
        etag: &EntityTag,
        rules: &Rules,
        comparison: Comparison,
    ) -> bool {
        let etag = etag.to_ref();
        // Most members are still what this server sent.
        let same = matches!(lines, Lines::One(line) if line.as_bytes() == etag.opaque_tag());
        same && (comparison == Comparison::Weak || !etag.is_weak())
            || self
                .find_tolerantly(lines, etag, rules, comparison)
                .is_some()
    }

    /// Returns the first member of `If-None-Match` that matches the current tag, as the client sent
    /// it.
    ///
    /// Returns `None` if there is no such member, or if it is not a well-formed entity tag.
    pub(crate) fn matching_tag(
        &self,
        current: CurrentState<&Validators>,
        rules: &Rules,
    ) -> Option<EntityTag> {
        let etag = current.validators()?.etag()?;
        let lines = Lines::of(self.headers, &IF_NONE_MATCH);
        // What is joined with a part must be the very same bytes.
        let rules = if self.fields.is_ranged() {
            &Rules::RFC9110
        } else {
            rules
        };
        let line = self.find_tolerantly(&lines, etag.to_ref(), rules, Comparison::Weak)?;
        EntityTagRef::parse(first_member(line))
            .ok()
            .map(EntityTagRef::to_entity_tag)
    }

    /// Evaluates a request for which there is no representation.
    ///
    /// `If-Match` is false and `If-None-Match` is true. Dates are ignored, because there is no
    /// modification date. The response to a safe method is a 404, which takes precedence over the
    /// preconditions (section 13.2.1).
    pub(super) fn evaluate_missing(&self, rules: &Rules) -> Decision {
        if is_safe(self.method) {
            return if self.fields.contains(Field::IfRange) {
                Decision::PerformWithoutRange
            } else {
                Decision::Unconditional
            };
        }
        let if_match = self.fields.contains(Field::IfMatch);
        let not_found = rules.not_found_first
            && if_match
            && matches!(*self.method, Method::PATCH | Method::DELETE);
        if if_match && !not_found && !rules.creation_despite_if_match {
            return Decision::PreconditionFailed(Field::IfMatch);
        }
        let if_none_match = self.fields.contains(Field::IfNoneMatch);
        let creates = *self.method != Method::DELETE && !not_found;
        if self.required && rules.strict_creation && creates {
            let guarded = if_none_match && is_asterisk(&Lines::of(self.headers, &IF_NONE_MATCH));
            if !guarded {
                return Decision::PreconditionRequired;
            }
        }
        if if_none_match {
            Decision::Perform(Field::IfNoneMatch)
        } else {
            Decision::Unconditional
        }
    }

    /// Evaluates a request for which the state of the representation is unknown.
    pub(super) fn evaluate_unknown(&self, now: impl Fn() -> SystemTime) -> Decision {
        if is_safe(self.method) {
            let conditional = [
                Field::IfMatch,
                Field::IfUnmodifiedSince,
                Field::IfNoneMatch,
                Field::IfModifiedSince,
            ];
            return if conditional.iter().any(|field| self.fields.contains(*field)) {
                Decision::Deferred
            } else {
                Decision::PerformWithoutRange
            };
        }
        if self.fields.contains(Field::IfMatch) {
            return Decision::Undecidable(Some(Field::IfMatch));
        }
        if self.fields.contains(Field::IfUnmodifiedSince)
            && requested_seconds(self.headers, IF_UNMODIFIED_SINCE, now()).is_some()
        {
            return Decision::Undecidable(Some(Field::IfUnmodifiedSince));
        }
        if self.fields.contains(Field::IfNoneMatch) {
            return Decision::Undecidable(Some(Field::IfNoneMatch));
        }
        if self.required {
            return Decision::Undecidable(None);
        }
        Decision::Unconditional
    }
}

/// Reports whether the representation has certainly not been modified after the date in the field.
///
/// Until the second of the modification date is over, this is not certain: the representation can
/// change again and keep the date. Returns `None` if the field must be ignored: there is no
/// modification date, or the field is not exactly one valid date.
#[inline(always)]
fn unmodified_since(
    headers: &HeaderMap,
    name: HeaderName,
    current: &Validators,
    now: impl Fn() -> SystemTime,
) -> Option<bool> {
    let last_modified = current.date()?;
    let line = only_line(headers, name)?.as_bytes();
    // Most clients send the date back that they got.
    let unmodified = line == last_modified.as_bytes() || is_not_after(last_modified, line, &now)?;
    Some(unmodified && last_modified.is_strong(now()))
}

#[inline(never)]
fn is_not_after(date: &HttpDate, line: &[u8], now: impl Fn() -> SystemTime) -> Option<bool> {
    Some(date.unix_seconds() <= parse_seconds(trim(line), now)?)
}

fn requested_seconds(headers: &HeaderMap, name: HeaderName, now: SystemTime) -> Option<i64> {
    parse_seconds(trim(only_line(headers, name)?.as_bytes()), || now)
}

/// Reports whether `If-Range` is exactly a strong validator of the representation (section 13.1.5).
///
/// Anything else is false. The whole representation is then sent, which is always correct.
fn if_range(headers: &HeaderMap, current: &Validators, now: impl Fn() -> SystemTime) -> bool {
    let Some(line) = only_line(headers, IF_RANGE) else {
        return false;
    };
    let line = line.as_bytes();
    let is_tag = |etag: &EntityTag| line == etag.as_bytes() && !etag.is_weak();
    if current.etag().is_some_and(is_tag) {
        return true;
    }
    // Few fields have blanks around their value.
    let line = trim(line);
    let is_tag = |etag: &EntityTag| line == etag.as_bytes() && !etag.is_weak();
    let is_date = |date: &HttpDate| line == date.as_bytes() && date.is_strong(now());
    current.etag().is_some_and(is_tag) || current.date().is_some_and(is_date)
}

#[cfg(test)]
mod tests;
