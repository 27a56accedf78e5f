//! The run's clock, and an alarm for what is due, exact to the microsecond where the system has such timers (Linux).

use std::io;
use std::time::{Duration, Instant};

/// Nanoseconds since the run began.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock(Instant);

impl Clock {
    /// Starts at 0.
    pub(super) fn start() -> Clock {
        Clock(Instant::now())
    }

    /// What it shows.
    #[inline]
    pub(super) fn now(self) -> u64 {
        let passed = self.0.elapsed();
        passed.as_secs() * 1_000_000_000 + u64::from(passed.subsec_nanos())
    }

    /// Waits until it shows this.
    pub(super) fn wait_until(self, then: u64) {
        std::thread::sleep(Duration::from_nanos(then.saturating_sub(self.now())));
    }
}

/// Wakes a poll when something is due. The poll's own timeout is counted in whole milliseconds, which would show up in
/// what is measured.
#[cfg(target_os = "linux")]
#[derive(Debug)]
pub(super) struct Alarm {
    timer: rustix::fd::OwnedFd,
    set_for: u64,
}

#[cfg(target_os = "linux")]
impl Alarm {
    /// An alarm that wakes this poll.
    pub(super) fn new(registry: &mio::Registry, token: mio::Token) -> io::Result<Alarm> {
        use rustix::fd::AsRawFd as _;
        use rustix::time::{TimerfdClockId, TimerfdFlags, timerfd_create};
        let timer = timerfd_create(TimerfdClockId::Monotonic, TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC)?;
        let descriptor = timer.as_raw_fd();
        registry.register(&mut mio::unix::SourceFd(&descriptor), token, mio::Interest::READABLE)?;
        Ok(Alarm { timer, set_for: u64::MAX })
    }

    /// How long the poll may sleep: the alarm is set, so as long as it likes.
    pub(super) fn set(&mut self, now: u64, due: u64, at_most: Duration) -> Duration {
        use rustix::time::{Itimerspec, TimerfdTimerFlags, Timespec, timerfd_settime};
        let left = due.saturating_sub(now);
        if left == 0 {
            return Duration::ZERO;
        }
        if due != u64::MAX && due != self.set_for && Duration::from_nanos(left) < at_most {
            let nothing = Timespec { tv_sec: 0, tv_nsec: 0 };
            let then = Timespec { tv_sec: (left / 1_000_000_000) as _, tv_nsec: (left % 1_000_000_000) as _ };
            let once = Itimerspec { it_interval: nothing, it_value: then };
            if timerfd_settime(&self.timer, TimerfdTimerFlags::empty(), &once).is_err() {
                return Duration::from_nanos(left).min(at_most);
            }
            self.set_for = due;
        }
        at_most
    }
}

/// The same without such a timer: right within a millisecond.
#[cfg(not(target_os = "linux"))]
#[derive(Debug)]
pub(super) struct Alarm;

#[cfg(not(target_os = "linux"))]
impl Alarm {
    pub(super) fn new(_registry: &mio::Registry, _token: mio::Token) -> io::Result<Alarm> {
        Ok(Alarm)
    }

    pub(super) fn set(&mut self, now: u64, due: u64, at_most: Duration) -> Duration {
        Duration::from_nanos(due.saturating_sub(now)).min(at_most)
    }
}
