use std::{
    fmt, mem,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Buf;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::{ServerTag, body_tag::Copied, learn::Observation, record::Record, store::StoreVariant};

pin_project! {
    /// The body of a response of [`ConditionalClient`](super::ConditionalClient).
    ///
    /// It passes the frames of the inner service's body on, and delays none. Where the body may
    /// have a tag (see [`BodyTag`](super::BodyTag)), it copies the data up to the limit. When the
    /// caller has read the body to its end, the layer remembers the tag, and [`tag`](Self::tag)
    /// returns it. From a body that is dropped or fails before, the layer learns nothing.
    #[derive(Debug)]
    pub struct ClientBody<B> {
        #[pin]
        inner: B,
        search: Search,
    }
}

/// The search for the tag in a body.
#[derive(Debug)]
enum Search {
    /// The search is over. It found this tag, or none.
    Done(Option<ServerTag>),
    /// There may be a tag that is not seen: the body is coded, too large, or broke off.
    Blind,
    /// There may be a tag. The data is copied until the end.
    Tag(Watch, Copied),
    /// There is no tag. The end of the body shows that the representation has none.
    End(Watch),
}

/// What is learned at the end of a body.
pub(super) struct Watch {
    record: Record,
    variant: StoreVariant,
    /// Whether the body is the response to a GET. That of a write does not show that there is no
    /// tag.
    is_read: bool,
}

impl Watch {
    pub(super) const fn new(record: Record, variant: StoreVariant, is_read: bool) -> Self {
        Self {
            record,
            variant,
            is_read,
        }
    }

    fn ended(self, tag: Option<ServerTag>) {
        match tag {
            Some(tag) => self.record.learn(Observation::Body(self.variant, tag)),
            None if self.is_read && self.variant.validators().field_tag().is_none() => {
                self.record.learn(Observation::Get(self.variant));
            }
            None => {}
        }
    }
}

impl Search {
    fn data(&mut self, data: &impl Buf) {
        if let Self::Tag(watch, copied) = self {
            let place = watch.record.body_tag();
            if !place.is_some_and(|place| copied.copy(data, place)) {
                *self = Self::Blind;
            }
        }
    }

    fn end(&mut self) {
        let tag = match mem::replace(self, Self::Blind) {
            Self::Tag(watch, copied) => {
                let place = watch.record.body_tag();
                let tag = place.and_then(|place| place.find(copied.bytes()));
                watch.ended(tag.clone());
                tag
            }
            Self::End(watch) => {
                watch.ended(None);
                None
            }
            over => {
                *self = over;
                return;
            }
        };
        *self = Self::Done(tag);
    }

    fn fail(&mut self) {
        match self {
            Self::Tag(..) => *self = Self::Blind,
            Self::End(_) => *self = Self::Done(None),
            Self::Done(_) | Self::Blind => {}
        }
    }
}

impl<B> ClientBody<B> {
    /// A body that has no tag, or from whose response nothing is learned.
    pub(super) const fn untagged(inner: B) -> Self {
        Self::new(inner, Search::Done(None))
    }

    /// A body that may have a tag which is not looked for.
    pub(super) const fn unseen(inner: B) -> Self {
        Self::new(inner, Search::Blind)
    }

    /// A body that may have a tag.
    pub(super) const fn searched(inner: B, watch: Watch) -> Self {
        Self::new(inner, Search::Tag(watch, Copied::new()))
    }

    /// A body that has no tag, whose end shows that the representation has none.
    pub(super) const fn awaited(inner: B, watch: Watch) -> Self {
        Self::new(inner, Search::End(watch))
    }

    const fn new(inner: B, search: Search) -> Self {
        Self { inner, search }
    }

    /// Whether reading on can find a tag.
    pub(super) const fn is_searched(&self) -> bool {
        matches!(self.search, Search::Tag(..))
    }

    /// Whether the tag is known, or is known not to exist.
    pub(super) const fn is_settled(&self) -> bool {
        matches!(self.search, Search::Done(_) | Search::End(_))
    }

    /// Returns the tag in the body, once the body was read to its end.
    ///
    /// Returns `None` before, and if the body has no tag where [`BodyTag`](super::BodyTag) points
    /// to.
    ///
    /// `collect` consumes the body. Use
    /// [`KnownValidators::of_collected`](super::KnownValidators::of_collected) there.
    ///
    /// ```
    /// # use bytes::Bytes;
    /// # use http::{Request, Response};
    /// # use tower::{Layer, ServiceExt, service_fn};
    /// use http_body_util::{BodyExt, Full};
    /// use tower_conditional::client::{BodyTag, ConditionalClientLayer};
    ///
    /// # tokio_test::block_on(async {
    /// # let http = service_fn(|_: Request<Full<Bytes>>| async {
    /// #     Response::builder()
    /// #         .header("content-type", "application/json")
    /// #         .body(Full::<Bytes>::from(r#"{"http_etag": "\"1\""}"#))
    /// # });
    /// # let request = Request::get("http://localhost/bugs/1").body(Full::default())?;
    /// let client = ConditionalClientLayer::new().body_tag(BodyTag::at("/http_etag")?).layer(http);
    /// let mut body = client.oneshot(request).await?.into_body();
    /// while let Some(frame) = body.frame().await {
    ///     frame?;
    /// }
    /// assert_eq!(body.tag().unwrap().as_bytes(), b"\"1\"");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    pub const fn tag(&self) -> Option<&ServerTag> {
        match &self.search {
            Search::Done(tag) => tag.as_ref(),
            _ => None,
        }
    }

    /// Returns the body of the inner service. The search for a tag ends.
    pub fn into_inner(self) -> B {
        self.inner
    }
}

impl<B: Body> Body for ClientBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let mut this = self.project();
        let frame = ready!(this.inner.as_mut().poll_frame(cx));
        match &frame {
            Some(Ok(frame)) => {
                if let Some(data) = frame.data_ref() {
                    this.search.data(data);
                }
                // A caller that stops at the last frame does not poll for the end.
                if this.inner.is_end_stream() {
                    this.search.end();
                }
            }
            Some(Err(_)) => this.search.fail(),
            None => this.search.end(),
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").finish_non_exhaustive()
    }
}
