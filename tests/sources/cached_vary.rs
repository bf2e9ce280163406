//! The secondary key of `Cached`: the fields that the answer's `Vary` names.

use std::{convert::Infallible, fs, time::Duration};

use axum::body::Body;
use http::{HeaderMap, Method, Request, Response, StatusCode, header::VARY};
use http_body_util::BodyExt;
use tower::{Layer, Service, ServiceExt, service_fn};
use tower_conditional::{ByHead, Cached, ConditionalLayer, Representation, ready_fn};
use tower_http::services::ServeDir;

use crate::support::{Counter, assert_answer, request, response, tag};

const LONG: Duration = Duration::from_secs(3600);

/// A service behind `Cached` and `ByHead`, and the number of HEAD requests. `answer` returns the
/// fields of a response.
fn cached_by_head(
    answer: impl Fn(&HeaderMap) -> Vec<(&'static str, &'static str)> + Clone + Send + Sync + 'static,
) -> (
    impl Service<Request<String>, Response: Answered, Error = Infallible, Future: Send> + Clone,
    Counter,
) {
    let heads = Counter::default();
    let counter = heads.clone();
    let service = service_fn(move |request: Request<String>| {
        if request.method() == Method::HEAD {
            counter.add_one();
        }
        let answer: Response<String> = response(200, &answer(request.headers()));
        async { Ok::<_, Infallible>(answer) }
    });
    let source = Cached::new(ByHead::<String>::new(), 100, LONG);
    (ConditionalLayer::new(source).layer(service), heads)
}

trait Answered {
    fn code(&self) -> u16;
}

impl<B> Answered for Response<B> {
    fn code(&self) -> u16 {
        self.status().as_u16()
    }
}

