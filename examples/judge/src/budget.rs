//! Limits on what the judge sends and receives.

use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    time::{Duration, Instant},
};

/// What is held back for putting the first content back: two requests, a read and a write.
const HELD_REQUESTS: u64 = 2;

/// At most this many requests and bytes, until a point in time.
#[derive(Debug)]
pub struct Budget {
    requests: AtomicU64,
    bytes: AtomicU64,
    limits: Limits,
    /// What is left of the limits while something is held back.
    early: Limits,
    released: AtomicBool,
}

#[derive(Clone, Copy, Debug)]
struct Limits {
    requests: u64,
    bytes: u64,
    end: Instant,
}

impl Budget {
    pub fn new(requests: u64, bytes: u64, time: Duration) -> Self {
        let now = Instant::now();
        let limits = Limits {
            requests,
            bytes,
            end: now + time,
        };
        Self {
            requests: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            limits,
            early: limits,
            released: AtomicBool::new(false),
        }
    }

    /// Holds back what is needed in the end to undo the writes.
    pub(crate) fn hold_back(mut self) -> Self {
        let now = Instant::now();
        let time = self.limits.end.saturating_duration_since(now);
        self.early = Limits {
            requests: self.limits.requests.saturating_sub(HELD_REQUESTS),
            bytes: self.limits.bytes - self.limits.bytes / 8,
            end: now + time - time / 8,
        };
        self
    }

    /// Gives out what was held back.
    pub(crate) fn release(&self) {
        self.released.store(true, Ordering::Relaxed);
    }

    fn limits(&self) -> Limits {
        match self.released.load(Ordering::Relaxed) {
            true => self.limits,
            false => self.early,
        }
    }

    /// Counts one more request with this many bytes of content.
    pub(crate) fn request(&self, bytes: usize) -> Result<(), &'static str> {
        let limits = self.limits();
        if Instant::now() >= limits.end {
            return Err("the time is over");
        }
        if self.requests.fetch_add(1, Ordering::Relaxed) >= limits.requests {
            self.requests.fetch_sub(1, Ordering::Relaxed);
            return Err("the limit on requests is reached");
        }
        self.received(bytes)
    }

    /// Counts bytes of content, in either direction.
    pub(crate) fn received(&self, bytes: usize) -> Result<(), &'static str> {
        let sum = self.bytes.fetch_add(bytes as u64, Ordering::Relaxed) + bytes as u64;
        match sum <= self.limits().bytes {
            true => Ok(()),
            false => Err("the limit on bytes is reached"),
        }
    }

    /// The requests that were sent.
    pub fn sent(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    pub(crate) fn left(&self) -> Duration {
        self.limits().end.saturating_duration_since(Instant::now())
    }
}
