//! Which requests an answer is for.

use http::{
    HeaderMap, HeaderName,
    header::{CACHE_CONTROL, VARY},
    request::Parts,
};

use super::{normal::other_spelling, request::Question};
use crate::{
    fields::{members, trim},
    source::{Answer, Selected},
};

/// The most fields in `Vary`. An answer that depends on more is not kept.
const MOST_FIELDS: usize = 16;

/// The requests that an answer is for, among those with the same key.
///
/// It does not implement `Debug`: the values may be secrets.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Variant {
    /// The path and query of the request that was asked for, if they were not in normal form. A
    /// router may not treat them as another name of the resource, so the answer is only for
    /// requests that spell them likewise. An answer to the normal form is for all of them.
    spelling: Option<Box<[u8]>>,
    /// The secondary key (RFC 9111 section 4.1): the fields that `Vary` names, and their lines
    /// joined, or `None` if the request did not have them.
    fields: Box<[Named]>,
}

/// A field and its value.
type Named = (HeaderName, Option<Box<[u8]>>);

impl Variant {
    pub(super) fn new<T>(question: &Question<T>, names: &[HeaderName]) -> Self {
        let headers = &question.head.headers;
        Self {
            spelling: question.spelling().map(Into::into),
            fields: names
                .iter()
                .map(|name| (name.clone(), joined(headers, name)))
                .collect(),
        }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &HeaderName> {
        self.fields.iter().map(|(name, _)| name)
    }

    #[inline]
    pub(super) fn matches(&self, head: &Parts) -> bool {
        let same = |(name, value): &Named| is_joined(value.as_deref(), &head.headers, name);
        let spelling = self.spelling.as_deref();
        spelling.map_or(true, |spelling| {
            other_spelling(&head.uri).map(str::as_bytes) == Some(spelling)
        }) && self.fields.iter().all(same)
    }

    /// Returns all of it as one value, to find questions that have the same answer.
    pub(super) fn into_bytes(self) -> Box<[u8]> {
        let mut bytes = Vec::new();
        let fields = self.fields.iter();
        let parts =
            fields.flat_map(|(name, value)| [Some(name.as_str().as_bytes()), value.as_deref()]);
        for part in [self.spelling.as_deref()].into_iter().chain(parts) {
            // The length keeps the parts apart; an absent one has none.
            bytes.extend(part.map_or(usize::MAX, <[u8]>::len).to_ne_bytes());
            bytes.extend(part.unwrap_or_default());
        }
        bytes.into()
    }

    pub(super) fn len(&self) -> usize {
        let fields = self.fields.iter();
        let values = fields.map(|(_, value)| value.as_ref().map_or(0, |value| value.len()));
        self.spelling.as_ref().map_or(0, |spelling| spelling.len()) + values.sum::<usize>()
    }
}

/// Joins the lines of a field (RFC 9110 section 5.2).
fn joined(headers: &HeaderMap, name: &HeaderName) -> Option<Box<[u8]>> {
    let mut lines = headers
        .get_all(name)
        .iter()
        .map(|line| trim(line.as_bytes()));
    let mut value = lines.next()?.to_vec();
    for line in lines {
        value.extend_from_slice(b", ");
        value.extend_from_slice(line);
    }
    Some(value.into())
}

/// Reports whether [`joined`] would return this value.
fn is_joined(value: Option<&[u8]>, headers: &HeaderMap, name: &HeaderName) -> bool {
    let mut lines = headers
        .get_all(name)
        .iter()
        .map(|line| trim(line.as_bytes()));
    let (mut rest, first) = match (value, lines.next()) {
        (None, None) => return true,
        (Some(value), Some(first)) => (value, first),
        _ => return false,
    };
    for part in std::iter::once(first).chain(lines.flat_map(|line| [&b", "[..], line])) {
        match rest.strip_prefix(part) {
            Some(after) => rest = after,
            None => return false,
        }
    }
    rest.is_empty()
}

/// Returns the fields that an answer depends on, or `None` if it depends on what no key can contain.
fn varies_on(fields: &HeaderMap) -> Option<Vec<HeaderName>> {
    let mut names = Vec::new();
    for member in members(fields, VARY).filter(|member| !member.is_empty()) {
        // `*` is a token, and therefore a name.
        let name = HeaderName::from_bytes(member)
            .ok()
            .filter(|name| name != "*")?;
        if !names.contains(&name) {
            if names.len() == MOST_FIELDS {
                return None;
            }
            names.push(name);
        }
    }
    Some(names)
}

/// Reports whether `Cache-Control` allows a shared cache to store the answer (RFC 9111 section 3).
fn may_be_kept(fields: &HeaderMap) -> bool {
    !members(fields, CACHE_CONTROL).any(|directive| {
        let name = directive.split(|&b| b == b'=').next().unwrap_or_default();
        let name = trim(name);
        name.eq_ignore_ascii_case(b"private") || name.eq_ignore_ascii_case(b"no-store")
    })
}

/// Returns the requests that an answer is for, or `None` if it is only for the one that asked.
pub(super) fn variant<T>(answer: &Answer, question: &Question<T>) -> Option<Variant> {
    let nothing = HeaderMap::new();
    let fields = match answer {
        Ok(Selected::Present(representation)) => representation.fields().unwrap_or(&nothing),
        // If it is wrong for another safe request, the handler decides all the same.
        Ok(Selected::Missing | Selected::Unknown) | Err(_) => &nothing,
        Ok(Selected::Answered(_) | Selected::LeftToHandler) => return None,
    };
    if !may_be_kept(fields) {
        return None;
    }
    Some(Variant::new(question, &varies_on(fields)?))
}
