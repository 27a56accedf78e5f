//! `parlour room list`, `archive` and `restore`: in the file of a house, whether it runs or not.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Subcommand;
use parlour_protocol::{RoomId, RoomKind, Timestamp};
use parlour_store::errands;

pub(super) const HELP: &str = "It works on the data folder, also while the house runs, which then knows within a second. \
    What it does is written into the log of administrative acts, and the room shows it as done by an owner.";

#[derive(Subcommand)]
pub(super) enum Errand {
    /// List every room but the direct ones: number, kind, members, name
    List,
    /// Let a room rest: it can be read, and nothing more is said in it
    Archive {
        /// Its number, as `parlour room list` says it
        room: u64,
    },
    /// Take up an archived room again
    Restore {
        /// Its number, as `parlour room list` says it
        room: u64,
    },
}

/// Runs an errand.
pub(super) fn run(data: &Path, errand: &Errand) -> anyhow::Result<()> {
    let now = now();
    match errand {
        Errand::List => list(data),
        Errand::Archive { room } => {
            errands::archive_room(data, RoomId(*room), true, now)?;
            println!("Room {room} is archived.");
            Ok(())
        }
        Errand::Restore { room } => {
            errands::archive_room(data, RoomId(*room), false, now)?;
            println!("Room {room} is open for talk.");
            Ok(())
        }
    }
}

/// The wall clock.
pub(super) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

fn list(data: &Path) -> anyhow::Result<()> {
    let rooms = errands::list_rooms(data)?;
    println!("{:>6}  {:<8}  {:>7}  name", "room", "kind", "members");
    for room in rooms {
        let kind = match room.kind {
            RoomKind::Lobby => "lobby",
            RoomKind::Open => "open",
            RoomKind::Closed => "closed",
            RoomKind::Direct => "direct",
        };
        let archived = if room.archived_at.is_some() { "  (archived)" } else { "" };
        println!("{:>6}  {kind:<8}  {:>7}  #{}{archived}", room.id, room.members, room.name);
    }
    Ok(())
}
