//! The report: what was done, what was checked, the figures and the verdict, for a newcomer or as JSON.

use std::fmt;
use std::path::PathBuf;

use serde::Serialize;

use super::check::check;
use super::plan::Kind;
use super::run::{Also, Outcome};
use super::violation::{PROMISES, Violation};
use super::{Options, Scenario};

/// More violations than this are counted and not told one by one.
const TOLD_MAX: usize = 20;

/// All there is to say.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    /// `green` or `red`.
    pub(super) verdict: Verdict,
    seed: u64,
    minutes: f64,
    scenario: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    control: Option<&'static str>,
    house: String,
    done: Vec<Also>,
    not_run: Vec<String>,
    figures: Figures,
    checks: Vec<Check>,
    violations_total: usize,
    violations: Vec<Violation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<PathBuf>,
}

/// Whether everything held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Verdict {
    /// Every promise was kept.
    Green,
    /// One was broken.
    Red,
}

#[derive(Debug, Serialize)]
struct Figures {
    connections: u64,
    sent: u64,
    sent_again: u64,
    acknowledged: u64,
    refused_for_a_while: u64,
    seen: u64,
    resets: u64,
    stored: u64,
    slowest_start_ms: u64,
}

#[derive(Debug, Serialize)]
struct Check {
    promise: &'static str,
    broken: usize,
}

impl Report {
    /// Judges what a torture left behind.
    pub(super) fn new(options: &Options, outcome: Outcome) -> Report {
        let mut violations: Vec<Violation> = outcome.evidence.iter().flat_map(check).collect();
        let checks = PROMISES.iter().map(|promise| Check {
            promise: promise.words,
            broken: violations.iter().filter(|violation| promise.broken_by.contains(&violation.rule)).count(),
        });
        let checks = checks.collect();
        let violations_total = violations.len();
        violations.truncate(TOLD_MAX);
        let book = &outcome.book;
        // What was said before is in the last reading too.
        let last = outcome.evidence.last();
        let figures = Figures {
            connections: book.connections.get(),
            sent: book.sent.get(),
            sent_again: last.map_or(0, |last| last.said.iter().map(|said| said.repeats).sum()),
            acknowledged: book.acknowledged.get(),
            refused_for_a_while: book.refusals.get(),
            seen: book.seen.get(),
            resets: book.resets.get(),
            stored: last.map_or(0, |last| last.store.values().map(|log| log.len() as u64).sum()),
            slowest_start_ms: u64::try_from(outcome.slowest_start.as_millis()).unwrap_or(u64::MAX),
        };
        let is_run = |kind: &Kind| options.kinds.contains(kind) && (*kind != Kind::Clock || outcome.no_clock.is_none());
        let done = Kind::ALL.into_iter().filter(is_run);
        let done = done.map(|kind| Also { what: kind.name(), times: outcome.way.hits.of(kind), words: words(kind) });
        let mut done: Vec<Also> = if options.scenario == Scenario::Everything { done.collect() } else { Vec::new() };
        done.extend(outcome.also);
        let mut not_run: Vec<String> = Vec::new();
        if let Some(why) = outcome.no_clock {
            not_run.push(format!("clock jumps: not run ({why})"));
        }
        Report {
            verdict: if violations_total == 0 { Verdict::Green } else { Verdict::Red },
            seed: options.seed,
            minutes: options.lasts.as_secs_f64() / 60.0,
            scenario: options.scenario.name(),
            control: options.control.map(|control| control.name()),
            house: options.house.map_or("its own".to_owned(), |address| address.to_string()),
            done,
            not_run,
            figures,
            checks,
            violations_total,
            violations,
            data: None,
        }
    }

    /// Says where the house's data were kept.
    pub(super) fn keep(&mut self, folder: PathBuf) {
        self.data = Some(folder);
    }
}

fn words(kind: Kind) -> &'static str {
    match kind {
        Kind::Kill => "the house was killed (kill -9) and started again",
        Kind::Clock => "its clock was set: an hour back, a day and nine days on, around 19 January 2038",
        Kind::Cut => "connections were reset",
        Kind::HalfOpen => "connections fell silent and stayed open",
        Kind::Freeze => "readers took nothing for up to 2.5 s",
        Kind::Slice => "connections were passed on byte by byte",
        Kind::Suppress => "writers lost every answer, then the connection",
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { seed, minutes, house, figures, scenario, .. } = self;
        writeln!(f, "parlour torture: {scenario}, {minutes:.2} minutes, house: {house}, seed {seed}")?;
        writeln!(f, "\nWhat was done")?;
        for Also { times, words, .. } in &self.done {
            writeln!(f, "  {times:>6} x {words}")?;
        }
        for line in &self.not_run {
            writeln!(f, "  {line}")?;
        }
        if let Some(control) = self.control {
            writeln!(f, "  control: {control} (something is done wrong on purpose, and must be noticed)")?;
        }
        writeln!(f, "\nWhat came of it")?;
        writeln!(
            f,
            "  {} connections, {} messages sent, {} times again because no answer came",
            figures.connections, figures.sent, figures.sent_again
        )?;
        writeln!(f, "  acknowledged {}, stored {} events", figures.acknowledged, figures.stored)?;
        writeln!(f, "  seen {} by all readers, told {} times to start anew", figures.seen, figures.resets)?;
        if figures.slowest_start_ms > 0 {
            writeln!(f, "  slowest start of the house {} ms", figures.slowest_start_ms)?;
        }
        writeln!(f, "\nWhat was checked, against the store's own log after the last fault")?;
        for Check { promise, broken } in &self.checks {
            if *broken == 0 {
                writeln!(f, "  kept     {promise}")?;
            } else {
                writeln!(f, "  BROKEN   {promise} ({broken} times)")?;
            }
        }
        self.tell_violations(f)
    }
}

impl Report {
    fn tell_violations(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.verdict == Verdict::Green {
            writeln!(f, "\nGREEN: nothing that was acknowledged or seen was lost, doubled, changed or out of order.")?;
            return match self.control {
                Some(control) => {
                    writeln!(f, "But the control `{control}` should have been noticed: the proof is blind.")
                }
                None => Ok(()),
            };
        }
        writeln!(f, "\nRED: {} violations. Seed {}.", self.violations_total, self.seed)?;
        for violation in &self.violations {
            let rule = serde_json::to_value(violation.rule).unwrap_or_default();
            write!(f, "  {}", rule.as_str().unwrap_or_default())?;
            if let Some(room) = violation.room {
                write!(f, " in room {room}")?;
            }
            writeln!(f, ": {}", violation.what)?;
        }
        if self.violations_total > self.violations.len() {
            writeln!(f, "  and {} more", self.violations_total - self.violations.len())?;
        }
        match &self.data {
            Some(folder) => writeln!(f, "The house's data and log are kept in {}.", folder.display()),
            None => Ok(()),
        }
    }
}
