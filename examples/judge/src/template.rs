//! Field values with names in braces, such as `{etag}`, filled in from what was learned.

use crate::{
    dates::{self, Form},
    facts::{self, Facts},
    oracle::{is_weak, opaque},
};

/// A tag that no resource has.
pub(crate) const OTHER: &str = "\"judge-other\"";

/// The validators of the representation that is asked about.
#[derive(Clone, Copy, Debug)]
pub struct Validators<'a> {
    pub etag: Result<&'a [u8], &'static str>,
    pub last_modified: Result<&'a [u8], &'static str>,
    pub now: i64,
}

type Filled = Result<Vec<u8>, &'static str>;

/// Fills in one value. The error is why the server cannot be asked.
pub fn fill(text: &str, of: Validators<'_>, facts: &Facts) -> Filled {
    replace(text, |name| match name {
        "coded" => coded(facts, of.etag?),
        name => value(name, of),
    })
}

/// Fills in one value that needs nothing but validators.
pub(crate) fn fill_without_facts(text: &str, of: Validators<'_>) -> Filled {
    replace(text, |name| value(name, of))
}

fn replace(text: &str, value: impl Fn(&str) -> Filled) -> Filled {
    let mut filled = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        filled.extend_from_slice(before.as_bytes());
        filled.extend(value(name)?);
        rest = after;
    }
    filled.extend_from_slice(rest.as_bytes());
    Ok(filled)
}

fn value(name: &str, of: Validators<'_>) -> Filled {
    Ok(match name {
        "other" => OTHER.into(),
        "many" => (0..50)
            .map(|n| format!("\"judge-{n}\", "))
            .collect::<String>()
            .into(),
        "obs" => b"\"\xe9\xff\"".to_vec(),
        "etag" => of.etag?.to_vec(),
        "strong" => opaque(of.etag?).to_vec(),
        "weak" => [b"W/", opaque(of.etag?)].concat(),
        "inner" => inner(of.etag?).to_vec(),
        "swapped" => swapped(of.etag?)?,
        "shorter" => shorter(of.etag?)?,
        "half" => half(of.etag?)?,
        "date" => of.last_modified?.to_vec(),
        "before" => shifted(of, -1, Form::Imf)?,
        "after" => shifted(of, 1, Form::Imf)?,
        "date850" => shifted(of, 0, Form::Rfc850)?,
        "before850" => shifted(of, -1, Form::Rfc850)?,
        "dateasc" => shifted(of, 0, Form::Asctime)?,
        "beforeasc" => shifted(of, -1, Form::Asctime)?,
        // More than 50 years in the future, if it were of this century.
        "past850" => {
            let year = 60 * 60 * 24 * 365;
            of.last_modified?;
            dates::write(of.now + 52 * year, Form::Rfc850).into()
        }
        _ => return Err("no such name in a template"),
    })
}

fn inner(etag: &[u8]) -> &[u8] {
    let opaque = opaque(etag);
    &opaque[1..opaque.len() - 1]
}

/// Upper case for lower case, and the reverse.
fn swapped(etag: &[u8]) -> Filled {
    let swapped: Vec<u8> = opaque(etag)
        .iter()
        .map(|byte| match byte.is_ascii_lowercase() {
            true => byte.to_ascii_uppercase(),
            false => byte.to_ascii_lowercase(),
        })
        .collect();
    match swapped == opaque(etag) {
        true => Err("the entity tag has no letters"),
        false => Ok(swapped),
    }
}

fn shorter(etag: &[u8]) -> Filled {
    let inner = inner(etag);
    match inner.len() {
        0 | 1 => Err("the entity tag is too short to be shortened"),
        length => Ok([b"\"", &inner[..length - 1], b"\""].concat()),
    }
}

/// The strong tag of the coded representation.
fn coded(facts: &Facts, plain: &[u8]) -> Filled {
    let coded = facts.coded.as_ref().ok_or("there is no content coding")?;
    let tag = facts::tag(&coded.response)?;
    match is_weak(tag) || tag == plain {
        true => Err("the coded representation has no strong tag of its own"),
        false => Ok(tag.to_vec()),
    }
}

/// The tag with another first part, up to a dash.
fn half(etag: &[u8]) -> Filled {
    let inner = inner(etag);
    let dash = inner.iter().position(|byte| *byte == b'-');
    let dash = dash.ok_or("the entity tag has no dash")?;
    Ok([b"\"judge", &inner[dash..], b"\""].concat())
}

fn shifted(of: Validators<'_>, by: i64, form: Form) -> Filled {
    let date = dates::read(of.last_modified?, of.now).ok_or("no date")? + by;
    if date > of.now {
        return Err("the last modification is too recent");
    }
    Ok(dates::write(date, form).into())
}
