//! The real binary in a folder of its own, for tests from outside: started, killed, started again on the same port.

// Each test binary uses a part of this.
#![allow(dead_code)]

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// A running house. When it is dropped its log must hold no error, unless one was asked for.
pub(crate) struct House {
    folder: TempDir,
    child: Option<Child>,
    pub(crate) address: SocketAddr,
    arguments: Vec<String>,
    may_fail: bool,
}

impl House {
    /// Starts a house without rate limits and waits until it takes connections.
    pub(crate) fn start() -> House {
        House::start_with(&["--rate-limits", "off"])
    }

    /// Starts a house with these arguments.
    pub(crate) fn start_with(arguments: &[&str]) -> House {
        let mut house = House {
            folder: tempfile::tempdir().unwrap(),
            child: None,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            arguments: arguments.iter().map(|&argument| argument.to_owned()).collect(),
            may_fail: false,
        };
        house.restart();
        house
    }

    /// Starts the binary again with other arguments.
    pub(crate) fn restart_with(&mut self, arguments: &[&str]) {
        self.arguments = arguments.iter().map(|&argument| argument.to_owned()).collect();
        self.restart();
    }

    /// From now on errors in the log are what the test is about.
    pub(crate) fn may_fail(&mut self) {
        self.may_fail = true;
    }

    /// Starts the binary again on the same port and folder.
    pub(crate) fn restart(&mut self) {
        let log = File::options().create(true).append(true).open(self.folder.path().join("log")).unwrap();
        let mut child = command(&self.folder(), &self.address.to_string())
            .args(&self.arguments)
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.split("http://").nth(1).and_then(|rest| rest.split_whitespace().next());
        self.address = address.unwrap_or_else(|| panic!("no address in {line:?}")).parse().unwrap();
        self.child = Some(child);
    }

    /// Ends the process as `kill -9` does.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Sends SIGTERM and waits for the end; returns the exit code.
    pub(crate) fn terminate(&mut self) -> Option<i32> {
        self.signal("TERM");
        self.wait()
    }

    /// Sends a signal by its name without `SIG`.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.as_ref().unwrap().id().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &id]).status().unwrap().success());
    }

    /// Waits for the end; returns the exit code.
    pub(crate) fn wait(&mut self) -> Option<i32> {
        self.child.take()?.wait().unwrap().code()
    }

    /// The data folder.
    pub(crate) fn folder(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Everything it has logged in all its lives.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    /// The process's resident memory in KiB, where the system tells (Linux).
    pub(crate) fn memory_kib(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.as_ref()?.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        line.split_whitespace().nth(1)?.parse().ok()
    }

    /// The database as any SQLite opens it.
    pub(crate) fn database(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.folder().join("parlour.db")).unwrap()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.kill();
        if !self.may_fail && !std::thread::panicking() {
            let log = self.log();
            let faults: Vec<&str> = log.lines().filter(|line| line.contains("\"level\":\"ERROR\"")).collect();
            assert!(faults.is_empty(), "the house logged errors: {faults:#?}");
        }
    }
}

/// The binary with a data folder and an address.
pub(crate) fn command(folder: &Path, listen: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parlour"));
    command.args(["--listen", listen, "--data"]).arg(folder);
    // What the one who runs the tests has set must not be what is tested.
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PARLOUR_")) {
        command.env_remove(name);
    }
    command
}

/// Runs the binary to its end; exit code and what it said on stderr.
pub(crate) fn refuses(folder: &Path, listen: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let mut child =
        command(folder, listen).args(arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    (child.wait().unwrap().code(), said)
}

/// A path below a folder, as the binary takes it.
pub(crate) fn below(folder: &Path, name: &str) -> PathBuf {
    folder.join(name)
}
