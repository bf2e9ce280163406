//! Reading again and writing anew, at most so many times.

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body_util::Full;
use tower_conditional::client::{
    BodyTag, ClientErrorReason, ConditionalClientLayer, Guard, Rejection, Update, UpdateError,
    Updated,
};

use crate::support::*;

fn read() -> Update {
    Update::new(Request::get(DOC).body(()).unwrap())
}

fn append(read: &Response<Bytes>) -> Option<Request<Full<Bytes>>> {
    let text = [read.body(), &b"+"[..]].concat();
    Some(request(Method::PUT, DOC).map(|_| Full::from(text)))
}

fn text(tag: &str, text: &str) -> Response<Full<Bytes>> {
    reply_with(200, &[("etag", tag)], text)
}

#[tokio::test]
async fn reads_and_writes() {
    let wire = Wire::new([text("\"1\"", "a"), reply(204, &[])]);
    let updated = read().run(wire.client(), append).await.unwrap();
    assert!(matches!(updated, Updated::Done(response) if response.status() == 204));
    wire.assert_field(1, "if-match", "\"1\"");
}

#[tokio::test]
async fn the_closure_sees_what_the_other_writer_wrote() {
    let wire = Wire::new([
        text("\"1\"", "a"),
        reply(412, &[]),
        text("\"2\"", "b"),
        reply(204, &[]),
    ]);
    let mut seen = Vec::new();
    let updated = read()
        .run(wire.client(), |response| {
            seen.push(response.body().clone());
            append(response)
        })
        .await
        .unwrap();
    assert!(matches!(updated, Updated::Done(_)));
    assert_eq!(seen, ["a", "b"]);
    wire.assert_no_field(0, "cache-control");
    wire.assert_field(2, "cache-control", "no-cache");
    wire.assert_field(3, "if-match", "\"2\"");
}

#[tokio::test]
async fn gives_up_after_so_many_attempts_and_no_write_is_unconditional() {
    for attempts in [0, 1, 2, 5] {
        let rounds = attempts.max(1);
        let wire = Wire::new((0..2 * rounds).map(|n| match n % 2 {
            0 => text("\"1\"", "a"),
            _ => reply(412, &[("etag", "\"2\"")]),
        }));
        let updated = read()
            .attempts(attempts)
            .run(wire.client(), append)
            .await
            .unwrap();
        let Updated::Rejected(response) = updated else {
            panic!("{updated:?}");
        };
        assert_eq!(Rejection::of(&response).unwrap().sent().unwrap(), "\"1\"");
        let methods = wire.methods();
        assert_eq!(methods.len(), 2 * rounds);
        for (n, method) in methods.iter().enumerate() {
            if *method == Method::PUT {
                wire.assert_field(n, "if-match", "\"1\"");
            }
        }
    }
}

/// A reply to each of three attempts, all of which are rejected.
fn rejections() -> impl Iterator<Item = Response<Full<Bytes>>> {
    (0..6).map(|n| match n % 2 {
        0 => text("\"1\"", "a"),
        _ => reply(412, &[]),
    })
}

#[tokio::test]
async fn pauses_between_attempts_only() {
    for (attempts, expected) in [(1, vec![]), (2, vec![(1, 2)]), (3, vec![(1, 2), (2, 4)])] {
        let wire = Wire::new(rejections());
        let mut pauses = Vec::new();
        let updated = read()
            .attempts(attempts)
            .pause(|attempt| {
                pauses.push((attempt, wire.methods().len()));
                tokio::task::yield_now()
            })
            .run(wire.client(), append)
            .await
            .unwrap();
        assert!(matches!(updated, Updated::Rejected(_)));
        assert_eq!(pauses, expected, "attempt, and requests so far");
    }
    let wire = Wire::new([text("\"1\"", "a"), reply(204, &[])]);
    let paused = read().pause(|_| std::future::pending::<()>());
    let updated = paused.run(wire.client(), append).await.unwrap();
    assert!(matches!(updated, Updated::Done(_)));
}

#[tokio::test(start_paused = true)]
async fn a_pause_is_awaited_and_the_update_can_be_spawned() {
    let begin = tokio::time::Instant::now();
    let wire = Wire::new(rejections());
    let update = read().pause(|n| tokio::time::sleep(std::time::Duration::from_secs(n as u64)));
    tokio::spawn(update.run(wire.client(), append))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(begin.elapsed().as_secs(), 1 + 2);
}

#[tokio::test]
async fn the_error_of_the_closure_comes_back_and_nothing_is_written() {
    #[derive(Debug, PartialEq)]
    struct OutOfStock(usize);

    let wire = Wire::new(rejections());
    let mut calls = 0;
    let error = read()
        .try_run(wire.client(), |read| {
            calls += 1;
            match calls {
                1 => Ok(append(read)),
                _ => Err(OutOfStock(calls)),
            }
        })
        .await
        .unwrap_err();
    assert!(matches!(error, UpdateError::Change(OutOfStock(2))));
    assert_eq!(wire.methods(), [Method::GET, Method::PUT, Method::GET]);

    let wire = Wire::new([text("\"1\"", "a"), reply(204, &[])]);
    let change = |read: &Response<Bytes>| Ok::<_, OutOfStock>(append(read));
    let updated = read().try_run(wire.client(), change).await.unwrap();
    assert!(matches!(updated, Updated::Done(_)));
    wire.assert_field(1, "if-match", "\"1\"");
}

