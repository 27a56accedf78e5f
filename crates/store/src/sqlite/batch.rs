//! One transaction of the writer: the ends of the logs it touches, and the events it makes.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use parlour_domain::access::{self, Action, Facts, Standing};
use parlour_protocol::push::Author;
use parlour_protocol::user::Door;
use parlour_protocol::{Change, ClientId, Event, Refusal, RoomId, RoomKind, Seq, Timestamp, User, UserId};
use rusqlite::{Connection, OptionalExtension, params};

use super::{controls, rows};
use crate::StoreError;

/// Memberships remembered between batches; forgotten all at once above it.
const MEMBERS_CACHED_MAX: usize = 100_000;
/// The same for the ends of rooms.
const ROOMS_CACHED_MAX: usize = 10_000;

/// Rows of the commit log go a quarter of an hour before `?1`, the oldest first and some at a time.
pub(super) const PRUNE_COMMIT_LOG: &str = "delete from commit_log where shard = 1 and at < ?1 - 900000
     and n in (select n from commit_log where shard = 1 order by n limit 2048)";

const SELECT_ROOM: &str = "select name, topic, kind, head, msgs, members, last_at from room where id = ?1";
const UPDATE_ROOM: &str =
    "update room set name = ?2, name_skeleton = coalesce(?3, name_skeleton), topic = ?4, head = ?5, msgs = ?6,
     members = ?7, last_at = ?8 where id = ?1";
const INSERT_EVENT: &str = "insert into event (room, seq, kind, actor, actor_name, nonce, target, mseq, rev, at, body)
     values (?1, ?2, ?3, ?4, ?5, ?6, null, ?7, ?2, ?8, ?9)";
const SELECT_MEMBER: &str = "select 1 from member where room = ?1 and user = ?2 and until_seq is null";
const SELECT_ONCE: &str = "select seq from event where room = ?1 and actor = ?2 and nonce = ?3";
const NEXT_BATCH: &str = "update shard set head = head + 1 where id = 1 returning head";
const INSERT_COMMIT: &str =
    "insert into commit_log (shard, n, life, ranges, at) values (1, ?1, (select life from meta), ?2, ?3)";

/// The end of a room's log, as the writer has it.
#[derive(Clone, Debug)]
pub(super) struct RoomEnd {
    pub(super) name: String,
    /// Set when the name changed in this batch.
    pub(super) skeleton: Option<String>,
    pub(super) topic: String,
    pub(super) kind: RoomKind,
    pub(super) head: Seq,
    pub(super) msgs: u64,
    pub(super) members: u32,
    last_at: Timestamp,
}

/// What the writer, being the only one who writes, may remember from batch to batch.
#[derive(Default)]
pub(super) struct Caches {
    rooms: HashMap<RoomId, RoomEnd>,
    members: HashSet<(RoomId, UserId)>,
}

impl Caches {
    /// Forgets everything: a batch was rolled back.
    pub(super) fn clear(&mut self) {
        self.rooms.clear();
        self.members.clear();
    }
}

/// One transaction under way.
pub(super) struct Batch<'a> {
    pub(super) connection: &'a Connection,
    caches: &'a mut Caches,
    events: Vec<Arc<Event>>,
    /// First and last seq of each room touched.
    ranges: BTreeMap<RoomId, (Seq, Seq)>,
    changed: HashSet<RoomId>,
    latest: Timestamp,
}

