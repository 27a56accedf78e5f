//! Rooms made, named, archived, who may speak in them, and what of them newcomers see.

use parlour_domain::access::{Action, Right};
use parlour_protocol::push::Author;
use parlour_protocol::{
    Change, ErrorCode, History, PostBy, Refusal, RoomId, RoomKind, RoomRole, RoomState, Seq, Timestamp, User, UserId,
    limits,
};
use rusqlite::{OptionalExtension, params};

use super::acts::{self, Act};
use super::batch::Batch;
use super::membership::{author, enter, insert_member, reachable, refuse_too_many};
use super::rooms::batch_state;
use super::{blocks, houses, rows};
use crate::{Doer, NewRoom, OpenedDirect, StoreError};

const DAY_MS: i64 = 24 * 3_600 * 1_000;
const OWN_ROOMS: &str = "You are in 2,000 rooms, which is the limit. Leave one first.";

/// Makes an open or a closed room, with its maker as its manager.
pub(super) fn create(batch: &mut Batch<'_>, by: &User, new: &NewRoom, now: Timestamp) -> Result<RoomState, StoreError> {
    batch.may_in_house(Action::CreateRoom, by.id)?;
    houses::may_make_rooms(batch, by.id)?;
    refuse_taken(batch, &new.skeleton, None, &new.name)?;
    refuse_too_many(batch, by.id, OWN_ROOMS)?;
    let kind = if new.closed { RoomKind::Closed } else { RoomKind::Open };
    let (room, made) = insert_room(batch, by, kind, new, None, now)?;
    batch.room(room)?.members = 1;
    insert_member(batch, room, by.id, RoomRole::Manager, (made, made))?;
    batch_state(batch, room, by.id)
}

/// Finds or makes the direct room of a set of people. Refused as to nobody when one of them is not there, or does not want
/// to hear from the asker.
pub(super) fn open_direct(
    batch: &mut Batch<'_>,
    by: &User,
    others: &[UserId],
    now: Timestamp,
) -> Result<OpenedDirect, StoreError> {
    batch.may_in_house(Action::OpenDirect, by.id)?;
    let mut ids: Vec<UserId> = others.iter().copied().filter(|user| *user != by.id).collect();
    ids.sort_unstable();
    ids.dedup();
    let who: Vec<Author> = ids.iter().map(|user| reachable(batch, *user)).collect::<Result<_, _>>()?;
    for other in &ids {
        blocks::refuse_blocked(batch, by.id, *other)?;
    }
    if ids.is_empty() || ids.len() >= limits::DIRECT_PEOPLE_MAX {
        let words = "A direct room is for you and 1 to 99 others.";
        return Err(StoreError::Refused(Refusal::new(ErrorCode::TooMany, words)));
    }
    let key = direct_key(by.id, &ids);
    let sql = "select id from room where direct_key = ?1";
    let found = batch.connection.prepare_cached(sql)?.query_row([&key], |row| row.get(0).map(RoomId)).optional()?;
    if let Some(room) = found {
        return Ok(OpenedDirect { state: batch_state(batch, room, by.id)?, told: Vec::new() });
    }
    refuse_too_many(batch, by.id, OWN_ROOMS)?;
    refuse_too_many_new(batch, by.id, now)?;
    for other in &ids {
        refuse_too_many_named(batch, by.id, *other)?;
    }
    let new = NewRoom {
        name: String::new(),
        skeleton: String::new(),
        topic: String::new(),
        closed: true,
        history: History::All,
    };
    let (room, made) = insert_room(batch, by, RoomKind::Direct, &new, Some(&key), now)?;
    batch.room(room)?.members = 1;
    insert_member(batch, room, by.id, RoomRole::Member, (made, made))?;
    for other in &who {
        let added = Change::MemberAdded { who: other.clone() };
        enter(batch, room, &author(by), added, (other, RoomRole::Member), now)?;
    }
    let told =
        ids.iter().map(|user| Ok((*user, batch_state(batch, room, *user)?))).collect::<Result<_, StoreError>>()?;
    Ok(OpenedDirect { state: batch_state(batch, room, by.id)?, told })
}

