//! The heap: the core leaves it alone, and the layer takes no more than a response needs.

use std::{
    collections::BTreeSet,
    convert::Infallible,
    future::{Ready, ready},
    hint::black_box,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use allocation_counter::measure;
use bytes::Bytes;
use futures_util::FutureExt;
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Request, Response,
    header::{IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE, RANGE},
    request::Parts,
};
use http_body_util::Full;
use tower::{Layer, Service, service_fn};
#[cfg(feature = "cache")]
use tower_conditional::Cached;
use tower_conditional::{
    ConditionalLayer, CurrentState, Decision, EntityTag, HttpDate, Preconditions, Rules,
    Validators,
    drain::{DrainBody, DrainLayer},
    etag::{EntityTagRef, EntityTags},
    ready_fn, source_fn,
};

const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

const RULES: [Rules; 2] = [
    Rules::RFC9110,
    Rules::RFC9110
        .coding_suffixes(&["-gzip", "-br"])
        .split_tags('-')
        .unquoted_tags(true)
        .weak_if_match(true)
        .weakened_by_proxy(true),
];

/// How many allocations the call makes, reallocations among them.
fn allocations<T>(call: impl FnOnce() -> T) -> u64 {
    measure(|| {
        black_box(call());
    })
    .count_total
}

fn headers(lines: &[(HeaderName, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        headers.append(name, value.parse().expect("a field value"));
    }
    headers
}

#[test]
fn allocations_are_counted() {
    assert_eq!(allocations(|| Box::new(1)), 1);
    assert_eq!(allocations(|| vec![1_u8; 9]), 1);
}

/// Every kind of field value that the core reads.
fn requests() -> Vec<HeaderMap> {
    let tags: Vec<String> = (0..1_000).map(|tag| format!("\"{tag:032x}\"")).collect();
    let mut thousand = HeaderMap::new();
    for line in tags.chunks(50) {
        let line = line.join(", ").parse().expect("a field value");
        thousand.append(IF_NONE_MATCH, line);
    }
    let mut requests = vec![HeaderMap::new(), thousand];

    let garbage = ["a", "\"", ",", "*", "\"a", "W/", " ", "a,", "\u{e9}"];
    for garbage in garbage.map(|part| part.repeat(8_192 / part.len())) {
        for name in [
            IF_MATCH,
            IF_NONE_MATCH,
            IF_MODIFIED_SINCE,
            IF_UNMODIFIED_SINCE,
        ] {
            let value = HeaderValue::from_bytes(garbage.as_bytes()).expect("a field value");
            requests.push(HeaderMap::from_iter([(name, value)]));
        }
    }
    for date in [
        DATE,
        "Sun, 06 Nov 1994 08:49:36 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Sat, 31 Dec 2016 23:59:60 GMT",
        "yesterday",
    ] {
        for name in [IF_MODIFIED_SINCE, IF_UNMODIFIED_SINCE] {
            requests.push(headers(&[(name, date)]));
        }
        requests.push(headers(&[(RANGE, "bytes=0-1"), (IF_RANGE, date)]));
    }
    for list in ["\"x\"", "W/\"x\"", "*", "\"y\", \"x-gzip\"", "x", "\"y-x\""] {
        for name in [IF_MATCH, IF_NONE_MATCH] {
            requests.push(headers(&[(name, list)]));
        }
        requests.push(headers(&[(RANGE, "bytes=0-1"), (IF_RANGE, list)]));
    }
    let all = [
        (IF_MATCH, "\"x\""),
        (IF_UNMODIFIED_SINCE, DATE),
        (IF_NONE_MATCH, "\"y\""),
        (IF_MODIFIED_SINCE, DATE),
        (RANGE, "bytes=0-1"),
        (IF_RANGE, "\"x\""),
    ];
    requests.push(headers(&all));
    let mut many_fields = headers(&all);
    for number in 0..100 {
        let name = format!("x-{number}").parse::<HeaderName>().expect("a name");
        many_fields.insert(name, HeaderValue::from_static("1"));
    }
    requests.push(many_fields);
    requests
}

#[test]
fn no_decision_allocates() {
    let now = UNIX_EPOCH + Duration::from_secs(1_795_348_800);
    let date = HttpDate::parse(DATE.as_bytes(), now).expect("a date");
    let tag = |tag| EntityTag::from_static(tag);
    let present = [
        Validators::new(),
        Validators::from(tag("\"x\"")).with_last_modified(date),
        Validators::from(tag("W/\"x\"")),
        Validators::from(tag("\"y-x\"")),
        Validators::from(date),
    ];
    let states = present.iter().map(CurrentState::Present);
    let states: Vec<_> = states
        .chain([CurrentState::Missing, CurrentState::Unknown])
        .collect();
    let mut decided = BTreeSet::new();
    for headers in requests() {
        for method in [
            Method::GET,
            Method::HEAD,
            Method::PUT,
            Method::DELETE,
            Method::OPTIONS,
        ] {
            for (current, rules) in states.iter().flat_map(|s| RULES.each_ref().map(|r| (s, r))) {
                for required in [false, true] {
                    let mut decision = Decision::Unconditional;
                    let count = allocations(|| {
                        decision = Preconditions::new(&method, &headers)
                            .required(required)
                            .evaluate(*current, rules, now);
                    });
                    assert_eq!(count, 0, "{method} {headers:?} on {current:?}");
                    decided.insert(decision.status().map(|status| status.as_u16()));
                }
            }
        }
    }
    let every = [None, Some(304), Some(412), Some(428), Some(503)];
    assert_eq!(decided, BTreeSet::from(every));
}

/// Many members that almost match: the suffixes are then found by an automaton.
#[test]
fn no_automaton_allocates() {
    const FEW: Rules = RULES[1];
    let many: Vec<&str> = (0..100)
        .map(|number| &*format!("-c{number:02}x").leak())
        .collect();
    let current = Validators::from(EntityTag::from_static("\"7\""));
    let many = FEW.coding_suffixes(many.leak());
    for (rules, near, hit) in [
        (FEW, "\"7-gzip-brr\",", "\"7-gzip-br-br\""),
        (many, "\"7-c00x-c99\",", "\"7-c00x-c99x-c50x\""),
    ] {
        let headers = headers(&[(IF_MATCH, &(near.repeat(500) + hit)), (IF_MATCH, near)]);
        let mut decision = Decision::Unconditional;
        let count = allocations(|| {
            decision = Preconditions::new(&Method::PUT, &headers).evaluate(
                CurrentState::Present(&current),
                &rules,
                UNIX_EPOCH,
            );
        });
        assert_eq!(count, 0);
        assert!(decision.performs());
    }
}

#[test]
fn no_parser_allocates() {
    for headers in requests() {
        let count = allocations(|| EntityTags::new(headers.get_all(IF_NONE_MATCH)).count());
        assert_eq!(count, 0, "{headers:?}");
        for value in headers.values() {
            let tag = allocations(|| EntityTagRef::parse(value.as_bytes()).is_ok());
            let date = allocations(|| HttpDate::parse(value.as_bytes(), SystemTime::now()));
            assert_eq!((tag, date), (0, 0), "{value:?}");
        }
    }
}

fn handle(_: Request<()>) -> Ready<Result<Response<Full<Bytes>>, Infallible>> {
    ready(Ok(Response::new(Full::from("the whole representation"))))
}

/// The allocations of one request, and the status that came of it.
#[track_caller]
fn serve<S, B>(service: &mut S, method: Method, lines: &[(HeaderName, &str)]) -> (u64, u16)
where
    S: Service<Request<()>, Response = Response<B>, Error = Infallible>,
{
    let mut request = Request::new(());
    *request.method_mut() = method;
    *request.headers_mut() = headers(lines);
    let mut response = None;
    let count = allocations(|| response = service.call(request).now_or_never());
    let Ok(response) = response.expect("an answer at once");
    (count, response.status().as_u16())
}

#[test]
fn passing_through_costs_nothing() {
    let source = ready_fn(|_: &Parts| EntityTag::from_static("\"x\""));
    let layer = ConditionalLayer::new(source).set_validators(false);
    for method in [Method::GET, Method::PUT, Method::OPTIONS] {
        let fields = [(RANGE, "bytes=0-1")];
        let bare = serve(&mut service_fn(handle), method.clone(), &fields);
        let layered = serve(&mut layer.layer(service_fn(handle)), method, &fields);
        assert_eq!(layered, bare);
    }
    // As it is by default, only GET and HEAD depend on anything.
    let layer = ConditionalLayer::new(ready_fn(|_: &Parts| EntityTag::from_static("\"x\"")));
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
        let bare = serve(&mut service_fn(handle), method.clone(), &[]);
        let layered = serve(&mut layer.layer(service_fn(handle)), method, &[]);
        assert_eq!(layered, bare);
    }
}

