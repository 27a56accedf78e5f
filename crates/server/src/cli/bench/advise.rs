//! `--advise`: a minute of short runs, and what follows from them in plain words.

use std::fmt;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::forecast::{CPU_PART, MEMORY_PART, Measured, ROOM_OF, SAYS_PER_S};
use super::live::grouped;
use super::measure::{Outcome, Setting, run};
use super::options::Given;
use super::plain::memory;
use super::plan::{Load, Shape};
use super::process;

/// People who come in to see what one costs: so many more, after some for what the first thousands cost (tables that double,
/// caches that fill). A server grows by steps, so the crowd must be large.
const FEW: usize = 2_000;
const CROWD: usize = 12_000;
/// The rooms in which it is measured how fast it goes, and those for which it is said.
const SMALL: usize = 100;
const LARGE: usize = 1_000;
const SAID_FOR: [f64; 5] = [20.0, 100.0, 1_000.0, 5_000.0, 10_000.0];

/// What was found.
pub(super) struct Advice {
    measured: Measured,
    p99_us: f64,
    cores: usize,
    folder: Option<PathBuf>,
    is_clean: bool,
}

/// Measures and concludes.
pub(super) fn advise(setting: &Setting, folder: Option<&Path>) -> anyhow::Result<Advice> {
    let mut is_clean = true;
    let mut step = |what: &str, mut load: Load| -> anyhow::Result<Outcome> {
        setting.live.clear();
        eprintln!("{what} …");
        load.fit(&Given::NOTHING, setting.server)?;
        let outcome = run(&load, setting)?;
        is_clean &= outcome.is_clean();
        Ok(outcome)
    };
    let free = process::machine().map(|machine| machine.available as f64);
    let idle = |clients| Load { clients, seconds: 1.0, ..Shape::Idle.load() };
    let few = step("1 of 5  What someone costs who is there", idle(FEW))?;
    let crowd = step("1 of 5  What someone costs who is there, in a crowd", idle(CROWD))?;
    let steady = Load { seconds: 3.0, ..Shape::F1.load() };
    let steady = step("2 of 5  What a delivery costs", steady)?;
    let fast = |clients| Load { clients, seconds: 3.0, ..Shape::F2.load() };
    let small = step("3 of 5  How much a small room carries", fast(SMALL))?;
    let large = step("4 of 5  How much a large room carries", fast(LARGE))?;
    let sends = match setting.wire.is_parlour() {
        true => Some(step("5 of 5  How fast messages are stored", Load { seconds: 2.0, ..Shape::Sends.load() })?),
        false => None,
    };
    let known = crowd.server_known;
    let held = |outcome: &Outcome| outcome.windows.first().map(|(_, closed)| *closed).unwrap_or_default();
    let (then, now) = (held(&few), held(&crowd));
    let each = |bytes: f64| bytes / crowd.joined.saturating_sub(few.joined).max(1) as f64;
    let kernel = now.machine.zip(then.machine);
    let cost = known.then(|| costs(&steady, sends.as_ref()));
    let measured = Measured {
        person_bytes: known.then(|| each(now.server.rss as f64 - then.server.rss as f64)),
        // Both ends are on this machine here, and alike.
        kernel_bytes: kernel.map(|(now, then)| each(now.kernel as f64 - then.kernel as f64) / 2.0),
        free_bytes: free.filter(|_| known),
        descriptors: setting.server.descriptors().map(|limit| limit as f64),
        delivery_us: cost.map(|cost| cost.0),
        message_us: cost.map(|cost| cost.1),
        small: (SMALL as f64, messages_per_s(&small)),
        large: (LARGE as f64, messages_per_s(&large)),
        stored_per_s: sends.as_ref().map(messages_per_s),
        lone_us: sends.as_ref().and_then(|sends| Some(sends.tally.windows.get(1)?.replies.quantile(0.5) as f64 / 1e3)),
    };
    let p99_us = steady.tally.windows.first().map_or(0.0, |window| window.latency.quantile(0.99) as f64 / 1e3);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Ok(Advice { measured, p99_us, cores, folder: folder.map(Path::to_owned), is_clean })
}

fn messages_per_s(outcome: &Outcome) -> f64 {
    let published = outcome.tally.windows.first().map_or(0, |window| window.published);
    (published as f64 / outcome.load.seconds).max(1.0)
}

fn cpu_us(outcome: &Outcome) -> f64 {
    outcome.windows.first().map_or(0.0, |(opened, closed)| closed.server.cpu() - opened.server.cpu()) * 1e6
}

/// The server's CPU for a delivery and for a message beside its deliveries, in µs.
fn costs(steady: &Outcome, sends: Option<&Outcome>) -> (f64, f64) {
    let of_message = sends.map_or(0.0, |sends| {
        let published = sends.tally.windows.first().map_or(1, |window| window.published.max(1));
        cpu_us(sends) / published as f64
    });
    let arrived = steady.tally.windows.first().map_or(1, |window| window.arrived.max(1)) as f64;
    // What the messages themselves cost is nothing beside a thousand deliveries each.
    (cpu_us(steady) / arrived, of_message)
}

