use std::sync::Arc;

use http::{
    HeaderMap, HeaderValue, Method,
    header::{
        CACHE_CONTROL, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_UNMODIFIED_SINCE, RANGE,
    },
    request::Parts,
};

use super::{
    ClientErrorReason, CreateOnly, Guard, KnownValidators, Revalidate, ServerTag,
    exchange::Exchange,
    fields,
    guard::Whole,
    inside::Sendings,
    layer::Settings,
    read::read_of,
    record::Record,
    store::{StoreEntry, StoreKey},
};

/// How a request is handled.
pub(super) enum Plan {
    /// It is sent. Without an exchange nothing is learned from the response.
    Send(Option<Exchange>),
    /// The resource is read, then the request is sent.
    Read {
        read: Box<(Parts, Exchange)>,
        exchange: Exchange,
    },
    /// It is not sent.
    Withhold(ClientErrorReason),
}

/// Adds the precondition of a request, as the table in the module docs has it.
pub(super) fn prepare(settings: &Arc<Settings>, head: &mut Parts) -> Plan {
    if matches!(
        head.method,
        Method::CONNECT | Method::OPTIONS | Method::TRACE
    ) {
        return Plan::Send(None);
    }
    fields::put_into_one_line(&mut head.headers, &IF_MATCH);
    fields::put_into_one_line(&mut head.headers, &IF_NONE_MATCH);

    let key = StoreKey::new(&head.uri, &head.headers, &settings.credentials);
    let record = Record::open(settings, key);
    let next = if is_safe(&head.method) {
        revalidate(settings, head, record.before());
        Next::Send
    } else {
        guard(settings, head, record.before())
    };
    // The GET that is sent first is not the write.
    if !matches!(next, Next::Withhold(_)) {
        Sendings::count(&head.extensions);
    }
    match next {
        Next::Send => Plan::Send(Some(Exchange::new(record, head))),
        Next::Read => {
            let read = read_of(head);
            let read_exchange = Exchange::new(record.clone(), &read);
            Plan::Read {
                read: Box::new((read, read_exchange)),
                exchange: Exchange::new(record, head),
            }
        }
        Next::Withhold(reason) => Plan::Withhold(reason),
    }
}

/// Recognises QUERY (RFC 10008) by its name, which older versions of `http` do not know.
fn is_safe(method: &Method) -> bool {
    method.is_safe() || is_query(method)
}

/// Reports whether the selected representation depends on the content of the request.
pub(super) fn is_query(method: &Method) -> bool {
    method.as_str() == "QUERY"
}

enum Next {
    Send,
    Read,
    Withhold(ClientErrorReason),
}

fn revalidate(settings: &Settings, head: &mut Parts, entry: &StoreEntry) {
    let wanted = (settings.revalidate || head.extensions.get::<Revalidate>().is_some())
        && head.extensions.get::<Whole>().is_none();
    let has_own = has_precondition(&head.headers)
        || head.headers.contains_key(IF_MODIFIED_SINCE)
        || head.headers.contains_key(RANGE);
    if !wanted || has_own || !matches!(head.method, Method::GET | Method::HEAD) {
        return;
    }
    let known = match head.extensions.get::<KnownValidators>() {
        Some(known) => known,
        None => match entry.selected_by(&head.headers) {
            Some(known) => known,
            None => return,
        },
    };
    let (tags, date) = (known.if_none_match(), known.last_modified());
    if let Some(tags) = tags {
        head.headers.insert(IF_NONE_MATCH, tags);
    }
    // A server that evaluates If-None-Match ignores the date (RFC 9110 section 13.1.3).
    if let Some(date) = date {
        head.headers.insert(IF_MODIFIED_SINCE, date.into());
    }
}

fn guard(settings: &Settings, head: &mut Parts, entry: &StoreEntry) -> Next {
    if has_precondition(&head.headers) {
        return Next::Send;
    }
    if head.extensions.get::<CreateOnly>().is_some() {
        create_only(&mut head.headers);
        return Next::Send;
    }
    let guard = match head.extensions.get::<Guard>() {
        Some(guard) => *guard,
        None => settings.guards.of(&head.method),
    };
    if guard == Guard::Off {
        return Next::Send;
    }
    let (rejected, held) = (entry.is_rejected(), entry.hold().is_some());
    let tag = match head.extensions.get::<KnownValidators>() {
        Some(known) => known.tag().cloned(),
        None => entry.tag_to_write(&head.headers).cloned(),
    };
    match (tag, guard) {
        (Some(tag), _) => {
            if_match(&mut head.headers, tag);
            Next::Send
        }
        // Reading first would let the write pass although its caller has not seen the change.
        (None, _) if rejected => Next::Withhold(ClientErrorReason::Stale),
        (None, Guard::ReadFirst) => Next::Read,
        (None, Guard::Required) => Next::Withhold(ClientErrorReason::UnknownTag),
        // The resource has had a tag. Without one, a write could undo a change that was not seen.
        (None, Guard::WhenKnown) if held => Next::Withhold(ClientErrorReason::UnknownTag),
        (None, Guard::WhenKnown | Guard::Off) => Next::Send,
    }
}

/// Reports whether there is a precondition that applies to unsafe methods.
pub(super) fn has_precondition(headers: &HeaderMap) -> bool {
    // One pass costs less than three look-ups.
    headers
        .keys()
        .any(|name| matches!(*name, IF_MATCH | IF_UNMODIFIED_SINCE | IF_NONE_MATCH))
}

pub(super) fn if_match(headers: &mut HeaderMap, tag: ServerTag) {
    headers.insert(IF_MATCH, tag.into());
}

pub(super) fn create_only(headers: &mut HeaderMap) {
    headers.insert(IF_NONE_MATCH, HeaderValue::from_static("*"));
}

/// Makes caches on the way ask the origin server (RFC 9111 section 5.2.1.4).
pub(super) fn past_caches(headers: &mut HeaderMap) {
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-cache"));
}
