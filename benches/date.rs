//! Reading and writing HTTP-dates, compared with `httpdate`.

use std::{
    hint::black_box,
    time::{Duration, SystemTime},
};

use criterion::{Criterion, criterion_group, criterion_main};
use tower_conditional::HttpDate;

const FORMS: [(&str, &str); 3] = [
    ("IMF-fixdate", "Sun, 06 Nov 1994 08:49:37 GMT"),
    ("RFC 850", "Sunday, 06-Nov-94 08:49:37 GMT"),
    ("asctime", "Sun Nov  6 08:49:37 1994"),
];

/// The date that all three forms contain.
const SECONDS: u64 = 784_111_777;

fn read(criterion: &mut Criterion) {
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(SECONDS);
    let now = SystemTime::now();
    for (form, date) in FORMS {
        let mut group = criterion.benchmark_group(format!("date/read {form}"));
        let ours = |date: &str| HttpDate::parse(date.as_bytes(), now);
        assert_eq!(ours(date), HttpDate::try_from(time));
        assert_eq!(httpdate::parse_http_date(date).ok(), Some(time));
        group.bench_function("tower-conditional", |bencher| {
            bencher.iter(|| ours(black_box(date)));
        });
        group.bench_function("httpdate", |bencher| {
            bencher.iter(|| httpdate::parse_http_date(black_box(date)));
        });
    }
}

fn write(criterion: &mut Criterion) {
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(SECONDS);
    let mut group = criterion.benchmark_group("date/write");
    let ours = |time| HttpDate::try_from(time).map(|date| date.to_string());
    assert_eq!(ours(time).as_deref(), Ok(FORMS[0].1));
    assert_eq!(httpdate::fmt_http_date(time), FORMS[0].1);
    group.bench_function("tower-conditional", |bencher| {
        bencher.iter(|| ours(black_box(time)));
    });
    group.bench_function("httpdate", |bencher| {
        bencher.iter(|| httpdate::fmt_http_date(black_box(time)));
    });
}

criterion_group!(benches, read, write);
criterion_main!(benches);
