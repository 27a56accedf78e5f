//! The one permission table: who may do what, in which room. Every command, every route and every read asks here.
//!
//! [`table`] is the table itself, docs/PERMISSIONS.md the same as a page. [`check`] reads it. [`commands`] says which act
//! each command is.

pub mod commands;
pub mod table;

use parlour_protocol::user::Door;
use parlour_protocol::{ErrorCode, PostBy, Refusal, Role, RoomKind, RoomRole};

pub use commands::of_command;
pub use table::Action;
use table::{House, InRoom, Row, row};

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Nobody in particular.
    Stranger,
    /// Somebody whose account rests.
    Suspended,
    /// One of the house, as this.
    Inside(Role),
}

/// A room, as the asker stands to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoomFacts {
    /// Its kind.
    pub kind: RoomKind,
    /// Whether it is archived.
    pub archived: bool,
    /// Who may speak there.
    pub post_by: PostBy,
    /// What the asker is in it; none for those who are no members now.
    pub member: Option<RoomRole>,
    /// Whether the last thing that happened to them there was being removed: they do not come back by themselves.
    pub removed: bool,
}

/// What the rule is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Who asks.
    pub who: Who,
    /// How the house may be entered.
    pub door: Door,
    /// The room in question, if it exists.
    pub room: Option<RoomFacts>,
}

/// By what right something is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// Their own.
    Own,
    /// Their office in the house: it is written into the log of administrative acts.
    Office,
}

/// Decides.
///
/// # Errors
/// `signed_out` for a stranger who would need a session, `not_found` for a room that does not exist or is not theirs (one
/// answer for both, S41), `forbidden` for what they may not do in the house, or in a room they are in.
pub fn check(action: Action, facts: &Facts) -> Result<Right, Refusal> {
    match row(action) {
        Row::House(cells) => in_house(&cells, facts),
        Row::Room(cells, when_archived) => in_room(action, &cells, when_archived, facts),
    }
}

/// The act of giving a role in the house, which is a greater one where owners and administrators are concerned.
#[must_use]
pub fn of_role(before: Role, after: Role) -> Action {
    if before.max(after) >= Role::Administrator { Action::SetHighRole } else { Action::SetRole }
}

/// The act of making a link for somebody who forgot their password.
#[must_use]
pub fn of_reset(whom: Role) -> Action {
    if whom >= Role::Administrator { Action::ResetHigh } else { Action::ResetLink }
}

/// The act of making an invitation that gives a role.
#[must_use]
pub fn of_invitation(role: Role) -> Action {
    if role >= Role::Administrator { Action::InviteHigh } else { Action::Invite }
}

/// The act of suspending somebody, or of letting them in again.
#[must_use]
pub fn of_suspension(whom: Role) -> Action {
    if whom >= Role::Administrator { Action::SuspendHigh } else { Action::Suspend }
}

fn in_house(cells: &[House; 7], facts: &Facts) -> Result<Right, Refusal> {
    let column = match facts.who {
        Who::Stranger => 0,
        Who::Suspended => 1,
        Who::Inside(Role::Guest) => 2,
        Who::Inside(Role::Bot) => 3,
        Who::Inside(Role::Member) => 4,
        Who::Inside(Role::Administrator) => 5,
        Who::Inside(Role::Owner) => 6,
    };
    match (cells[column], facts.who) {
        (House::Yes, _) => Ok(Right::Own),
        (House::Office, _) => Ok(Right::Office),
        (House::OpenDoor, _) if facts.door == Door::Open => Ok(Right::Own),
        (House::ApprovalDoor, _) if facts.door == Door::Approval => Ok(Right::Own),
        (House::OpenDoor | House::ApprovalDoor, _) => Err(at_the_door(facts.door)),
        (House::No, Who::Stranger | Who::Suspended) => Err(signed_out()),
        (House::No, Who::Inside(_)) => {
            Err(Refusal::new(ErrorCode::Forbidden, "Your role in this house is not to do that."))
        }
    }
}

