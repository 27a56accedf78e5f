//! `parlour torture`: the proof that nothing acknowledged is lost, doubled or out of order, for anyone to run.

mod absence;
mod book;
mod check;
mod evidence;
mod exactly_once;
mod frames;
mod line;
mod plan;
mod progress;
mod reader;
mod report;
mod run;
mod scene;
mod tamper;
mod violation;
mod writer;

use std::io::Write as _;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Args;
use tokio::signal::unix::{SignalKind, signal};

use book::Book;
use plan::{Kind, Planned};
use report::{Report, Verdict};
use tamper::Control;

/// It could not be run at all: neither green nor red.
const NOT_RUN: u8 = 2;
/// Who tortures for longer than a day wants something else.
const MINUTES_MAX: f64 = 1_440.0;
/// From one message of a writer to its next, with rate limits off.
const PACE: Duration = Duration::from_millis(8);
/// The same where rate limits may be on: below the 5 messages a second that one person may send.
const PACE_OF_OTHERS: Duration = Duration::from_millis(250);
/// A long torture sends more slowly, since everything is kept in memory until it is judged.
const MESSAGES_MAX: u32 = 1_000_000;

/// What `--help` teaches below the list of flags.
pub(super) const HELP: &str = "What happens:\n  \
    A house of its own starts in a temporary folder. Four writers and four readers talk in three rooms over the public \
    protocol, and faults happen by a plan: the house is killed and started again (kill), its clock jumps around the year \
    2038 (clock, with libfaketime), connections are reset (cut) or fall silent (half-open), readers take nothing for a \
    while (freeze), bytes come one by one (slice), and answers are lost (suppress).\n  \
    Then the log of every room is read from the store and compared with all that was acknowledged and all that was \
    seen. Ctrl+C ends the faults early; the checks are made all the same.\n\n\
    Examples:\n  \
    parlour torture                           one minute of everything\n  \
    parlour torture --minutes 10 --seed 7     the same faults at the same times on any machine\n  \
    parlour torture --seed 7 --plan           show them\n  \
    parlour torture --without kill,clock      leave two of them out\n  \
    parlour torture --control lose            lie to one reader: this must fail\n  \
    parlour torture --scenario exactly-once   every message four times, every answer lost\n  \
    parlour torture --scenario absence        readers come back to a house that went on\n  \
    parlour torture --house 127.0.0.1:8080    a house that runs: all but kill and clock\n\n\
    Exit code: 0 every promise was kept, 1 one was broken (the data are kept), 2 it could not be run.";

/// What may be asked for.
#[derive(Args)]
pub(super) struct Arguments {
    /// How long faults happen, in minutes such as 2 or 0.25; all is over within one minute more
    #[arg(long, value_name = "N", default_value = "1", allow_negative_numbers = true, help_heading = "Torture")]
    minutes: String,
    /// The number the plan is made from: the same number makes the same faults at the same times [default: by chance]
    #[arg(long, value_name = "N", allow_negative_numbers = true, help_heading = "Torture")]
    seed: Option<String>,
    /// Torture a house that runs already, at an address such as 127.0.0.1:8080; it gets two new rooms and some people
    #[arg(long, value_name = "ADDR", help_heading = "Torture")]
    house: Option<String>,
    /// Faults to leave out: kill, clock, cut, half-open, freeze, slice, suppress
    #[arg(long, value_name = "FAULTS", value_delimiter = ',', help_heading = "Torture")]
    without: Vec<String>,
    /// everything (all faults by a plan), exactly-once (10,000 messages, each sent four times, all answers lost), or
    /// absence (readers come back after up to 100,000 events, a kill, a month, a restore)
    #[arg(long, value_name = "NAME", default_value = "everything", help_heading = "Torture")]
    scenario: String,
    /// Do something wrong on purpose, which must be noticed: lose, double, swap, forge, forget, and with
    /// --scenario absence replay (everything is told where a reset is due)
    #[arg(long, value_name = "NAME", help_heading = "Torture")]
    control: Option<String>,
    /// Only show the plan
    #[arg(long, help_heading = "Torture")]
    plan: bool,
    /// Tell the report as one JSON object
    #[arg(long, help_heading = "Torture")]
    json: bool,
}

/// What is asked for, understood.
struct Options {
    lasts: Duration,
    seed: u64,
    house: Option<SocketAddr>,
    kinds: Vec<Kind>,
    scenario: Scenario,
    control: Option<Control>,
    pace: Duration,
}

/// What is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scenario {
    /// All faults at random.
    Everything,
    /// Every message sent four times, every answer lost.
    ExactlyOnce,
    /// Readers come back after missing up to 100,000 events.
    Absence,
}

impl Scenario {
    const ALL: [Scenario; 3] = [Scenario::Everything, Scenario::ExactlyOnce, Scenario::Absence];

    fn name(self) -> &'static str {
        match self {
            Scenario::Everything => "everything",
            Scenario::ExactlyOnce => "exactly-once",
            Scenario::Absence => "absence",
        }
    }
}

/// Runs it. 0 when every promise was kept, 1 when one was broken, 2 when it could not be run.
pub(super) fn torture(arguments: &Arguments) -> ExitCode {
    match try_torture(arguments) {
        Ok(Verdict::Green) => ExitCode::SUCCESS,
        Ok(Verdict::Red) => ExitCode::FAILURE,
        Err(problem) => {
            eprintln!("parlour: {problem:#}");
            ExitCode::from(NOT_RUN)
        }
    }
}