impl Advice {
    /// The same as JSON.
    pub(super) fn json(&self) -> Value {
        let measured = &self.measured;
        let bounds: Vec<Value> = measured
            .bounds()
            .iter()
            .map(|bound| json!({ "what": bound.what, "people": bound.people.round() }))
            .collect();
        let rooms: Vec<Value> = SAID_FOR
            .iter()
            .map(|people| json!({ "people": people, "messages_per_s": measured.room_carries(*people).round() }))
            .collect();
        json!({
            "tool": concat!("parlour bench ", env!("CARGO_PKG_VERSION")),
            "mode": "advise",
            "cores": self.cores,
            "measured": {
                "process_bytes_per_person": measured.person_bytes,
                "kernel_bytes_per_person": measured.kernel_bytes,
                "free_bytes": measured.free_bytes,
                "descriptors": measured.descriptors,
                "cpu_us_per_delivery": measured.delivery_us,
                "cpu_us_per_message": measured.message_us,
                "messages_per_s_room_of_100": measured.small.1,
                "messages_per_s_room_of_1000": measured.large.1,
                "stored_per_s": measured.stored_per_s,
                "lone_send_us": measured.lone_us,
                "latency_p99_us": self.p99_us,
            },
            "forecast": { "people_online": bounds, "room_carries": rooms },
            "assumptions": self.assumptions(),
            "clean": self.is_clean,
        })
    }

    fn assumptions(&self) -> Vec<String> {
        let mut all = vec![
            format!(
                "Everyone who is there says one thing a minute (6,000 people: {:.0} messages a second), in rooms of {ROOM_OF:.0}.",
                6_000.0 * SAYS_PER_S
            ),
            format!(
                "{:.0} % of the memory that is free now, and of one CPU core {:.0} %, so that there is breath for peaks.",
                MEMORY_PART * 100.0,
                CPU_PART * 100.0
            ),
            "\"At most\" is with 32 messages on their way, the next when the last of the room has one; half of it leaves \
             delays short."
                .to_owned(),
            "The server and this generator shared the machine: behind a network, with a machine of its own, the server does \
             better."
                .to_owned(),
        ];
        if let Some(folder) = &self.folder {
            all.push(format!(
                "The disk is that of {}; if it is memory, syncing costs nothing here and something later (set TMPDIR).",
                folder.display()
            ));
        }
        all
    }
}

/// A number of people, no more exact than it is known.
fn about(number: f64) -> String {
    let scale = 10f64.powf((number.max(1.0).log10().floor() - 1.0).max(0.0));
    grouped((number / scale).round() * scale)
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let measured = &self.measured;
        writeln!(f, "What this machine would hold ({} CPU cores)", self.cores)?;
        let bounds = measured.bounds();
        match bounds.first() {
            Some(first) => {
                writeln!(
                    f,
                    "\nAbout {} people online at once. First to run out: {}.",
                    about(first.people),
                    first.what
                )?;
                for bound in &bounds[1..] {
                    writeln!(f, "  {} would do for about {}", bound.what, about(bound.people))?;
                }
            }
            None => writeln!(
                f,
                "\nHow many people it holds cannot be said: name the server's process with --pid, where there is a /proc."
            )?,
        }
        writeln!(f, "\nA busy room carries at most")?;
        for people in SAID_FOR {
            let carries = about(measured.room_carries(people));
            writeln!(f, "  {carries:>9} messages a second when {} hear it", grouped(people))?;
        }
        writeln!(f, "\nWhat was measured")?;
        if let Some((process, kernel)) = measured.person_bytes.zip(measured.kernel_bytes) {
            let free = memory(measured.free_bytes.unwrap_or(0.0));
            writeln!(
                f,
                "  Someone who is there takes {} bytes of the server and {} of the kernel; {free} are free",
                grouped(process),
                grouped(kernel)
            )?;
        }
        if let Some(delivery) = measured.delivery_us {
            writeln!(f, "  A delivery takes {delivery:.1} µs of CPU when messages come one by one")?;
        }
        writeln!(f, "  99 % of 100 messages a second reached 1,000 people within {:.1} ms", self.p99_us / 1e3)?;
        if let Some((stored, lone)) = measured.stored_per_s.zip(measured.lone_us) {
            writeln!(
                f,
                "  {} messages a second are stored when many send; one alone takes {:.1} ms",
                grouped(stored),
                lone / 1e3
            )?;
        }
        writeln!(f, "\nAssumed")?;
        for assumption in self.assumptions() {
            writeln!(f, "  {assumption}")?;
        }
        if !self.is_clean {
            writeln!(f, "\nSomething was lost, doubled or cut off meanwhile: run parlour bench --strict to see what.")?;
        }
        Ok(())
    }
}