fn in_room(action: Action, cells: &[InRoom; 4], when_archived: bool, facts: &Facts) -> Result<Right, Refusal> {
    let Who::Inside(role) = facts.who else { return Err(signed_out()) };
    let Some(room) = facts.room else { return Err(Refusal::no_such_room()) };
    let cell = cells[match room.kind {
        RoomKind::Lobby => 0,
        RoomKind::Open => 1,
        RoomKind::Closed => 2,
        RoomKind::Direct => 3,
    }];
    let right = right_in(cell, role, room.member);
    match (right, room.member) {
        (None, None) => Err(Refusal::no_such_room()),
        (Some(Right::Own), None) if room.removed => Err(Refusal::new(
            ErrorCode::Forbidden,
            "You were removed from this room. Somebody in it can add you again.",
        )),
        (None, Some(_)) => Err(forbidden_there(action, &room)),
        (Some(_), _) if room.archived && !when_archived => {
            Err(Refusal::new(ErrorCode::Forbidden, "This room is archived: it can be read, and nothing more is said."))
        }
        (Some(_), _) if matches!(action, Action::Post | Action::Edit) && room.post_by == PostBy::Managers => {
            check(Action::PostAsManager, facts)
        }
        (Some(right), _) => Ok(right),
    }
}

fn right_in(cell: InRoom, role: Role, member: Option<RoomRole>) -> Option<Right> {
    let person = role >= Role::Member;
    let office = role >= Role::Administrator;
    let manager = person && member == Some(RoomRole::Manager);
    let (own, by_office) = match cell {
        InRoom::Nobody => (false, false),
        InRoom::Person => (person, false),
        InRoom::Member => (member.is_some(), false),
        InRoom::PersonInIt => (person && member.is_some(), false),
        InRoom::Manager => (manager, false),
        InRoom::ManagerOrOfficeInIt => (manager || (office && member.is_some()), false),
        InRoom::ManagerOrOffice => (manager, office),
        InRoom::Office => (false, office),
        InRoom::PersonInItOrOffice => (person && member.is_some(), office),
    };
    if own {
        Some(Right::Own)
    } else if by_office {
        Some(Right::Office)
    } else {
        None
    }
}

/// What is said to who may not come in that way.
fn at_the_door(door: Door) -> Refusal {
    let words = match door {
        Door::Open => "This house is open: come in with a name.",
        Door::Invitation => "This house is entered by invitation.",
        Door::Approval => "This house is entered by asking to be let in.",
    };
    Refusal::new(ErrorCode::Forbidden, words)
}

fn signed_out() -> Refusal {
    Refusal::new(ErrorCode::SignedOut, "Come in first.")
}

