//! `parlour bench`: a load generator for anyone's own server, and what this machine would hold, in plain words.

mod advise;
mod board;
mod client;
mod clock;
mod forecast;
mod frame;
mod generator;
mod histogram;
mod joining;
mod ledger;
mod live;
mod marker;
mod measure;
mod options;
mod order;
mod plain;
mod plan;
mod process;
mod profile;
mod reading;
mod report;
mod sending;
mod sign_in;
mod tally;
mod template;
mod trouble;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;
use clap::Args;
use tokio::signal::unix::{SignalKind, signal};

use super::house::House;
use live::Live;
use measure::Setting;
use options::Options;
use plan::{Ack, Shape, Target};
use process::Watched;
use template::Template;

/// It could not be run at all: neither good nor bad.
const NOT_RUN: u8 = 2;

/// What `--help` teaches below the list of flags.
pub(super) const HELP: &str = "What happens:\n  \
    Many clients come in, some of them send texts with a mark in each, and every client looks whether each one that is \
    meant for it comes once, in order and in time. Time runs from when a message was due, so a server that holds up its \
    senders does not look fast. In a closed loop (--rate 0) the next message goes out when the one before has arrived.\n  \
    Without an address a house of its own is started in a temporary folder and removed afterwards. The server and this \
    generator share the machine then: a server with a machine of its own does better.\n\n\
    Against a server of your own, start that with --rate-limits off, on a folder you can throw away: everyone in it sees \
    what is said here.\n\n\
    Examples:\n  \
    parlour bench                                     a house of its own, 1,000 people, 100 messages a second\n  \
    parlour bench --advise                            what this machine would hold\n  \
    parlour bench --shape f2                          as fast as it goes\n  \
    parlour bench 127.0.0.1:8080 --pid 4711           a server that runs, with its CPU and memory\n  \
    parlour bench 127.0.0.1:8080 --wire classic       the same over the tutorial's wire\n  \
    parlour bench ws://127.0.0.1:9000/chat --wire socketio.json --clients 200\n                                                    \
    another server, as a profile says (docs/BENCH.md)\n  \
    parlour bench --shape f5 --seconds 20 --json=f5.json --strict\n\n\
    Exit code: 0 it ran, 1 with --strict something was lost, doubled, out of order, misrouted, cut off or malformed, 2 it \
    could not be run.";

/// What may be asked for.
#[derive(Args)]
pub(super) struct Arguments {
    /// The server, such as 127.0.0.1:8080 or ws://127.0.0.1:8080/ws; {room} and {id} in its path are filled in
    /// [default: a house of its own]
    #[arg(value_name = "ADDRESS")]
    address: Option<String>,
    /// A load with a name; every number below changes it
    #[arg(long, value_enum, default_value = "f1", help_heading = "Load")]
    shape: Shape,
    /// Connections
    #[arg(long, value_name = "N", help_heading = "Load")]
    clients: Option<usize>,
    /// Clients that also send, the first ones
    #[arg(long, value_name = "N", help_heading = "Load")]
    senders: Option<usize>,
    /// Rooms the clients are spread over; with one it is the lobby
    #[arg(long, value_name = "N", help_heading = "Load")]
    rooms: Option<usize>,
    /// Messages a second of all senders together; 0 sends the next when the one before has arrived
    #[arg(long, value_name = "N", help_heading = "Load")]
    rate: Option<f64>,
    /// Messages of each sender in flight, with --rate 0
    #[arg(long, value_name = "N", help_heading = "Load")]
    window: Option<usize>,
    /// When a message has arrived, with --rate 0
    #[arg(long, value_enum, help_heading = "Load")]
    ack: Option<Ack>,
    /// Bytes of each text, at least 33
    #[arg(long, value_name = "BYTES", help_heading = "Load")]
    size: Option<usize>,
    /// How long is measured
    #[arg(long, value_name = "S", help_heading = "Load")]
    seconds: Option<f64>,
    /// How long the load runs before that
    #[arg(long, value_name = "S", help_heading = "Load")]
    warmup: Option<f64>,
    /// Clients that stop reading halfway, the last ones (shape slow)
    #[arg(long, value_name = "N", help_heading = "Load")]
    slow: Option<usize>,
    /// parlour (parlour.v1, a session for each client), classic (the tutorial's bare wire), or a file with a profile
    #[arg(long, value_name = "WIRE", default_value = "parlour", help_heading = "Server")]
    wire: String,
    /// A {token} for each client of a profile, one a line
    #[arg(long, value_name = "FILE", help_heading = "Server")]
    tokens: Option<PathBuf>,
    /// The server's processes on this machine, for their CPU and memory
    #[arg(long, value_name = "PID", value_delimiter = ',', help_heading = "Server")]
    pid: Vec<u32>,
    /// New connections a second
    #[arg(long, value_name = "N", help_heading = "Generator")]
    ramp: Option<f64>,
    /// Addresses 127.0.0.2 and up that connections come from, for more than 28,000 [default: as many as are needed]
    #[arg(long, value_name = "N", help_heading = "Generator")]
    source_ips: Option<usize>,
    /// Threads of this generator
    #[arg(long, value_name = "N", default_value_t = 1, help_heading = "Generator")]
    threads: usize,
    /// This is a load, and could do harm: say that a server beyond this machine is yours
    #[arg(long, help_heading = "Server")]
    i_run_this_server: bool,
    /// Say in plain words what this machine would hold, from a minute of short runs
    #[arg(long, help_heading = "Report")]
    advise: bool,
    /// The report as JSON, into a file or on stdout
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-", help_heading = "Report")]
    json: Option<String>,
    /// Exit with 1 when anything was lost, doubled, out of order, misrouted, cut off or malformed
    #[arg(long, help_heading = "Report")]
    strict: bool,
}

