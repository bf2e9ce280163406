use std::{error::Error, fmt, io};

use serde_json::error::Category;

/// The error of a value that has no JSON form, and so no entity tag.
///
/// ```
/// use std::collections::BTreeMap;
///
/// use sha2::Sha256;
/// use tower_conditional::EntityTag;
///
/// let lists_as_keys = BTreeMap::from([(vec![1, 2], "value")]);
/// let error = EntityTag::from_json::<Sha256>(&lists_as_keys).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "no entity tag for this value: a key is neither a string, a finite number nor a boolean",
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonTagError {
    message: String,
}

impl JsonTagError {
    pub(super) fn new(error: &serde_json::Error) -> Self {
        let message = match error.classify() {
            // A serializer reports no other error of this category.
            Category::Syntax => {
                "a key is neither a string, a finite number nor a boolean".to_owned()
            }
            // A `Serialize` implementation reported it, or the formatter (`invalid`).
            Category::Io | Category::Data | Category::Eof => error.to_string(),
        };
        Self { message }
    }
}

impl fmt::Display for JsonTagError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no entity tag for this value: {}", self.message)
    }
}

impl Error for JsonTagError {}

/// Returns an error for `serde_json`'s serializer, which passes it on.
pub(super) fn invalid(message: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}
