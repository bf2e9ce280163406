//! Evaluation of all preconditions of one request, in time.

use std::{hint::black_box, time::Duration};

use criterion::{
    BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main, measurement::WallTime,
};

mod support {
    pub(crate) mod evaluators;
    pub(crate) mod fields;
    pub(crate) mod workloads;
}
use support::{
    evaluators::{ByHand, Evaluator, Ours, TypedHeaders},
    workloads::{self, Shape, Workload},
};

fn evaluate(criterion: &mut Criterion) {
    for workload in workloads::all() {
        let mut group = criterion.benchmark_group(format!("{} {}", workload.name, workload.about));
        group.warm_up_time(Duration::from_secs(1));
        group.measurement_time(Duration::from_secs(2));
        all(&mut group, &workload);
    }
}

/// The time per byte of a field line that matches nothing.
fn bytes(criterion: &mut Criterion) {
    for shape in Shape::ALL {
        for length in [64, 1_024, 8_192, 65_536] {
            let mut group = criterion.benchmark_group(format!("{length} bytes {}", shape.name()));
            group.warm_up_time(Duration::from_millis(500));
            group.measurement_time(Duration::from_secs(1));
            group.throughput(Throughput::Bytes(length as u64));
            all(&mut group, &shape.workload(length));
        }
    }
}

fn all(group: &mut BenchmarkGroup<'_, WallTime>, workload: &Workload) {
    bench::<Ours>(group, workload);
    bench::<TypedHeaders>(group, workload);
    bench::<ByHand>(group, workload);
}

fn bench<E: Evaluator>(group: &mut BenchmarkGroup<'_, WallTime>, workload: &Workload) {
    let evaluator = E::default();
    evaluator.check(workload);
    if E::is_wrong_about(workload) {
        return;
    }
    group.bench_function(E::NAME, |bencher| {
        bencher.iter(|| {
            let Workload {
                method, headers, ..
            } = black_box(workload);
            evaluator.evaluate(method, headers)
        });
    });
}

criterion_group!(benches, evaluate, bytes);
criterion_main!(benches);
