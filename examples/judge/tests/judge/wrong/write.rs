//! Writes: decided before the content is read, and again where it is stored.

use std::{sync::atomic::Ordering, time::Duration};

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Method, Response, request::Parts};

use super::{
    Stored, Switch, Wrong,
    evaluate::{Current, Decision},
    now,
    respond::status,
};

impl Wrong {
    pub(super) async fn write(&self, head: Parts, body: Body) -> Response<Body> {
        let early = self.refusal(&head, self.current().as_ref());
        if let Some(refusal) = early {
            if self.is(Switch::WritesThenRefuses) && refusal.status() == 412 {
                if let Ok(content) = to_bytes(body, 1 << 20).await {
                    self.store(&head.method, content);
                }
            } else if self.is(Switch::UploadFirst) {
                let _ = to_bytes(body, 1 << 20).await;
            }
            return refusal;
        }
        let content = to_bytes(body, 1 << 20).await.unwrap_or_default();
        if self.is(Switch::GapBeforeWrite) {
            tokio::time::sleep(Duration::from_millis(2)).await;
            return self.store(&head.method, content);
        }
        let mut stored = self.stored.lock().unwrap();
        if let Some(refusal) = self.refusal(&head, stored.1.as_ref()) {
            return refusal;
        }
        self.store_in(&mut stored, &head.method, content)
    }

    fn refusal(&self, head: &Parts, stored: Option<&Stored>) -> Option<Response<Body>> {
        if head.method != Method::PUT && stored.is_none() {
            return Some(status(404));
        }
        let attempt = self.attempts.fetch_add(1, Ordering::Relaxed);
        if self.is(Switch::RefusesEveryFifth) && attempt.is_multiple_of(5) {
            return Some(status(412));
        }
        let tag = stored.map(|stored| self.tag(stored));
        let current = tag.as_ref().zip(stored);
        let current = current.map(|(tag, stored)| Current { tag, stored });
        match self.decide(&head.method, head.version, &head.headers, current.as_ref()) {
            Decision::Failed => return Some(status(412)),
            Decision::NotModified => return Some(status(304)),
            Decision::Perform { .. } => {}
        }
        let guarded = ["if-match", "if-unmodified-since"];
        let guarded = guarded.iter().any(|name| head.headers.contains_key(*name));
        let required = self.required || self.is(Switch::RequiresBy403);
        (required && stored.is_some() && !guarded).then(|| {
            status(match self.is(Switch::RequiresBy403) {
                true => 403,
                false => 428,
            })
        })
    }

    fn store(&self, method: &Method, content: Bytes) -> Response<Body> {
        self.store_in(&mut self.stored.lock().unwrap(), method, content)
    }

    fn store_in(
        &self,
        (version, stored): &mut (u64, Option<Stored>),
        method: &Method,
        content: Bytes,
    ) -> Response<Body> {
        let old = stored.take();
        if *method == Method::DELETE {
            return status(204);
        }
        *version += 1;
        let new = Stored {
            content,
            version: *version,
            modified: now(),
        };
        let mut response = status(match old {
            Some(_) => 200,
            None => 201,
        });
        let tag = match (self.is(Switch::OldTagAfterWrite), &old) {
            (true, Some(old)) => self.tag(old),
            _ => self.tag(&new),
        };
        response.headers_mut().insert("etag", tag.parse().unwrap());
        *stored = Some(new);
        response
    }
}