fn try_torture(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let options = Options::of(arguments)?;
    let plan = options.plan();
    if arguments.plan {
        show_plan(&options, &plan);
        return Ok(Verdict::Green);
    }
    let folder = std::env::temp_dir().join(format!("parlour-torture-{}", std::process::id()));
    std::fs::create_dir(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("no event loop")?;
    let outcome = runtime.block_on(async {
        let book = Arc::new(Book::default());
        tokio::spawn(heed(Arc::clone(&book)));
        match options.scenario {
            Scenario::Everything => run::run(&options, &plan, &folder, book).await,
            Scenario::ExactlyOnce => exactly_once::run(&options, &folder, book).await,
            Scenario::Absence => absence::run(&options, &folder, book).await,
        }
    });
    runtime.shutdown_timeout(Duration::from_millis(100));
    let mut report = match outcome {
        Ok(outcome) => Report::new(&options, outcome),
        Err(problem) => {
            // Nothing was proven, so nothing is kept.
            let _ = std::fs::remove_dir_all(&folder);
            return Err(problem);
        }
    };
    if report.verdict == Verdict::Red && options.house.is_none() {
        report.keep(folder);
    } else if let Err(problem) = std::fs::remove_dir_all(&folder) {
        eprintln!("parlour: {} could not be removed: {problem}", folder.display());
    }
    let told = if arguments.json { serde_json::to_string(&report)? + "\n" } else { report.to_string() };
    // Nobody may be reading, and the exit code says the same.
    let _ = std::io::stdout().write_all(told.as_bytes());
    Ok(report.verdict)
}

fn show_plan(options: &Options, plan: &[Planned]) {
    let mut told = format!("The plan of seed {}: {} faults.\n", options.seed, plan.len());
    plan.iter().for_each(|planned| told += &format!("{planned}\n"));
    // Nobody may be reading.
    let _ = std::io::stdout().write_all(told.as_bytes());
}

/// Ends the faults when the one who watches has had enough. The checks are made all the same, and take under a minute.
async fn heed(book: Arc<Book>) {
    // Without signals it runs to its end.
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return };
    let Ok(mut interrupt) = signal(SignalKind::interrupt()) else { return };
    loop {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        eprintln!("\nNo more faults; what happened so far is checked now.");
        book.stop();
    }
}

impl Options {
    /// What happens when. Only chance needs a plan; the other scenarios are the same every time.
    fn plan(&self) -> Vec<Planned> {
        match (self.scenario, self.control) {
            (Scenario::Everything, Some(Control::Forget)) => {
                plan::with_lost_answers(plan::make(self.seed, self.lasts, &self.kinds))
            }
            (Scenario::Everything, _) => plan::make(self.seed, self.lasts, &self.kinds),
            (Scenario::ExactlyOnce | Scenario::Absence, _) => Vec::new(),
        }
    }

    fn of(arguments: &Arguments) -> anyhow::Result<Options> {
        let minutes: f64 = arguments.minutes.parse().unwrap_or(f64::NAN);
        if !(minutes > 0.0 && minutes <= MINUTES_MAX) {
            bail!("--minutes {} is no time from 0.01 to {MINUTES_MAX}; write such as --minutes 2", arguments.minutes);
        }
        let seed = match &arguments.seed {
            Some(seed) => {
                seed.parse().ok().with_context(|| format!("--seed {seed} is no number; write such as --seed 7"))?
            }
            None => u64::from(uuid::Uuid::new_v4().as_fields().0),
        };
        let lasts = Duration::from_secs_f64(minutes * 60.0);
        let house = arguments.house.as_deref().map(address).transpose()?;
        let mut kinds = Kind::ALL.to_vec();
        for name in arguments.without.iter().filter(|name| !name.is_empty()) {
            let kind = named("--without", name, &Kind::ALL, Kind::name)?;
            kinds.retain(|kept| *kept != kind);
        }
        let control = arguments.control.as_deref();
        let control = control.map(|name| named("--control", name, &Control::ALL, Control::name)).transpose()?;
        let pace = if house.is_some() { PACE_OF_OTHERS } else { PACE };
        let scenario = named("--scenario", &arguments.scenario, &Scenario::ALL, Scenario::name)?;
        kinds.retain(|kind| match scenario {
            Scenario::Everything => house.is_none() || !kind.needs_own_house(),
            Scenario::ExactlyOnce => false,
            Scenario::Absence => kind.needs_own_house(),
        });
        if scenario == Scenario::Absence && house.is_some() {
            bail!("--scenario absence restores a backup, so it needs a house of its own; leave out --house");
        }
        if scenario == Scenario::Absence && control == Some(Control::Forget) {
            bail!("--control forget has nothing to spoil here; there are lose, double, swap, forge, replay");
        }
        if scenario != Scenario::Absence && control == Some(Control::Replay) {
            bail!("--control replay needs a reader who missed much; write it with --scenario absence");
        }
        Ok(Options {
            lasts,
            seed,
            house,
            kinds,
            scenario,
            control,
            pace: pace.max(lasts * u32::try_from(plan::WRITERS).unwrap_or(1) / MESSAGES_MAX),
        })
    }
}

fn named<T: Copy>(flag: &str, name: &str, all: &[T], of: fn(T) -> &'static str) -> anyhow::Result<T> {
    let found = all.iter().copied().find(|one| of(*one) == name.trim());
    let names: Vec<&str> = all.iter().map(|one| of(*one)).collect();
    found.with_context(|| format!("{flag} {name} is not known; there are {}", names.join(", ")))
}

fn address(text: &str) -> anyhow::Result<SocketAddr> {
    let bare = text.strip_prefix("http://").unwrap_or(text).trim_end_matches('/');
    let found = bare.to_socket_addrs().ok().and_then(|mut found| found.next());
    found.with_context(|| format!("--house {text} is no address; write such as --house 127.0.0.1:8080"))
}
