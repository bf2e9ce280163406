//! What a response teaches.

use std::sync::Arc;

use http::{
    HeaderMap, HeaderValue, Method, Response, StatusCode, Uri,
    header::{IF_MATCH, IF_NONE_MATCH},
    request::Parts,
};
use http_body::Body;

use super::{
    Entry, Key, Refused, Remembered, ResponseBody, Variant, body::Watch, body_tag::Prospect,
    config::Config,
};
use crate::Field;

/// A request that was sent, for as long as its response is awaited.
pub(super) struct Exchange {
    config: Arc<Config>,
    method: Method,
    uri: Uri,
    key: Key,
    headers: HeaderMap,
    /// What was known when the request was sent.
    before: Entry,
    creates: bool,
}

impl Exchange {
    pub(super) fn new(config: &Arc<Config>, head: &Parts, key: Key) -> Self {
        Self {
            config: Arc::clone(config),
            method: head.method.clone(),
            uri: head.uri.clone(),
            before: config.store.get(&key).unwrap_or_default(),
            key,
            headers: head.headers.clone(),
            creates: false,
        }
    }

    /// The layer itself has added `If-None-Match: *`: that it fails is news to the caller.
    pub(super) fn creates(&mut self) {
        self.creates = true;
    }

    /// Takes over a precondition that was added since.
    pub(super) fn sends(&mut self, head: &Parts) {
        for name in [IF_MATCH, IF_NONE_MATCH] {
            if let Some(value) = head.headers.get(&name) {
                self.headers.insert(name, value.clone());
            }
        }
    }

    pub(super) fn learn<B: Body>(self, mut response: Response<B>) -> Response<ResponseBody<B>> {
        const CONTENT_RETURNED: u16 = 209;
        let status = response.status();
        let is_read = matches!(self.method, Method::GET | Method::HEAD);
        let is_write = self.config.guards.is_write(&self.method);
        match status {
            StatusCode::PRECONDITION_FAILED | StatusCode::PRECONDITION_REQUIRED => {
                let refused = self.refused(&response);
                response.extensions_mut().insert(refused);
            }
            StatusCode::NOT_FOUND | StatusCode::GONE => {
                let is_get = self.method == Method::GET;
                self.config.store.update(&self.key, &mut |entry| {
                    if is_get {
                        entry.read_gone(&self.before);
                    } else {
                        entry.gone();
                    }
                });
            }
            StatusCode::NOT_MODIFIED if is_read => self.confirmed(&mut response),
            _ if is_read => {
                // 203 is transformed, and has the tag of what it is now.
                if matches!(status.as_u16(), 200 | 203 | 204 | 206) {
                    return self.read(response);
                }
            }
            _ if is_write && status.is_success() => {
                // Any other success, 202 above all, says nothing of what the resource is now.
                return match status.as_u16() {
                    200 | 201 | 204 | CONTENT_RETURNED if self.method != Method::DELETE => {
                        self.written(response)
                    }
                    _ => {
                        self.config
                            .store
                            .update(&self.key, &mut |entry| entry.written(None));
                        response.map(ResponseBody::passed)
                    }
                };
            }
            _ => {}
        }
        response.map(ResponseBody::passed)
    }

    /// Never learns the current tag from a refusal: the next write would pass with it, and undo a
    /// change that nobody has looked at.
    fn refused<B>(&self, response: &Response<B>) -> Refused {
        let fields = [
            Field::IfMatch,
            Field::IfUnmodifiedSince,
            Field::IfNoneMatch,
            Field::IfModifiedSince,
        ];
        let precondition: Option<(Field, HeaderValue)> = fields.into_iter().find_map(|field| {
            let value = self.headers.get(field.header_name())?;
            Some((field, value.clone()))
        });
        let of_known_state = matches!(
            precondition,
            Some((Field::IfMatch | Field::IfUnmodifiedSince, _))
        );
        if (of_known_state || self.creates) && response.status() == StatusCode::PRECONDITION_FAILED
        {
            self.config
                .store
                .update(&self.key, &mut |entry| entry.refuse());
        }
        Refused::new(
            response.status(),
            self.method.clone(),
            self.uri.clone(),
            precondition,
            Remembered::from_fields(response.headers())
                .field_tag()
                .cloned(),
        )
    }

