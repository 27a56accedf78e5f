//! The real binary in a folder of its own, for tests from outside: started, killed, started again on the same port.

// Each test binary uses a part of this.
#![allow(dead_code)]

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// A library to load before the house, by its name below the system's folders for libraries.
pub(crate) fn library(name: &str) -> PathBuf {
    let folders = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"];
    let found = folders.iter().map(|folder| Path::new(folder).join(name)).find(|path| path.exists());
    found.unwrap_or_else(|| panic!("{name} is not installed: bin/setup tests does that"))
}

/// A running house. When it is dropped its log must hold no error, unless one was asked for.
pub(crate) struct House {
    folder: TempDir,
    child: Option<Child>,
    /// Where it is asked.
    pub(crate) address: SocketAddr,
    /// Where it listens, but for the port.
    listen: IpAddr,
    arguments: Vec<String>,
    variables: Vec<(String, String)>,
    may_fail: bool,
    has_own_disk: bool,
    /// The last part of the link that makes it somebody's own, as it said at its last start.
    pub(crate) owner_link: Option<String>,
    /// What the binary is started by: a tracer, say.
    wrapper: Vec<String>,
}

impl House {
    /// Starts a house without rate limits and waits until it takes connections.
    pub(crate) fn start() -> House {
        House::start_with(&["--rate-limits", "off"])
    }

    /// Starts a house with these arguments.
    pub(crate) fn start_with(arguments: &[&str]) -> House {
        House::start_among(arguments, &[], None)
    }

    /// Starts a house without rate limits that looks at links to these hosts of this machine.
    pub(crate) fn start_with_cards(hosts: &[&str]) -> House {
        let hosts = hosts.join(",");
        House::start_with(&["--rate-limits", "off", "--link-cards", "on", "--card-hosts", &hosts])
    }

    /// Starts a house that listens beyond this machine; it is asked over loopback all the same.
    pub(crate) fn start_beyond(arguments: &[&str]) -> House {
        House::start_at(IpAddr::from([0, 0, 0, 0]), arguments, &[], None)
    }

    /// Starts a house with these arguments and variables, and with this text in the `parlour.toml` of its working folder.
    pub(crate) fn start_among(arguments: &[&str], variables: &[(&str, &str)], settings: Option<&str>) -> House {
        House::start_at(IpAddr::from([127, 0, 0, 1]), arguments, variables, settings)
    }

    /// Starts a house whose data folder is a disk of its own of so many MiB; none where this user may not mount one.
    pub(crate) fn start_on_disk(mib: u32) -> House {
        let mut house = House::start();
        house.terminate();
        let data = house.folder();
        std::fs::remove_dir_all(&data).unwrap();
        std::fs::create_dir(&data).unwrap();
        let size = format!("size={mib}m");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(&data).output();
        house.has_own_disk = mounted.is_ok_and(|output| output.status.success());
        assert!(house.has_own_disk, "no tmpfs can be mounted here: run this test as root, on Linux");
        house.restart();
        house
    }

    fn start_at(listen: IpAddr, arguments: &[&str], variables: &[(&str, &str)], settings: Option<&str>) -> House {
        let mut house = House {
            folder: tempfile::tempdir().unwrap(),
            child: None,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            listen,
            arguments: arguments.iter().map(|&argument| argument.to_owned()).collect(),
            variables: variables.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect(),
            may_fail: false,
            has_own_disk: false,
            owner_link: None,
            wrapper: Vec::new(),
        };
        if let Some(settings) = settings {
            std::fs::write(house.folder.path().join("parlour.toml"), settings).unwrap();
        }
        house.restart();
        house
    }

    /// Starts a house whose data folder is an ext4 disk of its own, whose power can be cut; none where this user may not
    /// make one. The variables go to the house.
    pub(crate) fn start_on_ext4(variables: &[(&str, &str)]) -> House {
        let mut house = House::start_among(&["--rate-limits", "off"], variables, None);
        house.terminate();
        std::fs::remove_dir_all(house.folder()).unwrap();
        std::fs::create_dir(house.folder()).unwrap();
        let image = house.folder.path().join("disk");
        File::create(&image).and_then(|file| file.set_len(256 * 1024 * 1024)).unwrap();
        let made = Command::new("mkfs.ext4").arg("-qF").arg(&image).output();
        house.has_own_disk = made.is_ok_and(|output| output.status.success()) && house.mount();
        assert!(
            house.has_own_disk,
            "no loop disk can be made here: run this test as root, on Linux, with mkfs.ext4 and xfs_io"
        );
        house.restart();
        house
    }

