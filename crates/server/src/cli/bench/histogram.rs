//! How long things took: counts in buckets whose width grows with the value, so that any quantile is right within 0.4 %.

/// Buckets for each doubling of the value.
const STEPS: usize = 1 << STEP_BITS;
const STEP_BITS: u32 = 7;
/// Below this every value has a bucket of its own.
const EXACT_BELOW: u64 = 2 * STEPS as u64;
/// One row for the exact values' upper half and one for each doubling above them.
const BUCKETS: usize = (64 - STEP_BITS as usize) * STEPS + STEPS;

/// Counts of values, by their size.
#[derive(Clone, Debug)]
pub(super) struct Histogram {
    counts: Vec<u64>,
    total: u64,
    sum: u128,
    most: u64,
}

impl Default for Histogram {
    fn default() -> Histogram {
        Histogram { counts: vec![0; BUCKETS], total: 0, sum: 0, most: 0 }
    }
}

impl Histogram {
    /// Counts one value.
    #[inline]
    pub(super) fn record(&mut self, value: u64) {
        self.counts[bucket(value)] += 1;
        self.total += 1;
        self.sum += u128::from(value);
        self.most = self.most.max(value);
    }

    /// Adds what another has counted.
    pub(super) fn add(&mut self, other: &Histogram) {
        self.counts.iter_mut().zip(&other.counts).for_each(|(ours, theirs)| *ours += theirs);
        self.total += other.total;
        self.sum += other.sum;
        self.most = self.most.max(other.most);
    }

    /// How many values were counted.
    pub(super) fn total(&self) -> u64 {
        self.total
    }

    /// The largest value, exactly.
    pub(super) fn most(&self) -> u64 {
        self.most
    }

    /// The mean, exactly; 0 of nothing.
    pub(super) fn mean(&self) -> f64 {
        if self.total == 0 { 0.0 } else { self.sum as f64 / self.total as f64 }
    }

    /// The value below or at which this part of all lie; 0 of nothing.
    pub(super) fn quantile(&self, part: f64) -> u64 {
        let rank = ((self.total as f64 * part).ceil() as u64).max(1);
        if rank >= self.total {
            return self.most;
        }
        let mut below = 0;
        for (index, count) in self.counts.iter().enumerate() {
            below += count;
            if below >= rank && *count > 0 {
                return middle(index).min(self.most);
            }
        }
        self.most
    }
}

/// Which bucket a value belongs to.
#[inline]
fn bucket(value: u64) -> usize {
    if value < EXACT_BELOW {
        return value as usize;
    }
    // The first bits of the value say where in its doubling it lies.
    let shift = 63 - value.leading_zeros() - STEP_BITS;
    shift as usize * STEPS + (value >> shift) as usize
}

/// The value that stands for a bucket.
fn middle(index: usize) -> u64 {
    if index < EXACT_BELOW as usize {
        return index as u64;
    }
    let shift = index / STEPS - 1;
    let first = ((index - shift * STEPS) as u64) << shift;
    first + (1 << shift) / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_told_back_within_half_a_percent() {
        let mut value = 1u64;
        while value < u64::MAX / 3 {
            for near in [value - 1, value, value + 1] {
                let told = middle(bucket(near));
                let error = told.abs_diff(near) as f64 / near.max(1) as f64;
                assert!(error < 0.005, "{near} is told as {told}");
            }
            value += value / 4 + 1;
        }
        assert!(bucket(u64::MAX) < BUCKETS && bucket(0) == 0);
        for border in 1..BUCKETS {
            assert!(middle(border) > middle(border - 1), "bucket {border} stands for no more than the one before");
        }
    }

    #[test]
    fn quantiles_are_those_of_the_sorted_values() {
        let mut histogram = Histogram::default();
        (1..=100_000u64).for_each(|value| histogram.record(value * 1_000));
        for part in [0.5, 0.9, 0.99, 0.999] {
            let (told, exact) = (histogram.quantile(part) as f64, part * 1e8);
            assert!((told - exact).abs() / exact < 0.01, "{part}: {told}, exactly {exact}");
        }
        assert_eq!((histogram.most(), histogram.mean(), histogram.total()), (100_000_000, 50_000_500.0, 100_000));
        assert_eq!(histogram.quantile(1.0), 100_000_000);
        let mut both = Histogram::default();
        both.add(&histogram);
        both.add(&histogram);
        assert_eq!((both.total(), both.quantile(0.5)), (200_000, histogram.quantile(0.5)));
        assert_eq!((Histogram::default().quantile(0.99), Histogram::default().mean()), (0, 0.0));
    }
}