    fn variant(&self, response: &HeaderMap) -> Variant {
        Variant::learned(response, &self.headers, Remembered::from_fields(response))
    }

    /// Where the fields tell no tag, and the body may have one, nothing is forgotten until the body
    /// was read to its end.
    fn read<B: Body>(self, mut response: Response<B>) -> Response<ResponseBody<B>> {
        let variant = self.variant(response.headers());
        response
            .extensions_mut()
            .insert(variant.remembered().clone());
        let is_told = variant.remembered().field_tag().is_some();
        let head_only = self.method == Method::HEAD;
        let prospect = match (&self.config.body_tag, response.status().as_u16()) {
            _ if head_only => Prospect::Unreadable,
            (_, 206) => Prospect::Unreadable,
            (Some(place), 200 | 203) => place.prospect(response.headers(), response.body()),
            _ => Prospect::None,
        };
        let waits = self.config.body_tag.is_some() && !response.body().is_end_stream();
        self.config.store.update(&self.key, &mut |entry| {
            let variant = variant.clone();
            match prospect {
                _ if is_told && head_only => entry.read_head(variant),
                _ if is_told => entry.read(variant, &self.before),
                Prospect::None if !waits => entry.read(variant, &self.before),
                _ => entry.glimpsed(variant),
            }
        });
        match prospect {
            Prospect::Readable => self.watch(response, variant, |watch| watch),
            Prospect::None if waits && !is_told => {
                self.watch(response, variant, Watch::without_tag)
            }
            Prospect::None => response.map(ResponseBody::passed),
            Prospect::Unreadable => response.map(ResponseBody::unreadable),
        }
    }

    fn written<B: Body>(self, mut response: Response<B>) -> Response<ResponseBody<B>> {
        let variant = self.variant(response.headers());
        response
            .extensions_mut()
            .insert(variant.remembered().clone());
        let known = Some(&variant).filter(|variant| variant.remembered().field_tag().is_some());
        self.config
            .store
            .update(&self.key, &mut |entry| entry.written(known.cloned()));
        let place = self.config.body_tag.as_ref();
        let prospect = place.map(|place| place.prospect(response.headers(), response.body()));
        if prospect == Some(Prospect::Readable) {
            return self.watch(response, variant, |watch| watch);
        }
        response.map(ResponseBody::passed)
    }

    /// The stored validators stay, unless the 304 confirms another representation: the caller's
    /// own conditional request was about one that was never learned of, or is newer.
    fn confirmed<B>(&self, response: &mut Response<B>) {
        let variant = self.variant(response.headers());
        let Some(confirmed) = variant.remembered().field_tag() else {
            return;
        };
        let same = |known: &Remembered| {
            let asked = known.if_none_match();
            asked.is_some() && asked.as_ref() == self.headers.get(IF_NONE_MATCH)
                || match (known.field_tag(), confirmed) {
                    (Some(known), confirmed) if known == confirmed => true,
                    (Some(known), confirmed) => known
                        .parsed()
                        .zip(confirmed.parsed())
                        .is_some_and(|(known, confirmed)| known.weak_eq(confirmed)),
                    (None, _) => false,
                }
        };
        let mut remembered = variant.remembered().clone();
        self.config.store.update(
            &self.key,
            &mut |entry| match entry.selected_by(&self.headers) {
                Some(known) if same(known) => remembered = known.clone(),
                _ => entry.read(variant.clone(), &self.before),
            },
        );
        response.extensions_mut().insert(remembered);
    }

    fn watch<B>(
        self,
        response: Response<B>,
        variant: Variant,
        wait: fn(Watch) -> Watch,
    ) -> Response<ResponseBody<B>> {
        let is_read = self.method == Method::GET;
        let watch = Watch::new(self.config, self.key, variant, self.before, is_read);
        response.map(|body| ResponseBody::watched(body, wait(watch)))
    }
}
