//! Who is in a room: joined, left, added, removed, and what they are there.

use parlour_domain::access::{Action, Right};
use parlour_protocol::push::Author;
use parlour_protocol::{
    Change, ErrorCode, Refusal, RoomId, RoomKind, RoomRole, RoomState, Seq, Timestamp, User, UserId, limits,
};
use rusqlite::{OptionalExtension, params};

use super::acts::{self, Act};
use super::batch::Batch;
use super::rooms::batch_state;
use super::rows;
use crate::{Doer, StoreError};

/// Makes the asker a member, where they are none.
pub(super) fn join(batch: &mut Batch<'_>, room: RoomId, by: &User, now: Timestamp) -> Result<RoomState, StoreError> {
    let right = batch.may(Action::JoinRoom, room, by.id)?;
    if batch.member(room, by.id)?.is_none() {
        refuse_too_many(batch, by.id, "You are in 2,000 rooms, which is the limit. Leave one first.")?;
        enter(batch, room, &author(by), Change::MemberJoined, (&author(by), RoomRole::Member), now)?;
        keep_a_manager(batch, room, now)?;
        if right == Right::Office {
            acts::write(batch, &Doer::Person(by.clone()), &Act::in_room("join_room", room), now)?;
        }
    }
    batch_state(batch, room, by.id)
}

/// Ends the asker's membership.
pub(super) fn leave(batch: &mut Batch<'_>, room: RoomId, by: &User, now: Timestamp) -> Result<(), StoreError> {
    batch.may(Action::LeaveRoom, room, by.id)?;
    if heir(batch, room, by.id)?.is_some() {
        refuse_without_a_manager(batch, room, by.id, "Make somebody else a manager of this room first.")?;
    }
    part(batch, room, &author(by), Change::MemberLeft, by.id, now)
}

/// Makes somebody else a member. None when they are one already; else the room as they have it now.
pub(super) fn add(
    batch: &mut Batch<'_>,
    room: RoomId,
    by: &User,
    whom: UserId,
    now: Timestamp,
) -> Result<Option<RoomState>, StoreError> {
    batch.may(Action::AddMember, room, by.id)?;
    let who = reachable(batch, whom)?;
    if batch.member(room, whom)?.is_some() {
        return Ok(None);
    }
    refuse_too_many(batch, whom, "They are in as many rooms as anyone can be.")?;
    let added = Change::MemberAdded { who: who.clone() };
    enter(batch, room, &author(by), added, (&who, RoomRole::Member), now)?;
    keep_a_manager(batch, room, now)?;
    batch_state(batch, room, whom).map(Some)
}

/// Ends somebody else's membership. They do not come back by themselves.
pub(super) fn remove(
    batch: &mut Batch<'_>,
    room: RoomId,
    by: &User,
    whom: UserId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let right = batch.may(Action::RemoveMember, room, by.id)?;
    if whom == by.id {
        let words = "Leave the room instead.";
        return Err(StoreError::Refused(Refusal::new(ErrorCode::Forbidden, words)));
    }
    let who = member_named(batch, room, whom)?;
    let removed = Change::MemberRemoved { who: who.clone() };
    part(batch, room, &author(by), removed, whom, now)?;
    let sql = "update member set removed = 1 where room = ?1 and user = ?2";
    batch.connection.prepare_cached(sql)?.execute(params![room.0, whom.0])?;
    if right == Right::Office {
        acts::write(batch, &Doer::Person(by.clone()), &Act::in_room("remove_member", room).whom(&who), now)?;
    }
    Ok(())
}

/// Makes a member a manager, or a plain member again.
pub(super) fn set_role(
    batch: &mut Batch<'_>,
    room: RoomId,
    by: &User,
    (whom, role): (UserId, RoomRole),
    now: Timestamp,
) -> Result<(), StoreError> {
    let right = batch.may(Action::SetRoomRole, room, by.id)?;
    let who = member_named(batch, room, whom)?;
    if batch.member(room, whom)? == Some(role) {
        return Ok(());
    }
    if role == RoomRole::Manager {
        reachable(batch, whom)?;
    } else {
        refuse_without_a_manager(batch, room, whom, "A closed room keeps somebody who looks after it.")?;
    }
    write_role(batch, room, &author(by), &who, role, now)?;
    if right == Right::Office {
        let note = rows::room_role_word(role);
        acts::write(batch, &Doer::Person(by.clone()), &Act::in_room("set_room_role", room).whom(&who).note(note), now)?;
    }
    Ok(())
}

