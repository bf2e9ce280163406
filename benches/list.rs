//! One tag looked for in a list of entity tags, from 64 bytes to 64 KiB: the time per byte.

use std::{hint::black_box, time::Duration};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use headers::{ETag, HeaderMapExt, IfNoneMatch};
use http::{HeaderMap, HeaderValue, header::IF_NONE_MATCH};
use tower_conditional::{EntityTag, etag::EntityTags};

/// A list of at most this many bytes, and the tag to find: its last member, or a tag that it lacks.
fn list(length: usize, hit: bool) -> (String, String) {
    let tags: Vec<_> = (0..length / 36)
        .map(|number| format!("\"{number:032x}\""))
        .collect();
    let sought = match tags.last() {
        Some(last) if hit => last.clone(),
        _ => format!("\"{:032x}\"", u64::MAX),
    };
    (tags.join(", "), sought)
}

fn contains(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("list");
    group.warm_up_time(Duration::from_secs(1));
    group.measurement_time(Duration::from_secs(2));
    let cases = [64, 512, 4_096, 65_536].map(|length| [(length, true), (length, false)]);
    for (length, hit) in cases.into_iter().flatten() {
        let (line, sought) = list(length, hit);
        let mut headers = HeaderMap::new();
        headers.insert(
            IF_NONE_MATCH,
            HeaderValue::try_from(&line).expect("a field value"),
        );
        let current: EntityTag = sought.parse().expect("an entity tag");
        let typed: ETag = sought.parse().expect("an entity tag");

        let ours = |headers: &HeaderMap| {
            EntityTags::new(headers.get_all(IF_NONE_MATCH)).any(|tag| tag.weak_eq(current.to_ref()))
        };
        let types = |headers: &HeaderMap| {
            headers
                .typed_get::<IfNoneMatch>()
                .is_some_and(|field| !field.precondition_passes(&typed))
        };
        let by_hand = |headers: &HeaderMap| {
            headers.get_all(IF_NONE_MATCH).iter().any(|line| {
                line.to_str()
                    .is_ok_and(|line| line.split(',').any(|tag| tag.trim() == sought))
            })
        };
        let answers = [ours(&headers), types(&headers), by_hand(&headers)];
        assert_eq!(answers, [hit; 3]);
        let case = format!("{length} {}", if hit { "hit" } else { "miss" });

        group.throughput(Throughput::Bytes(line.len() as u64));
        group.bench_function(BenchmarkId::new("tower-conditional", &case), |bencher| {
            bencher.iter(|| ours(black_box(&headers)));
        });
        group.bench_function(BenchmarkId::new("headers", &case), |bencher| {
            bencher.iter(|| types(black_box(&headers)));
        });
        group.bench_function(BenchmarkId::new("split(',')", &case), |bencher| {
            bencher.iter(|| by_hand(black_box(&headers)));
        });
    }
}

criterion_group!(benches, contains);
criterion_main!(benches);
