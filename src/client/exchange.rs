use http::{
    HeaderMap, HeaderValue, Method, Response, StatusCode, Uri,
    header::{IF_MATCH, IF_NONE_MATCH},
    request::Parts,
};
use http_body::Body;

use super::{
    ClientBody, FinalUri, KnownValidators, Rejection,
    body::Watch,
    body_tag::{Prospect, TagPlace},
    guard::Guards,
    learn::Observation,
    prepare::is_query,
    record::Record,
    rejection::first_precondition,
    store::StoreVariant,
};
use crate::precondition::Field;

/// A request that was sent, kept until its response arrives.
///
/// It makes [`Observation`]s from the response. What they change is up to
/// [`learn`](super::learn::learn).
pub(super) struct Exchange {
    record: Record,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    creates: bool,
}

/// What a response is to the layer, by its method and status.
enum ResponseKind {
    /// 412 or 428.
    Rejected,
    /// GET found no resource.
    Missing,
    /// Another method found no resource.
    Gone,
    NotModified,
    /// A representation in response to GET or HEAD.
    Read,
    /// A write succeeded, and validators in the response are those of the new representation.
    Written,
    /// A write succeeded, and the response says nothing about the new representation.
    WrittenBlindly,
    /// It says nothing about the resource that the URI names.
    Other,
}

impl ResponseKind {
    fn of(method: &Method, status: StatusCode, guards: &Guards) -> Self {
        const CONTENT_RETURNED: u16 = 209;
        let is_get = *method == Method::GET;
        let is_read = is_get || *method == Method::HEAD;
        let is_write = !is_read && guards.is_write(method);
        match status.as_u16() {
            412 | 428 => Self::Rejected,
            _ if is_query(method) => Self::Other,
            404 | 410 if is_get => Self::Missing,
            404 | 410 => Self::Gone,
            304 if is_read => Self::NotModified,
            // A 203 was transformed, and has the tag of what it is now.
            200 | 203 | 204 | 206 if is_read => Self::Read,
            200 | 201 | 204 | CONTENT_RETURNED if is_write && *method != Method::DELETE => {
                Self::Written
            }
            // Above all 202: the change is not made yet.
            200..=299 if is_write => Self::WrittenBlindly,
            _ => Self::Other,
        }
    }
}

impl Exchange {
    pub(super) fn new(record: Record, head: &Parts) -> Self {
        Self {
            record,
            method: head.method.clone(),
            uri: head.uri.clone(),
            headers: head.headers.clone(),
            creates: false,
        }
    }

    /// Notes that the layer itself has added `If-None-Match: *`, after it found no resource. If
    /// that precondition is false, the resource has changed.
    pub(super) fn creates(&mut self) {
        self.creates = true;
    }

    /// Takes over a precondition that was added later.
    pub(super) fn sends(&mut self, head: &Parts) {
        for name in [IF_MATCH, IF_NONE_MATCH] {
            if let Some(value) = head.headers.get(&name) {
                self.headers.insert(name, value.clone());
            }
        }
    }

    /// Learns from the response, and puts what was learned into its extensions.
    pub(super) fn learn<B: Body>(self, mut response: Response<B>) -> Response<ClientBody<B>> {
        let guards = &self.record.settings().guards;
        match ResponseKind::of(&self.method, response.status(), guards) {
            ResponseKind::Rejected => self.rejected(&mut response),
            _ if FinalUri::is_other(response.extensions(), &self.uri) => {}
            ResponseKind::Read => return self.read(response),
            ResponseKind::Written => return self.written(response),
            ResponseKind::WrittenBlindly => self.record.learn(Observation::Written(None)),
            ResponseKind::NotModified => self.not_modified(&mut response),
            ResponseKind::Missing => self.record.learn(Observation::Missing),
            ResponseKind::Gone => self.record.learn(Observation::Gone),
            ResponseKind::Other => {}
        }
        response.map(ClientBody::untagged)
    }

