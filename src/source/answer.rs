use std::{error::Error, fmt, sync::Arc};

use bytes::Bytes;
use http::Response;

use super::Representation;
use crate::{
    date::HttpDate,
    etag::EntityTag,
    precondition::{CurrentState, Validators},
};

/// What a look-up returns: the state of the selected representation, or the source's error.
pub type Answer = Result<Selected, SourceError>;

/// The state of the representation that a request selects, as a source reports it.
///
/// ```
/// use tower_conditional::{EntityTag, Selected};
///
/// // The result of a query.
/// let found: Option<u64> = Some(7);
/// let selected = Selected::from(found.map(EntityTag::from_version));
/// assert!(matches!(selected, Selected::Present(_)));
/// assert!(matches!(Selected::from(None::<EntityTag>), Selected::Missing));
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Selected {
    /// There is a representation.
    Present(Representation),
    /// There is no representation: a GET would be answered 404.
    Missing,
    /// The source does not know. A safe request is performed, and its preconditions are then
    /// evaluated against the validators of the response, which can become a 304 or a 412. An unsafe request that depends on the
    /// state is answered 503 and not performed.
    Unknown,
    /// The client may not see the resource, it has moved, or the request is no good: this response,
    /// usually a 401, a 403, a redirection or a 400, answers an unsafe request that depends on the
    /// state. A safe request is performed, as for [`Unknown`](Self::Unknown).
    Answered(Response<Bytes>),
    /// Nothing here is subject to preconditions, for example because no route matches. The request
    /// is passed on as it is: nothing is evaluated, required or added to the response.
    LeftToHandler,
}

impl Selected {
    /// Returns the state that preconditions are evaluated against.
    pub const fn current(&self) -> CurrentState<&Validators> {
        match self {
            Selected::Present(representation) => CurrentState::Present(representation.validators()),
            Selected::Missing => CurrentState::Missing,
            Selected::Unknown | Selected::Answered(_) | Selected::LeftToHandler => {
                CurrentState::Unknown
            }
        }
    }
}

/// Converts `None` to [`Selected::Missing`].
impl<T: Into<Representation>> From<Option<T>> for Selected {
    fn from(representation: Option<T>) -> Self {
        match representation {
            Some(representation) => Selected::Present(representation.into()),
            None => Selected::Missing,
        }
    }
}

/// Clones the value: `recheck(&current)` takes what a query returned by reference.
impl<'a, T> From<&'a T> for Selected
where
    T: Clone,
    Selected: From<T>,
{
    fn from(value: &'a T) -> Self {
        value.clone().into()
    }
}

/// Copies the validators.
impl From<CurrentState<&Validators>> for Selected {
    fn from(current: CurrentState<&Validators>) -> Self {
        match current {
            CurrentState::Present(validators) => validators.clone().into(),
            CurrentState::Missing => Selected::Missing,
            CurrentState::Unknown => Selected::Unknown,
        }
    }
}

mod sealed {
    pub trait Sealed {}
}

/// The types that a closure may return as its answer.
///
/// They are [`Selected`], [`Representation`], [`Validators`], [`EntityTag`], [`HttpDate`], an
/// `Option` of the last four, where `None` is [`Selected::Missing`], and a `Result` of any of
/// these. This trait is sealed.
pub trait IntoAnswer: sealed::Sealed {
    /// Converts to an answer. An error means that the source failed.
    fn into_answer(self) -> Answer;
}

macro_rules! into_answer {
    ($($type:ty),+) => {$(
        impl From<$type> for Selected {
            fn from(present: $type) -> Self {
                Selected::Present(present.into())
            }
        }

        impl sealed::Sealed for $type {}

        impl IntoAnswer for $type {
            fn into_answer(self) -> Answer {
                Ok(self.into())
            }
        }
    )+};
}

into_answer!(Representation, Validators, EntityTag, HttpDate);

impl sealed::Sealed for Selected {}

impl IntoAnswer for Selected {
    fn into_answer(self) -> Answer {
        Ok(self)
    }
}

impl<T: Into<Representation>> sealed::Sealed for Option<T> {}

impl<T: Into<Representation>> IntoAnswer for Option<T> {
    fn into_answer(self) -> Answer {
        Ok(self.into())
    }
}

impl<T, E> sealed::Sealed for Result<T, E> {}

impl<T, E> IntoAnswer for Result<T, E>
where
    T: Into<Selected>,
    E: Into<Box<dyn Error + Send + Sync>>,
{
    fn into_answer(self) -> Answer {
        self.map(Into::into).map_err(SourceError::new)
    }
}

/// The error of a source that failed.
///
/// It never becomes the error of the service. A safe request is performed as if the source had
/// answered [`Selected::Unknown`]; an unsafe request that depends on the state is answered 503. The
/// layer puts the error into the extensions of the response.
///
/// ```
/// use tower_conditional::source::SourceError;
///
/// let error = SourceError::new("connection refused");
/// assert_eq!(error.to_string(), "the source of validators failed");
/// assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "connection refused");
/// ```
#[derive(Clone, Debug)]
pub struct SourceError(Arc<dyn Error + Send + Sync>);

impl SourceError {
    /// Wraps an error. A `SourceError` is returned as it is, and not wrapped again.
    pub fn new(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
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
