//! `bin/simulate [N] [SEED]`: so many histories over all cores, then every mutant; `--seed S` replays one history
//! (docs/SIMULATION.md).

mod asked;
mod classic;
mod mutants;
mod reader;
mod run;
mod sender;
mod store;
mod story;
mod switches;
mod world;

use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use asked::{Asked, USAGE, asked, in_words};
use mutants::MUTANTS;
use run::{Wrong, cores, first_wrong, wrong};
use switches::Switches;

fn main() -> ExitCode {
    let is_right = match asked(std::env::args().skip(1)) {
        Ok(Asked::Help) => {
            println!("{USAGE}");
            true
        }
        Ok(Asked::Replay { seed, mutant }) => replay(seed, mutant),
        Ok(Asked::Run { count, first }) => run_all(count, first) && catch_all(),
        Err(why) => {
            eprintln!("simulate: {why}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    if is_right { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Tells one history. Returns whether it is right.
fn replay(seed: u64, mutant: Option<&mutants::Mutant>) -> bool {
    story::begin();
    let found = wrong(seed, mutant.map_or(Switches::ALL, mutants::switches));
    match &found {
        Some(Wrong { what, .. }) => println!("History {seed} went wrong: {what}."),
        None => println!("History {seed} is right."),
    }
    found.is_none()
}

fn run_all(count: u64, first: u64) -> bool {
    println!(
        "{} histories from seed {} on, on {} cores: in each, three nodes serve people over one store while things go wrong.",
        in_words(count),
        in_words(first),
        cores()
    );
    let began = Instant::now();
    match run_with_progress(count, first) {
        None => {
            println!("All {} are right ({}).", in_words(count), time(began.elapsed()));
            true
        }
        Some(Wrong { seed, what }) => {
            println!("WRONG: in history {seed}, {what}.\nIts story: bin/simulate --seed {seed}");
            false
        }
    }
}

/// Runs histories and says once a second, or on paper ten times in all, how many are done.
fn run_with_progress(count: u64, first: u64) -> Option<Wrong> {
    let (done, began, is_terminal) = (AtomicU64::new(0), Instant::now(), std::io::stdout().is_terminal());
    thread::scope(|scope| {
        let (ended, end) = mpsc::channel();
        let done = &done;
        scope.spawn(move || ended.send(first_wrong(first, count, cores(), Switches::ALL, done)));
        let mut tenths = 0;
        loop {
            if let Ok(found) = end.recv_timeout(Duration::from_secs(1)) {
                if is_terminal {
                    print!("\r\x1b[K");
                }
                return found;
            }
            let so_far = done.load(Ordering::Relaxed);
            let to_go = began.elapsed().mul_f64((count - so_far) as f64 / so_far.max(1) as f64);
            let line = format!("  {} of {} done, {} to go", in_words(so_far), in_words(count), time(to_go));
            if is_terminal {
                print!("\r\x1b[K{line}");
                // A progress that cannot be shown is no reason to stop.
                let _ = std::io::stdout().flush();
            } else if so_far * 10 / count > tenths {
                tenths = so_far * 10 / count;
                println!("{line}");
            }
        }
    })
}

/// Runs each mutant until a history shows it. Returns whether none survived.
fn catch_all() -> bool {
    let (began, at_most) = (Instant::now(), in_words(mutants::HISTORIES));
    println!("\n{} mutants, each with one remedy off, and at most {at_most} histories to notice it:", MUTANTS.len());
    let mut survived = 0;
    for mutant in MUTANTS {
        match first_wrong(1, mutants::HISTORIES, cores(), mutants::switches(mutant), &AtomicU64::new(0)) {
            Some(Wrong { seed, .. }) => println!("  caught by history {:>6}  {}", in_words(seed), mutant.name),
            None => {
                survived += 1;
                println!("  SURVIVED                  {}", mutant.name);
            }
        }
    }
    match survived {
        0 => println!("All {} are caught ({}).", MUTANTS.len(), time(began.elapsed())),
        _ => println!("WRONG: {survived} of {} survived.", MUTANTS.len()),
    }
    survived == 0
}

fn time(duration: Duration) -> String {
    match duration.as_secs() {
        seconds @ 0..120 => format!("{seconds} s"),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}
