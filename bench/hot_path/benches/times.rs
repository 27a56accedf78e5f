//! How long the pieces of fan-out take (`cargo bench -p parlour-hot-path`). Times are of one machine at one
//! moment; what must not grow is counted in instructions (bench/instructions).

#![allow(missing_docs)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn pieces(criterion: &mut Criterion) {
    for work in hot_path::ALL {
        let mut group = criterion.benchmark_group("hot path");
        group.throughput(Throughput::Elements(work.times));
        let mut run = (work.prepare)();
        group.bench_function(work.name, |bencher| bencher.iter(&mut run));
        group.finish();
    }
}

criterion_group!(times, pieces);
criterion_main!(times);
