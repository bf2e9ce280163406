//! One client of the counter.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::{
    HeaderName, Request, StatusCode,
    header::{CONTENT_TYPE, ETAG, HOST, IF_MATCH, IF_NONE_MATCH},
};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::{
    net::TcpStream,
    time::{sleep, timeout},
};

use super::{Shared, count_in};
use crate::{
    race::history::{Event, Kind},
    write::{find_unique, unique},
};

/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// How many increments a client makes one after another, on average, before the next one tries.
const TURN: u32 = 16;

/// The longest pause after a 412.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// The shortest and the longest pause after a failure.
const PAUSES: [Duration; 2] = [Duration::from_millis(5), Duration::from_millis(500)];

pub(super) struct Client {
    pub(super) shared: Arc<Shared>,
    number: usize,
    /// The instance that it is connected to. It takes the next one when the connection breaks.
    pub(super) instance: usize,
    connection: Option<SendRequest<Full<Bytes>>>,
    pub(super) events: Vec<Event>,
    /// A number that changes with each use.
    random: u64,
    /// The pause after the next failure.
    pause: Duration,
}

struct Answer {
    status: StatusCode,
    tag: Option<Vec<u8>>,
    body: Bytes,
}

impl Client {
    pub(super) fn new(shared: Arc<Shared>, number: usize) -> Self {
        Self {
            number,
            shared,
            instance: number,
            connection: None,
            events: Vec::new(),
            random: 0x9e37_79b9_7f4a_7c15 ^ ((number as u64 + 1) << 32),
            pause: PAUSES[0],
        }
    }

    pub(super) async fn run(mut self) -> Vec<Event> {
        while !self.shared.is_done() {
            let began = Instant::now();
            let Some((tag, version, count)) = self.read().await else {
                self.wait_after_failure().await;
                continue;
            };
            if self.random().is_multiple_of(16) {
                self.revalidate(&tag, &version).await;
            }
            match self.write(&tag, &version, count + 1).await {
                // It goes on at once, so that the counter is never idle.
                Some(status) if status.is_success() => {
                    self.shared.count_one();
                    self.pause = PAUSES[0];
                }
                Some(StatusCode::PRECONDITION_FAILED) => {
                    self.wait_for_turn(began.elapsed()).await;
                }
                _ => self.wait_after_failure().await,
            }
            if self.random().is_multiple_of(16) {
                self.revalidate(&tag, &version).await;
            }
        }
        self.events
    }

    /// Writes 0, and returns the version.
    pub(super) async fn create(&mut self) -> String {
        for _ in 0..100 {
            let read = self.send(None, None).await;
            let version = unique();
            let condition = match read.as_ref().and_then(|read| read.tag.as_deref()) {
                Some(tag) => (IF_MATCH, tag.to_vec()),
                None => (IF_NONE_MATCH, b"*".to_vec()),
            };
            let content = self.shared.content(0, &version);
            let written = self.send(Some(condition), Some(content)).await;
            if written.is_some_and(|written| written.status.is_success()) {
                return version;
            }
            sleep(Duration::from_millis(20)).await;
        }
        panic!("the counter cannot be created");
    }

    pub(super) async fn read_surely(&mut self) -> (Option<String>, Bytes) {
        for _ in 0..500 {
            let read = self.send(None, None).await;
            if let Some(read) = read.filter(|read| read.status == StatusCode::OK) {
                return (find_unique(&read.body), read.body);
            }
            sleep(Duration::from_millis(20)).await;
        }
        panic!("the counter cannot be read");
    }

    pub(super) async fn read(&mut self) -> Option<(Vec<u8>, String, u64)> {
        let invoked = self.shared.now();
        let answer = self.send(None, None).await?;
        // A reader gets a defined answer, whatever happens to writers.
        let defined = [200, 408, 500, 503, 504].contains(&answer.status.as_u16());
        assert!(defined, "a read is answered {}", answer.status);
        let version = find_unique(&answer.body);
        self.record(
            Kind::Read,
            invoked,
            None,
            version.clone(),
            Some(answer.status.as_u16()),
        );
        let event = self.events.last_mut()?;
        event.tag.clone_from(&answer.tag);
        Some((answer.tag?, version?, count_in(&answer.body)?))
    }