    fn mount(&self) -> bool {
        let mut mount = Command::new("mount");
        mount.args(["-o", "loop"]).arg(self.folder.path().join("disk")).arg(self.folder());
        mount.output().is_ok_and(|output| output.status.success())
    }

    /// Cuts the power under a running house on ext4: what the disk was not told to keep is gone. Starts it again.
    pub(crate) fn cut_power(&mut self) {
        // Frozen first: an answer that goes out while the disk is being shut down would be one after the power went.
        self.signal("STOP");
        let cut = Command::new("xfs_io").args(["-x", "-c", "shutdown"]).arg(self.folder()).status().unwrap();
        assert!(cut.success(), "xfs_io cannot shut the disk down");
        self.kill();
        assert!(Command::new("umount").arg(self.folder()).status().unwrap().success());
        assert!(self.mount(), "the disk does not come back");
        self.restart();
    }

    /// From the next start on the binary is started by these words.
    pub(crate) fn wrap(&mut self, wrapper: &[&str]) {
        self.wrapper = wrapper.iter().map(|&word| word.to_owned()).collect();
    }

    /// From the next start on the house has this variable.
    pub(crate) fn set_variable(&mut self, name: &str, value: &str) {
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// Whether the process has ended by itself.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.as_mut().is_none_or(|child| child.try_wait().unwrap().is_some())
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
        assert!(self.try_restart(), "the house does not start: {}", self.log());
    }

    /// The same; false when it ends without saying where it is.
    pub(crate) fn try_restart(&mut self) -> bool {
        let log = File::options().create(true).append(true).open(self.folder.path().join("log")).unwrap();
        let plain = command(&self.folder(), &SocketAddr::new(self.listen, self.address.port()).to_string());
        let mut child = wrapped(plain, &self.wrapper)
            .args(&self.arguments)
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(self.folder.path())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        said.read_line(&mut line).unwrap();
        // All it has to say comes in one piece.
        let rest = String::from_utf8_lossy(said.buffer()).into_owned();
        self.owner_link = rest.split("/owner/").nth(1).map(|token| token.trim().to_owned());
        // Where it listens is said last; before it the name that it was given.
        let address = line.rsplit("http://").next().and_then(|rest| rest.split_whitespace().next());
        let served: Option<SocketAddr> = address.and_then(|address| address.parse().ok());
        if let Some(served) = served {
            self.address.set_port(served.port());
        }
        self.child = Some(child);
        served.is_some()
    }

    /// Ends the process as `kill -9` does.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            if self.wrapper.is_empty() {
                child.kill().unwrap();
            } else {
                // A tracer that is killed lets go of what it traces; it ends when that has ended.
                let _ = Command::new("pkill").args(["-KILL", "-P", &child.id().to_string()]).status();
            }
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

    /// The process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    /// The process's resident memory in KiB, where the system tells (Linux).
    pub(crate) fn memory_kib(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.as_ref()?.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        line.split_whitespace().nth(1)?.parse().ok()
    }

    /// How many sockets the process holds open, where the system tells (Linux).
    pub(crate) fn open_sockets(&self) -> Option<usize> {
        let files = std::fs::read_dir(format!("/proc/{}/fd", self.child.as_ref()?.id())).ok()?;
        let targets = files.filter_map(|file| std::fs::read_link(file.ok()?.path()).ok());
        Some(targets.filter(|target| target.to_string_lossy().starts_with("socket:")).count())
    }

    /// The database as any SQLite opens it.
    pub(crate) fn database(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.folder().join("parlour.db")).unwrap()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.kill();
        if self.has_own_disk {
            // What cannot be taken away now goes with the machine.
            let _ = Command::new("umount").arg(self.folder()).status();
        }
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
    // A test calls nobody beyond this machine: what is about link cards says so (`House::start_with_cards`).
    command.env("PARLOUR_LINK_CARDS", "off");
    command
}

/// The same command, started by other words.
fn wrapped(plain: Command, wrapper: &[String]) -> Command {
    let Some((program, words)) = wrapper.split_first() else { return plain };
    let mut command = Command::new(program);
    command.args(words).arg(plain.get_program()).args(plain.get_args());
    for (name, value) in plain.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}

/// Runs the binary to its end, which must come by itself; exit code and what it said on stderr.
pub(crate) fn refuses(mut command: Command) -> (Option<i32>, String) {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut served = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut served).unwrap();
    if !served.is_empty() {
        child.kill().unwrap();
        panic!("not refused: {served}");
    }
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    (child.wait().unwrap().code(), said)
}
