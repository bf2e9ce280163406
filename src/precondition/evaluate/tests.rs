//! What an evaluation does not do.

use std::cell::Cell;

use http::{
    HeaderValue,
    header::{RANGE, USER_AGENT},
};

use super::*;

#[test]
fn the_clock_is_read_only_to_compare_a_date() {
    const TAG: &str = "\"1\"";
    const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
    let current = Validators::from(EntityTag::from_static(TAG));
    let current = current.with_last_modified(HttpDate::from_unix_seconds(784_111_777).unwrap());
    for (method, name, value, reads) in [
        (Method::GET, USER_AGENT, "test", 0),
        (Method::GET, IF_NONE_MATCH, TAG, 0),
        (Method::GET, IF_NONE_MATCH, "\"2\"", 0),
        (Method::PUT, IF_MATCH, TAG, 0),
        (Method::PUT, IF_MATCH, "*", 0),
        (Method::GET, IF_RANGE, TAG, 0),
        (Method::GET, IF_RANGE, DATE, 1),
        (Method::GET, IF_MODIFIED_SINCE, DATE, 1),
        (Method::PUT, IF_UNMODIFIED_SINCE, DATE, 1),
    ] {
        let mut headers = HeaderMap::from_iter([(RANGE, HeaderValue::from_static("bytes=0-1"))]);
        headers.insert(&name, HeaderValue::from_static(value));
        let read = Cell::new(0);
        let now = || {
            read.set(read.get() + 1);
            SystemTime::now()
        };
        let preconditions = Preconditions::new(&method, &headers);
        let current = CurrentState::Present(&current);
        preconditions.evaluate_at(current, &Rules::RFC9110, now, &mut false);
        assert_eq!(read.get(), reads, "{name}: {value}");
    }
}
