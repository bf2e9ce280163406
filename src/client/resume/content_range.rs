use http::HeaderMap;

use super::{CONTENT_RANGE, fields};

/// `Content-Range` in bytes (RFC 9110 section 14.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ContentRange {
    Part {
        first: u64,
        last: u64,
        length: Option<u64>,
    },
    /// `bytes */LENGTH`
    Unsatisfied(u64),
}

impl ContentRange {
    /// That of a response; none if it is absent, repeated or malformed.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        Self::parse(fields::only(headers, &CONTENT_RANGE)?.as_bytes())
    }

    fn parse(value: &[u8]) -> Option<Self> {
        let (unit, value) = split(value, b' ')?;
        if !unit.eq_ignore_ascii_case(b"bytes") {
            return None;
        }
        let (range, length) = split(value, b'/')?;
        if range == b"*" {
            return Some(Self::Unsatisfied(number(length)?));
        }
        let (first, last) = split(range, b'-')?;
        let (first, last) = (number(first)?, number(last)?);
        let length = match length {
            b"*" => None,
            digits => Some(number(digits)?),
        };
        let valid = first <= last && length.map_or(true, |length| last < length);
        valid.then_some(Self::Part {
            first,
            last,
            length,
        })
    }
}

fn split(bytes: &[u8], at: u8) -> Option<(&[u8], &[u8])> {
    let position = memchr::memchr(at, bytes)?;
    Some((&bytes[..position], &bytes[position + 1..]))
}

pub(super) fn number(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses() {
        let part = |first, last, length| {
            Some(ContentRange::Part {
                first,
                last,
                length,
            })
        };
        for (value, expected) in [
            ("bytes 4-9/10", part(4, 9, Some(10))),
            ("Bytes 4-9/*", part(4, 9, None)),
            ("bytes */10", Some(ContentRange::Unsatisfied(10))),
            ("bytes */*", None),
            ("bytes 4-10/10", None),
            ("bytes 9-4/10", None),
            ("bytes 4-/10", None),
            ("bytes +4-9/10", None),
            ("items 4-9/10", None),
            ("bytes 4-9", None),
            ("bytes 4-99999999999999999999/*", None),
            ("", None),
        ] {
            assert_eq!(ContentRange::parse(value.as_bytes()), expected, "{value}");
        }
    }
}