impl<'a> Batch<'a> {
    pub(super) fn new(connection: &'a Connection, caches: &'a mut Caches) -> Batch<'a> {
        if caches.members.len() > MEMBERS_CACHED_MAX || caches.rooms.len() > ROOMS_CACHED_MAX {
            caches.clear();
        }
        Batch {
            connection,
            caches,
            events: Vec::new(),
            ranges: BTreeMap::new(),
            changed: HashSet::new(),
            latest: Timestamp::default(),
        }
    }

    /// The end of a room's log; `not_found` when there is no such room.
    pub(super) fn room(&mut self, room: RoomId) -> Result<&mut RoomEnd, StoreError> {
        if !self.caches.rooms.contains_key(&room) {
            let found = self.connection.prepare_cached(SELECT_ROOM)?.query_row([room.0], read_room_end).optional()?;
            let end = found.ok_or_else(|| StoreError::Refused(Refusal::no_such_room()))?;
            self.caches.rooms.insert(room, end);
        }
        self.caches.rooms.get_mut(&room).ok_or_else(|| StoreError::Fault("a room vanished from the cache".to_owned()))
    }

    /// Notes that a room's row must be written at the end of the batch.
    pub(super) fn change(&mut self, room: RoomId) {
        self.changed.insert(room);
    }

    /// Puts a room that was just inserted where the batch will find it.
    pub(super) fn add_room(&mut self, room: RoomId, name: &str, topic: &str, now: Timestamp) {
        let end = RoomEnd {
            name: name.to_owned(),
            skeleton: None,
            topic: topic.to_owned(),
            kind: RoomKind::Open,
            head: Seq::ZERO,
            msgs: 0,
            members: 0,
            last_at: now,
        };
        self.caches.rooms.insert(room, end);
    }

    /// Whether somebody is a member now.
    pub(super) fn is_member(&mut self, room: RoomId, user: UserId) -> Result<bool, StoreError> {
        if self.caches.members.contains(&(room, user)) {
            return Ok(true);
        }
        let found = self.connection.prepare_cached(SELECT_MEMBER)?.exists(params![room.0, user.0])?;
        if found {
            self.caches.members.insert((room, user));
        }
        Ok(found)
    }

    /// Asks the one permission table with what only the transaction knows: whether there is such a room, and whether the
    /// asker is in it now (S50).
    pub(super) fn may(&mut self, action: Action, room: RoomId, user: &User) -> Result<(), StoreError> {
        let kind = match self.room(room) {
            Ok(end) => Some(end.kind),
            Err(StoreError::Refused(_)) => None,
            Err(error) => return Err(error),
        };
        let member = kind.is_some() && self.is_member(room, user.id)?;
        access::check(action, &facts(user.guest, kind, member)).map_err(StoreError::Refused)
    }

    /// Forgets a membership that ended in this batch.
    pub(super) fn forget_member(&mut self, room: RoomId, user: UserId) {
        self.caches.members.remove(&(room, user));
    }

    /// The seq that a message got before, if it was ever taken (LOG-3); also finds one of this very batch.
    pub(super) fn find_once(&self, room: RoomId, actor: UserId, id: ClientId) -> Result<Option<Seq>, StoreError> {
        let nonce = id.0.as_bytes();
        let mut statement = self.connection.prepare_cached(SELECT_ONCE)?;
        let found = statement.query_row(params![room.0, actor.0, nonce], |row| row.get::<_, u64>(0)).optional()?;
        Ok(found.map(Seq))
    }

    /// Writes the next event of a room. Allocation is the last step before the insert, so no seq is ever skipped (H3).
    pub(super) fn log(
        &mut self,
        room: RoomId,
        by: Author,
        change: Change,
        now: Timestamp,
    ) -> Result<Arc<Event>, StoreError> {
        let end = self.room(room)?;
        let seq = end.head.next();
        // The clock may have been turned back; a log's times never are (H37).
        let at = if controls::is_off("clamped_time") { now } else { now.max(end.last_at) };
        let said = matches!(change, Change::Message { .. });
        (end.head, end.last_at) = (seq, at);
        end.msgs += u64::from(said);
        let mseq = end.msgs;
        let stored = rows::store_change(&change);
        self.connection.prepare_cached(INSERT_EVENT)?.execute(params![
            room.0,
            seq.0,
            stored.kind,
            by.id.0,
            by.name,
            stored.nonce,
            mseq,
            at.0,
            stored.body
        ])?;
        let event = Arc::new(Event { room, seq, at, by, change });
        self.events.push(Arc::clone(&event));
        self.changed.insert(room);
        self.ranges.entry(room).or_insert((seq, seq)).1 = seq;
        self.latest = self.latest.max(at);
        Ok(event)
    }

    /// Writes what the batch changed besides its events, and gives those out in the order they were made.
    pub(super) fn finish(self) -> Result<Vec<Arc<Event>>, StoreError> {
        for room in &self.changed {
            let Some(end) = self.caches.rooms.get_mut(room) else { continue };
            self.connection.prepare_cached(UPDATE_ROOM)?.execute(params![
                room.0,
                end.name,
                end.skeleton.take(),
                end.topic,
                end.head.0,
                end.msgs,
                end.members,
                end.last_at.0
            ])?;
        }
        if !self.events.is_empty() {
            let n: i64 = self.connection.prepare_cached(NEXT_BATCH)?.query_row([], |row| row.get(0))?;
            let ranges: Vec<[u64; 3]> = self.ranges.iter().map(|(room, (from, to))| [room.0, from.0, to.0]).collect();
            let ranges = serde_json::to_string(&ranges).map_err(|error| StoreError::Fault(error.to_string()))?;
            self.connection.prepare_cached(INSERT_COMMIT)?.execute(params![n, ranges, self.latest.0])?;
        }
        Ok(self.events)
    }
}

/// What a rule about a room is told here. The house's door is none of its business.
pub(super) fn facts(guest: bool, room: Option<RoomKind>, member: bool) -> Facts {
    let standing = if guest { Standing::Guest } else { Standing::Person };
    Facts { standing, door: Door::Invitation, room, member }
}

fn read_room_end(row: &rusqlite::Row<'_>) -> rusqlite::Result<RoomEnd> {
    Ok(RoomEnd {
        name: row.get(0)?,
        skeleton: None,
        topic: row.get(1)?,
        kind: rows::room_kind(&row.get::<_, String>(2)?),
        head: Seq(row.get(3)?),
        msgs: row.get(4)?,
        members: row.get(5)?,
        last_at: Timestamp(row.get(6)?),
    })
}
