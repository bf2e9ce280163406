//! Conversions from and to the `headers` crate.

use headers::{ETag, Header, IfMatch, IfModifiedSince, IfNoneMatch, IfRange, LastModified};
use http::HeaderValue;
use tower_conditional::{EntityTag, HttpDate};

fn values(field: &impl Header) -> Vec<HeaderValue> {
    let mut values = Vec::new();
    field.encode(&mut values);
    values
}

#[test]
fn a_tag_keeps_its_bytes() {
    for bytes in [
        &b"\"7\""[..],
        b"W/\"7\"",
        b"\"\"",
        b"W/\"\"",
        b"\"a,b\\\"",
        b"\"caf\xE9\x80\xFF\"",
        b"\"!#~\"",
    ] {
        let tag = EntityTag::try_from(HeaderValue::from_bytes(bytes).unwrap()).unwrap();
        let typed = ETag::from(tag.clone());
        assert_eq!(typed.is_weak(), tag.is_weak());
        assert_eq!(values(&typed), [tag.as_header_value()]);
        assert_eq!(values(&IfMatch::from(tag.clone())), [tag.as_header_value()]);
        let listed = IfNoneMatch::from(tag.clone());
        assert_eq!(values(&listed), [tag.as_header_value()]);
        assert_eq!(values(&IfRange::from(tag.clone())), [tag.as_header_value()]);
        assert_eq!(EntityTag::try_from(typed).unwrap().as_bytes(), bytes);
    }
}

#[test]
fn a_date_keeps_its_second() {
    let date = HttpDate::from_unix_seconds(784_111_777).unwrap();
    let typed = LastModified::try_from(date).unwrap();
    assert_eq!(values(&typed), ["Sun, 06 Nov 1994 08:49:37 GMT"]);
    assert_eq!(HttpDate::try_from(typed).unwrap(), date);
    let since = IfModifiedSince::try_from(date).unwrap();
    assert_eq!(HttpDate::try_from(since).unwrap(), date);
    let range = IfRange::try_from(date).unwrap();
    assert_eq!(values(&range), ["Sun, 06 Nov 1994 08:49:37 GMT"]);
}

#[test]
fn what_the_other_crate_does_not_have_is_an_error() {
    let early = HttpDate::from_unix_seconds(-1).unwrap();
    assert!(LastModified::try_from(early).is_err());
}
