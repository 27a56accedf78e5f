//! The command line: `parlour` is `parlour serve`.

mod backup;
mod bench;
mod demo;
mod door;
mod house;
mod invite;
mod room;
mod serve;
mod torture;
mod user;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Arg, Command, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::config::Flags;

/// Bad configuration, as systemd knows it (EX_CONFIG).
const BAD_CONFIGURATION: u8 = 78;

#[derive(Parser)]
#[command(
    name = "parlour",
    version,
    about = "A self-hosted group chat: one program, its web client inside, your data in one SQLite file.",
    after_help = "Examples:\n  parlour                         serve http://127.0.0.1:8080, data in ./parlour-data\n  \
                  parlour --data /srv/parlour     keep the data elsewhere\n  \
                  parlour --listen 0.0.0.0:8080 --public-url https://chat.example.org --allow-plain-http --door open\n                                  \
                  serve behind a proxy that speaks TLS\n\n\
                  Every setting can also be an environment variable (PARLOUR_LISTEN=…) or a line of parlour.toml \
                  (listen = \"…\").\nA flag wins over the environment, the environment over the file."
)]
struct Arguments {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Option<Subcommands>,
}

#[derive(Subcommand)]
enum Subcommands {
    /// Serve the house (the same as no command)
    Serve,
    /// Write everything into one file, also while the house runs
    #[command(
        after_help = "The file is a database anyone can open, and is never written over. Put it back with: parlour restore FILE"
    )]
    Backup {
        /// The file to make
        file: PathBuf,
    },
    /// Put a backup in place of the house; it must not run
    #[command(
        after_help = "The house that is there is kept beside it. Clients reload by themselves: it is another life of the house. \
                      Sessions, invitations and other links end, since those that were ended or used after the backup would be good \
                      again: everybody signs in anew, and who came with a name alone is somebody new."
    )]
    Restore {
        /// The file to put back
        file: PathBuf,
        /// Leave sessions and links as they were when the backup was made
        #[arg(long)]
        keep_sessions: bool,
    },
    /// List people; make links for them; give roles; suspend; sign out
    #[command(subcommand, after_help = user::HELP)]
    User(user::Errand),
    /// Make invitations and guest links, list them, take them back
    #[command(subcommand, after_help = user::HELP)]
    Invite(invite::Errand),
    /// See who waits at the door of a house that is entered by approval; let them in, or not
    #[command(subcommand, after_help = door::HELP)]
    Door(door::Errand),
    /// List the rooms of a house, archive one or take it up again
    #[command(subcommand, after_help = room::HELP)]
    Room(room::Errand),
    /// Look around in a house that is lived in: people, rooms, a month of talk
    #[command(after_help = demo::HELP)]
    Demo(demo::Arguments),
    /// Prove that nothing is lost: kill a house, cut its connections, set its clock, and compare what everyone saw
    #[command(after_help = torture::HELP)]
    Torture(torture::Arguments),
    /// See what a server holds: many clients, a load, and whether everything arrives once, in order and in time
    #[command(after_help = bench::HELP)]
    Bench(bench::Arguments),
}

/// Runs the command line. 0 when it went well, 1 when running failed, 2 for usage, 78 for bad configuration.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = parse();
    let config = match crate::config::load(arguments.flags) {
        Ok(config) => config,
        Err(problem) => {
            eprintln!("parlour: {problem}");
            return ExitCode::from(BAD_CONFIGURATION);
        }
    };
    crate::telemetry::start(&config);
    let done = match arguments.command {
        None | Some(Subcommands::Serve) => serve::serve(config, |_| String::new()),
        Some(Subcommands::Backup { file }) => backup::backup(&config.data, &file),
        Some(Subcommands::Restore { file, keep_sessions }) => backup::restore(&config.data, &file, keep_sessions),
        Some(Subcommands::User(errand)) => user::run(&config, &errand),
        Some(Subcommands::Invite(errand)) => invite::run(&config, &errand),
        Some(Subcommands::Door(errand)) => door::run(&config.data, &errand),
        Some(Subcommands::Room(errand)) => room::run(&config.data, &errand),
        Some(Subcommands::Demo(arguments)) => demo::demo(config, &arguments),
        Some(Subcommands::Torture(arguments)) => return torture::torture(&arguments),
        Some(Subcommands::Bench(arguments)) => return bench::bench(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("parlour: {problem:#}");
            ExitCode::FAILURE
        }
    }
}

/// Which settings of a house are shown in the help of what does not serve one: the others mean nothing there, and would bury what does.
const SHOWN: [(&str, &[&str]); 8] = [
    ("backup", &["data", "config"]),
    ("restore", &["data", "config"]),
    ("user", &["data", "public_url", "listen", "config"]),
    ("invite", &["data", "public_url", "listen", "config"]),
    ("door", &["data", "config"]),
    ("room", &["data", "config"]),
    ("torture", &[]),
    ("bench", &[]),
];

fn without_other_settings(command: Command, shown: &[&str]) -> Command {
    let hide = |argument: Arg| {
        let hidden = argument.is_global_set() && !shown.contains(&argument.get_id().as_str());
        if hidden { argument.hide(true) } else { argument }
    };
    command.mut_args(hide).mut_subcommands(|subcommand| without_other_settings(subcommand, shown))
}

/// Parses, or ends with what clap has to say.
fn parse() -> Arguments {
    let mut command = Arguments::command();
    command.build();
    let command = SHOWN.iter().fold(command, |command, (name, shown)| {
        command.mut_subcommand(*name, |subcommand| without_other_settings(subcommand, shown))
    });
    Arguments::from_arg_matches(&command.get_matches()).unwrap_or_else(|error| error.exit())
}