/// Gives a room another name or topic.
pub(super) fn rename(
    batch: &mut Batch<'_>,
    room: RoomId,
    by: &User,
    (name, skeleton, topic): (&str, &str, &str),
    now: Timestamp,
) -> Result<(), StoreError> {
    batch.may(Action::RenameRoom, room, by.id)?;
    refuse_taken(batch, skeleton, Some(room), name)?;
    let end = batch.room(room)?;
    if end.name == name && end.topic == topic {
        return Ok(());
    }
    (end.name, end.skeleton, end.topic) = (name.to_owned(), Some(skeleton.to_owned()), topic.to_owned());
    let change = Change::RoomRenamed { name: name.to_owned(), topic: topic.to_owned() };
    batch.log(room, author(by), change, now).map(drop)
}

/// Lets a room rest, or takes it up again.
pub(super) fn archive(
    batch: &mut Batch<'_>,
    room: RoomId,
    by: &Doer,
    archived: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (action, act) =
        if archived { (Action::ArchiveRoom, "archive_room") } else { (Action::RestoreRoom, "restore_room") };
    let (right, by_author) = match by {
        Doer::Person(user) => (batch.may(action, room, user.id)?, author(user)),
        Doer::CommandLine => acts::as_an_owner(batch, action, room)?,
    };
    if batch.room(room)?.archived == archived {
        return Ok(());
    }
    let change = if archived { Change::RoomArchived } else { Change::RoomRestored };
    batch.log(room, by_author, change, now)?;
    let sql = "update room set archived_at = ?2 where id = ?1";
    batch.connection.prepare_cached(sql)?.execute(params![room.0, archived.then_some(now.0)])?;
    batch.room(room)?.archived = archived;
    if right == Right::Office {
        acts::write(batch, by, &Act::in_room(act, room), now)?;
    }
    Ok(())
}

/// Says who may speak in a room, and how often.
pub(super) fn set_posting(
    batch: &mut Batch<'_>,
    room: RoomId,
    by: &User,
    (post_by, slow_s): (PostBy, u32),
    now: Timestamp,
) -> Result<(), StoreError> {
    let right = batch.may(Action::SetPosting, room, by.id)?;
    let end = batch.room(room)?;
    if (end.post_by, end.slow_s) == (post_by, slow_s) {
        return Ok(());
    }
    batch.log(room, author(by), Change::PostingChanged { post_by, slow_s }, now)?;
    let sql = "update room set post_by = ?2, slow_s = ?3 where id = ?1";
    batch.connection.prepare_cached(sql)?.execute(params![room.0, rows::post_by_word(post_by), slow_s])?;
    let end = batch.room(room)?;
    (end.post_by, end.slow_s) = (post_by, slow_s);
    if right == Right::Office {
        let note = format!("{}, {slow_s} s", rows::post_by_word(post_by));
        acts::write(batch, &Doer::Person(by.clone()), &Act::in_room("set_posting", room).note(&note), now)?;
    }
    Ok(())
}

/// Says what of a room's past those see who become members from now on.
pub(super) fn set_history(
    batch: &mut Batch<'_>,
    room: RoomId,
    by: &User,
    history: History,
    now: Timestamp,
) -> Result<(), StoreError> {
    let right = batch.may(Action::SetHistory, room, by.id)?;
    if batch.room(room)?.history == history {
        return Ok(());
    }
    batch.log(room, author(by), Change::HistoryChanged { history }, now)?;
    let word = rows::history_word(history);
    let sql = "update room set history = ?2 where id = ?1";
    batch.connection.prepare_cached(sql)?.execute(params![room.0, word])?;
    batch.room(room)?.history = history;
    if right == Right::Office {
        acts::write(batch, &Doer::Person(by.clone()), &Act::in_room("set_history", room).note(word), now)?;
    }
    Ok(())
}

