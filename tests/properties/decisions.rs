//! Whole requests: no input makes the core panic, and some things hold for all of them.

use std::time::{Duration, SystemTime};

use http::{
    HeaderMap, Method,
    header::{IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE, RANGE},
};
use proptest::{collection::vec, prelude::*, sample::select};
use tower_conditional::{Decision, Preconditions, Rules};

use crate::{
    arbitrary::{Known, clock, comparison_rules, date, headers, known, line, method},
    config,
};

/// Conditional fields with values of any kind, in any order, some of them several times.
fn request() -> impl Strategy<Value = HeaderMap> {
    let names = select(vec![
        IF_MATCH,
        IF_UNMODIFIED_SINCE,
        IF_NONE_MATCH,
        IF_MODIFIED_SINCE,
        IF_RANGE,
        RANGE,
    ]);
    let value = prop_oneof![
        1 => line(),
        1 => date().prop_map(|date| date.as_bytes().to_vec()),
    ];
    vec((names, value), 0..7)
        .prop_map(|lines| headers(lines.iter().map(|(name, value)| (name.clone(), &value[..]))))
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_request_is_decided(
        headers in request(),
        method in method(),
        known in known(),
        comparison in comparison_rules(),
        switches: [bool; 4],
        now in clock(),
    ) {
        let [required, despite, strict, not_found] = switches;
        let rules = comparison
            .creation_despite_if_match(despite)
            .strict_creation(strict)
            .not_found_first(not_found);
        let preconditions = Preconditions::new(&method, &headers).required(required);
        let decision = preconditions.evaluate(known.current(), &rules, now);

        prop_assert_eq!(decision.performs(), decision.status().is_none());
        if let Some(field) = decision.field() {
            prop_assert!(headers.contains_key(field.header_name()));
        }
        let query = method.as_str() == "QUERY";
        let reads = method == Method::GET || method == Method::HEAD || query;
        let safe = method.is_safe() || query;
        match decision {
            Decision::NotModified(_) => {
                prop_assert!(reads && matches!(known, Known::Present(_)));
            }
            Decision::Deferred => prop_assert!(reads && matches!(known, Known::Unknown)),
            Decision::PreconditionRequired => prop_assert!(required && !safe),
            Decision::Undecidable(_) => {
                prop_assert!(!safe && matches!(known, Known::Unknown));
            }
            Decision::PerformWithoutRange => prop_assert!(method == Method::GET || query),
            _ => {}
        }
    }

    #[test]
    fn no_rule_touches_if_range(
        range in line(),
        known in known(),
        rules in comparison_rules(),
        now in clock(),
    ) {
        let lines = [(RANGE, &b"bytes=0-1"[..]), (IF_RANGE, &range[..])];
        let headers = headers(lines);
        let preconditions = Preconditions::new(&Method::GET, &headers);
        prop_assert_eq!(
            preconditions.evaluate(known.current(), &rules, now),
            preconditions.evaluate(known.current(), &Rules::RFC9110, now)
        );
    }

    #[test]
    fn no_rule_of_comparison_touches_a_ranged_read(
        headers in request(),
        query: bool,
        known in known(),
        rules in comparison_rules(),
        now in clock(),
    ) {
        let method = if query { "QUERY".parse().unwrap() } else { Method::GET };
        let mut headers = headers;
        headers.insert(RANGE, "bytes=0-1".parse().unwrap());
        let preconditions = Preconditions::new(&method, &headers);
        prop_assert_eq!(
            preconditions.evaluate(known.current(), &rules, now),
            preconditions.evaluate(known.current(), &Rules::RFC9110, now)
        );
    }

    #[test]
    fn a_query_is_decided_as_a_get(
        headers in request(),
        known in known(),
        rules in comparison_rules(),
        required: bool,
        now in clock(),
    ) {
        let query = "QUERY".parse().unwrap();
        let [get, query] = [&Method::GET, &query].map(|method| {
            let preconditions = Preconditions::new(method, &headers).required(required);
            preconditions.evaluate(known.current(), &rules, now)
        });
        prop_assert_eq!(query, get);
    }

    #[test]
    fn a_date_is_compared_as_a_number(modified in date(), given in date(), now in clock()) {
        let known = Known::Present(modified.into());
        let decide = |method: &Method, name| {
            let headers = headers([(name, &given.as_bytes()[..])]);
            Preconditions::new(method, &headers)
                .evaluate(known.current(), &Rules::RFC9110, now)
                .performs()
        };
        // Until the second of the modification date is over, it proves nothing.
        let over = SystemTime::try_from(modified).map_or(true, |modified| {
            modified + Duration::from_secs(1) <= now
        });
        let modified_since = modified.unix_seconds() > given.unix_seconds() || !over;
        prop_assert_eq!(decide(&Method::GET, IF_MODIFIED_SINCE), modified_since);
        prop_assert_eq!(decide(&Method::PUT, IF_UNMODIFIED_SINCE), !modified_since);
    }
}
