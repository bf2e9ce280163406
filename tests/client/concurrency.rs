//! Many tasks, one layer, one resource.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use tower::{Layer, service_fn};
use tower_conditional::client::{ConditionalClientLayer, Update, Updated, store::MemoryStore};

/// A counter with a tag, which evaluates If-Match; unconditional writes are counted.
#[derive(Default)]
struct Counter {
    value: u64,
    unconditional: u64,
}

impl Counter {
    fn answer(&mut self, request: &Request<Full<Bytes>>) -> Response<Full<Bytes>> {
        let tag = format!("\"{}\"", self.value);
        let mut status = 200;
        if request.method() == "PUT" {
            match request.headers().get("if-match") {
                Some(sent) if *sent == tag => {
                    self.value += 1;
                    status = 204;
                }
                Some(_) => status = 412,
                None => {
                    self.unconditional += 1;
                    status = 428;
                }
            }
        }
        let tag = format!("\"{}\"", self.value);
        let body = Full::from(self.value.to_string());
        let builder = Response::builder().status(status).header("etag", tag);
        builder.body(body).unwrap()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_update_is_lost() {
    const TASKS: u64 = 8;
    const ROUNDS: u64 = 25;
    let counter = Arc::new(Mutex::new(Counter::default()));
    let server = Arc::clone(&counter);
    let client = ConditionalClientLayer::new()
        .store(MemoryStore::new(4))
        .layer(service_fn(move |request: Request<Full<Bytes>>| {
            let server = Arc::clone(&server);
            async move {
                // Others get their turn between a read and a write.
                tokio::task::yield_now().await;
                let response = server.lock().unwrap().answer(&request);
                tokio::task::yield_now().await;
                Ok::<_, std::convert::Infallible>(response)
            }
        }));
    let tasks: Vec<_> = (0..TASKS)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move {
                for _ in 0..ROUNDS {
                    let read = Request::get("http://server/counter").body(()).unwrap();
                    let updated = Update::new(read)
                        .attempts(usize::MAX)
                        .run(client.clone(), |_| {
                            Request::put("http://server/counter")
                                .body(Full::default())
                                .ok()
                        })
                        .await
                        .unwrap();
                    assert!(matches!(updated, Updated::Done(_)));
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let counter = counter.lock().unwrap();
    assert_eq!(counter.value, TASKS * ROUNDS);
    assert_eq!(counter.unconditional, 0);
}