#[test]
fn a_304_and_a_missed_read_cost_nothing() {
    const HIT: [(HeaderName, &str); 1] = [(IF_NONE_MATCH, "\"y\", \"x\"")];
    let tag = EntityTag::strong("x").expect("etagc");
    // The first clone of new `Bytes` allocates their count of references; a source keeps its tags.
    let ready_tag = tag.clone();
    let at_once = ConditionalLayer::new(ready_fn(move |_: &Parts| ready_tag.clone()));
    let later = ConditionalLayer::new(source_fn(move |_: &Parts| {
        let tag = tag.clone();
        async move { tag }
    }));
    let recorded = at_once.clone().record_decision(true);
    let recorded_later = later.clone().record_decision(true);

    let mut handler = at_once.layer(service_fn(handle));
    assert_eq!(serve(&mut handler, Method::GET, &HIT), (0, 304));
    let mut handler_later = later.layer(service_fn(handle));
    assert_eq!(serve(&mut handler_later, Method::GET, &HIT), (0, 304));

    // The commonest conditional request. The map of the handler's fields is all that it allocates.
    const MISS: [(HeaderName, &str); 1] = [(IF_NONE_MATCH, "\"y\"")];
    let mut tagging = service_fn(|_: Request<()>| {
        let response = Response::builder().header("etag", HeaderValue::from_static("\"x\""));
        ready(Ok::<_, Infallible>(response.body(()).unwrap()))
    });
    let (bare, _) = serve(&mut tagging, Method::GET, &MISS);
    assert_eq!(serve(&mut handler, Method::GET, &MISS), (bare, 200));
    assert_eq!(serve(&mut handler_later, Method::GET, &MISS), (bare, 200));

    // A guarded write: the box of the extensions, their table, and the box of the outcome.
    const GUARDED: [(HeaderName, &str); 1] = [(IF_MATCH, "\"x\"")];
    let (bare, _) = serve(&mut service_fn(handle), Method::PUT, &GUARDED);
    assert_eq!(serve(&mut handler, Method::PUT, &GUARDED), (bare + 3, 200));

    // The decision in the response's extensions: their box, their table, and the box of the value.
    let mut handler = recorded.layer(service_fn(handle));
    assert_eq!(serve(&mut handler, Method::GET, &HIT), (3, 304));
    let mut handler = recorded_later.layer(service_fn(handle));
    assert_eq!(serve(&mut handler, Method::GET, &HIT), (3, 304));
}

