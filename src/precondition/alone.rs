//! The commonest fields: one member, which is the current tag as one proxy changed it.

use super::{
    Rules,
    beginning::{after, begins_with, is_etagcs},
    suffixes::{SuffixSet, Suffixes},
};
use crate::etag::EntityTagRef;

/// Reports whether the line is one member, and matches: it is the current tag with at most one
/// suffix, or has its write half. Most members are, and then nothing has to be prepared.
#[inline(always)]
pub(super) fn matches_alone(
    line: &[u8],
    current: EntityTagRef<'_>,
    rules: &Rules,
    separator: Option<u8>,
    [strong, weak]: [bool; 2],
) -> bool {
    let (weak, member) = match line {
        [b'W', b'/', member @ ..] => (weak, member),
        member => (strong, member),
    };
    let (tag, opaque) = (current.opaque_tag(), current.opaque());
    // Without its closing quote.
    let begin = &tag[..tag.len() - 1];
    weak && if begins_with(member, begin) {
        match &member[begin.len()..] {
            [b'"'] => true,
            // Outside quotes a comma ends a member.
            [b'"', outside @ ..] => {
                rules.suffixes.has(outside) && memchr::memchr(b',', outside).is_none()
            }
            [inside @ .., b'"'] => rules.suffixes.has(inside),
            _ => false,
        }
    } else if rules.unquoted && member == opaque {
        // Without quotes a comma ends a member.
        !matches!(member, [] | b"*") && memchr::memchr(b',', member).is_none()
    } else {
        match (member, separator) {
            ([b'"', other @ .., b'"'], Some(separator)) if other.last() == opaque.last() => {
                has_write_half_of(other, opaque, separator, &rules.suffixes)
            }
            _ => false,
        }
    }
}

#[inline(never)]
fn has_write_half_of(other: &[u8], current: &[u8], separator: u8, suffixes: &SuffixSet) -> bool {
    match (after(current, separator), after(other, separator)) {
        (Some(half), Some(same)) if same == half => {
            let (read, rest) = other.split_at(other.len() - half.len() - 1);
            is_etagcs(read) && Suffixes::new(suffixes).are_all_of(rest) == Some(false)
        }
        _ => false,
    }
}
