//! The conditional fields that a request carries: their names, and how they are found.

use std::{slice::from_ref, time::SystemTime};

use http::{
    HeaderMap, HeaderValue, Method,
    header::{IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE, RANGE},
};
use tower_conditional::{
    CurrentState, Decision, EntityTag, Field, HttpDate, Preconditions, Rules, Validators,
};

#[test]
fn a_field_is_displayed_by_its_name() {
    for field in [
        Field::IfMatch,
        Field::IfUnmodifiedSince,
        Field::IfNoneMatch,
        Field::IfModifiedSince,
        Field::IfRange,
    ] {
        assert_eq!(field.to_string(), field.as_str());
        assert!(
            field
                .header_name()
                .as_str()
                .eq_ignore_ascii_case(field.as_str())
        );
    }
    assert_eq!(
        format!("{:>10}|{:.2}", Field::IfMatch, Field::IfMatch),
        "  If-Match|If"
    );
}

// Above 48 names the fields are looked up one by one.
#[test]
fn the_fields_are_found_among_many_names() {
    for others in [0, 40, 47, 48, 49, 200] {
        let with = |lines: &[(http::HeaderName, &'static str)]| {
            let mut headers = HeaderMap::new();
            for i in 0..others {
                let name = http::HeaderName::from_bytes(format!("x-{i}").as_bytes()).unwrap();
                headers.insert(name, HeaderValue::from_static("1"));
            }
            for (name, value) in lines {
                headers.insert(name.clone(), HeaderValue::from_static(value));
            }
            headers
        };
        let decide = |method: &Method, lines: &[(http::HeaderName, &'static str)]| {
            let etag = EntityTag::from_static("\"x\"");
            let date = HttpDate::from_unix_seconds(784_111_777).unwrap();
            let current = Validators::from(etag).with_last_modified(date);
            Preconditions::new(method, &with(lines)).evaluate(
                CurrentState::Present(&current),
                &Rules::RFC9110.coding_suffixes(&["-gzip"]),
                SystemTime::now(),
            )
        };
        let before = "Sun, 06 Nov 1994 08:49:36 GMT";
        let after = "Sun, 06 Nov 1994 08:49:38 GMT";
        let range = (RANGE, "bytes=0-9");
        let (get, put) = (Method::GET, Method::PUT);
        assert!(!Preconditions::new(&put, &with(&[])).is_conditional());
        assert!(!Preconditions::new(&get, &with(from_ref(&range))).is_conditional());
        assert_eq!(decide(&put, &[]), Decision::Unconditional);
        let failed = Decision::PreconditionFailed;
        assert_eq!(decide(&put, &[(IF_MATCH, "\"y\"")]), failed(Field::IfMatch));
        let since = (IF_UNMODIFIED_SINCE, before);
        assert_eq!(decide(&put, &[since]), failed(Field::IfUnmodifiedSince));
        let none = (IF_NONE_MATCH, "*");
        assert_eq!(decide(&put, from_ref(&none)), failed(Field::IfNoneMatch));
        assert_eq!(
            decide(&get, &[none]),
            Decision::NotModified(Field::IfNoneMatch)
        );
        let since = (IF_MODIFIED_SINCE, after);
        assert_eq!(
            decide(&get, from_ref(&since)),
            Decision::NotModified(Field::IfModifiedSince)
        );
        assert_eq!(decide(&put, &[since]), Decision::Unconditional);
        let other = (IF_RANGE, "\"y\"");
        let ranged = [range.clone(), other.clone()];
        assert_eq!(decide(&get, &ranged), Decision::PerformWithoutRange);
        assert_eq!(
            decide(&get, from_ref(&other)),
            Decision::Unconditional,
            "no Range"
        );
        let same = (IF_MATCH, "\"x\"");
        let beside = [other, same.clone()];
        assert_eq!(
            decide(&get, &beside),
            Decision::Perform(Field::IfMatch),
            "no Range"
        );
        let coded = (IF_MATCH, "\"x-gzip\"");
        assert!(decide(&get, from_ref(&coded)).performs());
        assert_eq!(decide(&get, &[coded, range]), failed(Field::IfMatch));
    }
}
