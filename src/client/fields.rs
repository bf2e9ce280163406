//! Reads and writes field lines as bytes, beyond what [`crate::fields`] does.

use bytes::{BufMut, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue, header::VARY};

use crate::fields::members;

/// A `Vary` with more names than these is treated like `*`.
const MAX_VARY: usize = 16;

/// The request fields that selected a representation, with their values.
pub(super) type Selecting = [(HeaderName, Option<HeaderValue>)];

/// Returns a copy that does not share the buffer of the message that the value came in.
pub(super) fn detached(value: &HeaderValue) -> HeaderValue {
    let Ok(mut copy) = HeaderValue::from_bytes(value.as_bytes()) else {
        return value.clone();
    };
    copy.set_sensitive(value.is_sensitive());
    copy
}

/// Joins lines into one (RFC 9110 section 5.3).
pub(super) fn list<'a>(mut lines: impl Iterator<Item = &'a HeaderValue>) -> Option<HeaderValue> {
    let first = lines.next()?;
    let Some(second) = lines.next() else {
        return Some(first.clone());
    };
    let mut bytes = BytesMut::from(first.as_bytes());
    for line in std::iter::once(second).chain(lines) {
        bytes.put_slice(b", ");
        bytes.put_slice(line.as_bytes());
    }
    HeaderValue::from_maybe_shared(bytes.freeze()).ok()
}

/// Returns the value of a field, with all its lines joined into one.
pub(super) fn joined(headers: &HeaderMap, name: &HeaderName) -> Option<HeaderValue> {
    // As many lines as names: then no field has two.
    if headers.len() == headers.keys_len() {
        return headers.get(name).cloned();
    }
    list(headers.get_all(name).iter())
}

/// Joins the lines of a field into one. Some proxies answer 400 to two lines, others read only one
/// of them.
pub(super) fn put_into_one_line(headers: &mut HeaderMap, name: &HeaderName) {
    // As many lines as names: then no field has two.
    if headers.len() == headers.keys_len() {
        return;
    }
    if headers.get_all(name).iter().nth(1).is_some() {
        if let Some(line) = joined(headers, name) {
            headers.insert(name, line);
        }
    }
}

/// Returns the request fields that `Vary` names, with their values in this request (RFC 9110
/// section 12.5.5). Returns `None` for `*`, which no later request matches.
pub(super) fn selecting(response: &HeaderMap, request: &HeaderMap) -> Option<Box<Selecting>> {
    let mut selecting = Vec::new();
    for name in members(response, VARY).filter(|name| !name.is_empty()) {
        let name = HeaderName::from_bytes(name)
            .ok()
            .filter(|name| name != "*")?;
        if selecting
            .iter()
            .all(|(known, _): &(HeaderName, _)| *known != name)
        {
            let mut value = joined(request, &name).as_ref().map(detached);
            // It may be a cookie or a token.
            value.iter_mut().for_each(|v| v.set_sensitive(true));
            selecting.push((name, value));
        }
        if selecting.len() > MAX_VARY {
            return None;
        }
    }
    selecting.sort_by(|(a, _), (b, _)| a.as_str().cmp(b.as_str()));
    Some(selecting.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn vary_is_read_over_all_lines_in_one_order() {
        let request = headers(&[("accept", "a"), ("accept", "b"), ("x", "1")]);
        let one = selecting(&headers(&[("vary", "X, Accept")]), &request);
        let two = selecting(&headers(&[("vary", "accept,,"), ("vary", " x")]), &request);
        assert_eq!(one, two);
        assert_eq!(one.unwrap()[0].1.as_ref().unwrap(), "a, b");
    }

    #[test]
    fn what_selects_does_not_keep_the_buffer_it_came_in() {
        let buffer = bytes::Bytes::from("text/plain, and much more".to_owned());
        let mut request = HeaderMap::new();
        let value = HeaderValue::from_maybe_shared(buffer.slice(..10)).unwrap();
        request.insert("accept", value);
        let selecting = selecting(&headers(&[("vary", "accept")]), &request);
        drop(request);
        assert!(buffer.is_unique());
        assert_eq!(selecting.unwrap()[0].1.as_ref().unwrap(), "text/plain");
    }

    #[test]
    fn vary_that_matches_nothing() {
        let request = HeaderMap::new();
        assert_eq!(
            selecting(&headers(&[("vary", "accept, *")]), &request),
            None
        );
        assert_eq!(selecting(&headers(&[("vary", "b\"d")]), &request), None);
        let many: String = (0..20).map(|n| format!("x{n},")).collect();
        let mut vary = HeaderMap::new();
        vary.insert(VARY, many.parse().unwrap());
        assert_eq!(selecting(&vary, &request), None);
    }
}