    async fn write(&mut self, tag: &[u8], base: &str, count: u64) -> Option<StatusCode> {
        let (version, invoked) = (unique(), self.shared.now());
        let content = self.shared.content(count, &version);
        let condition = Some((IF_MATCH, tag.to_vec()));
        let answer = self.send(condition, Some(content)).await;
        let status = answer.map(|answer| answer.status);
        let number = status.map(|status| status.as_u16());
        self.record(
            Kind::Write,
            invoked,
            Some((tag, base)),
            Some(version),
            number,
        );
        status
    }

    async fn revalidate(&mut self, tag: &[u8], base: &str) {
        let invoked = self.shared.now();
        let condition = Some((IF_NONE_MATCH, tag.to_vec()));
        let answer = self.send(condition, None).await;
        let status = answer.map(|answer| answer.status.as_u16());
        self.record(Kind::Revalidate, invoked, Some((tag, base)), None, status);
    }

    pub(super) fn record(
        &mut self,
        kind: Kind,
        invoked: u64,
        sent: Option<(&[u8], &str)>,
        version: Option<String>,
        status: Option<u16>,
    ) {
        self.events.push(Event {
            client: self.number,
            kind,
            invoked,
            returned: self.shared.now(),
            based_on: sent.map(|(_, base)| base.to_owned()),
            sent_tag: sent.map(|(tag, _)| tag.to_vec()),
            version,
            status,
            tag: None,
        });
    }

    async fn send(
        &mut self,
        condition: Option<(HeaderName, Vec<u8>)>,
        content: Option<String>,
    ) -> Option<Answer> {
        let exchange = timeout(PATIENCE, self.exchange(condition, content)).await;
        let answer = exchange.ok().flatten();
        if answer.is_none() {
            self.connection = None;
            self.instance += 1;
        }
        answer
    }

    async fn exchange(
        &mut self,
        condition: Option<(HeaderName, Vec<u8>)>,
        content: Option<String>,
    ) -> Option<Answer> {
        let shared = Arc::clone(&self.shared);
        let counter = &shared.counter;
        if self.connection.as_ref().is_none_or(SendRequest::is_closed) {
            let address = counter.addresses[self.instance % counter.addresses.len()];
            let stream = TcpStream::connect(address).await.ok()?;
            stream.set_nodelay(true).ok()?;
            let (sender, connection) = handshake(TokioIo::new(stream)).await.ok()?;
            tokio::spawn(connection);
            self.connection = Some(sender);
        }
        let sender = self.connection.as_mut()?;
        let method = content.as_ref().map_or("GET", |_| counter.method);
        let mut request = Request::builder()
            .method(method)
            .uri(&counter.path)
            .header(HOST, "localhost");
        if content.is_some() {
            request = request.header(CONTENT_TYPE, counter.content_type);
        }
        if let Some((name, value)) = condition {
            request = request.header(name, value);
        }
        let request = request.body(Full::from(content.unwrap_or_default())).ok()?;
        sender.ready().await.ok()?;
        let response = sender.send_request(request).await.ok()?;
        let (head, body) = response.into_parts();
        Some(Answer {
            status: head.status,
            tag: head.headers.get(ETAG).map(|tag| tag.as_bytes().to_vec()),
            body: body.collect().await.ok()?.to_bytes(),
        })
    }

    /// Lets those who are faster make their turns. The time of an attempt tells how long these take.
    async fn wait_for_turn(&mut self, attempt: Duration) {
        let counter = &self.shared.counter;
        let turns = match counter.takes_turns {
            true => attempt * TURN * counter.clients as u32 * 2,
            false => attempt,
        };
        self.wait(turns.min(LONGEST_PAUSE)).await;
    }

    pub(super) async fn wait_after_failure(&mut self) {
        self.pause = (self.pause * 2).min(PAUSES[1]);
        self.wait(self.pause).await;
    }

    /// Waits for a random time, but no longer than the others count.
    async fn wait(&mut self, longest: Duration) {
        let time = Duration::from_micros(self.random() % longest.as_micros().max(1) as u64);
        let mut done = self.shared.done.subscribe();
        let _ = timeout(time, done.wait_for(|done| *done)).await;
    }

    pub(super) fn random(&mut self) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random
    }
}
