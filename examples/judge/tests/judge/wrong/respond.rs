//! Reads, and what responses carry.

use axum::body::Body;
use axum::http::{Method, Request, Response, request::Parts};

use super::{
    Stored, Switch, Wrong,
    evaluate::{Current, Decision},
    now,
};

const PATH: &str = "/doc";

impl Wrong {
    pub(super) async fn handle(&self, request: Request<Body>) -> Response<Body> {
        let (head, body) = request.into_parts();
        let current = self.current().filter(|_| head.uri.path() == PATH);
        match head.method.as_str() {
            "GET" | "HEAD" | "QUERY" => self.read(&head, current),
            "OPTIONS" => {
                let tag = current.as_ref().map(|stored| self.tag(stored));
                let current = tag.as_ref().zip(current.as_ref());
                let current = current.map(|(tag, stored)| Current { tag, stored });
                let decision =
                    self.decide(&head.method, head.version, &head.headers, current.as_ref());
                match self.is(Switch::OptionsIsConditional) && decision == Decision::Failed {
                    true => status(412),
                    false => status(204),
                }
            }
            "PUT" | "PATCH" | "DELETE" if head.uri.path() == PATH => self.write(head, body).await,
            _ => status(405),
        }
    }

    fn read(&self, head: &Parts, current: Option<Stored>) -> Response<Body> {
        let Some(stored) = current else {
            let conditional = head.headers.contains_key("if-none-match");
            return match self.is(Switch::MissingIsConditional) && conditional {
                true => status(412),
                false => status(404),
            };
        };
        let coded = head
            .headers
            .get("accept-encoding")
            .is_some_and(|value| value == "gzip");
        let mut tag = self.tag(&stored);
        if coded && !self.is(Switch::OneTagForCodings) {
            tag = tag.replace("Tag-a", "Coded-b");
        }
        if self.is(Switch::HeadHasOtherTag) && head.method == Method::HEAD {
            tag = "\"of-head\"".to_owned();
        }
        let current = Current {
            tag: &tag,
            stored: &stored,
        };
        let version = head.version;
        match self.decide(&head.method, version, &head.headers, Some(&current)) {
            Decision::NotModified => self.not_modified(&tag, &stored, coded),
            Decision::Failed => status(412),
            Decision::Perform { part } => self.full(head, &tag, &stored, coded, part),
        }
    }

    fn full(
        &self,
        head: &Parts,
        tag: &str,
        stored: &Stored,
        coded: bool,
        part: bool,
    ) -> Response<Body> {
        let mut content = stored.content.to_vec();
        if coded {
            // Nobody decodes it.
            content.reverse();
        }
        if self.is(Switch::TagForTwoContents) {
            content.extend(format!("{:?}", std::time::Instant::now()).into_bytes());
        }
        let mut response = Response::builder().header("content-type", "text/plain");
        if !(part && self.is(Switch::PartWithoutTag)) {
            response = response.header("etag", tag);
        }
        response = self.common(response, stored, coded);
        if coded {
            response = response.header("content-encoding", "gzip");
        }
        let range = head.headers.get("range");
        let beyond = range.is_some_and(|range| range == "bytes=999999999-");
        if part && beyond {
            return status(416);
        }
        if part {
            let range = format!("bytes 0-0/{}", content.len());
            content.truncate(1);
            response = response.status(206).header("content-range", range);
        }
        response.body(content.into()).unwrap()
    }

    fn not_modified(&self, tag: &str, stored: &Stored, coded: bool) -> Response<Body> {
        let mut response = Response::builder().status(304);
        if self.is(Switch::NotModifiedOtherTag) {
            response = response.header("etag", "\"judge-never-sent\"");
        } else if !self.is(Switch::NotModifiedWithoutTag) {
            response = response.header("etag", tag);
        }
        if self.is(Switch::NotModifiedDescribesContent) {
            response = response.header("content-type", "text/plain");
        }
        let mut response = self
            .common(response, stored, coded)
            .body(Body::empty())
            .unwrap();
        let fields = response.headers_mut();
        fields.remove("last-modified");
        for (switch, name) in [
            (Switch::NotModifiedWithoutVary, "vary"),
            (Switch::NotModifiedWithoutCacheControl, "cache-control"),
            (Switch::NotModifiedWithoutLocation, "content-location"),
            (Switch::NotModifiedWithoutExpires, "expires"),
        ] {
            if self.is(switch) {
                fields.remove(name);
            }
        }
        response
    }

    fn common(
        &self,
        response: axum::http::response::Builder,
        stored: &Stored,
        coded: bool,
    ) -> axum::http::response::Builder {
        let modified = match self.is(Switch::ModifiedInFuture) {
            true => now() + 100_000,
            false => stored.modified,
        };
        let date = tower_conditional::HttpDate::from_unix_seconds(modified).unwrap();
        let date = match self.is(Switch::DateInOldForm) {
            true => asctime(&date.to_string()),
            false => date.to_string(),
        };
        let response = response
            .header("last-modified", date)
            .header("cache-control", "no-cache")
            .header("content-location", PATH)
            .header("expires", "Thu, 01 Jan 1970 00:00:00 GMT");
        match coded && self.is(Switch::CodedWithoutVary) {
            true => response,
            false => response.header("vary", "accept-encoding"),
        }
    }
}

/// `Sun, 06 Nov 1994 08:49:37 GMT` in the form of asctime.
fn asctime(date: &str) -> String {
    let words: Vec<&str> = date
        .split([' ', ','])
        .filter(|word| !word.is_empty())
        .collect();
    let [name, day, month, year, time, _] = words[..] else {
        panic!("{date}");
    };
    let day: u8 = day.parse().unwrap();
    format!("{name} {month} {day:2} {time} {year}")
}

pub(super) fn status(status: u16) -> Response<Body> {
    let response = Response::builder().status(status);
    response.body(Body::empty()).unwrap()
}
