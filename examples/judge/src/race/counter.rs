//! Clients that read a counter, add one, and write it with If-Match, and begin again after a 412.
//!
//! For the tests of other examples: every request is recorded, so that the history can be checked
//! beside the count.

mod client;
mod vanish;

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use tokio::{sync::watch, task::JoinSet};

use self::client::Client;
use super::{
    check::{Finding, check},
    history::{Event, History},
};

/// What is counted, and by whom.
#[derive(Clone, Debug)]
pub struct Counter {
    /// Where the service listens. Instances of one service share the resource.
    pub addresses: Vec<SocketAddr>,
    pub path: String,
    /// The method that replaces the resource.
    pub method: &'static str,
    /// The content of a write: a text goes in its place of `{}`.
    pub template: &'static str,
    pub content_type: &'static str,
    pub clients: usize,
    /// All clients stop when so many writes are answered 2xx.
    pub increments: u64,
    /// Whether a client that was refused lets the others count for a while. Otherwise all of them try
    /// all the time, which takes long if they are many, and shows most if a guard is missing.
    pub takes_turns: bool,
    /// How many clients go away half-way through their content, again and again.
    pub vanishing: usize,
}

/// What came of it.
#[derive(Debug)]
pub struct Counted {
    /// The number of writes that were answered 2xx.
    pub performed: u64,
    /// The number of writes without a response, or with a 5xx.
    pub unknown: u64,
    /// The value in the end.
    pub value: u64,
    pub requests: usize,
    pub seconds: f64,
    pub history: History,
    pub finding: Finding,
}

impl Counted {
    /// Returns all of it as a line for people.
    pub fn line(&self, counter: &Counter) -> String {
        format!(
            "{}: {} clients, {} instances: {} increments, {} lost, {} requests, {} true 412, \
             {} true 304, {} unknown, in {:.1} s",
            counter.path,
            counter.clients,
            counter.addresses.len(),
            self.performed,
            self.performed.saturating_sub(self.value),
            self.requests,
            self.finding.checked_412,
            self.finding.checked_304,
            self.unknown,
            self.seconds,
        )
    }

    /// Asserts that nothing is lost, and that no response was false.
    #[track_caller]
    pub fn assert_nothing_is_lost(&self) {
        let finding = &self.finding;
        for wrong in [
            &finding.forks,
            &finding.written,
            &finding.false_412,
            &finding.false_304,
            &finding.shared_tags,
        ] {
            assert!(wrong.is_empty(), "{:#?}\n{finding:#?}", finding.shortest);
        }
        let possible = self.performed..=self.performed + self.unknown;
        assert!(
            possible.contains(&self.value),
            "{}: {possible:?}",
            self.value
        );
    }

    /// Asserts that updates are lost: the count and the history both say so.
    #[track_caller]
    pub fn assert_updates_are_lost(&self) {
        assert!(self.value < self.performed, "{} writes", self.performed);
        assert!(!self.finding.forks.is_empty());
    }
}

/// Counts from 0, in a resource that need not exist.
pub async fn count(counter: &Counter) -> Counted {
    let shared = Arc::new(Shared {
        counter: counter.clone(),
        began: Instant::now(),
        performed: AtomicU64::new(0),
        done: watch::Sender::new(false),
    });
    let mut first = Client::new(shared.clone(), 0);
    let initial = first.create().await;
    let mut clients = JoinSet::new();
    for number in 1..=counter.clients {
        clients.spawn(Client::new(shared.clone(), number).run());
    }
    for number in 1..=counter.vanishing {
        clients.spawn(Client::new(shared.clone(), counter.clients + number).vanish());
    }
    let mut events: Vec<Event> = clients.join_all().await.into_iter().flatten().collect();
    events.sort_by_key(|event| event.returned);
    let seconds = shared.began.elapsed().as_secs_f64();
    let (last, body) = first.read_surely().await;
    let unknown = events
        .iter()
        .filter(|event| event.may_be_performed() && !event.is_performed())
        .count();
    let history = History {
        initial,
        events,
        last,
    };
    Counted {
        performed: shared.performed.load(Ordering::SeqCst),
        unknown: unknown as u64,
        value: count_in(&body).unwrap(),
        requests: history.events.len(),
        seconds,
        finding: check(&history),
        history,
    }
}

fn count_in(body: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(body).ok()?;
    let digits = text.split("count:").nth(1)?;
    let end = digits.find(|c: char| !c.is_ascii_digit())?;
    digits[..end].parse().ok()
}

struct Shared {
    counter: Counter,
    began: Instant,
    performed: AtomicU64,
    done: watch::Sender<bool>,
}

impl Shared {
    fn count_one(&self) {
        self.performed.fetch_add(1, Ordering::SeqCst);
        if self.is_done() {
            self.done.send_replace(true);
        }
    }

    fn is_done(&self) -> bool {
        self.performed.load(Ordering::SeqCst) >= self.counter.increments
    }

    fn now(&self) -> u64 {
        self.began.elapsed().as_micros() as u64
    }

    fn content(&self, count: u64, version: &str) -> String {
        let text = format!("count:{count} {version}");
        self.counter.template.replace("{}", &text)
    }
}
