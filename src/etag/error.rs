use std::{error::Error, fmt};

/// The error of bytes that are not an entity tag (RFC 9110 section 8.8.3).
///
/// The message says what was expected, and at which byte, counted from 0.
///
/// ```
/// use tower_conditional::EntityTag;
///
/// let error = "W/eeee".parse::<EntityTag>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "invalid entity tag: expected a double quote, or `W/` and a double quote at byte 2",
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidEntityTag {
    expected: Expectation,
    at: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expectation {
    OpeningQuote,
    EtagCharacter,
    ClosingQuote,
    End,
    NoSeparator,
}

impl InvalidEntityTag {
    pub(super) const fn new(expected: Expectation, at: usize) -> Self {
        Self { expected, at }
    }
}

impl fmt::Display for InvalidEntityTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let expected = match self.expected {
            Expectation::OpeningQuote => "a double quote, or `W/` and a double quote",
            Expectation::EtagCharacter => "a visible character other than a double quote",
            Expectation::ClosingQuote => "a closing double quote",
            Expectation::End => "nothing after the closing double quote",
            Expectation::NoSeparator => "no separator in the read half",
        };
        write!(
            f,
            "invalid entity tag: expected {expected} at byte {}",
            self.at
        )
    }
}

impl Error for InvalidEntityTag {}
