use std::{error::Error, fmt, sync::Arc};

use http::Response;

use super::Representation;
use crate::{Current, EntityTag, HttpDate, Validators};

/// A source's answer about the representation that a request selects.
///
/// ```
/// use tower_conditional::{EntityTag, Selected};
///
/// // What a look-up found, or did not.
/// let found: Option<u64> = Some(7);
/// let selected = Selected::from(found.map(EntityTag::from_version));
/// assert!(matches!(selected, Selected::Present(_)));
/// assert!(matches!(Selected::from(None::<EntityTag>), Selected::Missing));
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Selected {
    /// There is one.
    Present(Representation),
    /// There is none: a GET would be answered 404.
    Missing,
    /// The source cannot tell. A safe request is performed, and the validators of its response
    /// are then evaluated; an unsafe request that depends on the answer is not performed.
    Unknown,
    /// Another answer stands before it: it is for others to see, or elsewhere. A safe request is
    /// performed, as for [`Unknown`](Self::Unknown); an unsafe request that depends on the answer
    /// gets this response, usually a 401, a 403 or a redirection.
    Answered(Response<()>),
}

impl Selected {
    /// What the core needs to know.
    pub const fn current(&self) -> Current<'_> {
        match self {
            Selected::Present(representation) => Current::Present(representation.validators()),
            Selected::Missing => Current::Missing,
            Selected::Unknown | Selected::Answered(_) => Current::Unknown,
        }
    }
}

/// `None` is [`Selected::Missing`].
impl<T: Into<Representation>> From<Option<T>> for Selected {
    fn from(representation: Option<T>) -> Self {
        match representation {
            Some(representation) => Selected::Present(representation.into()),
            None => Selected::Missing,
        }
    }
}

/// What a source may return: a [`Selected`], what becomes one, or a `Result` of these.
pub trait IntoAnswer {
    /// The answer; an error means that the source failed.
    fn into_answer(self) -> Result<Selected, SourceError>;
}

macro_rules! into_answer {
    ($($type:ty),+) => {$(
        impl From<$type> for Selected {
            fn from(present: $type) -> Self {
                Selected::Present(present.into())
            }
        }

        impl IntoAnswer for $type {
            fn into_answer(self) -> Result<Selected, SourceError> {
                Ok(self.into())
            }
        }
    )+};
}

into_answer!(Representation, Validators, EntityTag, HttpDate);

impl IntoAnswer for Selected {
    fn into_answer(self) -> Result<Selected, SourceError> {
        Ok(self)
    }
}

impl<T: Into<Representation>> IntoAnswer for Option<T> {
    fn into_answer(self) -> Result<Selected, SourceError> {
        Ok(self.into())
    }
}

impl<T, E> IntoAnswer for Result<T, E>
where
    T: Into<Selected>,
    E: Into<Box<dyn Error + Send + Sync>>,
{
    fn into_answer(self) -> Result<Selected, SourceError> {
        self.map(Into::into).map_err(SourceError::new)
    }
}

/// The error of a source that failed, found in the response's extensions.
///
/// It never becomes the service's error. A safe request is performed as if nothing were known, an
/// unsafe one that depends on the answer is refused.
#[derive(Clone, Debug)]
pub struct SourceError(Arc<dyn Error + Send + Sync>);

impl SourceError {
    /// Wraps the error, unless it is one of these already: a source that asks another passes it on.
    fn new(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        match error.into().downcast() {
            Ok(error) => *error,
            Err(error) => Self(error.into()),
        }
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the source of validators failed")
    }
}

impl Error for SourceError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0)
    }
}
