//! Serves one range of bytes (RFC 9110 section 14.2). The response to several ranges is the whole
//! content.

use axum::{
    body::Bytes,
    extract::Request,
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{ACCEPT_RANGES, CONTENT_RANGE, IF_RANGE, RANGE},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};

#[derive(Debug, PartialEq)]
enum Wanted {
    Whole,
    /// The first and the last byte, both inclusive.
    Part(usize, usize),
    Unsatisfiable,
}

/// Responds with the content, or with the range that the request asks for.
pub(crate) fn respond(method: &Method, headers: &HeaderMap, content: Bytes) -> Response {
    let length = content.len();
    let wanted = match method {
        &Method::GET => wanted(headers, length),
        _ => Wanted::Whole,
    };
    let mut response = match wanted {
        Wanted::Whole => content.into_response(),
        Wanted::Part(first, last) => {
            let part = content.slice(first..=last);
            let range = format!("bytes {first}-{last}/{length}");
            (StatusCode::PARTIAL_CONTENT, [(CONTENT_RANGE, range)], part).into_response()
        }
        Wanted::Unsatisfiable => {
            let range = format!("bytes */{length}");
            (StatusCode::RANGE_NOT_SATISFIABLE, [(CONTENT_RANGE, range)]).into_response()
        }
    };
    let bytes = HeaderValue::from_static("bytes");
    response.headers_mut().insert(ACCEPT_RANGES, bytes);
    response
}

/// Reads `Range`. An invalid field is ignored (RFC 9110 section 14.2).
fn wanted(headers: &HeaderMap, length: usize) -> Wanted {
    let mut lines = headers.get_all(RANGE).iter();
    let (Some(line), None) = (lines.next(), lines.next()) else {
        return Wanted::Whole;
    };
    let Ok(line) = std::str::from_utf8(line.as_bytes()) else {
        return Wanted::Whole;
    };
    line.split_once('=')
        .filter(|(unit, _)| unit.trim().eq_ignore_ascii_case("bytes"))
        .and_then(|(_, range)| range.trim().split_once('-'))
        .and_then(|(first, last)| select(first, last, length))
        .unwrap_or(Wanted::Whole)
}

fn select(first: &str, last: &str, length: usize) -> Option<Wanted> {
    Some(match (first, last) {
        ("", suffix) => match (number(suffix)?, length) {
            (0, _) => Wanted::Unsatisfiable,
            (_, 0) => Wanted::Whole,
            (suffix, _) => Wanted::Part(length.saturating_sub(suffix), length - 1),
        },
        (first, "") => match number(first)? {
            first if first < length => Wanted::Part(first, length - 1),
            _ => Wanted::Unsatisfiable,
        },
        (first, last) => match (number(first)?, number(last)?) {
            (first, last) if first > last => return None,
            (first, last) if first < length => Wanted::Part(first, last.min(length - 1)),
            _ => Wanted::Unsatisfiable,
        },
    })
}

/// Reads a number. One that overflows is larger than any content.
fn number(digits: &str) -> Option<usize> {
    let is_number = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(usize::MAX))
}

/// Adds quotes to a tag in `If-Range`, because RESTHeart's tags have none.
///
/// No rule of the layer applies to `If-Range`, so a tag without quotes would never match.
pub(crate) async fn quote_if_range(mut request: Request, next: Next) -> Response {
    let quoted = request.headers().get(IF_RANGE).and_then(|value| {
        let tag = value.as_bytes();
        let is_tag = !tag.is_empty() && tag.iter().all(u8::is_ascii_hexdigit);
        is_tag
            .then(|| HeaderValue::from_bytes(&[b"\"", tag, b"\""].concat()).ok())
            .flatten()
    });
    if let Some(quoted) = quoted {
        request.headers_mut().insert(IF_RANGE, quoted);
    }
    next.run(request).await
}
