use std::{any::type_name, fmt, future::Future, marker::PhantomData};

use ::axum::extract::{MatchedPath, NestedPath, OriginalUri};
use axum_core::{extract::FromRequestParts, response::IntoResponse};
use http::{Extensions, request::Parts};

use super::rejected::answered;
use crate::source::{BoxLookup, IntoAnswer, Lookup, Selected, ValidatorSource};

/// Creates a source from an async function of extractors.
///
/// The function takes up to 16 extractors that implement `FromRequestParts<()>`: `Path`, `Query`,
/// `Extension`, `MatchedPath`, `OriginalUri`, those of other crates, and your own. It returns any type
/// that implements [`IntoAnswer`]. See the [module docs](super) for the rules. Use
/// [`from_fn_with_state`] for `State`.
///
/// ```
/// use axum::{extract::Path, routing::get, Router};
/// use tower_conditional::{axum::from_fn, ConditionalLayer, EntityTag};
///
/// async fn version(Path(year): Path<u32>) -> Option<EntityTag> {
///     (year > 1999).then(|| EntityTag::from_version(year))
/// }
///
/// let layer = ConditionalLayer::new(from_fn(version));
/// let app: Router = Router::new()
///     .route("/reports/{year}", get(|| async { "the report" }).route_layer(layer));
/// ```
pub const fn from_fn<F, T>(f: F) -> FromFn<F, (), T>
where
    F: SourceHandler<T, ()>,
{
    from_fn_with_state((), f)
}

/// Creates a source from an async function of extractors, with the state for `State` and for other
/// extractors that need it.
///
/// Pass the state that the router gets from `with_state`. axum does not give it to layers. See [`from_fn`], and the
/// [module docs](super) for an example.
pub const fn from_fn_with_state<F, S, T>(state: S, f: F) -> FromFn<F, S, T>
where
    F: SourceHandler<T, S>,
{
    FromFn {
        f,
        state,
        in_fallback: false,
        extractors: PhantomData,
    }
}

/// The [`ValidatorSource`] that [`from_fn`] and [`from_fn_with_state`] return.
pub struct FromFn<F, S, T> {
    f: F,
    state: S,
    in_fallback: bool,
    extractors: PhantomData<fn() -> T>,
}

impl<F, S, T> FromFn<F, S, T> {
    /// Sets whether the function is asked about a request that no route matched. By default such a
    /// request is left to the router: its 404 takes precedence over preconditions (RFC 9110 section
    /// 13.2.1).
    ///
    /// Set it if the fallback of the router serves resources itself, or if it is a service that the
    /// layer wraps, as in `fallback_service(layer.layer(service))`, or if the layer is a
    /// `Router::layer` around `nest_service`. Otherwise nothing guards their writes. `Path` has
    /// nothing to extract there: use `OriginalUri`.
    #[must_use]
    pub const fn in_fallback(mut self, yes: bool) -> Self {
        self.in_fallback = yes;
        self
    }
}

impl<F, S, T> ValidatorSource for FromFn<F, S, T>
where
    F: SourceHandler<T, S>,
    S: Clone,
{
    type Future = BoxLookup;

    fn look_up(&self, head: &Parts) -> Lookup<Self::Future> {
        if !self.in_fallback && is_fallback(&head.extensions) {
            return Lookup::Ready(Ok(Selected::LeftToHandler));
        }
        self.f
            .clone()
            .look_up(head.clone(), self.state.clone(), sealed::Token)
    }
}

/// Reports whether a router has seen the request and matched no route.
///
/// Two other cases have no `MatchedPath` either. Without `OriginalUri` no router has seen the request
/// yet. With `NestedPath` the layer may be inside `nest_service`. Neither is a fallback, so their
/// writes must stay guarded.
fn is_fallback(extensions: &Extensions) -> bool {
    extensions.get::<MatchedPath>().is_none()
        && extensions.get::<OriginalUri>().is_some()
        && extensions.get::<NestedPath>().is_none()
}

impl<F: Clone, S: Clone, T> Clone for FromFn<F, S, T> {
    fn clone(&self) -> Self {
        Self {
            f: self.f.clone(),
            state: self.state.clone(),
            in_fallback: self.in_fallback,
            extractors: PhantomData,
        }
    }
}

impl<F, S, T> fmt::Debug for FromFn<F, S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FromFn").field(&type_name::<F>()).finish()
    }
}

mod sealed {
    /// No other crate can make one.
    #[derive(Debug)]
    pub struct Token;
}

/// The functions that [`from_fn`] takes: async functions of up to 16 extractors that return an answer.
///
/// `T` is the tuple of the extractors, and `S` the state. This trait is sealed.
pub trait SourceHandler<T, S>: Clone + Send + Sync + 'static {
    #[doc(hidden)]
    fn look_up(self, head: Parts, state: S, _: sealed::Token) -> Lookup<BoxLookup>;
}

macro_rules! source_handler {
    ($($extractor:ident),*) => {
        #[allow(non_snake_case, unused_mut, unused_variables)]
        impl<F, Fut, S, $($extractor,)*> SourceHandler<($($extractor,)*), S> for F
        where
            F: Fn($($extractor),*) -> Fut + Clone + Send + Sync + 'static,
            Fut: Future + Send,
            Fut::Output: IntoAnswer,
            S: Send + Sync + 'static,
            $($extractor: FromRequestParts<S> + Send,)*
        {
            fn look_up(self, mut head: Parts, state: S, _: sealed::Token) -> Lookup<BoxLookup> {
                Lookup::boxed(async move {
                    $(
                        let extracted = $extractor::from_request_parts(&mut head, &state).await;
                        let $extractor = match extracted.map_err(IntoResponse::into_response) {
                            Ok(extracted) => extracted,
                            Err(response) => return Ok(answered(response).await),
                        };
                    )*
                    self($($extractor),*).await.into_answer()
                })
            }
        }
    };
}

source_handler!();
source_handler!(T1);
source_handler!(T1, T2);
source_handler!(T1, T2, T3);
source_handler!(T1, T2, T3, T4);
source_handler!(T1, T2, T3, T4, T5);
source_handler!(T1, T2, T3, T4, T5, T6);
source_handler!(T1, T2, T3, T4, T5, T6, T7);
source_handler!(T1, T2, T3, T4, T5, T6, T7, T8);
source_handler!(T1, T2, T3, T4, T5, T6, T7, T8, T9);
source_handler!(T1, T2, T3, T4, T5, T6, T7, T8, T9, T10);
source_handler!(T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11);
source_handler!(T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12);
source_handler!(T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13);
source_handler!(T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14);
source_handler!(
    T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15
);
source_handler!(
    T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16
);
