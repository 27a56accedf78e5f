//! A house to try things on: this very program as a process of its own, on a folder of its own, killed and started
//! again on the same port, its clock set by libfaketime where that is installed.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail};

/// The second at which clocks of 32 bits overflow: 19 January 2038, 03:14:08 UTC.
const YEAR_2038_S: i64 = 1 << 31;
/// A house with a false clock begins so long before that.
const BEFORE_2038_S: i64 = 1_800;
/// A port that was ours may be taken for a moment by a passing connection of this machine.
const STARTS: u32 = 40;
/// Between two such attempts.
const AGAIN: Duration = Duration::from_millis(50);
/// A house that has not said where it is after this time does not start.
const START: Duration = Duration::from_secs(10);
/// Where Linux distributions put the library.
const LIBRARIES: &str = "/usr/lib";

/// The house's process and what belongs to it.
#[derive(Debug)]
pub(super) struct House {
    folder: PathBuf,
    /// Where it is asked.
    pub(super) address: SocketAddr,
    child: Option<Child>,
    clock: Option<Clock>,
    ended_by_itself: Vec<String>,
    /// From the start of the process to the first line it prints, at most.
    pub(super) slowest_start: Duration,
}

impl House {
    /// Starts a house in a folder, with a false clock if that is wanted.
    pub(super) fn start(folder: &Path, clock: Option<Clock>) -> anyhow::Result<House> {
        let mut house = House {
            folder: folder.to_owned(),
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            child: None,
            clock,
            ended_by_itself: Vec::new(),
            slowest_start: Duration::ZERO,
        };
        house.restart()?;
        Ok(house)
    }

    /// Starts the process again, on the same port and folder.
    pub(super) fn restart(&mut self) -> anyhow::Result<()> {
        let began = Instant::now();
        for attempt in 1..=STARTS {
            match self.spawn() {
                Ok(()) => break,
                Err(problem) if attempt == STARTS || began.elapsed() > START => return Err(problem),
                Err(_) => std::thread::sleep(AGAIN),
            }
        }
        self.slowest_start = self.slowest_start.max(began.elapsed());
        Ok(())
    }

    fn spawn(&mut self) -> anyhow::Result<()> {
        let program = std::env::current_exe().context("this program does not know where it is")?;
        let log =
            File::options().create(true).append(true).open(self.log()).context("the house's log cannot be made")?;
        let mut command = Command::new(program);
        // What the one who tortures has set for a house of their own must not be what is tortured.
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PARLOUR_")) {
            command.env_remove(name);
        }
        command
            .args(["serve", "--door", "open", "--rate-limits", "off", "--log-format", "json", "--listen"])
            .arg(self.address.to_string())
            .arg("--data")
            .arg(self.folder.join("data"))
            .current_dir(&self.folder)
            // Ctrl+C is for the one who watches; the house dies when the plan says so.
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log);
        if let Some(clock) = &self.clock {
            clock.prepare(&mut command);
        }
        let mut child = command.spawn().context("the house cannot be started")?;
        let line = child.stdout.take().map(first_line).unwrap_or_default();
        let address = line.split("http://").nth(1).and_then(|rest| rest.split_whitespace().next()?.parse().ok());
        let Some(address) = address else {
            // It has ended, or will now; either way it is no house.
            let _ = child.kill();
            let _ = child.wait();
            bail!("the house does not start; it says: {}", self.last_words());
        };
        self.address = address;
        self.child = Some(child);
        Ok(())
    }

    /// The process, while there is one.
    pub(super) fn pid(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// Ends the process as `kill -9` does.
    pub(super) fn kill(&mut self) {
        self.look();
        if let Some(mut child) = self.child.take() {
            // It cannot have ended before: it was looked at just now, and then only by itself.
            let _ = child.kill();
            let _ = child.wait();
            Clock::forget(child.id());
        }
    }

    /// Sets the false clock so many seconds from where it began.
    pub(super) fn set_clock(&self, ahead_s: i64) -> std::io::Result<()> {
        self.clock.as_ref().map_or(Ok(()), |clock| clock.set(ahead_s))
    }

    /// What the process did wrong so far: ends nobody asked for, and errors in its log.
    pub(super) fn faults(&mut self) -> Vec<String> {
        self.look();
        let log = fs::read_to_string(self.log()).unwrap_or_default();
        let is_fault = |line: &&str| line.contains("\"level\":\"ERROR\"") || line.contains("panicked at");
        let logged = log.lines().filter(is_fault).map(|line| format!("its log says: {line}"));
        self.ended_by_itself.iter().cloned().chain(logged).collect()
    }

    fn look(&mut self) {
        let Some(child) = &mut self.child else { return };
        if let Ok(Some(status)) = child.try_wait() {
            Clock::forget(child.id());
            self.child = None;
            self.ended_by_itself.push(format!("it ended by itself ({status}); it says: {}", self.last_words()));
        }
    }

    fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    fn last_words(&self) -> String {
        let log = fs::read_to_string(self.log()).unwrap_or_default();
        log.lines().last().unwrap_or("nothing").to_owned()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The first line somebody prints; nothing when none comes in time.
fn first_line(stdout: ChildStdout) -> String {
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        if BufReader::new(stdout).read_line(&mut line).is_ok() {
            // Nobody waits any more.
            let _ = tell.send(line);
        }
    });
    told.recv_timeout(START).unwrap_or_default()
}

/// A clock that can be set, for one process (libfaketime).
#[derive(Debug)]
pub(super) struct Clock {
    library: PathBuf,
    file: PathBuf,
    /// From the true time to the time it begins with.
    base_s: i64,
}

impl Clock {
    /// Finds the library; says why not when there is none.
    pub(super) fn find(folder: &Path) -> Result<Clock, &'static str> {
        let library = library().ok_or("libfaketime is not installed")?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now_s = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
        let clock = Clock { library, file: folder.join("clock"), base_s: YEAR_2038_S - BEFORE_2038_S - now_s };
        clock.set(0).map_err(|_| "its file cannot be written")?;
        Ok(clock)
    }

    fn set(&self, ahead_s: i64) -> std::io::Result<()> {
        // Read at every look at the clock: it must never be seen half written.
        let new = self.file.with_extension("new");
        fs::write(&new, format!("{:+}\n", self.base_s + ahead_s))?;
        fs::rename(new, &self.file)
    }

    fn prepare(&self, command: &mut Command) {
        command
            .env("LD_PRELOAD", &self.library)
            .env("FAKETIME_TIMESTAMP_FILE", &self.file)
            .env("FAKETIME_NO_CACHE", "1")
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
            .env("NO_FAKE_STAT", "1");
    }

    /// Whether a time of the house, in milliseconds, is that of the false clock and not the true one.
    pub(super) fn is_false(server_time_ms: i64) -> bool {
        (server_time_ms / 1_000 - YEAR_2038_S).abs() < 2 * BEFORE_2038_S
    }

    /// Removes what the library leaves behind of a process that was killed.
    fn forget(process: u32) {
        for name in ["faketime_shm_", "sem.faketime_sem_"] {
            // Not there without a false clock.
            let _ = fs::remove_file(format!("/dev/shm/{name}{process}"));
        }
    }
}

fn library() -> Option<PathBuf> {
    let folders = fs::read_dir(LIBRARIES).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    let inside = folders.chain([PathBuf::from(LIBRARIES)]).map(|folder| folder.join("faketime/libfaketime.so.1"));
    inside.into_iter().find(|library| library.is_file())
}
