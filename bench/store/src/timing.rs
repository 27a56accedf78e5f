//! Processor time of the whole process, and how long each of many reads takes.

use std::time::Instant;

use anyhow::Result;
use parlour_store::Later;
use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};

/// Processor time that this process has used, in microseconds: the store's threads are in it.
pub(crate) fn processor_us() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 * 1e6 + time.tv_nsec as f64 / 1e3
}

/// Many reads, one after the other.
pub(crate) struct Measured {
    cpu_us: f64,
    took_us: Vec<f64>,
}

/// Reads so many times.
///
/// # Errors
/// What the first read that fails says.
pub(crate) async fn measured<T>(times: usize, read: impl Fn(u64) -> Later<T>) -> Result<Measured> {
    let mut took_us = Vec::with_capacity(times);
    let before = processor_us();
    for number in 0..times as u64 {
        let began = Instant::now();
        read(number).await?;
        took_us.push(began.elapsed().as_secs_f64() * 1e6);
    }
    Ok(Measured { cpu_us: (processor_us() - before) / times as f64, took_us })
}

impl Measured {
    pub(crate) fn json(mut self) -> Value {
        let (p50, p99) = (percentile(&mut self.took_us, 0.5), percentile(&mut self.took_us, 0.99));
        json!({ "cpu_us": self.cpu_us, "p50_us": p50, "p99_us": p99 })
    }
}

/// The value below which this part of the values is. Sorts them.
pub(crate) fn percentile(values: &mut [f64], part: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get((values.len() as f64 * part) as usize).copied().unwrap_or(f64::NAN)
}