async fn get<S>(service: &S, fields: &[(&'static str, &str)]) -> u16
where
    S: Service<Request<String>, Response: Answered, Error = Infallible> + Clone,
{
    let asked = request(Method::GET, "/a", fields);
    service.clone().oneshot(asked).await.unwrap().code()
}

fn value<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

/// Once, `en` got a 304 for the tag of `it`, because the answer for `it` was kept for all.
#[tokio::test]
async fn one_language_does_not_answer_for_another() {
    let (service, heads) = cached_by_head(|headers| {
        let etag = if value(headers, "accept-language").starts_with("it") {
            "\"it\""
        } else {
            "\"en\""
        };
        vec![("etag", etag), ("vary", "Accept-Language")]
    });
    for round in 1..3 {
        for (language, etag, status) in [
            (Some("it"), "\"it\"", 304),
            (Some("en"), "\"it\"", 200),
            (Some("en"), "\"en\"", 304),
            (Some("it"), "\"en\"", 200),
            (None, "\"en\"", 304),
            (None, "\"it\"", 200),
            (Some(""), "\"it\"", 200),
        ] {
            let mut fields = vec![("if-none-match", etag)];
            fields.extend(language.map(|language| ("accept-language", language)));
            assert_eq!(get(&service, &fields).await, status, "{language:?} {etag}");
        }
        assert_eq!(heads.get(), 4, "one for each language, round {round}");
    }
}

#[tokio::test]
async fn one_user_does_not_see_the_page_of_another() {
    let (service, heads) = cached_by_head(|headers| {
        let etag = match value(headers, "cookie") {
            "user=1" => "\"page-of-1\"",
            "user=2" => "\"page-of-2\"",
            _ => "\"login\"",
        };
        vec![("etag", etag), ("vary", "accept, COOKIE"), ("vary", "")]
    });
    for _ in 0..2 {
        for (cookie, etag, status) in [
            ("user=1", "\"page-of-1\"", 304),
            ("user=2", "\"page-of-1\"", 200),
            ("user=2", "\"page-of-2\"", 304),
            ("", "\"page-of-1\"", 200),
        ] {
            let fields = [("cookie", cookie), ("if-none-match", etag)];
            assert_eq!(get(&service, &fields).await, status, "{cookie} {etag}");
        }
    }
    assert_eq!(heads.get(), 3);
}

/// RFC 9111 section 4.1.
#[tokio::test]
async fn lines_are_joined_before_they_are_compared() {
    let (service, heads) = cached_by_head(|_| vec![("etag", "\"1\""), ("vary", "accept-language")]);
    let asked = |languages: &[&'static str]| {
        let mut fields = vec![("if-none-match", "\"1\"")];
        fields.extend(
            languages
                .iter()
                .map(|language| ("accept-language", *language)),
        );
        fields
    };
    for (languages, questions) in [
        (&["it, en"][..], 1),
        (&["it", "en"], 1),
        (&["it", " en "], 1),
        (&["it"], 2),
        (&["en", "it"], 3),
        (&["it, ", "en"], 4),
        (&["it, en", ""], 5),
        (&["it", "en"], 5),
    ] {
        assert_eq!(get(&service, &asked(languages)).await, 304);
        assert_eq!(heads.get(), questions, "{languages:?}");
    }
}

#[tokio::test]
async fn an_answer_that_varies_on_what_no_key_has_is_not_kept() {
    const MANY: &str = "a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q";
    for (vary, kept) in [
        ("accept", true),
        ("", true),
        ("*", false),
        ("accept, *", false),
        ("accept language", false),
        ("\"accept\"", false),
        (MANY, false),
        (&MANY[..MANY.len() - 2], true),
        ("a, A, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a", true),
    ] {
        let (service, heads) = cached_by_head(move |_| vec![("etag", "\"1\""), ("vary", vary)]);
        for _ in 0..3 {
            assert_eq!(get(&service, &[("if-none-match", "\"1\"")]).await, 304);
        }
        assert_eq!(heads.get() == 1, kept, "{vary}");
    }
}

/// Variants of one key are bounded, and the newest stay.
#[tokio::test]
async fn the_number_of_variants_is_bounded() {
    let (service, heads) = cached_by_head(|_| vec![("etag", "\"1\""), ("vary", "cookie")]);
    for n in 0..200 {
        let cookie = n.to_string();
        let fields = [("if-none-match", "\"1\""), ("cookie", &cookie)];
        assert_eq!(get(&service, &fields).await, 304);
    }
    assert_eq!(heads.get(), 200);
    for n in (190..200).rev() {
        let cookie = n.to_string();
        get(&service, &[("if-none-match", "\"1\""), ("cookie", &cookie)]).await;
    }
    assert_eq!(heads.get(), 200, "the newest are there");
    for n in 0..10 {
        let cookie = n.to_string();
        get(&service, &[("if-none-match", "\"1\""), ("cookie", &cookie)]).await;
    }
    assert_eq!(heads.get(), 210, "the oldest are not");
}

#[tokio::test]
async fn what_a_variant_depends_on_may_differ() {
    let (service, heads) = cached_by_head(|headers| match value(headers, "accept-language") {
        "it" => vec![("etag", "\"it\""), ("vary", "accept-language, accept")],
        _ => vec![("etag", "\"en\""), ("vary", "accept-language")],
    });
    for _ in 0..2 {
        for (language, accept, etag, status) in [
            ("it", "a/a", "\"it\"", 304),
            ("it", "b/b", "\"it\"", 304),
            ("en", "a/a", "\"it\"", 200),
            ("en", "b/b", "\"en\"", 304),
        ] {
            let negotiated = [("accept-language", language), ("accept", accept)];
            let fields = [&negotiated[..], &[("if-none-match", etag)]].concat();
            assert_eq!(get(&service, &fields).await, status, "{language} {accept}");
        }
    }
    assert_eq!(heads.get(), 3);
}

#[tokio::test]
async fn any_source_can_say_what_its_answer_depends_on() {
    let source = ready_fn(|head: &http::request::Parts| {
        Representation::from(tag(value(&head.headers, "accept")))
            .with_field(VARY, http::HeaderValue::from_static("accept"))
    });
    let handler = service_fn(|_: Request<String>| async {
        Ok::<_, Infallible>(response::<String>(200, &[]))
    });
    let source = Cached::new(source, 100, LONG);
    let service = ConditionalLayer::new(source).layer(handler);
    for _ in 0..2 {
        for (accept, status) in [("a/a", 304), ("b/b", 200)] {
            let fields = [("accept", accept), ("if-none-match", "\"a/a\"")];
            assert_eq!(get(&service, &fields).await, status);
        }
    }
}

/// Once, `If-Range` with the date or tag of one coding got a part of another, and a true
/// `If-Match` got a 412.
#[tokio::test]
async fn one_coding_does_not_answer_for_another() {
    let folder = std::env::temp_dir().join(format!("cached-vary-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("a.txt"), "plain text").unwrap();
    fs::write(folder.join("a.txt.gz"), "gzip bytes, which are others").unwrap();
    // The codings have other dates, so that one can be told from the other.
    let old = std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
    let file = fs::File::options()
        .write(true)
        .open(folder.join("a.txt.gz"));
    file.unwrap().set_modified(old).unwrap();

    let source = Cached::new(ByHead::<Body>::new(), 100, LONG);
    let files = ServeDir::new(&folder).precompressed_gzip();
    let service = ConditionalLayer::new(source).layer(files);
    let get = |fields: Vec<(&'static str, String)>| {
        let service = service.clone();
        async move {
            let mut request = Request::get("/a.txt");
            for (name, value) in fields {
                request = request.header(name, value);
            }
            let response = service.oneshot(request.body(Body::empty()).unwrap()).await;
            let (head, body) = response.unwrap().into_parts();
            (head, body.collect().await.unwrap().to_bytes())
        }
    };
    let gzip = || ("accept-encoding", "gzip".to_owned());
    let (plain, _) = get(vec![]).await;
    let (coded, _) = get(vec![gzip()]).await;
    let date =
        |head: &http::response::Parts| head.headers["last-modified"].to_str().unwrap().to_owned();
    let (plain, coded) = (date(&plain), date(&coded));
    assert_ne!(plain, coded);

    let range = || ("range", "bytes=2-3".to_owned());
    for _ in 0..2 {
        let (head, body) = get(vec![gzip(), range(), ("if-range", coded.clone())]).await;
        assert_eq!(
            (head.status, &*body),
            (StatusCode::PARTIAL_CONTENT, &b"ip"[..])
        );
        let (head, body) = get(vec![range(), ("if-range", coded.clone())]).await;
        assert_eq!((head.status, &*body), (StatusCode::OK, &b"plain text"[..]));
        let (head, _) = get(vec![gzip(), ("if-unmodified-since", coded.clone())]).await;
        assert_eq!(head.status, StatusCode::OK);
        let (head, _) = get(vec![("if-unmodified-since", coded.clone())]).await;
        assert_eq!(head.status, StatusCode::PRECONDITION_FAILED);
        let (head, _) = get(vec![gzip(), ("if-modified-since", coded.clone())]).await;
        assert_eq!(head.status, StatusCode::NOT_MODIFIED);
    }
    fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn nothing_of_the_key_is_shown() {
    let source = ready_fn(|_| {
        Representation::from(tag("1")).with_field(VARY, http::HeaderValue::from_static("cookie"))
    });
    let source = Cached::new(source, 100, LONG);
    let handler = service_fn(|_: Request<String>| async {
        Ok::<_, Infallible>(response::<String>(200, &[]))
    });
    let service = ConditionalLayer::new(source.clone()).layer(handler);
    let fields = [
        ("if-none-match", "\"1\""),
        ("cookie", "secret"),
        ("host", "secret"),
    ];
    let asked: Request<String> = request(Method::GET, "/secret", &fields);
    let answer = service.clone().oneshot(asked).await.unwrap();
    assert_answer(&answer, 304, Some("\"1\""));
    let shown = format!("{source:?} {service:?}");
    assert!(!shown.contains("secret"), "{shown}");
}
