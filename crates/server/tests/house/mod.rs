//! The real binary in a folder of its own, for tests from outside: started, killed, started again on the same port.

// Each test binary uses a part of this.
#![allow(dead_code)]

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// A running house.
pub(crate) struct House {
    folder: TempDir,
    child: Option<Child>,
    pub(crate) address: SocketAddr,
    arguments: Vec<String>,
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
        };
        house.restart();
        house
    }

    /// Starts the binary again on the same port and folder.
    pub(crate) fn restart(&mut self) {
        let mut child = command(self.folder.path(), &self.address.to_string())
            .args(&self.arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
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
        let mut child = self.child.take()?;
        Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
        child.wait().unwrap().code()
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The process's resident memory in KiB, where the system tells (Linux).
    pub(crate) fn memory_kib(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.as_ref()?.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        line.split_whitespace().nth(1)?.parse().ok()
    }

    /// The database as any SQLite opens it.
    pub(crate) fn database(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.folder.path().join("parlour.db")).unwrap()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The binary with a data folder and an address.
pub(crate) fn command(folder: &Path, listen: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parlour"));
    command.args(["--listen", listen, "--data"]).arg(folder);
    command.env_remove("PARLOUR_LISTEN").env_remove("PARLOUR_DATA");
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
