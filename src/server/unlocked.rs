//! In place of `locked.rs`, without the feature `lock`.

use std::{
    convert::Infallible,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll},
};

use pin_project_lite::pin_project;

pin_project! {
    /// Has no value.
    pub(super) struct Locked<S, V, ReqBody> {
        never: Infallible,
        marker: PhantomData<fn(S, V, ReqBody)>,
    }
}

impl<S, V, ReqBody> Locked<S, V, ReqBody> {
    pub(super) fn poll<T>(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<T> {
        match *self.project().never {}
    }
}
