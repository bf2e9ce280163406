//! Limits on what the judge sends and receives.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

/// At most this many requests and bytes, until a point in time.
#[derive(Debug)]
pub struct Budget {
    requests: AtomicU64,
    bytes: AtomicU64,
    limits: (u64, u64),
    end: Instant,
}

impl Budget {
    pub fn new(requests: u64, bytes: u64, time: Duration) -> Self {
        Self {
            requests: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            limits: (requests, bytes),
            end: Instant::now() + time,
        }
    }

    /// Counts one more request with this many bytes of content.
    pub(crate) fn request(&self, bytes: usize) -> Result<(), &'static str> {
        if Instant::now() >= self.end {
            return Err("the time is over");
        }
        if self.requests.fetch_add(1, Ordering::Relaxed) >= self.limits.0 {
            self.requests.fetch_sub(1, Ordering::Relaxed);
            return Err("the limit on requests is reached");
        }
        self.received(bytes)
    }

    /// Counts bytes of content, in either direction.
    pub(crate) fn received(&self, bytes: usize) -> Result<(), &'static str> {
        let sum = self.bytes.fetch_add(bytes as u64, Ordering::Relaxed) + bytes as u64;
        match sum <= self.limits.1 {
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
        self.end.saturating_duration_since(Instant::now())
    }
}
