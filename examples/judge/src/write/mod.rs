//! Writing, against a resource that may be overwritten: nothing may be lost, and nothing may be
//! written after a refusal.

mod ask;
mod content;
mod missing;
mod notes;
mod row;
mod rows;

use bytes::Bytes;
use serde_json::Value;

use crate::{
    client::{Client, Failure},
    facts::{self, Facts},
    message::{Exchange, Request},
    run::{Content, Options, Run},
    template::Validators,
    verdict::{Level, Outcome, Verdict},
};

pub(crate) use self::content::{find_unique, unique};

/// How the resource is written.
#[derive(Clone, Debug)]
pub struct Writer {
    pub method: String,
    /// The status of a write without a precondition, if it is refused where a condition helps.
    pub required: Option<u16>,
    kind: Content,
    content_type: String,
    pub(crate) original: Bytes,
    now: i64,
}

/// What a read before or after a write shows.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) status: u16,
    pub(crate) etag: Option<Vec<u8>>,
    last_modified: Option<Vec<u8>>,
    pub(crate) body: Bytes,
    now: i64,
}

impl Seen {
    fn validators(&self) -> Validators<'_> {
        let etag = self.etag.as_deref().ok_or("there is no entity tag");
        let date = self.last_modified.as_deref();
        Validators {
            etag: etag.and_then(|etag| match crate::oracle::is_tag(etag) {
                true => Ok(etag),
                false => Err("the entity tag is not well-formed"),
            }),
            last_modified: date.ok_or("there is no Last-Modified"),
            now: self.now,
        }
    }

    fn exists(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

impl Writer {
    pub(crate) async fn read(&self, client: &Client) -> Result<Seen, Failure> {
        let response = client.send(Request::new("GET")).await?.response;
        let date = response.field("date");
        let date = date.and_then(|date| crate::dates::read(date, self.now));
        Ok(Seen {
            status: response.status,
            etag: response.field("etag").map(<[u8]>::to_vec),
            last_modified: response.field("last-modified").map(<[u8]>::to_vec),
            now: date.unwrap_or_else(facts::system_now),
            body: response.body,
        })
    }

    /// A write with this unique text, still without preconditions.
    pub(crate) fn request(&self, current: &[u8], unique: &str) -> Result<Request, Failure> {
        let body = content::content(
            &self.kind,
            &self.method,
            &self.content_type,
            current,
            unique,
        )?;
        Ok(Request::new(&self.method)
            .field("Content-Type", self.content_type.as_bytes())
            .body(body))
    }

    /// Sends the request with what the server wants for it to succeed.
    async fn force(&self, client: &Client, mut request: Request) -> Result<Exchange, Failure> {
        if self.required.is_some() {
            let seen = self.read(client).await?;
            if let Some(etag) = seen.etag.filter(|_| (200..300).contains(&seen.status)) {
                request = request.field("If-Match", etag);
            }
        }
        client.send(request).await
    }

    /// Puts the first content back. If that fails, the resource keeps what was written last.
    pub(crate) async fn restore(&self, client: &Client) {
        let body = match &self.kind {
            Content::Json(pointer) => {
                let original: Value = serde_json::from_slice(&self.original).unwrap_or_default();
                let value = original.pointer(pointer).cloned().unwrap_or_default();
                content::at_pointer(
                    pointer,
                    &self.method,
                    &self.content_type,
                    &self.original,
                    value,
                )
            }
            _ => Ok(self.original.clone()),
        };
        if let Ok(body) = body {
            let request = Request::new(&self.method)
                .field("Content-Type", self.content_type.as_bytes())
                .body(body);
            // There is nobody to tell.
            let _ = self.force(client, request).await;
        }
    }
}

/// Finds the method that writes, by writing.
pub(crate) async fn find(run: &Run<'_>, facts: &Facts) -> Result<Writer, Failure> {
    let methods = match &run.options.method {
        Some(method) => vec![method.as_str()],
        None => vec!["PUT", "PATCH"],
    };
    let mut seen = Vec::new();
    for method in methods {
        let mut writer = Writer {
            method: method.to_owned(),
            required: None,
            kind: run.options.content.clone(),
            content_type: content_type(run.options, facts),
            original: facts.plain.response.body.clone(),
            now: facts.now,
        };
        let request = writer.request(&writer.original, &unique())?;
        let status = run.client.send(request.clone()).await?.response.status;
        if (200..300).contains(&status) {
            return Ok(writer);
        }
        seen.push(format!("{method} is answered {status}"));
        if let Some(etag) = facts.plain.response.field("etag") {
            let guarded = request.field("If-Match", etag);
            let response = run.client.send(guarded).await?.response;
            if response.is_success() {
                writer.required = Some(status);
                return Ok(writer);
            }
        }
    }
    Err(seen.join(", "))
}

fn content_type(options: &Options, facts: &Facts) -> String {
    let given = options
        .fields
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let read = facts.plain.response.field("content-type");
    match (given, &options.content, read) {
        (Some((_, value)), ..) => String::from_utf8_lossy(value).into_owned(),
        (None, Content::Json(_), _) => "application/json".to_owned(),
        (None, Content::Text, _) | (None, _, None) => "text/plain".to_owned(),
        (None, _, Some(value)) => String::from_utf8_lossy(value).into_owned(),
    }
}

/// Asks everything about writes.
pub(crate) async fn judge(run: &mut Run<'_>, writer: &Result<Writer, Failure>) {
    let mut notes = notes::Notes::default();
    for row in rows::ROWS {
        if run.wants(row.section) {
            let verdict = ask::ask(row, writer.as_ref(), &run.client, &mut notes).await;
            run.say(verdict);
        }
    }
    ask::upload(run, writer).await;
    missing::judge(run, writer).await;
    for verdict in notes.verdicts(writer.as_ref(), &run.client) {
        if run.wants(&verdict.section) {
            run.say(verdict);
        }
    }
}

pub(crate) fn verdict(id: &str, section: &str, level: Level, title: &str) -> Verdict {
    Verdict {
        id: id.to_owned(),
        section: section.to_owned(),
        level,
        outcome: Outcome::CannotTell,
        title: title.to_owned(),
        expected: String::new(),
        seen: String::new(),
        curl: String::new(),
    }
}