/// Runs it. 0 when it ran, 1 when it was to be strict and something was wrong, 2 when it could not be run.
pub(super) fn bench(arguments: &Arguments) -> ExitCode {
    match try_bench(arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            eprintln!("parlour: {problem:#}");
            ExitCode::from(NOT_RUN)
        }
    }
}

fn try_bench(arguments: &Arguments) -> anyhow::Result<bool> {
    let mut options = Options::of(arguments)?;
    let is_interrupted = heed()?;
    let own = if options.target.is_none() { Some(OwnHouse::start()?) } else { None };
    let target = match (&options.target, &own) {
        (Some(target), _) => target.clone(),
        (None, Some(own)) => own.target(),
        (None, None) => anyhow::bail!("there is no server"),
    };
    let server =
        Watched::new(&own.as_ref().and_then(|own| own.house.pid()).map_or(arguments.pid.clone(), |pid| vec![pid]));
    if server.is_named() && !server.is_known() {
        anyhow::bail!("nothing can be read about --pid: there is no such process, or this system has no /proc");
    }
    let live = Live::new();
    let is_interrupted = || is_interrupted.load(Ordering::Relaxed);
    let wire = &options.wire;
    let tokens = &options.tokens;
    let setting =
        Setting { target: &target, wire, server: &server, tokens, live: &live, is_interrupted: &is_interrupted };
    if arguments.advise {
        let advice = advise::advise(&setting, own.as_ref().map(|own| own.folder.as_path()))?;
        tell(arguments.json.as_deref(), &advice.json(), &advice.to_string())?;
        return Ok(true);
    }
    let notes = options.load.fit(&options.given, &server)?;
    notes.iter().for_each(|note| eprintln!("{note}"));
    let outcome = measure::run(&options.load, &setting)?;
    let report = report::report(&outcome, options.name, &arguments.wire);
    let plain = plain::summary(&outcome, &report, options.name, &arguments.wire);
    tell(arguments.json.as_deref(), &report, &plain)?;
    Ok(!arguments.strict || outcome.is_clean())
}

/// JSON where it was asked for; words for people on stdout otherwise.
fn tell(json: Option<&str>, report: &serde_json::Value, plain: &str) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(report)? + "\n";
    let told = match json {
        Some("-") => text.as_str(),
        Some(file) => {
            std::fs::write(file, &text).with_context(|| format!("the report cannot be written to {file}"))?;
            plain
        }
        None => plain,
    };
    // Nobody may be reading, which is no reason to fail.
    let _ = std::io::stdout().write_all(told.as_bytes());
    Ok(())
}

/// A flag that says when the one who watches has had enough. It is looked at every few milliseconds, so that a house that
/// was started for the bench is ended too.
fn heed() -> anyhow::Result<Arc<AtomicBool>> {
    let flag = Arc::new(AtomicBool::new(false));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("no event loop")?;
    let told = Arc::clone(&flag);
    std::thread::spawn(move || {
        runtime.block_on(async {
            let (Ok(mut terminate), Ok(mut interrupt)) =
                (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
            else {
                return;
            };
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            told.store(true, Ordering::Relaxed);
        });
    });
    Ok(flag)
}

/// A house that is started for the bench and removed after it.
struct OwnHouse {
    house: House,
    folder: PathBuf,
}

impl OwnHouse {
    fn start() -> anyhow::Result<OwnHouse> {
        let folder = std::env::temp_dir().join(format!("parlour-bench-{}", std::process::id()));
        std::fs::create_dir(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        match House::start(&folder, None) {
            Ok(house) => {
                eprintln!("No address was given: a house of its own runs in {} until the end.", folder.display());
                Ok(OwnHouse { house, folder })
            }
            Err(problem) => {
                remove(&folder);
                Err(problem)
            }
        }
    }

    fn target(&self) -> Target {
        let address = self.house.address;
        Target { address, host: address.to_string(), path: Template::text("/ws") }
    }
}

impl Drop for OwnHouse {
    fn drop(&mut self) {
        self.house.kill();
        remove(&self.folder);
    }
}

fn remove(folder: &Path) {
    if let Err(problem) = std::fs::remove_dir_all(folder) {
        eprintln!("parlour: {} could not be removed: {problem}", folder.display());
    }
}
