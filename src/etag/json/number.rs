//! Numbers as RFC 8785 section 3.2.2.3 writes them: as ECMAScript does.

use std::io;

use serde::Serialize;

use super::error::invalid;

/// Returns a finite `f32` or `f64` in its shortest digits.
pub(super) fn float(value: impl Serialize) -> io::Result<String> {
    // If two shortest decimals are equally near, ECMAScript demands the even one. serde_json
    // chooses it, `{:e}` does not. Any layout of serde_json is accepted, so that none of its
    // releases changes a tag.
    let text = serde_json::to_string(&value)?;
    let (sign, text) = match text.strip_prefix('-') {
        Some(text) => ("-", text),
        None => ("", text.as_str()),
    };
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent: i32 = exponent
        .parse()
        .map_err(|_| invalid("an exponent is not a number"))?;
    let all = [whole, fraction].concat();
    let digits = all.trim_start_matches('0');
    // The value is 0.<digits> times ten to this power.
    let point = exponent + whole.len() as i32 - (all.len() - digits.len()) as i32;
    Ok(match digits.trim_end_matches('0') {
        "" => "0".to_owned(),
        digits => format!("{sign}{}", decimal(digits, point)),
    })
}

/// Writes 0.`digits` times ten to the power of `point` as ECMAScript's `Number::toString` does.
fn decimal(digits: &str, point: i32) -> String {
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
    let count = digits.len() as i32;
    match point {
        1..=21 if count <= point => format!("{digits}{}", zeros(point - count)),
        1..=21 => {
            let (whole, fraction) = digits.split_at(point as usize);
            format!("{whole}.{fraction}")
        }
        -5..=0 => format!("0.{}{digits}", zeros(-point)),
        _ => match digits.split_at(1) {
            (first, "") => format!("{first}e{:+}", point - 1),
            (first, rest) => format!("{first}.{rest}e{:+}", point - 1),
        },
    }
}

/// Returns the canonical form of a number that `serde_json` kept as text, as it does with its
/// feature `arbitrary_precision`.
///
/// Any crate in the dependency graph may enable the feature. The form is therefore the same as
/// without it: a number that fits into neither `i64` nor `u64` is a double.
pub(super) fn from_text(text: &str) -> io::Result<String> {
    if let Ok(integer) = text.parse::<i64>() {
        return Ok(integer.to_string());
    }
    if let Ok(integer) = text.parse::<u64>() {
        return Ok(integer.to_string());
    }
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => float(value),
        _ => Err(invalid("a number is beyond what a double can hold")),
    }
}
