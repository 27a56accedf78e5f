//! What `bin/simulate` is asked to do.

use crate::mutants::{MUTANTS, Mutant};

pub(crate) const USAGE: &str = "\
Usage: bin/simulate [N] [SEED]                  N histories from SEED on (1,000,000 from 1), then every mutant
       bin/simulate --seed S [--mutant NAME]    tells the history of one seed, step by step
See docs/SIMULATION.md.";

const HISTORIES: u64 = 1_000_000;
/// Far above what anyone waits for.
const NUMBER_MAX: u64 = 1_000_000_000_000;

pub(crate) enum Asked {
    Help,
    Run { count: u64, first: u64 },
    Replay { seed: u64, mutant: Option<&'static Mutant> },
}

/// Reads the arguments, or says what is wrong with them.
pub(crate) fn asked(arguments: impl Iterator<Item = String>) -> Result<Asked, String> {
    let mut arguments = arguments;
    let (mut numbers, mut seed, mut mutant) = (Vec::new(), None, None);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "-h" | "--help" => return Ok(Asked::Help),
            "--seed" => seed = Some(number("--seed", &arguments.next().unwrap_or_default(), 0)?),
            "--mutant" => mutant = Some(mutant_named(&arguments.next().unwrap_or_default())?),
            flag if flag.starts_with('-') => return Err(format!("there is no option {flag}")),
            plain if numbers.is_empty() => numbers.push(number("N", plain, 1)?),
            plain => numbers.push(number("SEED", plain, 0)?),
        }
    }
    match (seed, mutant, numbers.as_slice()) {
        (Some(seed), mutant, []) => Ok(Asked::Replay { seed, mutant }),
        (Some(_), ..) => Err("--seed tells one history and takes no N".to_owned()),
        (None, Some(_), _) => Err("--mutant goes with --seed".to_owned()),
        (None, None, []) => Ok(Asked::Run { count: HISTORIES, first: 1 }),
        (None, None, [count]) => Ok(Asked::Run { count: *count, first: 1 }),
        (None, None, [count, first]) => Ok(Asked::Run { count: *count, first: *first }),
        (None, None, _) => Err("at most N and SEED are wanted".to_owned()),
    }
}

/// A number with a comma after each thousand.
pub(crate) fn in_words(number: u64) -> String {
    let digits = number.to_string();
    let mut words = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            words.push(',');
        }
        words.push(digit);
    }
    words
}

fn number(of: &str, text: &str, least: u64) -> Result<u64, String> {
    let number = text.replace([',', '_'], "").parse().ok().filter(|number| (least..=NUMBER_MAX).contains(number));
    number.ok_or_else(|| format!("{of} is a number from {least} to {}, not {text:?}", in_words(NUMBER_MAX)))
}

fn mutant_named(name: &str) -> Result<&'static Mutant, String> {
    let mutant = MUTANTS.iter().find(|mutant| mutant.name == name);
    mutant.ok_or_else(|| format!("there is no mutant {name:?}; docs/SIMULATION.md has the list"))
}
