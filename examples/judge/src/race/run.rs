//! Runs the race: rounds in which every client reads, writes with the tag, and revalidates.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{sync::Barrier, task::JoinSet, time::timeout};

use super::history::{Event, History, Kind};
use crate::{
    client::{Client, Failure},
    message::Request,
    run::Options,
    write::{Writer, find_unique, unique},
};

/// What one client sees and does in one round.
struct Racer {
    client: Client,
    writer: Writer,
    number: usize,
    began: Instant,
    /// All clients write at once when they have read. Without it each goes its own way.
    together: Option<Arc<Barrier>>,
}

pub(super) async fn race(
    client: &Client,
    writer: &Writer,
    options: &Options,
) -> Result<History, Failure> {
    let initial = begin(client, writer).await?;
    let mut history = History {
        initial,
        ..History::default()
    };
    let began = Instant::now();
    let length = Duration::from_secs(options.seconds);
    let mut round = 0;
    while began.elapsed() < length {
        round += 1;
        let together = (round % 2 == 1).then(|| Arc::new(Barrier::new(options.writers)));
        let mut racers = JoinSet::new();
        for number in 1..=options.writers {
            let racer = Racer {
                client: client.clone(),
                writer: writer.clone(),
                number,
                began,
                together: together.clone(),
            };
            racers.spawn(racer.round());
        }
        let before = history.events.len();
        while let Some(events) = racers.join_next().await {
            history
                .events
                .extend(events.map_err(|error| error.to_string())?);
        }
        // The budget is used up, or the server is gone.
        if history.events.len() == before {
            break;
        }
    }
    let last = writer.read(client).await.ok();
    history.last = last.and_then(|seen| find_unique(&seen.body));
    history.events.sort_by_key(|event| event.returned);
    Ok(history)
}

/// Writes a first version that can be recognised.
async fn begin(client: &Client, writer: &Writer) -> Result<String, Failure> {
    let mut status = 0;
    // Somebody else may write, too.
    for _ in 0..3 {
        let version = unique();
        let seen = writer.read(client).await?;
        let etag = seen.etag.clone().ok_or("there is no entity tag")?;
        let mut request = writer.request(&seen.body, &version)?;
        if writer.required.is_some() {
            request = request.field("If-Match", etag);
        }
        status = client.send(request).await?.response.status;
        let seen = writer.read(client).await?;
        if find_unique(&seen.body) == Some(version.clone()) {
            return Ok(version);
        }
    }
    Err(format!(
        "a write is answered {status}, and a read does not show it"
    ))
}

impl Racer {
    async fn round(self) -> Vec<Event> {
        let mut events = Vec::new();
        let read = self.read().await;
        if let Some(barrier) = &self.together {
            // Never waits long: a client that got no response waits, too.
            let _ = timeout(Duration::from_secs(11), barrier.wait()).await;
        }
        let Some((read, body)) = read else {
            return events;
        };
        let base = (read.tag.clone(), read.version.clone());
        events.push(read);
        if let (Some(tag), Some(version)) = base {
            // Before the write a 304 is likely, and after it a 304 is likely to be false.
            let early = self.together.is_none();
            if early {
                events.extend(self.revalidate(&tag, &version).await);
            }
            events.extend(self.write(&tag, &version, &body).await);
            if !early {
                events.extend(self.revalidate(&tag, &version).await);
            }
        }
        events
    }

    fn now(&self) -> u64 {
        self.began.elapsed().as_micros() as u64
    }

    async fn read(&self) -> Option<(Event, bytes::Bytes)> {
        let invoked = self.now();
        let response = self.client.send(Request::new("GET")).await.ok()?.response;
        let event = Event {
            client: self.number,
            kind: Kind::Read,
            invoked,
            returned: self.now(),
            based_on: None,
            sent_tag: None,
            version: find_unique(&response.body),
            status: Some(response.status),
            tag: response.field("etag").map(<[u8]>::to_vec),
        };
        Some((event, response.body))
    }

    async fn write(&self, tag: &[u8], base: &str, body: &[u8]) -> Option<Event> {
        let version = unique();
        let request = self.writer.request(body, &version).ok()?;
        let event = self.conditional(Kind::Write, request.field("If-Match", tag), tag, base);
        let mut event = event.await;
        event.version = Some(version);
        Some(event)
    }

    async fn revalidate(&self, tag: &[u8], base: &str) -> Option<Event> {
        let request = Request::new("GET").field("If-None-Match", tag);
        Some(self.conditional(Kind::Revalidate, request, tag, base).await)
    }

    async fn conditional(&self, kind: Kind, request: Request, tag: &[u8], base: &str) -> Event {
        let invoked = self.now();
        let response = self.client.send(request).await.ok();
        let response = response.map(|exchange| exchange.response);
        Event {
            client: self.number,
            kind,
            invoked,
            returned: self.now(),
            based_on: Some(base.to_owned()),
            sent_tag: Some(tag.to_vec()),
            version: None,
            status: response.as_ref().map(|response| response.status),
            tag: response.and_then(|response| response.field("etag").map(<[u8]>::to_vec)),
        }
    }
}
