//! The cost of the comparison rules, in time.

use std::{hint::black_box, time::Duration};

use criterion::{Criterion, criterion_group, criterion_main};

mod support {
    pub(crate) mod fields;
    pub(crate) mod tolerances;
}
use support::tolerances::Tolerance;

fn rules(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("rules");
    group.warm_up_time(Duration::from_millis(500));
    group.measurement_time(Duration::from_secs(1));
    for tolerance in Tolerance::all() {
        tolerance.check();
        group.bench_function(tolerance.name, |bencher| {
            bencher.iter(|| black_box(&tolerance).evaluate());
        });
    }
}

criterion_group!(benches, rules);
criterion_main!(benches);