    /// Never learns the current tag from a rejection: the next write would pass with it, and undo a
    /// change that the caller has not seen.
    fn rejected<B>(&self, response: &mut Response<B>) {
        let status = response.status();
        let precondition = first_precondition(&self.headers);
        let names_a_state = matches!(
            precondition,
            Some((Field::IfMatch | Field::IfUnmodifiedSince, _))
        );
        let is_of_resource = !is_query(&self.method);
        let was_false = status == StatusCode::PRECONDITION_FAILED && is_of_resource;
        if was_false && (names_a_state || self.creates) {
            self.record.reject();
        }
        let current = KnownValidators::from_fields(response.headers());
        response.extensions_mut().insert(Rejection::new(
            status,
            self.method.clone(),
            self.uri.clone(),
            precondition,
            current.field_tag().cloned(),
        ));
    }

    fn variant<B>(&self, response: &Response<B>) -> StoreVariant {
        StoreVariant::from_fields(response.headers(), &self.headers, self.record.before())
    }

    fn read<B: Body>(self, mut response: Response<B>) -> Response<ClientBody<B>> {
        let new = self.variant(&response);
        let is_head = self.method == Method::HEAD;
        let has_tag = new.validators().field_tag().is_some();
        let prospect = match (self.record.body_tag(), response.status().as_u16()) {
            _ if is_head => Prospect::Unreadable,
            (_, 206) => Prospect::Unreadable,
            (Some(place), 200 | 203) => place.prospect(response.headers(), response.body()),
            _ => Prospect::None,
        };
        // A body that breaks off shows nothing, whatever its media type.
        let waits = self.record.body_tag().is_some() && !response.body().is_end_stream();
        let is_whole = prospect == Prospect::None && !waits;
        self.record.learn(if !is_head && (has_tag || is_whole) {
            Observation::Get(new.clone())
        } else {
            Observation::Head(new.clone())
        });
        attach(&mut response, &new, prospect);
        match prospect {
            Prospect::Readable => self.search(response, new),
            Prospect::None if waits && !has_tag => {
                let watch = Watch::new(self.record, new, true);
                response.map(|body| ClientBody::awaited(body, watch))
            }
            Prospect::None => response.map(ClientBody::untagged),
            Prospect::Unreadable => response.map(ClientBody::unseen),
        }
    }

    fn written<B: Body>(self, mut response: Response<B>) -> Response<ClientBody<B>> {
        let new = self.variant(&response);
        self.record.learn(Observation::Written(Some(new.clone())));
        let prospect = match self.record.body_tag() {
            Some(place) => place.prospect(response.headers(), response.body()),
            None => Prospect::None,
        };
        attach(&mut response, &new, prospect);
        match prospect {
            Prospect::Readable => self.search(response, new),
            _ => response.map(ClientBody::untagged),
        }
    }

    /// Leaves the search to the body.
    fn search<B>(self, mut response: Response<B>, new: StoreVariant) -> Response<ClientBody<B>> {
        if let Some(place) = self.record.body_tag() {
            let place = TagPlace::new(place.clone());
            response.extensions_mut().insert(place);
        }
        let watch = Watch::new(self.record, new, self.method == Method::GET);
        response.map(|body| ClientBody::searched(body, watch))
    }

    /// A 304 may confirm another representation than the stored one: the caller's own precondition
    /// was about one that was never learned of, or is newer.
    fn not_modified<B>(&self, response: &mut Response<B>) {
        let new = self.variant(response);
        let Some(tag) = new.validators().field_tag().cloned() else {
            return;
        };
        let asked: Option<&HeaderValue> = self.headers.get(IF_NONE_MATCH);
        let mut known = new.validators().clone();
        self.record.learn_from(|stored| {
            let stored = stored.selected_by(&self.headers);
            match stored.filter(|stored| stored.is_confirmed_by(&tag, asked)) {
                Some(stored) => {
                    known = stored.clone();
                    Observation::Confirmed
                }
                None => Observation::Get(new.clone()),
            }
        });
        response.extensions_mut().insert(known);
    }
}

/// Puts the validators into the extensions, unless the only tag may be where it was not seen: a
/// write that is bound to no tag is not guarded.
fn attach<B>(response: &mut Response<B>, new: &StoreVariant, prospect: Prospect) {
    if prospect == Prospect::None || new.validators().field_tag().is_some() {
        response.extensions_mut().insert(new.validators().clone());
    }
}
