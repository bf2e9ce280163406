//! The order of the answers to a `Cached` source, if one turns out to be for another request.

use http::{HeaderValue, header::VARY};
use tokio_test::{assert_pending, assert_ready};
use tower::{Layer, service_fn};
use tower_conditional::Representation;

use crate::{
    cached_questions::{Answer, Slow, get, handle, send},
    support::tag,
};

/// An answer that depends on these fields of the request.
fn varies(version: &str, by: &'static str) -> Answer {
    let answer = Representation::from(tag(version));
    Ok(answer.with_field(VARY, HeaderValue::from_static(by)).into())
}

#[test]
fn an_answer_that_came_in_the_meantime_is_used() {
    let slow = Slow::default();
    let service = slow.layer().layer(service_fn(handle));
    let mut all = ["1", "2", "2"].map(|x| send(&service, get(&[("x", x)])));
    for waiting in &mut all {
        assert_pending!(waiting.poll());
    }
    slow.answer(varies("1", "x"));
    assert_eq!(assert_ready!(all[0].poll()), 304);
    assert_pending!(all[1].poll(), "the answer is for another request");
    slow.answer(varies("2", "x"));
    assert_eq!(assert_ready!(all[1].poll()), 200);
    // It waits for the first question still, while the answer to the second one is kept already.
    assert_eq!(assert_ready!(all[2].poll()), 200);
    assert_eq!(slow.asked.get(), 2);
}

/// Two questions for the same answer are under way if, in between, it turns out what answers depend
/// on.
#[test]
fn an_older_answer_does_not_replace_a_newer_one() {
    let slow = Slow::default();
    let service = slow.layer().layer(service_fn(handle));
    let ask = |fields| send(&service, get(fields));
    let mut learns = ask(&[("x", "0")]);
    assert_pending!(learns.poll());
    slow.answer_last(varies("1", "x"));
    assert_eq!(assert_ready!(learns.poll()), 304);

    let both = &[("x", "1"), ("y", "1")];
    let mut older = ask(both);
    assert_pending!(older.poll());
    let mut learns_more = ask(&[("x", "2")]);
    assert_pending!(learns_more.poll());
    slow.answer_last(varies("1", "x, y"));
    assert_eq!(assert_ready!(learns_more.poll()), 304);
    let mut newer = ask(both);
    assert_pending!(newer.poll());
    slow.answer_last(varies("2", "x, y"));
    assert_eq!(assert_ready!(newer.poll()), 200);
    slow.answer_last(varies("1", "x, y"));
    assert_eq!(assert_ready!(older.poll()), 304);

    let asked = slow.asked.get();
    assert_eq!(assert_ready!(ask(both).poll()), 200);
    assert_eq!(slow.asked.get(), asked, "it is the newer one that is kept");
}
