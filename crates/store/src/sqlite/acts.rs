//! The log of administrative acts: one row an act, written in the transaction that does it.

use parlour_domain::access::{self, Action, Right, RoomFacts, Who};
use parlour_protocol::push::Author;
use parlour_protocol::{ErrorCode, Refusal, Role, RoomId, RoomRole, Timestamp};
use rusqlite::{OptionalExtension, params};

use super::batch::{Batch, facts};
use super::membership::read_author;
use crate::{Doer, StoreError};

/// How the log names the command line.
pub(super) const COMMAND_LINE: &str = "command line";

/// What was done.
pub(super) struct Act<'a> {
    act: &'static str,
    whom: Option<&'a Author>,
    room: Option<RoomId>,
    note: &'a str,
}

impl<'a> Act<'a> {
    /// An act in a room.
    pub(super) fn in_room(act: &'static str, room: RoomId) -> Act<'a> {
        Act { act, whom: None, room: Some(room), note: "" }
    }

    /// An act on the house itself.
    pub(super) fn of_the_house(act: &'static str) -> Act<'static> {
        Act { act, whom: None, room: None, note: "" }
    }

    /// An act on somebody.
    pub(super) fn on(act: &'static str, whom: &'a Author) -> Act<'a> {
        Act { act, whom: Some(whom), room: None, note: "" }
    }

    /// The same with whom it concerns.
    pub(super) fn whom(self, whom: &'a Author) -> Act<'a> {
        Act { whom: Some(whom), ..self }
    }

    /// The same with a note.
    pub(super) fn note(self, note: &'a str) -> Act<'a> {
        Act { note, ..self }
    }
}

/// Adds an act to the log.
pub(super) fn write(batch: &Batch<'_>, by: &Doer, act: &Act<'_>, now: Timestamp) -> Result<(), StoreError> {
    let (actor, name) = match by {
        Doer::Person(user) => (Some(user.id.0), user.name.as_str()),
        Doer::CommandLine => (None, COMMAND_LINE),
    };
    let sql = "insert into admin_act (actor, actor_name, act, whom, whom_name, room, note, at)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let (whom, whom_name) = (act.whom.map(|whom| whom.id.0), act.whom.map(|whom| whom.name.as_str()));
    let room = act.room.map(|room| room.0);
    batch
        .connection
        .prepare_cached(sql)?
        .execute(params![actor, name, act.act, whom, whom_name, room, act.note, now.0])?;
    Ok(())
}

/// Lets the command line do what an owner may in a room, in an owner's name: an event needs somebody who did it.
pub(super) fn as_an_owner(batch: &mut Batch<'_>, action: Action, room: RoomId) -> Result<(Right, Author), StoreError> {
    let end = batch.room(room)?;
    let room = RoomFacts {
        kind: end.kind,
        archived: end.archived,
        post_by: end.post_by,
        // Whoever holds the file knows that the room is there: they are told why not, as its members are.
        member: Some(RoomRole::Member),
        removed: false,
    };
    let facts = facts(Who::Inside(Role::Owner), Some(room));
    let right = access::check(action, &facts).map_err(StoreError::Refused)?;
    let sql = "select id, name from user where role = 'owner' and suspended_at is null and released_at is null
         order by id limit 1";
    let owner = batch.connection.prepare_cached(sql)?.query_row([], read_author).optional()?;
    let words = "The house has no owner yet, in whose name this could be done.";
    let owner = owner.ok_or_else(|| StoreError::Refused(Refusal::new(ErrorCode::Forbidden, words)))?;
    Ok((right, owner))
}
