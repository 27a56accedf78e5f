//! `parlour demo`: a house with people, rooms and a month of talk in it, to look around in.

mod cast;
mod month;
mod pictures;
mod script;

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use parlour_engine::Token;

use super::room::now;
use crate::config::Config;

pub(super) const HELP: &str = "The house is made the first time and is there again the next; what you say in it stays. Remove \
    the folder to begin anew. It is for looking around: its door is open, and it is served on this machine alone.";

/// The folder, when none is named.
const FOLDER: &str = "parlour-demo";
/// A file in the folder of such a house, so that no other is taken for one.
const MARK: &str = "parlour.demo";
/// The messages of the largest room that can be asked for.
const MOST_READINGS: i64 = 1_000_000;

#[derive(Args)]
pub(super) struct Arguments {
    /// One more room, with so many messages in it
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=MOST_READINGS))]
    readings: u32,
    /// Make the house and end
    #[arg(long)]
    make_only: bool,
}

/// Makes the house where it is missing, and serves it.
pub(super) fn demo(mut config: Config, arguments: &Arguments) -> anyhow::Result<()> {
    if !config.listen.ip().is_loopback() {
        bail!("parlour demo serves on this machine alone: leave out --listen, or choose a loopback address.");
    }
    // Nobody who only looks around is led into their own house.
    if config.data == Path::new(crate::config::FOLDER) {
        config.data = PathBuf::from(FOLDER);
    }
    make(&config.data, arguments.readings)?;
    if arguments.make_only {
        return Ok(());
    }
    // Nobody's password is known; the owner's is chosen by whoever looks around as her.
    let token = Token::random();
    parlour_store::errands::reset_link(&config.data, cast::CAST[0].handle, token.hash(), false, now())?;
    super::serve::serve(config, move |origin| {
        let token = token.to_text();
        format!("Type any name there, or be Ada, who owns the house: {origin}/reset/{token}\n")
    })
}

fn make(folder: &Path, readings: u32) -> anyhow::Result<()> {
    let (folder_shown, mark) = (folder.display(), folder.join(MARK));
    if mark.exists() {
        println!("The demo house in {folder_shown} is there already.");
        return Ok(());
    }
    if folder.join("parlour.db").exists() {
        bail!("{folder_shown} holds a house that is not a demo. Name another folder with --data, or none.");
    }
    println!("Making the demo house in {folder_shown} ...");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("no event loop")?;
    runtime.block_on(month::make(folder, readings, now()))?;
    std::fs::write(&mark, "Made by parlour demo; nobody's house.\n").context("the mark of a demo cannot be written")
}
