//! The response to a write has the new validators, and never the old ones.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use http::{Method, Response, StatusCode, request::Parts};
use tower::Layer;
use tower_conditional::{
    ConditionalLayer, EntityTag, HttpDate, Representation, Selected, Validators, lock::WriteLock,
    ready_fn, source_fn,
};

use crate::support::{Answer, Body, Resource, boxed, put, request, settle, spawn};

fn written(resource: &Resource, method: Method) -> Answer {
    let app = resource.service(WriteLock::new());
    let response = settle(&mut spawn(&app, request(method, "/a", Some(1)))).unwrap();
    assert_eq!(resource.version(), 2);
    response
}

fn tag(response: &Answer) -> Option<&str> {
    Some(response.headers().get("etag")?.to_str().unwrap())
}

#[test]
fn put_and_patch_get_the_new_tag() {
    for method in [Method::PUT, Method::PATCH] {
        for status in [200, 204, 205] {
            let status = StatusCode::from_u16(status).unwrap();
            let resource = Resource::open().answering(status);
            let response = written(&resource, method.clone());
            assert_eq!(tag(&response), Some("\"2\""), "{method} {status}");
            assert_eq!(resource.asked.load(Ordering::SeqCst), 2);
        }
    }
    let created = written(
        &Resource::open().answering(StatusCode::CREATED),
        Method::PUT,
    );
    assert_eq!(tag(&created), Some("\"2\""));
}

#[test]
fn a_source_that_answers_at_once_is_asked_again_too() {
    let resource = Resource::open();
    let version = resource.version.clone();
    let source = ready_fn(move |_: &Parts| EntityTag::from_version(*version.lock().unwrap()));
    let app = resource.with(source, WriteLock::new());
    let response = settle(&mut spawn(&app, put("/a", 1))).unwrap();
    assert_eq!(tag(&response), Some("\"2\""));
}

/// Nothing depended on the state before the write.
#[test]
fn an_unconditional_write_gets_the_new_tag() {
    let resource = Resource::open();
    let layer = ConditionalLayer::new(resource.source()).lock(WriteLock::new());
    let app = boxed(layer.layer(resource.handler()));
    let write = request(Method::PUT, "/a", None);
    let response = settle(&mut spawn(&app, write)).unwrap();
    assert_eq!(tag(&response), Some("\"2\""));
    assert_eq!(resource.asked.load(Ordering::SeqCst), 1, "only afterwards");
}

#[test]
fn the_handlers_own_validators_win() {
    for (name, value) in [
        ("etag", "\"own\""),
        ("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT"),
    ] {
        let resource = Resource::open().acting(move |_| {
            let response = Response::builder().header(name, value);
            response.body(Body::default()).unwrap()
        });
        let response = written(&resource, Method::PUT);
        assert_eq!(response.headers()[name], value);
        assert_eq!(response.headers().len(), 1);
        assert_eq!(resource.asked.load(Ordering::SeqCst), 1);
    }
}

/// Its response says nothing of the resource, or of another one, or the write is not done yet.
#[test]
fn other_responses_get_none() {
    for (method, status) in [
        (Method::POST, 200),
        (Method::POST, 201),
        (Method::DELETE, 200),
        (Method::DELETE, 204),
        (Method::PATCH, 201),
        (Method::PUT, 202),
        (Method::PUT, 206),
        (Method::PUT, 207),
        (Method::PUT, 303),
        (Method::PUT, 409),
        (Method::PUT, 500),
    ] {
        let status = StatusCode::from_u16(status).unwrap();
        let response = written(&Resource::open().answering(status), method.clone());
        assert_eq!(tag(&response), None, "{method} {status}");
    }
}

#[test]
fn the_layer_and_the_lock_can_leave_them_out() {
    let resource = Resource::open();
    let quiet = ConditionalLayer::new(resource.source())
        .set_validators(false)
        .lock(WriteLock::new());
    let app = boxed(quiet.layer(resource.handler()));
    assert_eq!(tag(&settle(&mut spawn(&app, put("/a", 1))).unwrap()), None);
    let app = resource.service(WriteLock::new().set_validators(false));
    assert_eq!(tag(&settle(&mut spawn(&app, put("/a", 2))).unwrap()), None);
    assert_eq!(resource.version(), 3);
    let read = settle(&mut spawn(&app, request(Method::GET, "/a", None))).unwrap();
    assert_eq!(tag(&read), Some("\"3\""), "reads are not affected");
}

#[test]
fn fields_of_a_304_are_not_those_of_a_write() {
    let source = ready_fn(|_: &Parts| {
        let date = HttpDate::from_unix_seconds(784_111_777).unwrap();
        let validators = Validators::from(EntityTag::from_version(1)).with_last_modified(date);
        Representation::from(validators)
            .with_field(http::header::CACHE_CONTROL, "max-age=60".parse().unwrap())
    });
    let app = Resource::open().with(source, WriteLock::new());
    let response = settle(&mut spawn(&app, put("/a", 1))).unwrap();
    let names: Vec<_> = response.headers().keys().map(|it| it.as_str()).collect();
    assert_eq!(names, ["etag", "last-modified"]);
}

/// The write is done, so its response goes out, whatever the source says afterwards.
#[test]
fn a_source_that_fails_afterwards_costs_the_validators_only() {
    for then in [
        Err("no connection"),
        Ok(Selected::Unknown),
        Ok(Selected::Missing),
        Ok(Selected::LeftToHandler),
    ] {
        let asked = Arc::new(AtomicUsize::new(0));
        let source = source_fn(move |_: &Parts| {
            let first = asked.fetch_add(1, Ordering::SeqCst) == 0;
            let then = then.clone();
            async move {
                match first {
                    true => Ok(Selected::from(EntityTag::from_version(1))),
                    false => then,
                }
            }
        });
        let resource = Resource::open();
        let app = resource.with(source, WriteLock::new());
        let response = settle(&mut spawn(&app, put("/a", 1))).unwrap();
        assert_eq!((response.status().as_u16(), tag(&response)), (200, None));
        assert_eq!(resource.version(), 2);
    }
}

#[test]
fn what_is_left_to_the_handler_is_locked_and_otherwise_left() {
    let resource = Resource::gated();
    let asked = resource.asked.clone();
    let source = ready_fn(move |_: &Parts| {
        asked.fetch_add(1, Ordering::SeqCst);
        Selected::LeftToHandler
    });
    let app = resource.with(source, WriteLock::new());
    let mut writes = [spawn(&app, put("/a", 7)), spawn(&app, put("/a", 7))];
    assert!(writes.iter_mut().all(|write| settle(write).is_none()));
    assert_eq!(resource.running(), 1);
    resource.gate.add_permits(2);
    for write in &mut writes {
        assert_eq!(tag(&settle(write).unwrap()), None);
    }
    assert_eq!(resource.version(), 3);
    assert_eq!(resource.asked.load(Ordering::SeqCst), 2, "not afterwards");
}
