//! What is done to a request before it is sent.

use std::sync::Arc;

use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Request,
    header::{
        CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_LOCATION,
        CONTENT_RANGE, CONTENT_TYPE, EXPECT, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE,
        IF_UNMODIFIED_SINCE, RANGE, TE, TRAILER, TRANSFER_ENCODING,
    },
    request::Parts,
};

use super::{
    CreateOnly, Guard, Key, Remembered, Revalidate, ServerTag, config::Config, error::Reason,
    exchange::Exchange, fields, guard::Whole,
};

/// What becomes of a request.
pub(super) enum Plan {
    Send(Option<Exchange>),
    Read {
        read: Box<(Parts, Exchange)>,
        exchange: Exchange,
    },
    Keep(Reason),
}

pub(super) fn prepare(config: &Arc<Config>, head: &mut Parts) -> Plan {
    if matches!(
        head.method,
        Method::CONNECT | Method::OPTIONS | Method::TRACE
    ) {
        return Plan::Send(None);
    }
    fields::put_into_one_line(&mut head.headers, &IF_MATCH);
    fields::put_into_one_line(&mut head.headers, &IF_NONE_MATCH);

    let key = Key::new(&head.uri, &head.headers, &config.credentials);
    let next = if head.method.is_safe() {
        revalidate(config, head, &key);
        Next::Send
    } else {
        guard(config, head, &key)
    };
    match next {
        Next::Send => Plan::Send(Some(Exchange::new(config, head, key))),
        Next::Read => {
            let read = read_of(head);
            let read_exchange = Exchange::new(config, &read, key.clone());
            Plan::Read {
                read: Box::new((read, read_exchange)),
                exchange: Exchange::new(config, head, key),
            }
        }
        Next::Keep(reason) => Plan::Keep(reason),
    }
}

enum Next {
    Send,
    Read,
    Keep(Reason),
}

fn revalidate(config: &Config, head: &mut Parts, key: &Key) {
    let wanted = (config.revalidate || head.extensions.get::<Revalidate>().is_some())
        && head.extensions.get::<Whole>().is_none();
    let has_own = has_precondition(&head.headers)
        || head.headers.contains_key(IF_MODIFIED_SINCE)
        || head.headers.contains_key(RANGE);
    if !wanted || has_own || !matches!(head.method, Method::GET | Method::HEAD) {
        return;
    }
    let entry;
    let remembered = match head.extensions.get::<Remembered>() {
        Some(remembered) => remembered,
        None => {
            entry = config.store.get(key).unwrap_or_default();
            match entry.selected_by(&head.headers) {
                Some(remembered) => remembered,
                None => return,
            }
        }
    };
    let (tags, date) = (remembered.if_none_match(), remembered.last_modified());
    if let Some(tags) = tags {
        head.headers.insert(IF_NONE_MATCH, tags);
    }
    // A recipient that knows entity tags ignores the date beside them (RFC 9110 section 13.1.3).
    if let Some(date) = date {
        head.headers.insert(IF_MODIFIED_SINCE, date.into());
    }
}

fn guard(config: &Config, head: &mut Parts, key: &Key) -> Next {
    if has_precondition(&head.headers) {
        return Next::Send;
    }
    if head.extensions.get::<CreateOnly>().is_some() {
        create_only(&mut head.headers);
        return Next::Send;
    }
    let guard = match head.extensions.get::<Guard>() {
        Some(guard) => *guard,
        None => config.guards.of(&head.method),
    };
    if guard == Guard::Off {
        return Next::Send;
    }
    let entry = config.store.get(key).unwrap_or_default();
    let refused = entry.is_refused();
    let tag = match head.extensions.get::<Remembered>() {
        Some(remembered) => remembered.tag().cloned(),
        None => entry.tag_to_write(&head.headers).cloned(),
    };
    match (tag, guard) {
        (Some(tag), _) => {
            if_match(&mut head.headers, tag);
            Next::Send
        }
        // Reading here would pass the write without its caller having looked at what is new.
        (None, _) if refused => Next::Keep(Reason::Refused),
        (None, Guard::ReadFirst) => Next::Read,
        (None, Guard::Required) => Next::Keep(Reason::Unknown),
        (None, Guard::WhenKnown | Guard::Off) => Next::Send,
    }
}

/// Whether there is a precondition that an unsafe method evaluates.
pub(super) fn has_precondition(headers: &HeaderMap) -> bool {
    [IF_MATCH, IF_UNMODIFIED_SINCE, IF_NONE_MATCH]
        .iter()
        .any(|name| headers.contains_key(name))
}

pub(super) fn if_match(headers: &mut HeaderMap, tag: ServerTag) {
    headers.insert(IF_MATCH, tag.into());
}

pub(super) fn create_only(headers: &mut HeaderMap) {
    headers.insert(IF_NONE_MATCH, HeaderValue::from_static("*"));
}

/// Asks every cache on the way for what the origin server has now (RFC 9111 section 5.2.1.4).
pub(super) fn past_caches(headers: &mut HeaderMap) {
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-cache"));
}

/// Fields of a write that mean nothing in a GET, or make it conditional.
const NOT_IN_A_READ: [HeaderName; 15] = [
    CONTENT_ENCODING,
    CONTENT_LANGUAGE,
    CONTENT_LENGTH,
    CONTENT_LOCATION,
    CONTENT_RANGE,
    CONTENT_TYPE,
    EXPECT,
    IF_MODIFIED_SINCE,
    IF_RANGE,
    RANGE,
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    HeaderName::from_static("content-digest"),
    HeaderName::from_static("repr-digest"),
];

/// The GET of the resource that a request writes, as the same user, with the same preferences.
fn read_of(write: &Parts) -> Parts {
    let mut read = Request::new(()).into_parts().0;
    read.uri = write.uri.clone();
    read.version = write.version;
    read.headers = write.headers.clone();
    read.extensions = write.extensions.clone();
    for name in NOT_IN_A_READ {
        read.headers.remove(name);
    }
    past_caches(&mut read.headers);
    read
}
