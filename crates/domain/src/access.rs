//! The one permission table: who may do what, in which room. Every command and every read asks here.

use parlour_protocol::user::Door;
use parlour_protocol::{ErrorCode, Refusal, RoomKind};

/// What somebody wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Come in with a name alone.
    EnterByName,
    /// Speak on the classic wire.
    EnterAsGuest,
    /// Read a room: events, history, members, typing, presence.
    ReadRoom,
    /// Say something in a room.
    Post,
    /// Make a room.
    CreateRoom,
    /// See which rooms there are.
    ListRooms,
    /// Change a room's name or topic.
    RenameRoom,
    /// Become a member.
    JoinRoom,
    /// Stop being one.
    LeaveRoom,
}

/// Who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody in particular.
    Stranger,
    /// A guest of the classic wire.
    Guest,
    /// Somebody with a session.
    Person,
}

/// What the rule is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Who asks.
    pub standing: Standing,
    /// How the house may be entered.
    pub door: Door,
    /// The room in question, if it exists.
    pub room: Option<RoomKind>,
    /// Whether the asker is a member of it now.
    pub member: bool,
}

/// Who an action is open to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    /// Anyone, while the door is open.
    OpenDoor,
    /// Anyone with a session.
    People,
    /// Members, guests among them.
    Members,
    /// Members with a session, but in the lobby nobody.
    MembersOutsideLobby,
    /// Anyone with a session, where the room is open or the lobby.
    PeopleToOpenRooms,
}

/// The table. One row an action.
const TABLE: [(Action, Rule); 9] = [
    (Action::EnterByName, Rule::OpenDoor),
    (Action::EnterAsGuest, Rule::OpenDoor),
    (Action::ReadRoom, Rule::Members),
    (Action::Post, Rule::Members),
    (Action::CreateRoom, Rule::People),
    (Action::ListRooms, Rule::People),
    (Action::RenameRoom, Rule::MembersOutsideLobby),
    (Action::JoinRoom, Rule::PeopleToOpenRooms),
    (Action::LeaveRoom, Rule::MembersOutsideLobby),
];

/// Decides.
///
/// # Errors
/// `signed_out` for a stranger who would need a session, `not_found` for a room that does not exist or is not theirs (one
/// answer for both), `forbidden` for what nobody may do there.
pub fn check(action: Action, facts: &Facts) -> Result<(), Refusal> {
    let rule = TABLE.iter().find(|(row, _)| *row == action).map_or(Rule::People, |(_, rule)| *rule);
    let person = facts.standing == Standing::Person;
    match rule {
        Rule::OpenDoor if facts.door == Door::Open => Ok(()),
        Rule::OpenDoor => Err(Refusal::new(ErrorCode::Forbidden, "This house is entered by invitation.")),
        Rule::People if person => Ok(()),
        Rule::People => Err(signed_out()),
        Rule::Members if facts.standing == Standing::Stranger => Err(signed_out()),
        Rule::MembersOutsideLobby | Rule::PeopleToOpenRooms if !person => Err(signed_out()),
        Rule::PeopleToOpenRooms => match facts.room {
            Some(RoomKind::Open | RoomKind::Lobby) => Ok(()),
            None => Err(Refusal::no_such_room()),
        },
        Rule::Members | Rule::MembersOutsideLobby if facts.room.is_none() || !facts.member => {
            Err(Refusal::no_such_room())
        }
        Rule::MembersOutsideLobby if facts.room == Some(RoomKind::Lobby) => {
            Err(Refusal::new(ErrorCode::Forbidden, "The lobby stays as it is, and everybody stays in it."))
        }
        Rule::Members | Rule::MembersOutsideLobby => Ok(()),
    }
}

fn signed_out() -> Refusal {
    Refusal::new(ErrorCode::SignedOut, "Come in first.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_facts() -> impl Iterator<Item = Facts> {
        let standings = [Standing::Stranger, Standing::Guest, Standing::Person];
        let doors = [Door::Open, Door::Invitation, Door::Approval];
        let rooms = [None, Some(RoomKind::Lobby), Some(RoomKind::Open)];
        standings.into_iter().flat_map(move |standing| {
            doors.into_iter().flat_map(move |door| {
                rooms.into_iter().flat_map(move |room| {
                    [true, false].into_iter().map(move |member| Facts { standing, door, room, member })
                })
            })
        })
    }

    #[test]
    fn s33_every_action_has_exactly_one_row() {
        for (action, _) in TABLE {
            assert_eq!(TABLE.iter().filter(|(row, _)| *row == action).count(), 1);
        }
    }

    #[test]
    fn s34_nobody_reads_or_posts_where_they_are_not_a_member() {
        for facts in all_facts().filter(|facts| !facts.member || facts.room.is_none()) {
            for action in [Action::ReadRoom, Action::Post, Action::RenameRoom, Action::LeaveRoom] {
                assert!(check(action, &facts).is_err(), "{action:?} {facts:?}");
            }
        }
    }

    #[test]
    fn s41_a_room_that_is_not_yours_and_one_that_is_not_there_are_the_same_answer() {
        let facts = Facts { standing: Standing::Person, door: Door::Open, room: Some(RoomKind::Open), member: false };
        let nowhere = Facts { room: None, ..facts };
        for action in [Action::ReadRoom, Action::Post, Action::RenameRoom, Action::LeaveRoom] {
            assert_eq!(check(action, &facts), check(action, &nowhere));
        }
    }

    #[test]
    fn strangers_do_nothing_but_come_in_and_that_only_by_an_open_door() {
        for facts in all_facts().filter(|facts| facts.standing == Standing::Stranger) {
            for (action, _) in TABLE {
                let enters = matches!(action, Action::EnterByName | Action::EnterAsGuest);
                assert_eq!(check(action, &facts).is_ok(), enters && facts.door == Door::Open, "{action:?} {facts:?}");
            }
        }
    }

    #[test]
    fn room_3_the_lobby_is_neither_left_nor_renamed() {
        for facts in all_facts().filter(|facts| facts.room == Some(RoomKind::Lobby)) {
            assert!(check(Action::LeaveRoom, &facts).is_err() && check(Action::RenameRoom, &facts).is_err());
        }
    }
}
