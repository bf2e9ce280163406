//! Reads the configuration file, which is the policy snippet of RESTHeart's page:
//!
//! ```yaml
//! etag-check-policy:
//!    db: REQUIRED_FOR_DELETE
//!    coll: REQUIRED_FOR_DELETE
//!    doc: OPTIONAL
//! ```
//!
//! The parser supports a small part of YAML: one nested mapping, comments, and quotes around a value.
//! Anything else is an error, so that a misspelt policy does not become the default.

use super::policy::EtagCheckPolicy;

const SECTION: &str = "etag-check-policy";

/// Reports whether the text is a configuration file, which has the line of the section.
pub(crate) fn has_section(text: &str) -> bool {
    text.lines()
        .any(|line| line.trim_start().starts_with(SECTION))
}

/// Reads the section. A policy that it does not name keeps its default.
pub(crate) fn parse(text: &str) -> Result<EtagCheckPolicy, String> {
    let mut config = EtagCheckPolicy::default();
    let mut section = Section::Before;
    let mut seen = Vec::new();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (index, line) in text.lines().enumerate() {
        let wrong = |what: &str| format!("line {}: {what}: {}", index + 1, line.trim());
        let content = without_comment(line).trim_end();
        let (indent, content) = indented(content);
        if content.is_empty() || (content == "---" && section == Section::Before) {
            continue;
        }
        if content.starts_with('\t') {
            return Err(wrong("YAML is not indented by tabs"));
        }
        let (key, value) = entry(content).ok_or_else(|| wrong("expected a key and a colon"))?;
        section = match (section, indent) {
            (Section::Before, 0) if key == SECTION && value.is_empty() => Section::Entered,
            (_, 0) => {
                return Err(wrong(
                    "expected one etag-check-policy, on a line of its own",
                ));
            }
            (Section::Before, _) => return Err(wrong("expected etag-check-policy first")),
            (Section::Indented(other), _) if other != indent => {
                return Err(wrong("not indented like the other lines"));
            }
            (Section::Entered | Section::Indented(_), _) => {
                if seen.contains(&key) {
                    return Err(wrong("repeated"));
                }
                config
                    .set(key, unquoted(value))
                    .ok_or_else(|| wrong("no policy for db, coll or doc"))?;
                seen.push(key);
                Section::Indented(indent)
            }
        };
    }
    match section {
        Section::Indented(_) => Ok(config),
        Section::Entered => Err("etag-check-policy has no policies".to_owned()),
        Section::Before => Err("there is no etag-check-policy".to_owned()),
    }
}

/// Position of the parser.
#[derive(Clone, Copy, PartialEq)]
enum Section {
    Before,
    Entered,
    /// In the section. Its lines are indented by this number of spaces.
    Indented(usize),
}

/// Removes a comment. It begins with a `#` at the start of the line or after a space.
fn without_comment(line: &str) -> &str {
    let mut before = ' ';
    for (at, character) in line.char_indices() {
        if character == '#' && before.is_whitespace() {
            return line.split_at(at).0;
        }
        before = character;
    }
    line
}

fn indented(line: &str) -> (usize, &str) {
    let content = line.trim_start_matches(' ');
    (line.len() - content.len(), content)
}

/// Splits a key from its value, which is empty or follows a space.
fn entry(content: &str) -> Option<(&str, &str)> {
    let (key, value) = content.split_once(':')?;
    let separated = value.is_empty() || value.starts_with(' ');
    separated.then(|| (key.trim_end(), value.trim()))
}

fn unquoted(value: &str) -> &str {
    ['"', '\'']
        .into_iter()
        .find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(value)
}
