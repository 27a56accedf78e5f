//! `parlour invite …`: invitations and guest links of a house, in its data folder, whether it runs or not.

use std::path::Path;

use clap::Subcommand;
use parlour_engine::{Token, new_link};
use parlour_protocol::account::NewInvitation;
use parlour_protocol::{Role, RoomId, Timestamp};
use parlour_store::errands;

use super::room::now;
use super::user::{RoleFlag, link, word};
use crate::config::Config;

/// Seconds of a day.
const DAY_S: u32 = 24 * 3_600;

#[derive(Subcommand)]
pub(super) enum Errand {
    /// Print a link by which somebody comes in
    Create {
        /// What those become who use it; guest admits to one room with a name alone
        #[arg(long, default_value = "member")]
        role: RoleFlag,
        /// A room they are a member of from the start, by its number in `parlour room list`; may be given again
        #[arg(long = "room", value_name = "NUMBER")]
        rooms: Vec<u64>,
        /// How many days it holds
        #[arg(long, default_value = "7")]
        days: u32,
        /// How many may use it; 0 for as many as come
        #[arg(long, default_value = "1")]
        uses: u32,
        /// For whom it is, for the list
        #[arg(long, default_value = "")]
        note: String,
    },
    /// List invitations and guest links: number, role, uses, what became of it, for whom
    List,
    /// Take one back
    Revoke {
        /// Its number, as the list says it
        invitation: u64,
    },
}

/// Runs an errand.
pub(super) fn run(config: &Config, errand: &Errand) -> anyhow::Result<()> {
    match errand {
        Errand::Create { role, rooms, days, uses, note } => {
            let wished = NewInvitation {
                role: Some(role.role()),
                rooms: rooms.iter().copied().map(RoomId).collect(),
                expires_s: Some(days.saturating_mul(DAY_S)),
                uses: Some(*uses),
                note: note.clone(),
            };
            let token = Token::random();
            let new = new_link(&wished, &token, now())?;
            errands::invite(&config.data, &new, now())?;
            println!("{}", link(config, "join", &token).0);
        }
        Errand::List => list(&config.data)?,
        Errand::Revoke { invitation } => {
            errands::revoke_invitation(&config.data, *invitation, now())?;
            println!("Invitation {invitation} lets nobody in any more.");
        }
    }
    Ok(())
}

fn list(data: &Path) -> anyhow::Result<()> {
    let invitations = errands::list_invitations(data)?;
    if invitations.is_empty() {
        println!("There are no invitations. Make one: parlour invite create");
        return Ok(());
    }
    println!("{:>6}  {:<13}  {:>9}  {:<9}  by, for", "number", "role", "uses", "state");
    for one in invitations {
        let uses = match one.uses_max {
            0 => format!("{}", one.uses),
            most => format!("{} of {most}", one.uses),
        };
        let state = state(one.revoked_at, one.expires_at, one.uses_max > 0 && one.uses >= one.uses_max);
        let role = if one.role == Role::Guest { "guest link" } else { word(one.role) };
        println!("{:>6}  {role:<13}  {uses:>9}  {state:<9}  {}, {}", one.id, one.by, one.note);
    }
    Ok(())
}

fn state(revoked_at: Option<Timestamp>, expires_at: Timestamp, used_up: bool) -> &'static str {
    match revoked_at {
        Some(_) => "revoked",
        None if used_up => "used",
        None if expires_at <= now() => "over",
        None => "holds",
    }
}
