//! One run from beginning to end: sign in, start the threads, let everyone in, measure, wait for stragglers.

use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};

use super::board::Board;
use super::generator::Generator;
use super::live::{Live, grouped};
use super::plan::{Kind, Load, Target, Window, Wire, nanoseconds};
use super::process::{self, Machine, Spent, Watched};
use super::sign_in::sign_in;
use super::tally::Tally;

/// Everyone is in after this time, or stays out.
const JOIN_MAX: u64 = 90_000_000_000;
/// From the last one in to the beginning: a server may still be busy with those who came.
const SETTLE: Duration = Duration::from_millis(500);
/// Stragglers are waited for so long, and no longer than this after the last one.
const DRAIN_MAX: u64 = 8_000_000_000;
const DRAIN_QUIET: u64 = 1_500_000_000;
/// After the last expected delivery, to see one that comes twice.
const AFTERWARDS: Duration = Duration::from_millis(60);
/// How often the run is looked at.
const LOOK: Duration = Duration::from_millis(5);

/// What is said of a run that was stopped.
pub(super) const INTERRUPTED: &str = "stopped before the end, so there is nothing to tell";

/// Everything that is needed to run.
pub(super) struct Setting<'a> {
    pub(super) target: &'a Target,
    pub(super) wire: &'a Wire,
    pub(super) server: &'a Watched,
    /// A token for each client of a profile.
    pub(super) tokens: &'a [String],
    pub(super) live: &'a Live,
    pub(super) is_interrupted: &'a (dyn Fn() -> bool + Sync),
}

/// The clocks at one edge of a window.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Edge {
    pub(super) server: Spent,
    pub(super) own: Spent,
    pub(super) machine: Option<Machine>,
}

/// What came of a run.
pub(super) struct Outcome {
    pub(super) load: Load,
    pub(super) joined: usize,
    pub(super) join_s: f64,
    pub(super) first_failure: Option<String>,
    /// Before the first connection, and when all were in.
    pub(super) before: Edge,
    pub(super) after_join: Edge,
    pub(super) windows: Vec<(Edge, Edge)>,
    /// When the second window opened, in ns.
    pub(super) second_start: u64,
    pub(super) tally: Tally,
    pub(super) server_known: bool,
    pub(super) server_alive: bool,
    pub(super) echoes: bool,
}

impl Outcome {
    /// Whether nothing was wrong.
    pub(super) fn is_clean(&self) -> bool {
        self.joined == self.load.clients && self.server_alive && self.tally.faults() == 0
    }
}

/// Runs it.
pub(super) fn run(load: &Load, setting: &Setting) -> anyhow::Result<Outcome> {
    let sessions = match setting.wire {
        Wire::Parlour => sign_in(setting, load.clients)?,
        Wire::Profile(_) => setting.tokens.to_vec(),
    };
    let board = Board::new(load, setting.target, setting.wire, &sessions);
    let edge = || Edge { server: setting.server.spent(), own: process::own(), machine: process::machine() };
    let before = edge();
    std::thread::scope(|scope| {
        let spawned: anyhow::Result<Vec<_>> = (0..load.threads)
            .map(|thread| {
                let generator = Generator::new(&board, thread).context("the system gives no event loop")?;
                Ok(scope.spawn(move || generator.run()))
            })
            .collect();
        let watched = spawned.and_then(|threads| {
            let seen = watch(load, &board, setting, &edge);
            board.stop.store(true, Ordering::Relaxed);
            let mut tally = Tally::default();
            for thread in threads {
                tally.add(thread.join().map_err(|_| anyhow!("a thread of the generator ended"))?);
            }
            Ok((seen?, tally))
        });
        board.stop.store(true, Ordering::Relaxed);
        setting.live.clear();
        let (seen, tally) = watched?;
        Ok(Outcome {
            load: load.clone(),
            joined: board.joined.load(Ordering::Acquire),
            join_s: seen.join_s,
            first_failure: board.first_failure(),
            before,
            after_join: seen.after_join,
            windows: seen.windows,
            second_start: seen.second_start,
            tally,
            server_known: before.server.alive > 0,
            server_alive: before.server.alive == 0 || setting.server.spent().alive == before.server.alive,
            echoes: setting.wire.echoes(),
        })
    })
}

