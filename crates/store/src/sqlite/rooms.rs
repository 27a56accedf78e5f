//! Rooms: made, renamed, joined, left, listed.

use parlour_domain::access::{self, Action};
use parlour_protocol::http::{ListedRoom, Member};
use parlour_protocol::push::Author;
use parlour_protocol::{Change, ErrorCode, Refusal, RoomId, RoomState, Seq, Timestamp, User, UserId, limits};
use rusqlite::{Connection, OptionalExtension, params};

use super::SqliteStore;
use super::batch::{Batch, facts};
use super::messages::no_such_room;
use super::people::find_session;
use super::rows;
use crate::{Later, Rooms, StoreError, TokenHash};

/// Members in one list.
const MEMBERS_LISTED_MAX: usize = 1_000;
const ROW_BYTES: usize = 400;

impl Rooms for SqliteStore {
    fn create_room(&self, by: User, name: String, skeleton: String, topic: String, now: Timestamp) -> Later<RoomState> {
        self.writer.write(ROW_BYTES + topic.len(), move |batch| create(batch, &by, &name, &skeleton, &topic, now))
    }

    fn rename_room(
        &self,
        room: RoomId,
        by: User,
        name: String,
        skeleton: String,
        topic: String,
        now: Timestamp,
    ) -> Later<()> {
        self.writer.write(ROW_BYTES + topic.len(), move |batch| {
            batch.may(Action::RenameRoom, room, &by)?;
            refuse_taken(batch, &skeleton, Some(room), &name)?;
            let end = batch.room(room)?;
            if end.name == name && end.topic == topic {
                return Ok(());
            }
            (end.name, end.skeleton, end.topic) = (name.clone(), Some(skeleton.clone()), topic.clone());
            let change = Change::RoomRenamed { name: name.clone(), topic: topic.clone() };
            batch.log(room, author(&by), change, now).map(drop)
        })
    }

    fn join_room(&self, room: RoomId, by: User, now: Timestamp) -> Later<RoomState> {
        self.writer.write(ROW_BYTES, move |batch| {
            batch.may(Action::JoinRoom, room, &by)?;
            if !batch.is_member(room, by.id)? {
                refuse_too_many(batch, by.id)?;
                join(batch, room, &by, now)?;
            }
            batch_state(batch, room, by.id)
        })
    }

    fn leave_room(&self, room: RoomId, by: User, now: Timestamp) -> Later<()> {
        self.writer.write(ROW_BYTES, move |batch| {
            batch.may(Action::LeaveRoom, room, &by)?;
            let end = batch.room(room)?;
            end.members = end.members.saturating_sub(1);
            let event = batch.log(room, author(&by), Change::MemberLeft, now)?;
            batch
                .connection
                .prepare_cached("update member set until_seq = ?3 where room = ?1 and user = ?2")?
                .execute(params![room.0, by.id.0, event.seq.0])?;
            batch.forget_member(room, by.id);
            Ok(())
        })
    }

    fn rooms_of(&self, user: UserId) -> Later<Vec<RoomState>> {
        self.readers.read(move |connection| rooms_of(connection, user))
    }

    fn rooms_of_session(&self, token: TokenHash, now: Timestamp) -> Later<Option<Vec<RoomState>>> {
        self.readers.read(move |connection| match find_session(connection, token, now)? {
            Some((session, _)) => rooms_of(connection, session.user.id).map(Some),
            None => Ok(None),
        })
    }

    fn lobby(&self) -> Later<RoomState> {
        self.readers.read(|connection| {
            let sql = "select id, name, topic, kind, head, floor, members, head, head, 0 from room where id = ?1";
            Ok(connection.prepare_cached(sql)?.query_row([RoomId::LOBBY.0], rows::read_room_state)?)
        })
    }

    fn list_rooms(&self, user: UserId) -> Later<Vec<ListedRoom>> {
        self.readers.read(move |connection| {
            let sql = "select r.id, r.name, r.topic, r.kind, r.members, m.user is not null from room r
                 left join member m on m.room = r.id and m.user = ?1 and m.until_seq is null
                 order by r.kind <> 'lobby', r.name limit 2000";
            let mut statement = connection.prepare_cached(sql)?;
            let rooms = statement.query_map([user.0], |row| {
                Ok(ListedRoom { room: rows::read_room(row)?, members: row.get(4)?, joined: row.get(5)? })
            })?;
            Ok(rooms.collect::<Result<Vec<_>, _>>()?)
        })
    }

    fn members(&self, room: RoomId, asker: UserId) -> Later<Vec<Member>> {
        self.readers.read(move |connection| {
            may_read(connection, room, asker)?;
            let sql = "select u.id, u.name from member m join user u on u.id = m.user
                 where m.room = ?1 and m.until_seq is null and u.released_at is null order by u.name limit ?2";
            let mut statement = connection.prepare_cached(sql)?;
            let members = statement.query_map(params![room.0, MEMBERS_LISTED_MAX], |row| {
                Ok(Member { id: UserId(row.get(0)?), name: row.get(1)?, online: false })
            })?;
            Ok(members.collect::<Result<Vec<_>, _>>()?)
        })
    }

    fn heads(&self) -> Later<Vec<(RoomId, Seq)>> {
        self.readers.read(|connection| {
            let mut statement = connection.prepare_cached("select id, head from room order by id")?;
            let heads = statement.query_map([], |row| Ok((RoomId(row.get(0)?), Seq(row.get(1)?))))?;
            Ok(heads.collect::<Result<Vec<_>, _>>()?)
        })
    }
}

