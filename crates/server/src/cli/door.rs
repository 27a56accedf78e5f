//! `parlour door …`: who waits at the door of a house, in its data folder, whether it runs or not.

use std::path::Path;

use clap::{Args, Subcommand};
use parlour_protocol::Timestamp;
use parlour_store::errands;

use super::room::now;

pub(super) const HELP: &str = "People wait where the house is entered by approval. It works on the data folder, also while the \
    house runs. What it does is written into the log of administrative acts.\n\nExamples:\n  parlour door list\n  parlour \
    door admit 3\n  parlour door decline --all";

#[derive(Subcommand)]
pub(super) enum Errand {
    /// List who waits: number, for how long, name, what they say
    List,
    /// Let somebody in
    Admit {
        /// Their number, as `parlour door list` says it
        number: u64,
    },
    /// Let somebody not in, or nobody of those who wait now
    Decline(Declined),
}

#[derive(Args)]
#[group(required = true, multiple = false)]
pub(super) struct Declined {
    /// Their number, as `parlour door list` says it
    number: Option<u64>,
    /// Everyone who waits now: after a flood, once those you know are let in
    #[arg(long)]
    all: bool,
}

/// Runs an errand.
pub(super) fn run(data: &Path, errand: &Errand) -> anyhow::Result<()> {
    match errand {
        Errand::List => list(data)?,
        Errand::Admit { number } => {
            errands::settle_knock(data, *number, true, now())?;
            println!("Number {number} may come in: their page does so by itself.");
        }
        Errand::Decline(Declined { number: Some(number), .. }) => {
            errands::settle_knock(data, *number, false, now())?;
            println!("Number {number} was declined.");
        }
        Errand::Decline(_) => match errands::decline_knocks(data, now())? {
            0 => println!("Nobody waits at the door."),
            1 => println!("1 person was declined."),
            many => println!("{many} people were declined."),
        },
    }
    Ok(())
}

fn list(data: &Path) -> anyhow::Result<()> {
    let mut page = errands::list_knocks(data, 0, now())?;
    if page.is_empty() {
        println!("Nobody waits at the door.");
        return Ok(());
    }
    println!("{:>6}  {:>8}  name, what they say", "number", "waits");
    while let Some(last) = page.last().map(|knock| knock.id) {
        for knock in &page {
            let note: Vec<&str> = knock.note.split_whitespace().collect();
            let says = if note.is_empty() { String::new() } else { format!(", {}", note.join(" ")) };
            println!("{:>6}  {:>8}  {}{says}", knock.id, waited(knock.at), knock.name);
        }
        page = errands::list_knocks(data, last, now())?;
    }
    Ok(())
}

/// For how long somebody waits, in whole minutes, hours or days.
fn waited(since: Timestamp) -> String {
    let minutes = (now().0 - since.0).max(0) / 60_000;
    match minutes {
        0..60 => format!("{minutes} min"),
        60..2_880 => format!("{} h", minutes / 60),
        _ => format!("{} days", minutes / 1_440),
    }
}
