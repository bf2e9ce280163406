//! A bucket in memory: as much of S3 as cachew asks for.
//!
//! One increment is about 20 requests to the store. No S3 server that can be installed here answers
//! 200,000 of them in bounded time: moto answers one after another, in some milliseconds each. So
//! `object_store` makes its requests as always, and this answers them without a network.

use std::{
    collections::BTreeMap,
    fmt::Write,
    future::Future,
    ops::Bound::{Included, Unbounded},
    pin::Pin,
    sync::{Arc, Mutex},
    time::SystemTime,
};

use axum::{
    body::Bytes,
    http::{
        Method, Response, StatusCode, Uri,
        header::{CONTENT_LENGTH, ETAG, IF_MATCH, IF_NONE_MATCH, LAST_MODIFIED},
        request::Parts,
    },
};
use example_support::Timestamp;
use http_body_util::BodyExt;
use object_store::{
    ClientOptions, ObjectStore,
    aws::AmazonS3Builder,
    client::{
        HttpClient, HttpConnector, HttpError, HttpRequest, HttpResponse, HttpResponseBody,
        HttpService,
    },
};
use tokio::task::yield_now;
use tower_conditional::HttpDate;

#[derive(Debug, Default)]
struct Objects {
    by_path: BTreeMap<String, Object>,
    /// Makes the entity tags.
    puts: u64,
}

#[derive(Clone, Debug)]
struct Object {
    content: Bytes,
    tag: String,
    date: String,
}

#[derive(Clone, Debug)]
struct Bucket {
    objects: Arc<Mutex<Objects>>,
    honours_conditions: bool,
}

/// Returns an empty bucket. One that does not honour the conditions of a PUT is of no use for cachew.
pub(crate) fn bucket(honours_conditions: bool) -> Arc<dyn ObjectStore> {
    let bucket = Bucket {
        objects: Arc::default(),
        honours_conditions,
    };
    let builder = AmazonS3Builder::new()
        .with_bucket_name("counter")
        .with_region("us-east-1")
        .with_access_key_id("test")
        .with_secret_access_key("test")
        .with_disable_bulk_delete(true)
        .with_http_connector(bucket);
    Arc::new(builder.build().unwrap())
}

impl HttpConnector for Bucket {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.clone()))
    }
}

impl HttpService for Bucket {
    fn call<'a, 'b>(
        &'a self,
        request: HttpRequest,
    ) -> Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'b>>
    where
        'a: 'b,
    {
        Box::pin(async move {
            // Time for another writer, as on the way to a server and back.
            yield_now().await;
            let (head, content) = request.into_parts();
            let content = content.collect().await?.to_bytes();
            let response = self.answer(&head, content);
            yield_now().await;
            Ok(response.map(HttpResponseBody::from))
        })
    }
}

impl Bucket {
    fn answer(&self, request: &Parts, content: Bytes) -> Response<Bytes> {
        let (uri, headers) = (&request.uri, &request.headers);
        // Whatever is compared and then changed is so under this lock.
        let mut objects = self.objects.lock().unwrap();
        let found = objects.by_path.get(uri.path()).cloned();
        let holds = match &found {
            Some(object) => {
                let matches = headers.get(IF_MATCH).is_none_or(|tag| *tag == object.tag);
                matches && !headers.contains_key(IF_NONE_MATCH)
            }
            None => !headers.contains_key(IF_MATCH),
        };
        let response = Response::builder();
        let response = match (&request.method, found) {
            (&Method::GET, _) if uri.query().is_some_and(|it| it.contains("list-type=2")) => {
                response.body(list(&objects.by_path, uri).into())
            }
            (&Method::GET | &Method::HEAD, None) => {
                response.status(StatusCode::NOT_FOUND).body(Bytes::new())
            }
            _ if !holds && self.honours_conditions => response
                .status(StatusCode::PRECONDITION_FAILED)
                .body(Bytes::new()),
            (&Method::GET | &Method::HEAD, Some(object)) => response
                .header(ETAG, object.tag)
                .header(LAST_MODIFIED, object.date)
                .header(CONTENT_LENGTH, object.content.len())
                .body(object.content),
            (&Method::PUT, _) => {
                objects.puts += 1;
                let tag = format!("\"{}\"", objects.puts);
                let object = Object {
                    content,
                    tag: tag.clone(),
                    date: HttpDate::try_from(SystemTime::now()).unwrap().to_string(),
                };
                objects.by_path.insert(uri.path().to_owned(), object);
                response.header(ETAG, tag).body(Bytes::new())
            }
            (&Method::DELETE, _) => {
                objects.by_path.remove(uri.path());
                response.status(StatusCode::NO_CONTENT).body(Bytes::new())
            }
            (method, _) => panic!("{method} {uri}"),
        };
        response.unwrap()
    }
}

/// Lists all that begins with the prefix, in one page.
fn list(by_path: &BTreeMap<String, Object>, uri: &Uri) -> String {
    let query = uri.query().unwrap_or_default();
    let prefix = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("prefix="));
    let prefix = prefix.unwrap_or_default().replace("%2F", "/");
    let root = format!("{}/", uri.path().trim_end_matches('/'));
    let from = format!("{root}{prefix}");
    let mut xml = "<ListBucketResult>".to_owned();
    let objects = by_path.range((Included(from.clone()), Unbounded));
    for (path, object) in objects.take_while(|(path, _)| path.starts_with(&from)) {
        let (key, tag) = (&path[root.len()..], object.tag.trim_matches('"'));
        let (time, size) = (Timestamp::now(), object.content.len());
        let _ = write!(
            xml,
            "<Contents><Key>{key}</Key><LastModified>{time}</LastModified>\
             <ETag>&quot;{tag}&quot;</ETag><Size>{size}</Size></Contents>"
        );
    }
    xml + "</ListBucketResult>"
}
