//! Entity tags and lists of them, one character after the other.

/// The list's elements (RFC 9110 section 5.6.1): split at commas outside of quotes, line by line.
fn elements<'a>(lines: &[&'a str]) -> Vec<&'a str> {
    let mut elements = Vec::new();
    for line in lines {
        let mut quoted = false;
        let mut start = 0;
        for (at, c) in line.char_indices() {
            match c {
                '"' => quoted = !quoted,
                ',' if !quoted => {
                    elements.push(&line[start..at]);
                    start = at + 1;
                }
                _ => {}
            }
        }
        elements.push(&line[start..]);
    }
    elements
        .into_iter()
        .map(|element| element.trim_matches([' ', '\t']))
        .filter(|element| !element.is_empty())
        .collect()
}

/// `*` asks for existence, and stands alone.
pub(crate) fn is_asterisk(lines: &[&str]) -> bool {
    elements(lines) == ["*"]
}

/// Section 8.8.3.
pub(crate) fn is_tag(text: &str) -> bool {
    let opaque_tag = text.strip_prefix("W/").unwrap_or(text);
    let inner = opaque_tag
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    inner.is_some_and(|inner| {
        inner
            .chars()
            .all(|c| c == '!' || ('#'..='~').contains(&c) || u32::from(c) >= 0x80)
    })
}

/// Section 13.1.1, with the strong comparison of section 8.8.3.2.
pub(crate) fn strongly_match(lines: &[&str], etag: Option<&str>) -> bool {
    let listed = |etag: &str| {
        elements(lines)
            .iter()
            .any(|element| is_tag(element) && *element == etag && etag.starts_with('"'))
    };
    is_asterisk(lines) || etag.is_some_and(listed)
}

/// Section 13.1.2, with the weak comparison of section 8.8.3.2.
pub(crate) fn weakly_match(lines: &[&str], etag: Option<&str>) -> bool {
    let opaque = |tag: &str| tag.strip_prefix("W/").unwrap_or(tag).to_owned();
    let listed = |etag: &str| {
        elements(lines)
            .iter()
            .any(|element| is_tag(element) && opaque(element) == opaque(etag))
    };
    is_asterisk(lines) || etag.is_some_and(listed)
}
