use std::{error::Error, fmt, sync::Arc};

use http::Method;

/// The methods whose requests must have a precondition that guards against a lost update
/// (RFC 6585 section 3).
///
/// A safe method never needs one, and neither does CONNECT.
///
/// ```
/// use http::Method;
/// use tower_conditional::Requirement;
///
/// assert!(Requirement::WRITES.covers(&Method::PATCH));
/// assert!(!Requirement::WRITES.covers(&Method::POST), "a POST often creates another resource");
/// assert!(!Requirement::NONE.covers(&Method::DELETE));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement(Methods);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Methods {
    None,
    Writes,
    Unsafe,
    Listed(Arc<[Method]>),
}

impl Requirement {
    /// Requires nothing.
    pub const NONE: Requirement = Requirement(Methods::None);

    /// Covers PUT, PATCH and DELETE.
    pub const WRITES: Requirement = Requirement(Methods::Writes);

    /// Covers every unsafe method: also POST, and the methods of other specifications, such as
    /// PROPPATCH and MOVE.
    ///
    /// A method that the crate does not know counts as unsafe. GET, HEAD, OPTIONS, TRACE and QUERY
    /// are safe, and CONNECT never needs a precondition.
    ///
    /// ```
    /// use http::Method;
    /// use tower_conditional::Requirement;
    ///
    /// assert!(Requirement::UNSAFE.covers(&Method::POST));
    /// assert!(Requirement::UNSAFE.covers(&"MOVE".parse().unwrap()));
    /// assert!(!Requirement::UNSAFE.covers(&Method::GET));
    /// ```
    pub const UNSAFE: Requirement = Requirement(Methods::Unsafe);

    /// Creates a requirement that covers exactly these methods.
    ///
    /// # Errors
    ///
    /// Returns an error if `methods` is empty, or if one of them is safe or CONNECT: such a method
    /// never needs a precondition.
    ///
    /// ```
    /// use http::Method;
    /// use tower_conditional::Requirement;
    ///
    /// let patches = Requirement::methods([Method::PATCH])?;
    /// assert!(patches.covers(&Method::PATCH));
    /// assert!(!patches.covers(&Method::PUT));
    /// assert!(Requirement::methods([Method::GET]).is_err(), "GET is safe");
    /// # Ok::<(), tower_conditional::precondition::InvalidRequirement>(())
    /// ```
    pub fn methods(methods: impl IntoIterator<Item = Method>) -> Result<Self, InvalidRequirement> {
        let methods: Arc<[Method]> = methods.into_iter().collect();
        if methods.is_empty() {
            return Err(InvalidRequirement(None));
        }
        match methods.iter().find(|method| !can_be_required(method)) {
            Some(method) => Err(InvalidRequirement(Some(method.clone()))),
            None => Ok(Self(Methods::Listed(methods))),
        }
    }

    #[inline]
    pub(crate) const fn is_none(&self) -> bool {
        matches!(self.0, Methods::None)
    }

    /// Reports whether a request with this method must be conditional.
    pub fn covers(&self, method: &Method) -> bool {
        match &self.0 {
            Methods::None => false,
            Methods::Writes => matches!(*method, Method::PUT | Method::PATCH | Method::DELETE),
            Methods::Unsafe => can_be_required(method),
            Methods::Listed(methods) => methods.contains(method),
        }
    }
}

/// Returns [`Requirement::NONE`].
impl Default for Requirement {
    fn default() -> Self {
        Self::NONE
    }
}

/// Reports whether a request with this method can overwrite an update, so that it makes sense to
/// require a precondition.
pub(crate) fn can_be_required(method: &Method) -> bool {
    !is_safe(method) && *method != Method::CONNECT
}

/// Reports whether the method is QUERY (RFC 10008), which is safe and has content.
///
/// It is recognised by its name: older versions of the crate `http` do not know the method, and the
/// decision must not depend on the version.
#[inline]
pub(crate) fn is_query(method: &Method) -> bool {
    method.as_str() == "QUERY"
}

/// Reports whether the method is safe (RFC 9110 section 9.2.1). QUERY is.
#[inline]
pub(crate) fn is_safe(method: &Method) -> bool {
    method.is_safe() || is_query(method)
}

/// Reports whether the method transfers the selected representation, so that it can be answered 304.
#[inline]
pub(crate) fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD) || is_query(method)
}

/// The error that [`Requirement::methods`] returns. Its message names what was expected and what
/// was found.
///
/// ```
/// use http::Method;
/// use tower_conditional::Requirement;
///
/// let error = Requirement::methods([Method::GET]).unwrap_err();
/// assert_eq!(error.to_string(), "expected unsafe methods, found GET");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidRequirement(Option<Method>);

impl fmt::Display for InvalidRequirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(found) => write!(f, "expected unsafe methods, found {found}"),
            None => f.write_str("expected at least one method"),
        }
    }
}

impl Error for InvalidRequirement {}
