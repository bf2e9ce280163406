//! The cost of the layer around a service in process, in time.

use std::{hint::black_box, time::Duration};

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};

mod support {
    pub(crate) mod cases;
    pub(crate) mod fields;
    pub(crate) mod services;
}
use support::{cases::Case, services::Server};

fn service(criterion: &mut Criterion) {
    for case in Case::all() {
        let mut group = criterion.benchmark_group(format!("service {}", case.name));
        group.measurement_time(Duration::from_secs(2));
        let head = case.head();
        let request = || case.request(head.clone());
        for server in Server::ALL {
            let mut call = server.start(&case);
            assert_eq!(call(request()), server.status(&case), "{}", case.about);
            group.bench_function(server.name(), |bencher| {
                bencher.iter_batched(
                    request,
                    |request| call(black_box(request)),
                    BatchSize::SmallInput,
                );
            });
        }
    }
}

criterion_group!(benches, service);
criterion_main!(benches);
