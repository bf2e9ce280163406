/// The state of the selected representation when preconditions are evaluated.
///
/// The evaluation takes a `CurrentState<&Validators>`. Use [`as_ref`](Self::as_ref) to borrow from
/// an owned state.
///
/// ```
/// use std::time::SystemTime;
/// use http::{header::IF_NONE_MATCH, HeaderMap, HeaderValue, Method};
/// use tower_conditional::{CurrentState, Preconditions, Rules, Validators};
///
/// // Create, but never overwrite.
/// let headers = HeaderMap::from_iter([(IF_NONE_MATCH, HeaderValue::from_static("*"))]);
/// let preconditions = Preconditions::new(&Method::PUT, &headers);
/// let performs = |current: CurrentState<&Validators>| {
///     preconditions.evaluate(current, &Rules::RFC9110, SystemTime::now()).performs()
/// };
/// assert!(performs(CurrentState::Missing));
/// assert!(!performs(CurrentState::Present(&Validators::new())));
/// assert!(!performs(CurrentState::Unknown));
/// ```
#[derive(Clone, Copy, Debug)]
pub enum CurrentState<V> {
    /// There is a representation, with these validators.
    Present(V),
    /// There is no representation: a GET would be answered 404.
    Missing,
    /// The state could not be determined.
    Unknown,
}

impl<V> CurrentState<V> {
    /// Borrows the validators.
    pub const fn as_ref(&self) -> CurrentState<&V> {
        match self {
            CurrentState::Present(validators) => CurrentState::Present(validators),
            CurrentState::Missing => CurrentState::Missing,
            CurrentState::Unknown => CurrentState::Unknown,
        }
    }
}

impl<'a, V> CurrentState<&'a V> {
    /// Returns the validators, if there is a representation.
    pub const fn validators(self) -> Option<&'a V> {
        match self {
            CurrentState::Present(validators) => Some(validators),
            CurrentState::Missing | CurrentState::Unknown => None,
        }
    }
}
