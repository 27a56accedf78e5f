//! From a few short measurements to what a machine would hold: pure arithmetic, with its assumptions in the open.

/// Of the memory that is free, so much may be taken.
pub(super) const MEMORY_PART: f64 = 0.8;
/// A server that takes more of its core than this has no breath left for peaks.
pub(super) const CPU_PART: f64 = 0.7;
/// How people are supposed to be: everyone says one thing a minute, to a room of so many.
pub(super) const SAYS_PER_S: f64 = 1.0 / 60.0;
pub(super) const ROOM_OF: f64 = 50.0;
/// Files and sockets a house keeps for itself.
const DESCRIPTORS_KEPT: f64 = 128.0;

/// What was measured. What could not be is absent.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Measured {
    /// Of the server's memory for someone who is there, in bytes, and of the kernel's at the server's end.
    pub(super) person_bytes: Option<f64>,
    pub(super) kernel_bytes: Option<f64>,
    /// Memory that programs could still have.
    pub(super) free_bytes: Option<f64>,
    /// Files and sockets the server may have.
    pub(super) descriptors: Option<f64>,
    /// The server's CPU for one delivery when nothing is batched, in µs, and for one message beside its deliveries.
    pub(super) delivery_us: Option<f64>,
    pub(super) message_us: Option<f64>,
    /// Messages a second as fast as it goes, in a room of so many; a small one and a large one.
    pub(super) small: (f64, f64),
    pub(super) large: (f64, f64),
    /// Messages a second that are stored, when many send, and how long one alone takes, in µs.
    pub(super) stored_per_s: Option<f64>,
    pub(super) lone_us: Option<f64>,
}

/// What may run out first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bound {
    pub(super) what: &'static str,
    /// So many people use it up.
    pub(super) people: f64,
}

impl Measured {
    /// What holds how many people, the tightest first.
    pub(super) fn bounds(&self) -> Vec<Bound> {
        let each = self.person_bytes.zip(self.kernel_bytes).map(|(process, kernel)| process.max(0.0) + kernel.max(0.0));
        let memory = each.zip(self.free_bytes).map(|(each, free)| free * MEMORY_PART / each.max(1.0));
        let cpu = self.person_cpu_us().map(|each| CPU_PART * 1e6 / each);
        let disk = self.stored_per_s.map(|stored| stored * CPU_PART / SAYS_PER_S);
        let all = [
            ("memory", memory),
            ("files and sockets one process may open", self.descriptors.map(|limit| limit - DESCRIPTORS_KEPT)),
            ("one CPU core", cpu),
            ("writing to the disk", disk),
        ];
        let mut bounds: Vec<Bound> =
            all.iter().filter_map(|(what, people)| Some(Bound { what, people: (*people)? })).collect();
        bounds.sort_by(|a, b| a.people.total_cmp(&b.people));
        bounds
    }

    /// What one person costs the server each second, as people are supposed to be.
    pub(super) fn person_cpu_us(&self) -> Option<f64> {
        let (delivery, message) = self.delivery_us.zip(self.message_us)?;
        Some(SAYS_PER_S * (message + ROOM_OF * delivery))
    }

    /// Messages a second that a room of so many carries: a message costs something, and something for each who hears it.
    pub(super) fn room_carries(&self, people: f64) -> f64 {
        let ((few, fast), (many, slow)) = (self.small, self.large);
        let (cheap, dear) = (1.0 / fast, 1.0 / slow);
        let for_each = ((dear - cheap) / (many - few)).max(0.0);
        let itself = (cheap - for_each * few).max(0.0);
        if for_each == 0.0 { slow } else { 1.0 / (itself + for_each * people) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEASURED: Measured = Measured {
        person_bytes: Some(3_000.0),
        kernel_bytes: Some(5_000.0),
        free_bytes: Some(8e9),
        descriptors: Some(20_128.0),
        delivery_us: Some(6.0),
        message_us: Some(100.0),
        small: (100.0, 10_000.0),
        large: (1_000.0, 1_000.0),
        stored_per_s: Some(15_000.0),
        lone_us: Some(900.0),
    };

    #[test]
    fn the_tightest_bound_comes_first_and_what_is_unknown_is_left_out() {
        let bounds = MEASURED.bounds();
        let told: Vec<(&str, f64)> = bounds.iter().map(|bound| (bound.what, bound.people.round())).collect();
        // 0.7 s of CPU a second over (100 + 50 * 6) / 60 µs each; 15,000 * 0.7 messages a second, 60 s apart.
        let expected = [
            ("files and sockets one process may open", 20_000.0),
            ("one CPU core", 105_000.0),
            ("writing to the disk", 630_000.0),
            ("memory", 800_000.0),
        ];
        assert_eq!(told, expected);
        assert!(Measured { descriptors: Some(20_128.0), ..Measured::default() }.bounds().len() == 1);
    }

    #[test]
    fn a_room_carries_what_was_measured_and_less_the_more_hear_it() {
        let near = |people: f64, expected: f64| {
            let told = MEASURED.room_carries(people);
            assert!((told - expected).abs() / expected < 1e-9, "{people}: {told}, expected {expected}");
        };
        near(100.0, 10_000.0);
        near(1_000.0, 1_000.0);
        near(10_000.0, 100.0);
        let flat = Measured { large: (1_000.0, 10_000.0), ..MEASURED };
        assert_eq!(flat.room_carries(5_000.0), 10_000.0);
    }
}
