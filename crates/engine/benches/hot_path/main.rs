//! How long the pieces of fan-out take (`cargo bench -p parlour-engine --bench hot_path`). Times are of one machine at one
//! moment; what must not grow is counted in instructions (instructions.rs).

#![allow(missing_docs)]

mod work;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn pieces(criterion: &mut Criterion) {
    for work in work::ALL {
        let mut group = criterion.benchmark_group("hot path");
        group.throughput(Throughput::Elements(work.times));
        let mut run = (work.prepare)();
        group.bench_function(work.name, |bencher| bencher.iter(&mut run));
        group.finish();
    }
}

criterion_group!(hot_path, pieces);
criterion_main!(hot_path);