/// Gives a closed room whose managers are all gone, suspended or no persons another one: whoever came to the house first
/// of those in it. An empty room, or one of guests alone, has none.
pub(super) fn keep_a_manager(batch: &mut Batch<'_>, room: RoomId, now: Timestamp) -> Result<(), StoreError> {
    if batch.room(room)?.kind != RoomKind::Closed || effective_manager(batch, room, UserId(0))?.is_some() {
        return Ok(());
    }
    match heir(batch, room, UserId(0))? {
        Some(heir) => write_role(batch, room, &heir, &heir, RoomRole::Manager, now),
        None => Ok(()),
    }
}

/// Who would look after a room next: of those in it who could, but this one, whoever came to the house first.
fn heir(batch: &Batch<'_>, room: RoomId, but: UserId) -> Result<Option<Author>, StoreError> {
    let sql = "select u.id, u.name from member m join user u on u.id = m.user
         where m.room = ?1 and m.until_seq is null and u.id <> ?2 and u.suspended_at is null
         and u.role in ('member', 'administrator', 'owner') order by u.id limit 1";
    Ok(batch.connection.prepare_cached(sql)?.query_row(params![room.0, but.0], read_author).optional()?)
}

/// The closed rooms that somebody looks after.
pub(super) fn closed_rooms_managed_by(batch: &Batch<'_>, user: UserId) -> Result<Vec<RoomId>, StoreError> {
    let sql = "select m.room from member m join room r on r.id = m.room
         where m.user = ?1 and m.until_seq is null and m.role = 'manager' and r.kind = 'closed' order by m.room";
    let mut statement = batch.connection.prepare_cached(sql)?;
    let rooms = statement.query_map([user.0], |row| row.get(0).map(RoomId))?;
    Ok(rooms.collect::<Result<Vec<_>, _>>()?)
}

/// The row of a membership that sees the room from `since` on, with everything up to `read` read. Who comes back is what this
/// says, whatever they were before.
pub(super) fn insert_member(
    batch: &mut Batch<'_>,
    room: RoomId,
    user: UserId,
    role: RoomRole,
    (since, read): (Seq, Seq),
) -> Result<(), StoreError> {
    let sql = "insert into member (room, user, since_seq, until_seq, read_seq, role) values (?1, ?2, ?5, null, ?3, ?4)
         on conflict (room, user) do update set until_seq = null, since_seq = excluded.since_seq,
         read_seq = max(read_seq, excluded.read_seq), role = excluded.role, removed = 0";
    let row = params![room.0, user.0, read.0, rows::room_role_word(role), since.0];
    batch.connection.prepare_cached(sql)?.execute(row)?;
    // Who comes back has read what was said in their threads meanwhile, as what was said in the room.
    let sql = "update follow set read_seq = max(read_seq, ?3) where user = ?1 and room = ?2";
    batch.connection.prepare_cached(sql)?.execute(params![user.0, room.0, read.0])?;
    batch.forget_member(room, user);
    Ok(())
}

/// Where a room begins for who becomes a member at this seq (S44).
pub(super) fn first_shown(batch: &mut Batch<'_>, room: RoomId, at: Seq) -> Result<Seq, StoreError> {
    Ok(if batch.room(room)?.history.is_all() { Seq(1) } else { at })
}

/// Somebody who can be spoken to, let in, or given a room to look after: a person or bot who is here and not suspended.
/// Everybody else is the same nobody, the guests of one room among them.
pub(super) fn reachable(batch: &Batch<'_>, whom: UserId) -> Result<Author, StoreError> {
    let sql = "select id, name from user where id = ?1 and released_at is null and suspended_at is null
         and role in ('bot', 'member', 'administrator', 'owner')";
    let found = batch.connection.prepare_cached(sql)?.query_row([whom.0], read_author).optional()?;
    found.ok_or_else(|| StoreError::Refused(Refusal::no_such_person()))
}

