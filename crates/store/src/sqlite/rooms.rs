//! Rooms: the trait, and what is read of them. What changes them is in [`making`] and [`membership`].

use parlour_domain::access::{self, Action, Facts, RoomFacts, Who};
use parlour_protocol::http::{ListedRoom, Member};
use parlour_protocol::{History, PostBy, RoomId, RoomRole, RoomState, Seq, Timestamp, User, UserId};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::batch::{Batch, facts, who};
use super::messages::no_such_room;
use super::people::find_session;
use super::{SqliteStore, making, membership, rows};
use crate::{Doer, Later, NewRoom, OpenedDirect, Rooms, StoreError, TokenHash};

/// Members in one list.
const MEMBERS_LISTED_MAX: usize = 1_000;
const ROW_BYTES: usize = 400;

impl Rooms for SqliteStore {
    fn create_room(&self, by: User, new: NewRoom, now: Timestamp) -> Later<RoomState> {
        self.writer.write(ROW_BYTES + new.topic.len(), move |batch| making::create(batch, &by, &new, now))
    }

    fn open_direct(&self, by: User, others: Vec<UserId>, now: Timestamp) -> Later<OpenedDirect> {
        let bytes = ROW_BYTES * (others.len() + 1);
        self.writer.write(bytes, move |batch| making::open_direct(batch, &by, &others, now))
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
            making::rename(batch, room, &by, (&name, &skeleton, &topic), now)
        })
    }

    fn archive_room(&self, room: RoomId, by: Doer, archived: bool, now: Timestamp) -> Later<()> {
        self.writer.write(ROW_BYTES, move |batch| making::archive(batch, room, &by, archived, now))
    }

    fn set_posting(&self, room: RoomId, by: User, post_by: PostBy, slow_s: u32, now: Timestamp) -> Later<()> {
        self.writer.write(ROW_BYTES, move |batch| making::set_posting(batch, room, &by, (post_by, slow_s), now))
    }

    fn set_history(&self, room: RoomId, by: User, history: History, now: Timestamp) -> Later<()> {
        self.writer.write(ROW_BYTES, move |batch| making::set_history(batch, room, &by, history, now))
    }

    fn join_room(&self, room: RoomId, by: User, now: Timestamp) -> Later<RoomState> {
        self.writer.write(ROW_BYTES, move |batch| membership::join(batch, room, &by, now))
    }

    fn leave_room(&self, room: RoomId, by: User, now: Timestamp) -> Later<()> {
        self.writer.write(ROW_BYTES, move |batch| membership::leave(batch, room, &by, now))
    }

    fn add_member(&self, room: RoomId, by: User, whom: UserId, now: Timestamp) -> Later<Option<RoomState>> {
        self.writer.write(ROW_BYTES, move |batch| membership::add(batch, room, &by, whom, now))
    }

    fn remove_member(&self, room: RoomId, by: User, whom: UserId, now: Timestamp) -> Later<()> {
        self.writer.write(ROW_BYTES, move |batch| membership::remove(batch, room, &by, whom, now))
    }

    fn set_room_role(&self, room: RoomId, by: User, whom: UserId, role: RoomRole, now: Timestamp) -> Later<()> {
        self.writer.write(ROW_BYTES, move |batch| membership::set_role(batch, room, &by, (whom, role), now))
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
            let sql = format!(
                "select {}, r.head, r.floor, r.members, r.head, r.head, 0, 0, 'all', 'member', null from room r where r.id = ?1",
                rows::ROOM_COLUMNS
            );
            Ok(connection.prepare_cached(&sql)?.query_row([RoomId::LOBBY.0], rows::read_room_state)?)
        })
    }

    fn list_rooms(&self, user: UserId) -> Later<Vec<ListedRoom>> {
        self.readers.read(move |connection| {
            let sql = format!(
                "select {}, r.members, m.user is not null from room r
                 left join member m on m.room = r.id and m.user = ?1 and m.until_seq is null
                 where r.kind in ('lobby', 'open') and r.archived_at is null
                 order by r.kind <> 'lobby', r.name limit 2000",
                rows::ROOM_COLUMNS
            );
            let mut statement = connection.prepare_cached(&sql)?;
            let rooms = statement.query_map([user.0], |row| {
                Ok(ListedRoom { room: rows::read_room(row)?, members: row.get(8)?, joined: row.get(9)? })
            })?;
            Ok(rooms.collect::<Result<Vec<_>, _>>()?)
        })
    }

    fn members(&self, room: RoomId, asker: UserId) -> Later<Vec<Member>> {
        self.readers.read(move |connection| {
            may_read(connection, room, asker)?;
            let sql = "select u.id, u.name, m.role, u.role from member m join user u on u.id = m.user
                 where m.room = ?1 and m.until_seq is null and u.released_at is null order by u.name limit ?2";
            let mut statement = connection.prepare_cached(sql)?;
            let members = statement.query_map(params![room.0, MEMBERS_LISTED_MAX], |row| {
                let role = rows::room_role(&row.get::<_, String>(2)?);
                let house_role = rows::role(&row.get::<_, String>(3)?);
                Ok(Member { id: UserId(row.get(0)?), name: row.get(1)?, online: false, role, house_role })
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
pub(super) fn batch_state(batch: &mut Batch<'_>, room: RoomId, user: UserId) -> Result<RoomState, StoreError> {
    let mut state = state(batch.connection, room, user)?;
    let end = batch.room(room)?;
    (state.head, state.members) = (end.head, end.members);
    (state.room.name, state.room.topic) = (end.name.clone(), end.topic.clone());
    Ok(state)
}

/// Asks the one permission table whether somebody may read a room in this snapshot.
pub(super) fn may_read(connection: &Connection, room: RoomId, asker: UserId) -> Result<(), StoreError> {
    may(connection, Action::ReadRoom, room, asker)
}

/// The same for another act, but for joining, which asks also whether somebody was removed.
pub(super) fn may(connection: &Connection, action: Action, room: RoomId, asker: UserId) -> Result<(), StoreError> {
    let sql = format!(
        "select {FACTS_COLUMNS} from user u left join room r on r.id = ?1
         left join member m on m.room = r.id and m.user = u.id and m.until_seq is null where u.id = ?2"
    );
    let found = connection.prepare_cached(&sql)?.query_row(params![room.0, asker.0], read_facts).optional()?;
    let facts = found.unwrap_or_else(|| facts(Who::Stranger, None));
    access::check(action, &facts).map(drop).map_err(StoreError::Refused)
}

/// The columns that [`read_facts`] reads first, in its order; expects the aliases `u`, `r` and `m`.
pub(super) const FACTS_COLUMNS: &str =
    "u.role, u.suspended_at is not null, r.kind, r.archived_at is not null, r.post_by, m.role";

/// What a rule is told of somebody and a room, where there is one.
pub(super) fn read_facts(row: &Row<'_>) -> rusqlite::Result<Facts> {
    let (kind, member): (Option<String>, Option<String>) = (row.get(2)?, row.get(5)?);
    let room = match kind {
        Some(kind) => Some(RoomFacts {
            kind: rows::room_kind(&kind),
            archived: row.get(3)?,
            post_by: rows::post_by(&row.get::<_, String>(4)?),
            member: member.map(|role| rows::room_role(&role)),
            removed: false,
        }),
        None => None,
    };
    Ok(facts(who(&row.get::<_, String>(0)?, row.get(1)?), room))
}
