//! Preconditions, with every mistake that a switch can turn on.

use axum::http::{HeaderMap, Method, Version};

use super::{Stored, Switch, Wrong, now};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    Perform { part: bool },
    NotModified,
    Failed,
}

/// What is compared with.
pub(super) struct Current<'a> {
    pub(super) tag: &'a str,
    pub(super) stored: &'a Stored,
}

const YEAR_2000: i64 = 946_684_800;

const FULL: Decision = Decision::Perform { part: false };

impl Wrong {
    pub(super) fn decide(
        &self,
        method: &Method,
        version: Version,
        headers: &HeaderMap,
        current: Option<&Current<'_>>,
    ) -> Decision {
        let query = method.as_str() == "QUERY";
        let safe = *method == Method::GET
            || *method == Method::HEAD
            || (query && !self.is(Switch::QueryIsAWrite));
        let skip = (self.is(Switch::HeadIsUnconditional) && *method == Method::HEAD)
            || (self.is(Switch::Http2IsUnconditional) && version == Version::HTTP_2)
            || (self.is(Switch::UnconditionalDelete) && *method == Method::DELETE)
            || (self.is(Switch::UnconditionalPatch) && *method == Method::PATCH);
        if skip {
            return FULL;
        }
        if self.is(Switch::RangeFirst) && headers.contains_key("range") && safe {
            return Decision::Perform { part: true };
        }
        let guards = || self.guards(safe, headers, current);
        let validates = || self.validates(safe, headers, current);
        let decision = match self.is(Switch::NoneMatchFirst) {
            true => validates().or_else(guards),
            false => guards().or_else(validates),
        };
        match (decision, current) {
            (Some(decision), _) => decision,
            (None, Some(current)) => Decision::Perform {
                part: self.is_part(method, headers, current),
            },
            (None, None) => FULL,
        }
    }

    /// If-Match and If-Unmodified-Since.
    fn guards(
        &self,
        safe: bool,
        headers: &HeaderMap,
        current: Option<&Current<'_>>,
    ) -> Option<Decision> {
        let ignored = self.is(Switch::IgnoresIfMatch)
            || (safe && self.is(Switch::IgnoresIfMatchOfReads))
            || (current.is_none() && self.is(Switch::IfMatchCreates))
            || (self.is(Switch::EmptyIfMatchPasses)
                && headers
                    .get("if-match")
                    .is_some_and(|value| value.is_empty()));
        let present = headers.contains_key("if-match") && !ignored;
        if present && !self.lists(headers, "if-match", current, !self.is(Switch::IfMatchWeak)) {
            return Some(Decision::Failed);
        }
        if (!present || self.is(Switch::UnmodifiedBesideMatch))
            && !self.is(Switch::IgnoresUnmodified)
        {
            let modified = current?.stored.modified;
            let date = self.date(headers, "if-unmodified-since")?;
            if modified > date || (self.is(Switch::UnmodifiedMustBeLater) && modified == date) {
                return Some(Decision::Failed);
            }
        }
        None
    }

    /// If-None-Match and If-Modified-Since.
    fn validates(
        &self,
        safe: bool,
        headers: &HeaderMap,
        current: Option<&Current<'_>>,
    ) -> Option<Decision> {
        let ignored = self.is(Switch::IgnoresIfNoneMatch)
            || (!safe && self.is(Switch::IgnoresIfNoneMatchOfWrites));
        let not_modified = match safe || self.is(Switch::NotModifiedToPut) {
            true => Decision::NotModified,
            false => Decision::Failed,
        };
        let present = headers.contains_key("if-none-match") && !ignored;
        if present {
            let strong = self.is(Switch::IfNoneMatchStrong);
            if self.lists(headers, "if-none-match", current, strong) {
                return Some(not_modified);
            }
        }
        let read = safe || self.is(Switch::SincePreventsWrites);
        if (!present || self.is(Switch::SinceBesideNoneMatch))
            && read
            && !self.is(Switch::IgnoresSince)
        {
            let modified = current?.stored.modified;
            let date = self.date(headers, "if-modified-since")?;
            let unmodified = match self.switch {
                Some(Switch::SinceMustBeEqual) => modified == date,
                Some(Switch::SinceMustBeLater) => modified < date,
                _ => modified <= date,
            };
            if unmodified {
                return Some(not_modified);
            }
        }
        None
    }