#[cfg(feature = "cache")]
#[test]
fn a_hit_of_a_cache_and_a_write_behind_it_cost_nothing() {
    use http::header::HOST;

    const HIT: [(HeaderName, &str); 2] = [(IF_NONE_MATCH, "\"x\""), (HOST, "www.example.org:8080")];
    let source = ready_fn(|_: &Parts| EntityTag::strong("x").expect("etagc"));
    let cached = Cached::new(source, 100, Duration::from_secs(3600));
    let mut handler = ConditionalLayer::new(cached).layer(service_fn(handle));
    assert_ne!(
        serve(&mut handler, Method::GET, &HIT).0,
        0,
        "the source is asked"
    );
    // The first clone of what is kept allocates its count of references.
    serve(&mut handler, Method::GET, &HIT);
    assert_eq!(serve(&mut handler, Method::GET, &HIT), (0, 304));
    assert_eq!(serve(&mut handler, Method::POST, &[]), (0, 200));
    assert_ne!(
        serve(&mut handler, Method::GET, &HIT).0,
        0,
        "the source is asked"
    );
}

#[test]
fn the_drain_layer_allocates_once_for_content() {
    let handler = service_fn(|request: Request<DrainBody<Full<Bytes>>>| {
        drop(request);
        ready(Ok::<_, Infallible>(Response::new(())))
    });
    let mut service = DrainLayer::new().layer(handler);
    for (content, expected) in [("", 0), ("content", 1)] {
        let request = Request::put("/").body(Full::from(content)).unwrap();
        let count = allocations(|| service.call(request).now_or_never().unwrap());
        assert_eq!(count, expected, "{content:?}");
    }
}