/// Refuses one room too many.
pub(super) fn refuse_too_many(batch: &Batch<'_>, user: UserId, words: &str) -> Result<(), StoreError> {
    let sql = "select count(*) from member where user = ?1 and until_seq is null";
    let rooms: usize = batch.connection.prepare_cached(sql)?.query_row([user.0], |row| row.get(0))?;
    if rooms >= limits::ROOMS_PER_USER_MAX {
        return Err(StoreError::Refused(Refusal::new(ErrorCode::TooMany, words)));
    }
    Ok(())
}

/// Writes the event that makes somebody a member, and their row.
pub(super) fn enter(
    batch: &mut Batch<'_>,
    room: RoomId,
    by: &Author,
    change: Change,
    (who, role): (&Author, RoomRole),
    now: Timestamp,
) -> Result<(), StoreError> {
    batch.room(room)?.members += 1;
    let event = batch.log(room, by.clone(), change, now)?;
    let since = first_shown(batch, room, event.seq)?;
    insert_member(batch, room, who.id, role, (since, event.seq))
}

pub(super) fn author(user: &User) -> Author {
    Author { id: user.id, name: user.name.clone() }
}

pub(super) fn read_author(row: &rusqlite::Row<'_>) -> rusqlite::Result<Author> {
    Ok(Author { id: UserId(row.get(0)?), name: row.get(1)? })
}

/// Writes the event that ends a membership, and ends it: nothing after it is shown to them.
fn part(
    batch: &mut Batch<'_>,
    room: RoomId,
    by: &Author,
    change: Change,
    whom: UserId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let end = batch.room(room)?;
    end.members = end.members.saturating_sub(1);
    let event = batch.log(room, by.clone(), change, now)?;
    let sql = "update member set until_seq = ?3 where room = ?1 and user = ?2";
    batch.connection.prepare_cached(sql)?.execute(params![room.0, whom.0, event.seq.0])?;
    batch.forget_member(room, whom);
    Ok(())
}

fn write_role(
    batch: &mut Batch<'_>,
    room: RoomId,
    by: &Author,
    who: &Author,
    role: RoomRole,
    now: Timestamp,
) -> Result<(), StoreError> {
    batch.log(room, by.clone(), Change::RoleChanged { who: who.clone(), role }, now)?;
    let sql = "update member set role = ?3 where room = ?1 and user = ?2";
    batch.connection.prepare_cached(sql)?.execute(params![room.0, who.id.0, rows::room_role_word(role)])?;
    batch.forget_member(room, who.id);
    Ok(())
}

/// Refuses what would leave a closed room with nobody who can look after it.
fn refuse_without_a_manager(
    batch: &mut Batch<'_>,
    room: RoomId,
    without: UserId,
    words: &str,
) -> Result<(), StoreError> {
    let is_one = batch.member(room, without)? == Some(RoomRole::Manager);
    let closed = batch.room(room)?.kind == RoomKind::Closed;
    if closed && is_one && effective_manager(batch, room, without)?.is_none() {
        return Err(StoreError::Refused(Refusal::new(ErrorCode::Forbidden, words)));
    }
    Ok(())
}

/// Any manager of a room who can act, but this one.
fn effective_manager(batch: &Batch<'_>, room: RoomId, but: UserId) -> Result<Option<UserId>, StoreError> {
    let sql = "select u.id from member m join user u on u.id = m.user
         where m.room = ?1 and m.until_seq is null and m.role = 'manager' and u.id <> ?2 and u.suspended_at is null
         and u.role in ('member', 'administrator', 'owner') limit 1";
    let mut statement = batch.connection.prepare_cached(sql)?;
    Ok(statement.query_row(params![room.0, but.0], |row| row.get(0).map(UserId)).optional()?)
}

/// A member, by the name they have now.
fn member_named(batch: &mut Batch<'_>, room: RoomId, whom: UserId) -> Result<Author, StoreError> {
    let nobody = || StoreError::Refused(Refusal::new(ErrorCode::NotFound, "They are not in this room."));
    if batch.member(room, whom)?.is_none() {
        return Err(nobody());
    }
    let sql = "select id, name from user where id = ?1";
    batch.connection.prepare_cached(sql)?.query_row([whom.0], read_author).optional()?.ok_or_else(nobody)
}
