//! The source is asked once, and only if something depends on its answer.

use http::{Method, Request, header::IF_MATCH, request::Parts};
use tower::{Layer, ServiceExt};
use tower_conditional::{
    ConditionalLayer, EntityTag, Representation, Requirement, Selected, Validators,
    source::IntoAnswer, source_fn,
};

use crate::support::{Handler, Trial, tagged};

#[track_caller]
fn not_asked(trial: &Trial) {
    let exchange = trial.performed();
    assert_eq!(exchange.asked, 0, "the source was asked");
    assert_eq!(exchange.decision(), None);
    assert!(exchange.response.headers().is_empty(), "{exchange:?}");
}

fn trial(method: Method) -> Trial {
    Trial::new(method, tagged("\"1\""))
}

fn conditional(method: Method) -> Trial {
    trial(method)
        .with("if-match", "\"other\"")
        .with("if-none-match", "*")
        .with("if-modified-since", "Fri, 01 Jan 2100 00:00:00 GMT")
        .with("if-unmodified-since", "Thu, 01 Jan 1970 00:00:00 GMT")
}

// RFC 9110 section 13.2.1: these methods neither select nor modify a representation.
#[test]
fn connect_options_and_trace_go_straight_through() {
    for method in [Method::CONNECT, Method::OPTIONS, Method::TRACE] {
        let required = Requirement::WRITES;
        not_asked(&conditional(method).require(required).require_per_resource());
    }
}

#[test]
fn an_unconditional_write_goes_straight_through() {
    for method in [Method::PUT, Method::PATCH, Method::DELETE, Method::POST] {
        not_asked(&trial(method));
    }
    not_asked(&trial(Method::PUT).require(Requirement::methods([http::Method::DELETE]).unwrap()));
    not_asked(&trial(Method::POST).require(Requirement::WRITES));
}

#[test]
fn an_unconditional_read_goes_straight_through_where_nothing_is_stamped() {
    not_asked(&trial(Method::GET).set_validators(false));
    not_asked(&trial(Method::HEAD).set_validators(false));
}

#[test]
fn a_field_that_the_method_ignores_asks_nothing() {
    let date = "Sun, 06 Nov 1994 08:49:37 GMT";
    not_asked(&trial(Method::PUT).with("if-modified-since", date));
    not_asked(
        &trial(Method::PUT)
            .with("if-range", "\"1\"")
            .with("range", "bytes=0-0"),
    );
    not_asked(
        &trial(Method::GET)
            .set_validators(false)
            .with("if-range", "\"1\""),
    );
}

#[test]
fn asked_once_whenever_something_depends_on_the_answer() {
    let fields = [
        ("if-match", "\"1\""),
        ("if-none-match", "\"0\""),
        ("if-modified-since", "Sun, 06 Nov 1994 08:49:37 GMT"),
        ("if-unmodified-since", "Sun, 06 Nov 1994 08:49:37 GMT"),
    ];
    for (name, value) in fields {
        assert_eq!(
            trial(Method::GET)
                .set_validators(false)
                .with(name, value)
                .send()
                .asked,
            1,
            "{name}"
        );
    }
    assert_eq!(trial(Method::GET).send().asked, 1, "to be stamped");
    assert_eq!(trial(Method::HEAD).send().asked, 1, "to be stamped");
    assert_eq!(
        trial(Method::PUT).require(Requirement::WRITES).send().asked,
        1
    );
    assert_eq!(trial(Method::POST).require_per_resource().send().asked, 1);

    let range = trial(Method::GET)
        .set_validators(false)
        .with("if-range", "\"1\"");
    assert_eq!(range.with("range", "bytes=0-0").send().asked, 1);
}

// The source borrows the head while it makes its future. The future must not borrow it.
#[tokio::test]
async fn an_asynchronous_source_may_look_at_the_head() {
    fn version(head: &Parts) -> impl std::future::Future<Output = Option<EntityTag>> + use<> {
        let version: Option<u64> = head
            .uri
            .path()
            .strip_prefix("/v")
            .and_then(|v| v.parse().ok());
        async move { version.map(EntityTag::from_version) }
    }
    for (path, status) in [("/v1", 200), ("/v2", 412), ("/none", 412)] {
        let request = Request::put(path)
            .header(IF_MATCH, "\"1\"")
            .body(())
            .unwrap();
        let service = ConditionalLayer::new(source_fn(version)).layer(Handler::default());
        assert_eq!(
            service.oneshot(request).await.unwrap().status(),
            status,
            "{path}"
        );
    }
}

#[test]
fn a_source_may_return_whatever_becomes_an_answer() {
    fn existence(answer: impl IntoAnswer) -> Option<bool> {
        match answer.into_answer() {
            Ok(Selected::Present(_)) => Some(true),
            Ok(_) => Some(false),
            Err(_) => None,
        }
    }
    let tag = EntityTag::from_version(1);
    assert_eq!(existence(tag.clone()), Some(true));
    assert_eq!(existence(Validators::from(tag.clone())), Some(true));
    assert_eq!(existence(Representation::new()), Some(true));
    assert_eq!(existence(None::<EntityTag>), Some(false));
    assert_eq!(existence(Selected::Unknown), Some(false));
    assert_eq!(existence(Ok::<_, std::io::Error>(Some(tag))), Some(true));
    assert_eq!(
        existence(Ok::<_, std::io::Error>(Selected::Missing)),
        Some(false)
    );
    assert_eq!(existence(Err::<EntityTag, _>("no connection")), None);
}