#[tokio::test]
async fn without_a_tag_there_is_one_write() {
    for status in [412, 428] {
        let wire = Wire::new([reply(200, &[]), reply(status, &[])]);
        let updated = read().run(wire.client(), append).await.unwrap();
        assert!(matches!(updated, Updated::Rejected(_)));
        assert_eq!(wire.methods().len(), 2);
    }
    let wire = Wire::new([reply(200, &[])]);
    let client = wire.client_with(ConditionalClientLayer::new().guard(Guard::Required));
    let error = read().run(client, append).await.unwrap_err();
    let UpdateError::Service(error) = error else {
        panic!("{error:?}");
    };
    assert_eq!(error.reason(), ClientErrorReason::UnknownTag);
}

#[tokio::test]
async fn an_existing_resource_is_no_reason_to_read_again() {
    let wire = Wire::new([text("\"1\"", "a"), reply(412, &[])]);
    let create = |_: &Response<Bytes>| Some(with_field(put(), "if-none-match", "*"));
    let updated = read().run(wire.client(), create).await.unwrap();
    assert!(matches!(updated, Updated::Rejected(_)));
    wire.assert_no_field(1, "if-match");
}

#[tokio::test]
async fn nothing_to_write_and_nothing_to_read() {
    let wire = Wire::new([text("\"1\"", "a")]);
    let updated = read().run(wire.client(), |_| None).await.unwrap();
    assert!(matches!(updated, Updated::Unchanged(read) if read.body() == "a"));

    let wire = Wire::new([reply(404, &[])]);
    let updated = read().run(wire.client(), append).await.unwrap();
    assert!(matches!(updated, Updated::Unread(read) if read.status() == 404));
    assert_eq!(wire.methods(), [Method::GET]);
}

#[tokio::test]
async fn other_failures_are_the_callers() {
    for status in [200, 202, 409, 500] {
        let wire = Wire::new([text("\"1\"", "a"), reply(status, &[])]);
        let updated = read().run(wire.client(), append).await.unwrap();
        assert!(matches!(updated, Updated::Done(response) if response.status() == status));
    }
}

#[tokio::test]
async fn the_tag_in_the_body_counts() {
    let layer = ConditionalClientLayer::new().body_tag(BodyTag::at("/etag").unwrap());
    let wire = Wire::new([
        json(&[("etag", "\"1-gzip\"")], r#"{"etag": "\"1\""}"#),
        reply(204, &[]),
    ]);
    read().run(wire.client_with(layer), append).await.unwrap();
    wire.assert_field(1, "if-match", "\"1\"");
}

#[tokio::test]
async fn it_runs_over_any_service() {
    let wire = Wire::new([text("\"1\"", "a"), reply(204, &[])]);
    read().run(wire.clone(), append).await.unwrap();
    wire.assert_field(1, "if-match", "\"1\"");
}

#[tokio::test]
async fn a_representation_above_the_limit_is_an_error() {
    let wire = Wire::new([text("\"1\"", "four")]);
    let error = read()
        .limit(3)
        .run(wire.client(), append)
        .await
        .unwrap_err();
    assert!(matches!(error, UpdateError::Body(_)));
    assert!(std::error::Error::source(&error).is_some());
    assert_eq!(wire.methods(), [Method::GET]);
}

/// The service has taken its tags away. Whatever is written now, nothing would guard it.
#[tokio::test]
async fn after_a_refusal_no_write_goes_out_without_a_precondition() {
    let script = || {
        [
            text("\"1\"", "a"),
            reply(412, &[]),
            reply_with(200, &[], "b"),
        ]
    };
    let wire = Wire::new(script());
    let updated = read().run(wire.client(), append).await.unwrap();
    assert!(matches!(updated, Updated::Unguarded(read) if read.body() == "b"));
    let methods = [Method::GET, Method::PUT, Method::GET];
    assert_eq!(wire.methods(), methods);

    let wire = Wire::new(script());
    let updated = read().run(wire.clone(), append).await.unwrap();
    assert!(matches!(updated, Updated::Unguarded(_)));
    assert_eq!(wire.methods(), methods);

    // A precondition of the closure's own is one.
    let own = |_: &Response<Bytes>| Some(with_field(put(), "if-match", "\"1\""));
    let wire = Wire::new(script().into_iter().chain([reply(204, &[])]));
    let updated = read().run(wire.clone(), own).await.unwrap();
    assert!(matches!(updated, Updated::Done(_)));
}

#[tokio::test]
async fn it_reads_the_representation_under_a_cache_as_well() {
    let wire = Wire::new([text("\"1\"", "a"), text("\"1\"", "a"), reply(204, &[])]);
    let client = wire.client_with(ConditionalClientLayer::new().revalidate(true));
    send(&client, get()).await;
    let updated = read().run(client, append).await.unwrap();
    assert!(matches!(updated, Updated::Done(_)));
    wire.assert_unconditional(1);
    wire.assert_field(2, "if-match", "\"1\"");
}

#[test]
fn an_update_does_not_print_credentials() {
    let read = Request::get(DOC).header("authorization", "Basic c2VjcmV0");
    let update = Update::new(read.body(()).unwrap());
    assert!(!format!("{update:?}").contains("c2VjcmV0"));
}