    fn is_part(&self, method: &Method, headers: &HeaderMap, current: &Current<'_>) -> bool {
        let range = headers.contains_key("range")
            || (self.is(Switch::IfRangeWithoutRange) && headers.contains_key("if-range"));
        if !range || (*method != Method::GET && !self.is(Switch::RangeOfHead)) {
            return false;
        }
        let Some(value) = headers.get("if-range").map(|value| value.as_bytes()) else {
            return true;
        };
        if self.is(Switch::IgnoresIfRange) {
            return true;
        }
        if self.is(Switch::IfRangeWeak) {
            let opaque = value.strip_prefix(b"W/").unwrap_or(value);
            if opaque == current.tag.trim_start_matches("W/").as_bytes() {
                return true;
            }
        }
        if value.contains(&b'"') {
            return value == current.tag.as_bytes() && !current.tag.starts_with("W/");
        }
        let date = std::str::from_utf8(value).ok();
        let date = date.and_then(|date| self.parse(date));
        date.is_some_and(|date| match self.is(Switch::IfRangeLaterDate) {
            true => date >= current.stored.modified,
            false => date == current.stored.modified && date < now(),
        })
    }

    /// The date of a field with one line.
    fn date(&self, headers: &HeaderMap, name: &str) -> Option<i64> {
        let mut lines = headers.get_all(name).iter();
        let line = lines.next()?;
        if lines.next().is_some() {
            return None;
        }
        let parsed = self.parse(line.to_str().ok()?.trim());
        match self.is(Switch::NoDateIsNow) {
            true => Some(parsed.unwrap_or_else(now)),
            false => parsed,
        }
    }

    fn parse(&self, text: &str) -> Option<i64> {
        let is_850 = text.contains('-');
        let is_asctime = !text.contains(',');
        if (is_850 && self.is(Switch::NoRfc850)) || (is_asctime && self.is(Switch::NoAsctime)) {
            return None;
        }
        let date =
            tower_conditional::HttpDate::parse(text.as_bytes(), std::time::SystemTime::now());
        let seconds = date.ok()?.unix_seconds();
        match self.is(Switch::TwoDigitsAreFuture) && is_850 && seconds < YEAR_2000 {
            true => Some(seconds + 100 * 365 * 86_400),
            false => Some(seconds),
        }
    }

    /// Whether a list contains the current tag, or is `*`.
    fn lists(
        &self,
        headers: &HeaderMap,
        name: &str,
        current: Option<&Current<'_>>,
        strong: bool,
    ) -> bool {
        let mut lines: Vec<&[u8]> = headers
            .get_all(name)
            .iter()
            .map(|line| line.as_bytes())
            .collect();
        if self.is(Switch::FirstLineOnly) {
            lines.truncate(1);
        }
        let joined = lines.join(&b","[..]);
        let members = self.members(&joined);
        let quoted = self.is(Switch::QuotedStarIsStar) && members == [b"\"*\""];
        if (members == [b"*"] && !self.is(Switch::StarIsATag)) || quoted {
            return current.is_some();
        }
        current.is_some_and(|current| {
            members
                .iter()
                .any(|member| self.equal(member, current.tag.as_bytes(), strong))
        })
    }

    fn members<'a>(&self, joined: &'a [u8]) -> Vec<&'a [u8]> {
        let mut inside = false;
        let mut members: Vec<&[u8]> = joined
            .split(|byte| {
                inside ^= *byte == b'"';
                *byte == b',' && (!inside || self.is(Switch::SplitsInQuotes))
            })
            .map(|member| member.trim_ascii())
            .collect();
        if self.is(Switch::EmptyMemberEndsList) {
            let end = members.iter().position(|member| member.is_empty());
            members.truncate(end.unwrap_or(members.len()));
        }
        if self.is(Switch::ObsTextEndsList) {
            let end = members.iter().position(|member| !member.is_ascii());
            members.truncate(end.unwrap_or(members.len()));
        }
        members.retain(|member| !member.is_empty());
        if self.is(Switch::FirstMemberOnly) {
            members.truncate(1);
        }
        members
    }

    fn equal(&self, member: &[u8], tag: &[u8], strong: bool) -> bool {
        let opaque = |tag: &[u8]| tag.strip_prefix(b"W/").unwrap_or(tag).to_vec();
        if strong && (member.starts_with(b"W/") || tag.starts_with(b"W/")) {
            return false;
        }
        let (member, tag) = (opaque(member), opaque(tag));
        let inner = |tag: &[u8]| String::from_utf8_lossy(tag).replace('"', "");
        let (listed, own) = (inner(&member), inner(&tag));
        let half = |tag: &str| tag.split_once('-').map(|(_, half)| half.to_owned());
        match self.switch {
            Some(Switch::UnquotedIsATag | Switch::SplitsInQuotes) => listed == own,
            Some(Switch::IgnoresCase) => member.eq_ignore_ascii_case(&tag),
            Some(Switch::ComparesStarts) => listed.starts_with(&own),
            Some(Switch::IgnoresSuffix) => listed.trim_end_matches("-gzip") == own,
            Some(Switch::ComparesSecondHalf) => half(&listed) == half(&own),
            _ => member == tag,
        }
    }
}