fn rooms_of(connection: &Connection, user: UserId) -> Result<Vec<RoomState>, StoreError> {
    let sql = format!(
        "select {} from member m join room r on r.id = m.room where m.user = ?1 and m.until_seq is null
         order by r.kind <> 'lobby', r.name",
        rows::room_state_columns()
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let states = statement.query_map([user.0], rows::read_room_state)?;
    Ok(states.collect::<Result<Vec<_>, _>>()?)
}

/// One room with a member's standing in it.
pub(super) fn state(connection: &Connection, room: RoomId, user: UserId) -> Result<RoomState, StoreError> {
    let sql = format!(
        "select {} from member m join room r on r.id = m.room where m.room = ?1 and m.user = ?2 and m.until_seq is null",
        rows::room_state_columns()
    );
    let found =
        connection.prepare_cached(&sql)?.query_row(params![room.0, user.0], rows::read_room_state).optional()?;
    found.ok_or_else(no_such_room)
}

/// The same inside a batch, whose room rows are written last: the end of the log comes from the batch.
fn batch_state(batch: &mut Batch<'_>, room: RoomId, user: UserId) -> Result<RoomState, StoreError> {
    let mut state = state(batch.connection, room, user)?;
    let end = batch.room(room)?;
    (state.head, state.members) = (end.head, end.members);
    (state.room.name, state.room.topic) = (end.name.clone(), end.topic.clone());
    Ok(state)
}

/// Makes someone a member: everything said before may be read, nothing of it counts as unread.
pub(super) fn join(batch: &mut Batch<'_>, room: RoomId, by: &User, now: Timestamp) -> Result<Seq, StoreError> {
    batch.room(room)?.members += 1;
    let event = batch.log(room, author(by), Change::MemberJoined, now)?;
    insert_member(batch, room, by.id, event.seq)?;
    Ok(event.seq)
}

/// The row of a membership, with everything up to `read` read.
pub(super) fn insert_member(batch: &Batch<'_>, room: RoomId, user: UserId, read: Seq) -> Result<(), StoreError> {
    let sql = "insert into member (room, user, since_seq, until_seq, read_seq) values (?1, ?2, 1, null, ?3)
         on conflict (room, user) do update set until_seq = null, read_seq = max(read_seq, excluded.read_seq)";
    batch.connection.prepare_cached(sql)?.execute(params![room.0, user.0, read.0])?;
    Ok(())
}

/// Asks the one permission table whether somebody may read a room in this snapshot.
pub(super) fn may_read(connection: &Connection, room: RoomId, asker: UserId) -> Result<(), StoreError> {
    let sql = "select r.kind, u.guest, m.user is not null from room r join user u on u.id = ?2
         left join member m on m.room = r.id and m.user = u.id and m.until_seq is null where r.id = ?1";
    let found = connection.prepare_cached(sql)?.query_row(params![room.0, asker.0], |row| {
        Ok(facts(row.get(1)?, Some(rows::room_kind(&row.get::<_, String>(0)?)), row.get(2)?))
    });
    let facts = found.optional()?.unwrap_or_else(|| facts(false, None, false));
    access::check(Action::ReadRoom, &facts).map_err(StoreError::Refused)
}

fn create(
    batch: &mut Batch<'_>,
    by: &User,
    name: &str,
    skeleton: &str,
    topic: &str,
    now: Timestamp,
) -> Result<RoomState, StoreError> {
    refuse_taken(batch, skeleton, None, name)?;
    refuse_too_many(batch, by.id)?;
    // Rooms are never deleted, so the last number is how many there are.
    let rooms: usize = batch.connection.prepare_cached("select max(id) from room")?.query_row([], |row| row.get(0))?;
    if rooms >= limits::ROOMS_MAX {
        return Err(StoreError::Refused(Refusal::new(ErrorCode::TooMany, "The house has no room for another room.")));
    }
    let sql =
        "insert into room (shard, name, name_skeleton, topic, kind, head, msgs, floor, members, last_at, created_by,
         created_at) values (1, ?1, ?2, ?3, 'open', 0, 0, 0, 0, ?4, ?5, ?4)";
    batch.connection.prepare_cached(sql)?.execute(params![name, skeleton, topic, now.0, by.id.0])?;
    let room = RoomId(u64::try_from(batch.connection.last_insert_rowid()).unwrap_or_default());
    batch.add_room(room, name, topic, now);
    let made = Change::RoomCreated { name: name.to_owned(), topic: topic.to_owned() };
    let event = batch.log(room, author(by), made, now)?;
    batch.room(room)?.members = 1;
    insert_member(batch, room, by.id, event.seq)?;
    batch_state(batch, room, by.id)
}

fn refuse_taken(batch: &Batch<'_>, skeleton: &str, except: Option<RoomId>, name: &str) -> Result<(), StoreError> {
    let sql = "select 1 from room where name_skeleton = ?1 and id <> ?2";
    let except = except.map_or(0, |room| room.0);
    let taken = batch.connection.prepare_cached(sql)?.exists(params![skeleton, except])?;
    if taken { Err(StoreError::name_taken(&format!("#{name}"))) } else { Ok(()) }
}

fn refuse_too_many(batch: &Batch<'_>, user: UserId) -> Result<(), StoreError> {
    let sql = "select count(*) from member where user = ?1 and until_seq is null";
    let rooms: usize = batch.connection.prepare_cached(sql)?.query_row([user.0], |row| row.get(0))?;
    if rooms >= limits::ROOMS_PER_USER_MAX {
        let words = "You are in 2,000 rooms, which is the limit. Leave one first.";
        return Err(StoreError::Refused(Refusal::new(ErrorCode::TooMany, words)));
    }
    Ok(())
}

fn author(user: &User) -> Author {
    Author { id: user.id, name: user.name.clone() }
}