/// Holds a person to so many new direct rooms a day: with enough names at hand they would fill the list of anybody.
fn refuse_too_many_new(batch: &Batch<'_>, by: UserId, now: Timestamp) -> Result<(), StoreError> {
    let sql = "select count(*) from member m cross join room r on r.id = m.room
         where m.user = ?1 and r.kind = 'direct' and r.created_by = ?1 and r.created_at > ?2";
    let row = params![by.0, now.0 - DAY_MS];
    let begun: usize = batch.connection.prepare_cached(sql)?.query_row(row, |row| row.get(0))?;
    if begun >= limits::DIRECT_NEW_PER_DAY_MAX {
        let words = "You began 50 direct rooms within a day, which is the limit. Those that are there go on.";
        return Err(StoreError::Refused(Refusal::new(ErrorCode::TooMany, words)));
    }
    Ok(())
}

/// Refuses to begin one more direct room with somebody whom so many were begun with, in all or by this one: nobody alone fills
/// somebody's list. These never keep anybody from joining, making or beginning rooms of their own.
fn refuse_too_many_named(batch: &Batch<'_>, by: UserId, whom: UserId) -> Result<(), StoreError> {
    let sql = "select count(*), coalesce(sum(r.created_by = ?2), 0) from member m cross join room r on r.id = m.room
         where m.user = ?1 and m.until_seq is null and r.kind = 'direct' and r.created_by <> ?1";
    let mut statement = batch.connection.prepare_cached(sql)?;
    let (named, by_one): (usize, usize) = statement.query_row([whom.0, by.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let words = if named >= limits::DIRECT_NAMED_MAX {
        "Others began as many direct rooms with one of them as anyone can be in."
    } else if by_one >= limits::DIRECT_NAMED_BY_ONE_MAX {
        "You began 50 direct rooms with one of them, which is the limit. Those that are there go on."
    } else {
        return Ok(());
    };
    Err(StoreError::Refused(Refusal::new(ErrorCode::TooMany, words)))
}

/// The set of people of a direct room, as the schema keeps it.
fn direct_key(by: UserId, others: &[UserId]) -> String {
    let mut ids: Vec<u64> = others.iter().map(|user| user.0).chain([by.0]).collect();
    ids.sort_unstable();
    ids.iter().map(u64::to_string).collect::<Vec<_>>().join(",")
}

fn insert_room(
    batch: &mut Batch<'_>,
    by: &User,
    kind: RoomKind,
    new: &NewRoom,
    direct_key: Option<&str>,
    now: Timestamp,
) -> Result<(RoomId, Seq), StoreError> {
    // Rooms are never deleted, so the last number is how many there are.
    let rooms: usize = batch.connection.prepare_cached("select max(id) from room")?.query_row([], |row| row.get(0))?;
    if rooms >= limits::ROOMS_MAX {
        return Err(StoreError::Refused(Refusal::new(ErrorCode::TooMany, "The house has no room for another room.")));
    }
    let sql =
        "insert into room (shard, name, name_skeleton, topic, kind, head, msgs, floor, members, last_at, created_by,
         created_at, direct_key, history) values (1, ?1, ?2, ?3, ?4, 0, 0, 0, 0, ?5, ?6, ?5, ?7, ?8)";
    let kind_word = rows::room_kind_word(kind);
    let row = params![
        new.name,
        new.skeleton,
        new.topic,
        kind_word,
        now.0,
        by.id.0,
        direct_key,
        rows::history_word(new.history)
    ];
    batch.connection.prepare_cached(sql)?.execute(row)?;
    let room = RoomId(u64::try_from(batch.connection.last_insert_rowid()).unwrap_or_default());
    batch.add_room(room, kind, new, now);
    let made = Change::RoomCreated { name: new.name.clone(), topic: new.topic.clone() };
    let event = batch.log(room, author(by), made, now)?;
    Ok((room, event.seq))
}

/// Refuses the name of the lobby or an open room, which everybody may know of. Who has a closed one is told to nobody.
fn refuse_taken(batch: &Batch<'_>, skeleton: &str, except: Option<RoomId>, name: &str) -> Result<(), StoreError> {
    let sql = "select 1 from room where name_skeleton = ?1 and id <> ?2 and kind in ('lobby', 'open')";
    let except = except.map_or(0, |room| room.0);
    let taken = batch.connection.prepare_cached(sql)?.exists(params![skeleton, except])?;
    if taken { Err(StoreError::name_taken(&format!("#{name}"))) } else { Ok(()) }
}
