//! Compares the decisions of the crate and of the oracle.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{HeaderMap, HeaderValue, Method};
use tower_conditional::{
    CurrentState, Decision, EntityTag, Field, HttpDate, Preconditions, Rules, Validators,
};

use crate::{
    dates::NOW,
    oracle::{Outcome, Request, Resource, decide},
};

/// The lines of one field.
pub(crate) type Lines = &'static [&'static str];

pub(crate) const METHODS: [&str; 11] = [
    "GET", "HEAD", "QUERY", "PUT", "PATCH", "DELETE", "POST", "FROB", "OPTIONS", "TRACE", "CONNECT",
];

/// Rules by which nearly every tag of the tests matches.
const TOLERANT: Rules = Rules::RFC9110
    .coding_suffixes(&["-gzip"])
    .split_tags('-')
    .unquoted_tags(true)
    .weak_if_match(true)
    .weakened_by_proxy(true);

/// A resource, for the oracle and for the crate.
pub(crate) struct State {
    resource: Resource,
    validators: Validators,
}

impl State {
    pub(crate) fn new(resource: Resource) -> Self {
        let mut validators = Validators::new();
        if let Resource::Present {
            etag,
            last_modified,
        } = resource
        {
            if let Some(etag) = etag {
                validators = validators.with_etag(etag.parse::<EntityTag>().expect("a tag"));
            }
            if let Some(date) = last_modified {
                let date = HttpDate::parse(date.as_bytes(), now()).expect("a date");
                validators = validators.with_last_modified(date);
            }
        }
        Self {
            resource,
            validators,
        }
    }

    fn current(&self) -> CurrentState<&Validators> {
        match self.resource {
            Resource::Present { .. } => CurrentState::Present(&self.validators),
            Resource::Missing => CurrentState::Missing,
            Resource::Unknown => CurrentState::Unknown,
        }
    }
}

pub(crate) fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(NOW as u64)
}

/// Counts the comparisons, and collects those with different decisions.
#[derive(Default)]
pub(crate) struct Comparison {
    asked: usize,
    differences: Vec<String>,
}

impl Comparison {
    /// Compares these fields with all methods and states, with a requirement and without.
    pub(crate) fn ask_all(
        &mut self,
        fields: &[(&'static str, Lines)],
        methods: &[&'static str],
        states: &[State],
    ) {
        let lines: Vec<(&'static str, &str)> = fields
            .iter()
            .flat_map(|(name, lines)| lines.iter().map(|line| (*name, *line)))
            .collect();
        let mut headers = HeaderMap::new();
        for (name, line) in &lines {
            let value = HeaderValue::from_bytes(line.as_bytes()).expect("a field value");
            headers.append(*name, value);
        }
        for &method in methods {
            for required in [false, true] {
                let mut request = Request {
                    method,
                    lines: &lines,
                    required,
                    creation_despite_if_match: false,
                    strict_creation: false,
                    not_found_first: false,
                };
                for state in states {
                    self.ask(&request, &headers, state);
                }
                for switches in 1..8 {
                    request.creation_despite_if_match = switches & 1 != 0;
                    request.strict_creation = switches & 2 != 0;
                    request.not_found_first = switches & 4 != 0;
                    self.ask(&request, &headers, &State::new(Resource::Missing));
                }
            }
        }
    }

    fn ask(&mut self, request: &Request<'_>, headers: &HeaderMap, state: &State) {
        self.ask_by(Rules::RFC9110, request, headers, state);
        // No rule of comparison applies to a read with Range.
        if request.is_ranged_read() {
            self.ask_by(TOLERANT, request, headers, state);
        }
    }

    fn ask_by(&mut self, rules: Rules, request: &Request<'_>, headers: &HeaderMap, state: &State) {
        let method: Method = request.method.parse().expect("a method");
        let rules = rules
            .creation_despite_if_match(request.creation_despite_if_match)
            .strict_creation(request.strict_creation)
            .not_found_first(request.not_found_first);
        let found = Preconditions::new(&method, headers)
            .required(request.required)
            .evaluate(state.current(), &rules, now());
        let expected = decision(decide(request, state.resource, NOW));
        self.asked += 1;
        if found != expected {
            let resource = state.resource;
            self.differences.push(format!(
                "{request:?}\n  on {resource:?}\n  is {found:?}, expected {expected:?}"
            ));
        }
    }

    #[track_caller]
    pub(crate) fn assert_agrees(self, at_least: usize) {
        let differences = self.differences.len();
        let first: Vec<_> = self.differences.into_iter().take(20).collect();
        assert!(
            first.is_empty(),
            "{differences} differences\n{}",
            first.join("\n")
        );
        assert!(self.asked >= at_least, "only {} questions", self.asked);
    }
}

fn decision(outcome: Outcome) -> Decision {
    match outcome {
        Outcome::Perform(None) => Decision::Unconditional,
        Outcome::Perform(Some(first)) => Decision::Perform(field(first)),
        Outcome::PerformIgnoringRange => Decision::PerformWithoutRange,
        Outcome::PerformThenCompare => Decision::Deferred,
        Outcome::NotModified(by) => Decision::NotModified(field(by)),
        Outcome::PreconditionFailed(by) => Decision::PreconditionFailed(field(by)),
        Outcome::PreconditionRequired => Decision::PreconditionRequired,
        Outcome::CannotTell(by) => Decision::Undecidable(by.map(field)),
    }
}

fn field(name: &str) -> Field {
    match name {
        "If-Match" => Field::IfMatch,
        "If-Unmodified-Since" => Field::IfUnmodifiedSince,
        "If-None-Match" => Field::IfNoneMatch,
        "If-Modified-Since" => Field::IfModifiedSince,
        "If-Range" => Field::IfRange,
        _ => panic!("{name}"),
    }
}