/// What a member is told who may not.
fn forbidden_there(action: Action, room: &RoomFacts) -> Refusal {
    let words = match (room.kind, action) {
        (_, Action::PostAsManager) => "Only those who look after this room speak here.",
        (RoomKind::Direct, _) => "A direct room stays as it is, with the people in it.",
        (RoomKind::Lobby, Action::LeaveRoom | Action::RenameRoom | Action::ArchiveRoom | Action::RestoreRoom) => {
            "The lobby stays as it is, and everybody stays in it."
        }
        _ => "That is for those who look after this room.",
    };
    Refusal::new(ErrorCode::Forbidden, words)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVERYONE: [Who; 7] = [
        Who::Stranger,
        Who::Suspended,
        Who::Inside(Role::Guest),
        Who::Inside(Role::Bot),
        Who::Inside(Role::Member),
        Who::Inside(Role::Administrator),
        Who::Inside(Role::Owner),
    ];
    const KINDS: [RoomKind; 4] = [RoomKind::Lobby, RoomKind::Open, RoomKind::Closed, RoomKind::Direct];

    fn rooms() -> impl Iterator<Item = RoomFacts> {
        let members = [None, Some(RoomRole::Member), Some(RoomRole::Manager)];
        KINDS.into_iter().flat_map(move |kind| {
            [false, true].into_iter().flat_map(move |archived| {
                [PostBy::Everyone, PostBy::Managers].into_iter().flat_map(move |post_by| {
                    members.into_iter().flat_map(move |member| {
                        let removed = [false, true].into_iter().filter(move |removed| !removed || member.is_none());
                        removed.map(move |removed| RoomFacts { kind, archived, post_by, member, removed })
                    })
                })
            })
        })
    }

    fn all_facts() -> impl Iterator<Item = Facts> {
        let doors = [Door::Open, Door::Invitation, Door::Approval];
        EVERYONE.into_iter().flat_map(move |who| {
            doors
                .into_iter()
                .flat_map(move |door| rooms().map(Some).chain([None]).map(move |room| Facts { who, door, room }))
        })
    }

    fn room_actions() -> impl Iterator<Item = Action> {
        Action::ALL.into_iter().filter(|action| matches!(row(*action), Row::Room(..)))
    }

    #[test]
    fn s34_nobody_reads_or_speaks_where_they_are_not_a_member_whatever_their_role() {
        let inside = [
            Action::ReadRoom,
            Action::Post,
            Action::PostAsManager,
            Action::MarkRead,
            Action::Report,
            Action::Typing,
            Action::Edit,
            Action::DeleteOwn,
            Action::DeleteAny,
            Action::React,
            Action::Pin,
            Action::Save,
            Action::Follow,
            Action::SetNotify,
            Action::MentionAll,
        ];
        for facts in all_facts().filter(|facts| facts.room.is_none_or(|room| room.member.is_none())) {
            for action in inside {
                assert!(check(action, &facts).is_err(), "{action:?} {facts:?}");
            }
        }
    }

    #[test]
    fn s41_a_room_that_is_not_yours_and_one_that_is_not_there_are_the_same_answer() {
        let refused =
            |facts: &Facts| facts.room.is_some_and(|room| room.member.is_none() && !room.archived && !room.removed);
        for facts in all_facts().filter(refused) {
            let nowhere = Facts { room: None, ..facts };
            for action in room_actions() {
                if let Err(refusal) = check(action, &facts) {
                    assert_eq!(Err(refusal), check(action, &nowhere), "{action:?} {facts:?}");
                }
            }
        }
    }

    #[test]
    fn s41_a_closed_or_direct_room_tells_nobody_outside_that_it_is_archived() {
        for facts in all_facts() {
            let Some(room) = facts.room.filter(|room| room.member.is_none()) else { continue };
            let hidden = matches!(room.kind, RoomKind::Closed | RoomKind::Direct);
            let office = matches!(facts.who, Who::Inside(role) if role >= Role::Administrator);
            for action in room_actions().filter(|_| hidden && !office) {
                assert_eq!(
                    check(action, &facts),
                    check(action, &Facts { room: None, ..facts }),
                    "{action:?} {facts:?}"
                );
            }
        }
    }

    #[test]
    fn s33_strangers_and_the_suspended_do_nothing_but_look_at_the_door() {
        for facts in all_facts().filter(|facts| !matches!(facts.who, Who::Inside(_))) {
            for action in Action::ALL {
                let enters = matches!(action, Action::EnterByName | Action::EnterAsGuest | Action::MakeAccount);
                let asks = action == Action::Knock && facts.door == Door::Approval;
                let proves = matches!(action, Action::UseLink | Action::SignIn);
                let looks = matches!(action, Action::LookAround | Action::SignOut);
                let may = looks || proves || asks || (enters && facts.door == Door::Open);
                assert_eq!(check(action, &facts).is_ok(), may, "{action:?} {facts:?}");
            }
        }
    }

    #[test]
    fn room_3_the_lobby_is_neither_left_nor_renamed_nor_archived() {
        for facts in all_facts().filter(|facts| facts.room.is_some_and(|room| room.kind == RoomKind::Lobby)) {
            for action in [Action::LeaveRoom, Action::RenameRoom, Action::ArchiveRoom, Action::RestoreRoom] {
                assert!(check(action, &facts).is_err(), "{action:?} {facts:?}");
            }
        }
    }

    #[test]
    fn s33_a_greater_role_never_takes_away_what_a_smaller_one_may() {
        let ladder = [Role::Guest, Role::Member, Role::Administrator, Role::Owner];
        for facts in all_facts().filter(|facts| facts.who == Who::Stranger) {
            for action in Action::ALL {
                let may = |role| check(action, &Facts { who: Who::Inside(role), ..facts }).is_ok();
                for pair in ladder.windows(2) {
                    assert!(!may(pair[0]) || may(pair[1]), "{action:?} {pair:?} {facts:?}");
                }
            }
        }
    }

    #[test]
    fn s33_an_office_opens_no_closed_or_direct_room_but_by_entering_a_closed_one() {
        for facts in all_facts() {
            let Some(room) = facts.room.filter(|room| room.member.is_none()) else { continue };
            if !matches!(room.kind, RoomKind::Closed | RoomKind::Direct) {
                continue;
            }
            for action in room_actions() {
                let entering = matches!(action, Action::JoinRoom | Action::ArchiveRoom | Action::RestoreRoom);
                let may = check(action, &facts);
                assert!(may.is_err() || (may == Ok(Right::Office) && entering && room.kind == RoomKind::Closed));
            }
        }
    }
}
