//! `parlour user …`: people of a house, in its data folder, whether it runs or not.

use std::path::Path;

use clap::{Subcommand, ValueEnum};
use parlour_engine::Token;
use parlour_protocol::Role;
use parlour_protocol::account::Secret;
use parlour_store::errands;

use super::room::now;
use crate::config::Config;

pub(super) const HELP: &str = "It works on the data folder, also while the house runs, which then knows within a second. \
    What it does is written into the log of administrative acts. Links begin with --public-url, or else with --listen: give \
    the same here as to the house.";

/// A role, on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum RoleFlag {
    /// Makes administrators and owners
    Owner,
    /// Looks after people and rooms
    Administrator,
    /// One of the house
    Member,
    /// Somebody let in to the rooms they were put into
    Guest,
    /// A program
    Bot,
}

impl RoleFlag {
    /// The same in the protocol.
    pub(super) fn role(self) -> Role {
        match self {
            RoleFlag::Owner => Role::Owner,
            RoleFlag::Administrator => Role::Administrator,
            RoleFlag::Member => Role::Member,
            RoleFlag::Guest => Role::Guest,
            RoleFlag::Bot => Role::Bot,
        }
    }
}

#[derive(Subcommand)]
pub(super) enum Errand {
    /// List everyone: number, role, handle, name
    List,
    /// Print a new link that makes a house without an owner somebody's own; the one before is over
    OwnerLink,
    /// Print a link by which somebody chooses a new password, once, within a day
    ResetLink {
        /// Their handle, or their number as `parlour user list` says it
        who: String,
        /// Take their second factor and passkeys away too
        #[arg(long)]
        clear_second_factor: bool,
    },
    /// Make somebody something else in the house
    Role {
        /// Their handle, or their number as `parlour user list` says it
        who: String,
        /// What they are from now on
        role: RoleFlag,
    },
    /// Let somebody in no more: their connections close, their name stays theirs
    Suspend {
        /// Their handle, or their number as `parlour user list` says it
        who: String,
        /// Why, for the log of administrative acts
        #[arg(long, default_value = "")]
        note: String,
        /// Let them in again
        #[arg(long)]
        lift: bool,
    },
    /// End every session of somebody
    SignOut {
        /// Their handle, or their number as `parlour user list` says it
        who: String,
    },
}

/// Runs an errand.
pub(super) fn run(config: &Config, errand: &Errand) -> anyhow::Result<()> {
    let data = config.data.as_path();
    match errand {
        Errand::List => list(data)?,
        Errand::OwnerLink => {
            let token = Token::random();
            errands::owner_link(data, token.hash(), now())?;
            println!("{}", link(config, "owner", &token).0);
        }
        Errand::ResetLink { who, clear_second_factor } => {
            let token = Token::random();
            errands::reset_link(data, who, token.hash(), *clear_second_factor, now())?;
            println!("{}", link(config, "reset", &token).0);
        }
        Errand::Role { who, role } => {
            let called = errands::set_role(data, who, role.role(), now())?;
            println!("{called} is {} from now on.", a_word(role.role()));
        }
        Errand::Suspend { who, note, lift } => {
            let called = errands::suspend(data, who, !lift, note, now())?;
            println!("{called} is let in {}.", if *lift { "again" } else { "no more" });
        }
        Errand::SignOut { who } => {
            let (ended, called) = errands::sign_out(data, who, now())?;
            println!("{called}: {ended} session{} ended.", if ended == 1 { "" } else { "s" });
        }
    }
    Ok(())
}

/// A whole address of the house.
pub(super) fn link(config: &Config, page: &str, token: &Token) -> Secret {
    let origin =
        config.public_url.as_ref().map_or_else(|| format!("http://{}", config.listen), |url| url.origin.clone());
    Secret(format!("{origin}/{page}/{}", token.to_text()))
}

/// The same with its article.
fn a_word(role: Role) -> String {
    let article = if matches!(role, Role::Owner | Role::Administrator) { "an" } else { "a" };
    format!("{article} {}", word(role))
}

/// A role in a word.
pub(super) fn word(role: Role) -> &'static str {
    match role {
        Role::Owner => "owner",
        Role::Administrator => "administrator",
        Role::Member => "member",
        Role::Guest => "guest",
        Role::Bot => "bot",
    }
}

fn list(data: &Path) -> anyhow::Result<()> {
    let people = errands::list_people(data)?;
    println!("{:>6}  {:<13}  {:<20}  name", "number", "role", "handle");
    for person in people {
        let suspended = if person.suspended_at.is_some() { "  (suspended)" } else { "" };
        let handle = person.handle.unwrap_or_else(|| "–".to_owned());
        println!("{:>6}  {:<13}  {handle:<20}  {}{suspended}", person.id, word(person.role), person.name);
    }
    Ok(())
}
