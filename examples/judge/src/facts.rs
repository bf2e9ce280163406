//! What the judge learns of a resource before it asks.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::{
    client::{Client, Failure},
    dates,
    message::{Exchange, Request, Response, Version, shown},
    oracle::is_tag,
    verdict::Learned,
};

/// The path of what hopefully does not exist.
pub(crate) const NO_SUCH: &str = "-judge-no-such-resource";

const LONGEST_WAY: usize = 5;

#[derive(Clone, Debug)]
pub struct Facts {
    pub plain: Exchange,
    /// A second GET.
    pub again: Exchange,
    pub head: Option<Exchange>,
    /// A GET that got a content coding.
    pub coded: Option<Exchange>,
    /// A GET that got a part.
    pub ranged: Option<Exchange>,
    /// A GET whose If-Modified-Since was answered 304.
    pub since: Option<Exchange>,
    /// A GET for what does not exist.
    pub missing: Option<Exchange>,
    pub options: Option<Exchange>,
    pub query: Option<Exchange>,
    pub http2: Option<Exchange>,
    pub now: i64,
}

/// The content of every QUERY.
pub(crate) const QUERY: &str = "judge";

impl Facts {
    /// Asks with safe methods only. The client follows redirects within the origin.
    pub async fn learn(client: &mut Client) -> Result<Self, Failure> {
        let mut plain = client.send(Request::new("GET")).await?;
        for _ in 0..LONGEST_WAY {
            if !(300..400).contains(&plain.response.status) {
                break;
            }
            let location = plain.response.field("location").map(shown);
            let next = location.and_then(|location| client.url.join(&location));
            client.url = next.ok_or("the redirect leads to another origin, or nowhere")?;
            plain = client.send(Request::new("GET")).await?;
        }
        if !plain.response.is_success() {
            let status = plain.response.status;
            return Err(format!("GET is answered {status}: nothing can be judged"));
        }
        let again = client.send(Request::new("GET")).await?;
        let now = now(&again.response);
        let get = Request::new("GET");
        let mut missing = get.clone();
        missing.suffix = NO_SUCH;
        let mut http2 = get.clone();
        http2.version = Version::Http2;
        let query = Request::new("QUERY")
            .field("Content-Type", "text/plain")
            .body(QUERY);
        let ok = |exchange: Option<Exchange>| exchange.filter(|it| it.response.is_success());
        Ok(Self {
            head: client.send(Request::new("HEAD")).await.ok(),
            coded: coded(client).await,
            ranged: client
                .send(get.clone().field("Range", "bytes=0-0"))
                .await
                .ok()
                .filter(|exchange| exchange.response.status == 206),
            since: since(client, &plain).await,
            missing: client.send(missing).await.ok(),
            options: ok(client.send(Request::new("OPTIONS")).await.ok()),
            query: ok(client.send(query).await.ok()),
            http2: ok(client.send(http2).await.ok()),
            plain,
            again,
            now,
        })
    }

    /// The entity tag, if it is well-formed and the same for two reads.
    pub fn etag(&self) -> Result<&[u8], &'static str> {
        let etag = tag(&self.plain.response)?;
        match tag(&self.again.response) == Ok(etag) {
            true => Ok(etag),
            false => Err("the entity tag changes by itself"),
        }
    }

    pub fn last_modified(&self) -> Result<&[u8], &'static str> {
        let date = date(&self.plain.response, self.now)?;
        match date == date_of(&self.again.response) {
            true => Ok(date),
            false => Err("Last-Modified changes by itself"),
        }
    }

    pub fn learned(&self) -> Learned {
        let text = |name| self.plain.response.field(name).map(shown);
        let coding = self.coded.as_ref();
        Learned {
            status: self.plain.response.status,
            length: self.plain.response.body.len() as u64,
            server: text("server"),
            etag: text("etag"),
            last_modified: text("last-modified"),
            content_coding: coding.and_then(|it| it.response.field("content-encoding").map(shown)),
            ranges: self.ranged.is_some(),
            http2: self.http2.is_some(),
            query: self.query.is_some(),
            write_method: None,
            required: None,
        }
    }
}

pub(crate) fn tag(response: &Response) -> Result<&[u8], &'static str> {
    let etag = response.field("etag").ok_or("there is no entity tag")?;
    match is_tag(etag) {
        true => Ok(etag),
        false => Err("the entity tag is not well-formed"),
    }
}

fn date_of(response: &Response) -> &[u8] {
    response.field("last-modified").unwrap_or_default()
}

pub(crate) fn date(response: &Response, now: i64) -> Result<&[u8], &'static str> {
    let date = response.field("last-modified");
    let date = date.ok_or("there is no Last-Modified")?;
    match dates::read(date, now) {
        Some(_) => Ok(date),
        None => Err("Last-Modified is not an HTTP-date"),
    }
}

async fn since(client: &Client, plain: &Exchange) -> Option<Exchange> {
    let date = plain.response.field("last-modified")?;
    let request = Request::new("GET").field("If-Modified-Since", date);
    let exchange = client.send(request).await.ok()?;
    (exchange.response.status == 304).then_some(exchange)
}

async fn coded(client: &Client) -> Option<Exchange> {
    for coding in ["gzip", "br", "zstd", "deflate"] {
        let request = Request::new("GET").field("Accept-Encoding", coding);
        let exchange = client.send(request).await.ok()?;
        let coded = exchange.response.field("content-encoding");
        if exchange.response.is_success() && coded.is_some_and(|found| found != b"identity") {
            return Some(exchange);
        }
    }
    None
}

/// The server's clock, as far as it tells.
fn now(response: &Response) -> i64 {
    let system = system_now();
    let date = response.field("date");
    date.and_then(|date| dates::read(date, system))
        .unwrap_or(system)
}

pub(crate) fn system_now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs() as i64)
}
