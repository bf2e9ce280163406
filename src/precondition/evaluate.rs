//! The order of evaluation of RFC 9110 section 13.2.2.

use std::time::SystemTime;

use http::{
    HeaderMap, HeaderName, Method,
    header::{IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE},
};

use super::{CurrentState, Decision, Field, Preconditions, Rules, Validators};
use crate::{
    date::{HttpDate, parse_seconds, unix_seconds},
    etag::{Comparison, EntityTag, EntityTagRef, Lines, contains, is_asterisk},
};

impl Preconditions<'_> {
    pub(super) fn evaluate_present(
        &self,
        current: &Validators,
        rules: &Rules,
        now: SystemTime,
    ) -> Decision {
        let mut first = None;
        if self.fields.contains(Field::IfMatch) {
            if !self.matches(IF_MATCH, current, rules, Comparison::Strong) {
                return Decision::PreconditionFailed(Field::IfMatch);
            }
            first = Some(Field::IfMatch);
        } else if self.fields.contains(Field::IfUnmodifiedSince) {
            match unmodified_since(self.headers, IF_UNMODIFIED_SINCE, current, now) {
                Some(false) => return Decision::PreconditionFailed(Field::IfUnmodifiedSince),
                Some(true) => first = Some(Field::IfUnmodifiedSince),
                None => {}
            }
        }
        let guarded = first.is_some();

        if self.fields.contains(Field::IfNoneMatch) {
            if self.matches(IF_NONE_MATCH, current, rules, Comparison::Weak) {
                return match *self.method {
                    Method::GET | Method::HEAD => Decision::NotModified(Field::IfNoneMatch),
                    _ => Decision::PreconditionFailed(Field::IfNoneMatch),
                };
            }
            first = first.or(Some(Field::IfNoneMatch));
        } else if self.fields.contains(Field::IfModifiedSince) {
            match unmodified_since(self.headers, IF_MODIFIED_SINCE, current, now) {
                Some(true) => return Decision::NotModified(Field::IfModifiedSince),
                Some(false) => first = first.or(Some(Field::IfModifiedSince)),
                None => {}
            }
        }

        if self.required && !guarded {
            return Decision::PreconditionRequired;
        }
        if self.fields.contains(Field::IfRange) {
            if !if_range(self.headers, current, now) {
                return Decision::PerformWithoutRange;
            }
            first = first.or(Some(Field::IfRange));
        }
        first.map_or(Decision::Unconditional, Decision::Perform)
    }

    /// Reports whether the field matches the current representation. `*` matches any, even one
    /// without an entity tag.
    #[inline]
    fn matches(
        &self,
        name: HeaderName,
        current: &Validators,
        rules: &Rules,
        comparison: Comparison,
    ) -> bool {
        let lines = Lines::of(self.headers, name);
        let named = current.etag().is_some_and(|etag| {
            let etag = etag.to_ref();
            contains(&lines, etag, comparison)
                || rules.tolerant
                    && self
                        .find_tolerantly(&lines, etag, rules, comparison)
                        .is_some()
        });
        named || is_asterisk(&lines)
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
        let lines = Lines::of(self.headers, IF_NONE_MATCH);
        let member = self.find_tolerantly(&lines, etag.to_ref(), rules, Comparison::Weak)?;
        EntityTagRef::parse(member)
            .ok()
            .map(EntityTagRef::to_entity_tag)
    }

    /// Evaluates a request for which there is no representation.
    ///
    /// `If-Match` is false and `If-None-Match` is true. Dates are ignored, because there is no
    /// modification date. The response to a safe method is a 404, which takes precedence over the
    /// preconditions (section 13.2.1).
    pub(super) fn evaluate_missing(&self, rules: &Rules) -> Decision {
        if self.method.is_safe() {
            return if self.fields.contains(Field::IfRange) {
                Decision::PerformWithoutRange
            } else {
                Decision::Unconditional
            };
        }
        if self.fields.contains(Field::IfMatch) && !rules.creation_despite_if_match {
            return Decision::PreconditionFailed(Field::IfMatch);
        }
        let if_none_match = self.fields.contains(Field::IfNoneMatch);
        if self.required && rules.strict_creation && *self.method != Method::DELETE {
            let guarded = if_none_match && is_asterisk(&Lines::of(self.headers, IF_NONE_MATCH));
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
    pub(super) fn evaluate_unknown(&self, now: SystemTime) -> Decision {
        if self.method.is_safe() {
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
            && requested_seconds(self.headers, IF_UNMODIFIED_SINCE, now).is_some()
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

/// Reports whether the modification date is not later than the date in the field.
///
/// Returns `None` if the field must be ignored: there is no modification date, or the field is not
/// exactly one valid date.
#[inline]
fn unmodified_since(
    headers: &HeaderMap,
    name: HeaderName,
    current: &Validators,
    now: SystemTime,
) -> Option<bool> {
    let last_modified = current.last_modified()?;
    let line = Lines::of(headers, name).only()?;
    if line == last_modified.as_bytes() {
        return Some(true);
    }
    Some(last_modified.unix_seconds() <= parse_seconds(line, now)?)
}

fn requested_seconds(headers: &HeaderMap, name: HeaderName, now: SystemTime) -> Option<i64> {
    parse_seconds(Lines::of(headers, name).only()?, now)
}

/// Reports whether `If-Range` is exactly a strong validator of the representation (section 13.1.5).
///
/// Anything else is false. The whole representation is then sent, which is always correct.
fn if_range(headers: &HeaderMap, current: &Validators, now: SystemTime) -> bool {
    let Some(line) = Lines::of(headers, IF_RANGE).only() else {
        return false;
    };
    let strong = current.etag().filter(|etag| !etag.is_weak());
    if strong.is_some_and(|etag| line == etag.opaque_tag()) {
        return true;
    }
    current
        .last_modified()
        .is_some_and(|date| line == date.as_bytes() && is_strong(date, now))
}

/// Reports whether a modification date is a strong validator. It is one as soon as its second is
/// over: before that, the representation can change again and keep the date (section 8.8.2.2).
fn is_strong(date: HttpDate, now: SystemTime) -> bool {
    unix_seconds(now).saturating_sub(date.unix_seconds()) >= 1
}
