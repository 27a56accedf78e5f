//! What processes and the machine spend, from /proc where there is one (Linux); nothing is known elsewhere.

use std::fs;

/// Processes that are watched together.
#[derive(Clone, Debug, Default)]
pub(super) struct Watched(Vec<u32>);

/// What they have spent so far, and hold now.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Spent {
    pub(super) user_s: f64,
    pub(super) system_s: f64,
    pub(super) rss: u64,
    pub(super) peak_rss: u64,
    pub(super) threads: u64,
    pub(super) alive: usize,
}

impl Spent {
    pub(super) fn cpu(&self) -> f64 {
        self.user_s + self.system_s
    }
}

impl Watched {
    pub(super) fn new(pids: &[u32]) -> Watched {
        Watched(pids.to_vec())
    }

    /// Whether anything can be said about them.
    pub(super) fn is_known(&self) -> bool {
        self.spent().alive > 0
    }

    /// Whether any was named.
    pub(super) fn is_named(&self) -> bool {
        !self.0.is_empty()
    }

    /// The sum over all of them; one that has ended counts as nothing.
    pub(super) fn spent(&self) -> Spent {
        let mut sum = Spent::default();
        for one in self.0.iter().filter_map(|pid| spent(&pid.to_string())) {
            sum.user_s += one.user_s;
            sum.system_s += one.system_s;
            sum.rss += one.rss;
            sum.peak_rss += one.peak_rss;
            sum.threads += one.threads;
            sum.alive += 1;
        }
        sum
    }

    /// How many files and sockets each of them may have, the fewest.
    pub(super) fn descriptors(&self) -> Option<u64> {
        let limits = self.0.iter().filter_map(|pid| fs::read_to_string(format!("/proc/{pid}/limits")).ok());
        let soft = limits.filter_map(|limits| {
            let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
            line.split_whitespace().next()?.parse().ok()
        });
        soft.min()
    }
}

/// What this process has spent.
pub(super) fn own() -> Spent {
    spent("self").unwrap_or_default()
}

fn spent(pid: &str) -> Option<Spent> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name of the command may hold spaces and brackets itself.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let field = |index: usize| fields.get(index).and_then(|field| field.parse::<u64>().ok());
    if fields.first() == Some(&"Z") {
        return None;
    }
    let ticks = rustix::param::clock_ticks_per_second() as f64;
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    Some(Spent {
        user_s: field(11)? as f64 / ticks,
        system_s: field(12)? as f64 / ticks,
        threads: field(17)?,
        rss: field(21)? * rustix::param::page_size() as u64,
        peak_rss: bytes(&status, "VmHWM:"),
        alive: 1,
    })
}

/// The machine as a whole.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Machine {
    /// CPU seconds of all programs since it started, and those that its host took away.
    pub(super) busy_s: f64,
    pub(super) stolen_s: f64,
    /// Memory in bytes: what programs could still have, what the kernel keeps for itself, buffers of TCP.
    pub(super) available: u64,
    pub(super) kernel: u64,
    pub(super) tcp: u64,
}

/// The machine now; none without a /proc.
pub(super) fn machine() -> Option<Machine> {
    let stat = fs::read_to_string("/proc/stat").ok()?;
    // user nice system idle iowait irq softirq steal
    let fields: Vec<f64> =
        stat.lines().next()?.split_whitespace().skip(1).filter_map(|field| field.parse().ok()).collect();
    let [user, nice, system, _, _, irq, softirq, steal, ..] = fields[..] else { return None };
    let ticks = rustix::param::clock_ticks_per_second() as f64;
    let memory = fs::read_to_string("/proc/meminfo").ok()?;
    let sockets = fs::read_to_string("/proc/net/sockstat").unwrap_or_default();
    let tcp_line = sockets.lines().find(|line| line.starts_with("TCP:")).unwrap_or_default();
    let pages: u64 = tcp_line.split(" mem ").nth(1).and_then(|pages| pages.trim().parse().ok()).unwrap_or(0);
    Some(Machine {
        busy_s: (user + nice + system + irq + softirq) / ticks,
        stolen_s: steal / ticks,
        available: bytes(&memory, "MemAvailable:"),
        kernel: bytes(&memory, "SUnreclaim:"),
        tcp: pages * rustix::param::page_size() as u64,
    })
}

/// A line such as `VmHWM:  1024 kB`.
fn bytes(text: &str, name: &str) -> u64 {
    let value = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    value.split_whitespace().next().and_then(|value| value.parse::<u64>().ok()).unwrap_or(0) * 1_024
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_process_and_its_machine_are_seen() {
        let me = Watched::new(&[std::process::id()]);
        let spent = me.spent();
        assert!(
            spent.alive == 1 && spent.rss > 100_000 && spent.peak_rss >= spent.rss && spent.threads > 0,
            "{spent:?}"
        );
        assert!(me.descriptors().is_some_and(|files| files > 8));
        let machine = machine().expect("this is Linux");
        assert!(machine.busy_s > 0.0 && machine.available > 0 && machine.kernel > 0, "{machine:?}");
        assert!(!Watched::new(&[u32::MAX]).is_known());
    }
}
