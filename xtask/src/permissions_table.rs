//! web/src/protocol/permissions.ts: the answers of `domain::access::check` as strings of 0 and 1, so that the page offers what may
//! be done and nothing else, and reckons nothing of its own.

use std::fmt::Write as _;

use parlour_domain::access::table::{House, Row, row};
use parlour_domain::access::{Action, Facts, RoomFacts, Who, check};
use parlour_protocol::user::Door;
use parlour_protocol::{PostBy, Role, RoomKind, RoomRole};

const ROLES: [Role; 5] = [Role::Bot, Role::Guest, Role::Member, Role::Administrator, Role::Owner];
const KINDS: [(&str, RoomKind); 4] =
    [("lobby", RoomKind::Lobby), ("open", RoomKind::Open), ("closed", RoomKind::Closed), ("direct", RoomKind::Direct)];

const HEAD: &str = "/** Made by `cargo xtask codegen` from the table of access (docs/PERMISSIONS.md). Do not edit. */

/** The roles of the house, in the order of the answers. */
export const ROLES = [\"bot\", \"guest\", \"member\", \"administrator\", \"owner\"] as const;

/** Who may do what in the house: 1 for each role that may. What depends on the door is not here. */
export const HOUSE_ACTS = {
";
const IN_ROOMS: &str = "} as const;

/** Who may do what in a room they are in: for each role first as a plain member of the room, then as its manager. */
export const ROOM_ACTS = {
";

/// The whole file.
pub(crate) fn whole() -> anyhow::Result<String> {
    let mut text = HEAD.to_owned();
    for action in Action::ALL {
        let Row::House(cells) = row(action) else { continue };
        if !cells.iter().any(|cell| matches!(cell, House::OpenDoor | House::ApprovalDoor)) {
            let answers: String = ROLES.iter().map(|role| bit(may(action, *role, None))).collect();
            writeln!(text, "  {action:?}: \"{answers}\",")?;
        }
    }
    text.push_str(IN_ROOMS);
    for action in Action::ALL {
        let Row::Room(_, archived_too) = row(action) else { continue };
        write!(text, "  {action:?}: {{ archivedToo: {archived_too}")?;
        for (name, kind) in KINDS {
            write!(text, ", {name}: \"{}\"", in_rooms(action, kind))?;
        }
        text.push_str(" },\n");
    }
    text.push_str("} as const;\n");
    Ok(text)
}

fn in_rooms(action: Action, kind: RoomKind) -> String {
    let standings = ROLES.iter().flat_map(|role| [(*role, RoomRole::Member), (*role, RoomRole::Manager)]);
    standings
        .map(|(role, member)| {
            let room =
                RoomFacts { kind, archived: false, post_by: PostBy::Everyone, member: Some(member), removed: false };
            bit(may(action, role, Some(room)))
        })
        .collect()
}

fn may(action: Action, role: Role, room: Option<RoomFacts>) -> bool {
    check(action, &Facts { who: Who::Inside(role), door: Door::Invitation, room }).is_ok()
}

fn bit(may: bool) -> char {
    if may { '1' } else { '0' }
}
