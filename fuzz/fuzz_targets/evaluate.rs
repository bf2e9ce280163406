//! Decisions, against a walk byte by byte. The first byte of input chooses rules, the rest of the
//! first line is the resource's entity tag, and the other lines are field lines.
#![no_main]

use std::time::UNIX_EPOCH;

use http::{
    HeaderMap, HeaderValue, Method,
    header::{IF_MATCH, IF_NONE_MATCH, RANGE},
};
use libfuzzer_sys::fuzz_target;
use tower_conditional::{
    CurrentState, Decision, EntityTag, Field, Preconditions, Rules, Validators,
};

#[path = "../../tests/oracle/tags.rs"]
#[allow(dead_code)]
mod naive;

fn rules(choice: u8) -> Rules {
    let mut rules = Rules::RFC9110
        .unquoted_tags(choice & 1 != 0)
        .weak_if_match(choice & 2 != 0)
        .weakened_by_proxy(choice & 4 != 0);
    if choice & 8 != 0 {
        rules = rules.coding_suffixes(&["-gzip", "-br", "-a", "a"]);
    }
    if choice & 16 != 0 {
        rules = rules.split_tags('-');
    }
    rules
}

fuzz_target!(|data: &[u8]| {
    let Some((choice, data)) = data.split_first() else {
        return;
    };
    let mut lines = data.split(|&byte| byte == b'\n');
    let etag = lines
        .next()
        .and_then(|line| HeaderValue::from_bytes(line).ok());
    let etag = etag.and_then(|value| EntityTag::try_from(value).ok());
    let lines: Vec<_> = lines
        .filter(|line| HeaderValue::from_bytes(line).is_ok())
        .collect();
    if lines.is_empty() {
        return;
    }

    let bytes = etag.as_ref().map(EntityTag::as_bytes);
    let strong = naive::strongly_match(&lines, bytes);
    let weak = naive::weakly_match(&lines, bytes);
    let validators = etag.clone().map_or_else(Validators::new, Validators::from);
    let query: Method = "QUERY".parse().expect("a method");
    let decide = |name, method: &Method, rules: &Rules, ranged: bool| {
        let mut headers = HeaderMap::new();
        for line in &lines {
            headers.append(&name, HeaderValue::from_bytes(line).expect("a field value"));
        }
        if ranged {
            headers.insert(RANGE, HeaderValue::from_static("bytes=0-"));
        }
        let current = CurrentState::Present(&validators);
        Preconditions::new(method, &headers).evaluate(current, rules, UNIX_EPOCH)
    };
    let if_match = match strong {
        true => Decision::Perform(Field::IfMatch),
        false => Decision::PreconditionFailed(Field::IfMatch),
    };
    let if_none_match = match weak {
        true => Decision::NotModified(Field::IfNoneMatch),
        false => Decision::Perform(Field::IfNoneMatch),
    };
    let strict = Rules::RFC9110;
    assert_eq!(decide(IF_MATCH, &Method::PUT, &strict, false), if_match);
    assert_eq!(
        decide(IF_NONE_MATCH, &Method::GET, &strict, false),
        if_none_match
    );

    let tolerant = rules(*choice);
    for method in [&Method::GET, &query] {
        // No rule applies to a read with Range.
        assert_eq!(decide(IF_MATCH, method, &tolerant, true), if_match);
        assert_eq!(
            decide(IF_NONE_MATCH, method, &tolerant, true),
            if_none_match
        );
    }
    // A rule only adds to what matches.
    if strong {
        assert_eq!(decide(IF_MATCH, &Method::PUT, &tolerant, false), if_match);
    }
    if weak {
        assert_eq!(
            decide(IF_NONE_MATCH, &query, &tolerant, false),
            if_none_match
        );
    }
});
