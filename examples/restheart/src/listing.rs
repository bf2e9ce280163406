//! Responds to GET of a database or collection with its metadata and a page of its children.

use std::cmp::Ordering;

use axum::{
    Json,
    http::{StatusCode, header::CACHE_CONTROL, request::Parts},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value};
use url::form_urlencoded;

use super::{
    failure::Failure,
    handlers,
    resource::{Kind, Resource},
    store::{Entry, Store},
};

const DEFAULT_PAGE_SIZE: usize = 100;
const LARGEST_PAGE_SIZE: usize = 1000;

/// The page that the query asks for.
struct Page {
    /// The first page is 1.
    number: usize,
    size: usize,
    /// Whether the response has the number of all children.
    count: bool,
    /// Properties to sort by, and whether the order is descending. The first one takes precedence.
    order: Vec<(String, bool)>,
}

pub(crate) fn read(store: &Store, resource: &Resource, head: &Parts) -> Result<Response, Failure> {
    let page = Page::of(head.uri.query().unwrap_or_default())?;
    let response = store.read_with_children(resource, |entry, children| {
        let mut metadata = handlers::document(resource, entry);
        metadata.extend(page.list(children));
        // Resources can be written, so a cache must revalidate them before each use.
        let no_cache = [(CACHE_CONTROL, "no-cache")];
        (handlers::etag(entry.etag), no_cache, Json(metadata)).into_response()
    });
    response.ok_or(Failure::NotFound)
}

impl Page {
    fn of(query: &str) -> Result<Self, Failure> {
        let mut page = Self {
            number: 1,
            size: DEFAULT_PAGE_SIZE,
            count: false,
            order: Vec::new(),
        };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "page" => page.number = number(&value, 1..=usize::MAX)?,
                "pagesize" => page.size = number(&value, 0..=LARGEST_PAGE_SIZE)?,
                "count" => page.count = !matches!(&*value, "false" | "0"),
                "sort_by" => page.order.push(match value.strip_prefix('-') {
                    Some(property) => (property.to_owned(), true),
                    None => (value.strip_prefix('+').unwrap_or(&value).to_owned(), false),
                }),
                "filter" => return Err(bad_request("There are no filters")),
                _ => {}
            }
        }
        Ok(page)
    }

    /// Returns the page in the form of HAL: `_embedded` has a list for each kind of child.
    fn list(&self, mut children: Vec<(&Resource, &Entry)>) -> Map<String, Value> {
        children.sort_by(|(a, left), (b, right)| {
            let by = |(property, descending): &(String, bool)| {
                let order = compare(
                    left.properties.get(property),
                    right.properties.get(property),
                );
                if *descending { order.reverse() } else { order }
            };
            let order = self.order.iter().map(by).find(|order| order.is_ne());
            // By default the newest ObjectId is first.
            order.unwrap_or_else(|| b.cmp(a))
        });
        let all = children.len();
        let skipped = (self.number - 1).saturating_mul(self.size);
        let shown = children.into_iter().skip(skipped).take(self.size);

        let (mut embedded, mut returned) = (Map::new(), 0);
        for (resource, entry) in shown {
            let list = embedded.entry(relation(resource));
            if let Value::Array(list) = list.or_insert_with(|| Value::Array(Vec::new())) {
                list.push(handlers::document(resource, entry).into());
                returned += 1;
            }
        }
        let mut page = Map::new();
        page.insert("_returned".to_owned(), returned.into());
        if self.count {
            page.insert("_size".to_owned(), all.into());
            let pages = all.div_ceil(self.size.max(1));
            page.insert("_total_pages".to_owned(), pages.into());
        }
        page.insert("_embedded".to_owned(), embedded.into());
        page
    }
}

fn relation(resource: &Resource) -> &'static str {
    match resource.kind() {
        Kind::Db => "rh:db",
        Kind::Coll if resource.is_bucket() => "rh:bucket",
        Kind::Coll => "rh:coll",
        Kind::Doc if resource.is_file() => "rh:file",
        Kind::Doc => "rh:doc",
    }
}

/// Compares values similarly to MongoDB: missing ones, numbers, strings, others, dates.
fn compare(left: Option<&Value>, right: Option<&Value>) -> Ordering {
    let (left, right) = (Key::of(left), Key::of(right));
    let numbers = left.number.total_cmp(&right.number);
    let by_rank = left.rank.cmp(&right.rank);
    by_rank.then(numbers).then(left.text.cmp(right.text))
}

#[derive(Default)]
struct Key<'a> {
    rank: u8,
    number: f64,
    text: &'a str,
}

impl<'a> Key<'a> {
    fn of(value: Option<&'a Value>) -> Self {
        let (rank, number, text) = match value {
            None | Some(Value::Null) => (0, None, ""),
            Some(Value::Number(number)) => (1, number.as_f64(), ""),
            Some(Value::String(text)) => (2, None, &**text),
            Some(Value::Object(object)) => match object.get("$date").and_then(Value::as_f64) {
                Some(date) => (4, Some(date), ""),
                None => (3, None, ""),
            },
            Some(Value::Array(_) | Value::Bool(_)) => (3, None, ""),
        };
        Self {
            rank,
            number: number.unwrap_or_default(),
            text,
        }
    }
}

fn number(text: &str, allowed: std::ops::RangeInclusive<usize>) -> Result<usize, Failure> {
    let number = text.parse().ok().filter(|number| allowed.contains(number));
    number.ok_or_else(|| bad_request("page is from 1, and pagesize from 0 to 1000"))
}

fn bad_request(message: &'static str) -> Failure {
    Failure::Invalid(StatusCode::BAD_REQUEST, message)
}
