use std::{error::Error, fmt};

/// The value has no JSON form, and so no entity tag can be made from it.
///
/// ```
/// use std::collections::BTreeMap;
///
/// use sha2::Sha256;
/// use tower_conditional::EntityTag;
///
/// let lists_as_keys = BTreeMap::from([(vec![1, 2], "value")]);
/// let error = EntityTag::from_json::<Sha256>(&lists_as_keys, &[]).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "no entity tag for this value: a key is neither a string, a finite number nor a boolean",
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnserializableValue {
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Key,
    Number,
    RawValue,
    /// What the value's own `Serialize` says.
    Custom(String),
}

impl fmt::Display for UnserializableValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no entity tag for this value: {}", self.kind)
    }
}

impl Error for UnserializableValue {}

impl From<Kind> for UnserializableValue {
    fn from(kind: Kind) -> Self {
        Self { kind }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Key => "a key is neither a string, a finite number nor a boolean",
            Self::Number => "a number is beyond what a double can hold",
            Self::RawValue => "a raw value is not JSON",
            Self::Custom(message) => message,
        })
    }
}

impl Error for Kind {}

impl serde::ser::Error for Kind {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Custom(message.to_string())
    }
}