struct Seen {
    join_s: f64,
    after_join: Edge,
    windows: Vec<(Edge, Edge)>,
    second_start: u64,
}

/// What the one who watches the threads does.
fn watch(load: &Load, board: &Board, setting: &Setting, edge: &dyn Fn() -> Edge) -> anyhow::Result<Seen> {
    let began = board.clock.now();
    let mut look = |line: &dyn Fn() -> String| -> anyhow::Result<()> {
        if let Some(why) = board.fatal() {
            bail!(why);
        }
        if (setting.is_interrupted)() {
            bail!(INTERRUPTED);
        }
        setting.live.show(line);
        std::thread::sleep(LOOK);
        Ok(())
    };
    let in_and_out = || (board.joined.load(Ordering::Acquire), board.failed.load(Ordering::Acquire));
    while in_and_out().0 + in_and_out().1 < load.clients && board.clock.now() - began < JOIN_MAX {
        look(&|| format!("connecting  {}/{}", in_and_out().0, load.clients))?;
    }
    if let Some(why) = board.fatal() {
        bail!(why);
    }
    if in_and_out().0 == 0 {
        bail!(board.first_failure().unwrap_or_else(|| "nobody came in".to_owned()));
    }
    let join_s = board.last_join.load(Ordering::Relaxed).saturating_sub(began) as f64 / 1e9;
    let after_join = edge();
    std::thread::sleep(SETTLE);
    let begin = board.clock.now() + 5_000_000;
    board.begin.store(begin, Ordering::Release);
    let spans = match load.kind {
        Kind::Idle => vec![Window { start: begin, end: begin + nanoseconds(load.seconds) }],
        _ => load.windows(begin),
    };
    let mut windows = Vec::new();
    for (index, span) in spans.iter().enumerate() {
        let pass = |until: u64, what: &str| -> anyhow::Result<()> {
            let (mut from, mut had) = (board.clock.now(), board.delivered.load(Ordering::Relaxed));
            let mut speed = 0.0;
            while board.clock.now() + 10_000_000 < until {
                let now = board.clock.now();
                if now - from > 400_000_000 {
                    let has = board.delivered.load(Ordering::Relaxed);
                    speed = (has - had) as f64 * 1e9 / (now - from) as f64;
                    (from, had) = (now, has);
                }
                look(&|| line(board, what, until.saturating_sub(now), speed))?;
            }
            board.clock.wait_until(until);
            Ok(())
        };
        pass(span.start, "warming up")?;
        let opened = edge();
        let measuring = if index == 0 { "measuring" } else { "measuring, second part" };
        pass(span.end, measuring)?;
        windows.push((opened, edge()));
    }
    drain(board, &mut look)?;
    Ok(Seen { join_s, after_join, windows, second_start: spans.get(1).map_or(0, |window| window.start) })
}

/// Waits until everything expected is there, or nothing comes any more.
fn drain(board: &Board, look: &mut dyn FnMut(&dyn Fn() -> String) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let began = board.clock.now();
    let (mut had, mut since) = (0, began);
    loop {
        let (has, now) = (board.delivered.load(Ordering::Relaxed), board.clock.now());
        if has != had {
            (had, since) = (has, now);
        }
        let is_all = has >= board.expected.load(Ordering::Relaxed) && now - began > 20_000_000;
        if is_all || now - since > DRAIN_QUIET || now - began > DRAIN_MAX {
            break;
        }
        look(&|| "waiting for the last".to_owned())?;
    }
    std::thread::sleep(AFTERWARDS);
    Ok(())
}

fn line(board: &Board, what: &str, left: u64, speed: f64) -> String {
    format!(
        "{what}  {:.1} s left  {} people  sent {}  received {}  {}/s",
        left as f64 / 1e9,
        grouped(board.joined.load(Ordering::Relaxed) as f64),
        grouped(board.published.load(Ordering::Relaxed) as f64),
        grouped(board.delivered.load(Ordering::Relaxed) as f64),
        grouped(speed),
    )
}
