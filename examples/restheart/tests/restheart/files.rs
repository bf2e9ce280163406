//! File buckets: documents with content, which has the same tag.

use example_support::scenario::{Response, Server};

use super::{JSON, get, object_id, put, put_if_match, with_doc};

const BUCKET: &str = "/test/pictures.files";
const FILE: &str = "/test/pictures.files/logo";
const BINARY: &str = "/test/pictures.files/logo/binary";

const FORM: (&str, &str) = ("Content-Type", "multipart/form-data; boundary=xyz");

fn form(properties: &str, content: &str) -> String {
    format!(
        "--xyz\r\nContent-Disposition: form-data; name=\"properties\"\r\n\r\n{properties}\r\n\
         --xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"logo.svg\"\r\n\
         Content-Type: image/svg+xml\r\n\r\n{content}\r\n--xyz--\r\n"
    )
}

async fn upload(server: &Server, target: &str, fields: &[(&str, &str)], form: &str) -> Response {
    let fields = [&[FORM], fields].concat();
    server.send_content("PUT", target, &fields, form).await
}

async fn with_file() -> Server {
    let server = with_doc().await;
    put(&server, BUCKET, r#"{"descr": "a bucket"}"#)
        .await
        .expect(201);
    upload(&server, FILE, &[], &form(r#"{"by": "me"}"#, "<svg>1</svg>"))
        .await
        .expect(201);
    server
}

#[tokio::test]
async fn a_file_has_metadata_and_content_with_one_tag() {
    let server = with_file().await;
    let metadata = get(&server, FILE).await.expect(200);
    let file = metadata.json();
    assert_eq!(file["_id"], "logo");
    assert_eq!(file["by"], "me");
    assert_eq!(file["filename"], "logo.svg");
    assert_eq!(file["contentType"], "image/svg+xml");
    assert_eq!(file["length"], 12);

    let content = get(&server, BINARY).await.expect(200);
    assert_eq!(content.content, "<svg>1</svg>");
    assert_eq!(content.field("content-type"), Some("image/svg+xml"));
    assert_eq!(object_id(&content), object_id(&metadata));
    assert_eq!(file["_etag"]["$oid"], object_id(&metadata));
}

/// "This is especially useful for file resources."
#[tokio::test]
async fn a_cache_revalidates_a_file_without_the_data() {
    let server = with_file().await;
    let tag = object_id(&get(&server, BINARY).await);
    for target in [FILE, BINARY] {
        let unchanged = server
            .send("GET", target, &[("If-None-Match", &tag)])
            .await
            .expect(304);
        assert_eq!(unchanged.content, "");
        assert_eq!(object_id(&unchanged), tag);
    }
    upload(&server, FILE, &[], &form("{}", "<svg>2</svg>"))
        .await
        .expect(200);
    for target in [FILE, BINARY] {
        server
            .send("GET", target, &[("If-None-Match", &tag)])
            .await
            .expect(200);
    }
}

#[tokio::test]
async fn a_range_is_part_of_the_tag_that_it_names() {
    let server = with_file().await;
    let tag = object_id(&get(&server, BINARY).await);
    let range = |fields: &[(&'static str, &'static str)]| {
        let mut fields = fields.to_vec();
        fields.insert(0, ("Range", "bytes=5-7"));
        fields
    };
    let part = server.send("GET", BINARY, &range(&[])).await.expect(206);
    assert_eq!(part.content, "1</");
    assert_eq!(part.field("content-range"), Some("bytes 5-7/12"));
    assert_eq!(object_id(&part), tag);

    // The tag as the service sends it, and as RFC 9110 has it.
    for current in [tag.clone(), format!("\"{tag}\"")] {
        let mut fields = range(&[]);
        fields.push(("If-Range", current.leak()));
        let part = server.send("GET", BINARY, &fields).await.expect(206);
        assert_eq!(part.content, "1</");
    }
    // Another state, a weak tag, a tag that a proxy has changed, a date: the whole.
    upload(&server, FILE, &[], &form("{}", "<svg>2</svg>"))
        .await
        .expect(200);
    let current = object_id(&get(&server, BINARY).await);
    for other in [
        tag,
        format!("W/\"{current}\""),
        format!("{current}-gzip"),
        "\"\"".to_owned(),
        "Sun, 06 Nov 1994 08:49:37 GMT".to_owned(),
    ] {
        let mut fields = range(&[]);
        fields.push(("If-Range", other.leak()));
        let whole = server.send("GET", BINARY, &fields).await.expect(200);
        assert_eq!(whole.content, "<svg>2</svg>");
    }
}

#[tokio::test]
async fn ranges_are_those_of_the_rfc() {
    let server = with_file().await;
    for (range, status, content, content_range) in [
        ("bytes=0-4", 206, "<svg>", Some("bytes 0-4/12")),
        ("bytes=6-", 206, "</svg>", Some("bytes 6-11/12")),
        ("bytes=-6", 206, "</svg>", Some("bytes 6-11/12")),
        (
            "Bytes=11-99999999999999999999999",
            206,
            ">",
            Some("bytes 11-11/12"),
        ),
        ("bytes=-99", 206, "<svg>1</svg>", Some("bytes 0-11/12")),
        ("bytes=12-", 416, "", Some("bytes */12")),
        ("bytes=-0", 416, "", Some("bytes */12")),
        (
            "bytes=99999999999999999999999-",
            416,
            "",
            Some("bytes */12"),
        ),
        // What does not parse, and several ranges, are ignored.
        ("bytes=4-1", 200, "<svg>1</svg>", None),
        ("bytes=0-0,2-2", 200, "<svg>1</svg>", None),
        ("bytes=", 200, "<svg>1</svg>", None),
        ("bytes=-", 200, "<svg>1</svg>", None),
        ("bytes=+1-2", 200, "<svg>1</svg>", None),
        ("lines=0-1", 200, "<svg>1</svg>", None),
    ] {
        let response = server
            .send("GET", BINARY, &[("Range", range)])
            .await
            .expect(status);
        assert_eq!(response.content, content, "{range}");
        assert_eq!(response.field("content-range"), content_range, "{range}");
        assert_eq!(response.field("accept-ranges"), Some("bytes"));
    }
    // An empty file has no part.
    upload(&server, FILE, &[], &form("{}", ""))
        .await
        .expect(200);
    for (range, status) in [("bytes=0-", 416), ("bytes=-1", 200)] {
        server
            .send("GET", BINARY, &[("Range", range)])
            .await
            .expect(status);
    }
}

#[tokio::test]
async fn a_file_is_guarded_as_a_document_is() {
    let server = with_file().await;
    let old = object_id(&get(&server, FILE).await);
    let new = upload(
        &server,
        FILE,
        &[("If-Match", &old)],
        &form(r#"{"by": "me"}"#, "<svg>2</svg>"),
    )
    .await
    .expect(200);
    let new = object_id(&new);
    assert_ne!(new, old);

    let stale = [("If-Match", old.as_str())];
    for (method, form) in [
        ("PUT", form("{}", "<svg>3</svg>")),
        ("DELETE", String::new()),
    ] {
        let fields = [&[FORM][..], &stale].concat();
        let refused = server.send_content(method, FILE, &fields, &form).await;
        assert_eq!(object_id(&refused.expect(412)), new);
    }
    server
        .send_content("PATCH", FILE, &[JSON, stale[0]], r#"{"by": "you"}"#)
        .await
        .expect(412);
    let forced = format!("{FILE}?checkEtag");
    upload(&server, &forced, &[], &form("{}", "<svg>3</svg>"))
        .await
        .expect(409);
    assert_eq!(get(&server, BINARY).await.content, "<svg>2</svg>");
    let metadata = get(&server, FILE).await;
    assert_eq!(
        (metadata.json()["by"].as_str(), object_id(&metadata)),
        (Some("me"), new)
    );
}

/// "The policy applies for … collections (also applies to file buckets) and documents."
#[tokio::test]
async fn the_policies_apply_to_buckets_and_to_files() {
    let server = with_file().await;
    let bucket = server.send("DELETE", BUCKET, &[]).await.expect(409);
    get(&server, FILE).await.expect(200);

    let demand = r#"{"etagDocPolicy": "REQUIRED"}"#;
    put_if_match(&server, BUCKET, &object_id(&bucket), demand)
        .await
        .expect(200);
    let replace = form("{}", "<svg>2</svg>");
    let current = object_id(&upload(&server, FILE, &[], &replace).await.expect(409));
    assert_eq!(get(&server, BINARY).await.content, "<svg>1</svg>");
    upload(&server, FILE, &[("If-Match", &current)], &replace)
        .await
        .expect(200);
    assert_eq!(get(&server, BINARY).await.content, "<svg>2</svg>");
}

#[tokio::test]
async fn a_bucket_lists_files_and_takes_new_ones() {
    let server = with_file().await;
    let form = form(r#"{"by": "you"}"#, "<svg>2</svg>");
    let created = server
        .send_content("POST", BUCKET, &[FORM], &form)
        .await
        .expect(201);
    let location = created.field("location").unwrap().to_owned();
    let content = get(&server, &format!("{location}/binary"))
        .await
        .expect(200);
    assert_eq!(content.content, "<svg>2</svg>");
    assert_eq!(object_id(&content), object_id(&created));

    let list = get(&server, BUCKET).await.expect(200).json();
    assert_eq!(list["_returned"], 2);
    let files = list["_embedded"]["rh:file"].as_array().unwrap();
    assert!(files.iter().any(|file| file["_id"] == "logo"));
    let db = get(&server, "/test").await.expect(200).json();
    assert_eq!(db["_embedded"]["rh:bucket"][0]["_id"], "pictures.files");
    assert_eq!(db["_embedded"]["rh:coll"][0]["_id"], "coll");
}

#[tokio::test]
async fn forms_are_checked() {
    let server = with_file().await;
    let before = get(&server, FILE).await.json();
    for (content_type, form, status) in [
        ("application/json", r#"{"by": "you"}"#.to_owned(), 415),
        ("multipart/form-data", form("{}", "x"), 415),
        (FORM.1, "--xyz".to_owned(), 400),
        (FORM.1, "--xyz--\r\n".to_owned(), 400),
        (FORM.1, String::new(), 400),
        (FORM.1, form("[]", "x"), 400),
        (FORM.1, form(r#"{"_id": "other"}"#, "x"), 406),
        (FORM.1, form("{}", "x").replace("\"file\"", "\"else\""), 400),
    ] {
        let fields = [("Content-Type", content_type)];
        let refused = server.send_content("PUT", FILE, &fields, &form).await;
        assert_eq!(refused.expect(status).json()["http status code"], status);
    }
    // The file's own properties are not a client's to set.
    let patch = r#"{"length": 1, "by": "you"}"#;
    server
        .send_content("PATCH", "/test/pictures.files/none", &[JSON], patch)
        .await
        .expect(404);
    assert_eq!(get(&server, FILE).await.json(), before);
    server
        .send_content("PATCH", FILE, &[JSON], patch)
        .await
        .expect(200);
    let after = get(&server, FILE).await.json();
    assert_eq!(
        (&after["length"], &after["by"]),
        (&12.into(), &"you".into())
    );
    assert_eq!(get(&server, BINARY).await.content, "<svg>1</svg>");

    // What is no file has no content, whatever the precondition.
    for fields in [&[][..], &[("If-None-Match", "*")]] {
        server
            .send("GET", "/test/coll/doc/binary", fields)
            .await
            .expect(404);
    }
}
