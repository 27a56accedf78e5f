//! One transaction of the writer: the ends of the logs it touches, and the events it makes.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use parlour_domain::access::{self, Action, Facts, Right, RoomFacts, Who};
use parlour_protocol::push::Author;
use parlour_protocol::user::Door;
use parlour_protocol::{
    Change, ClientId, Event, History, PostBy, Refusal, RoomId, RoomKind, RoomRole, Seq, Timestamp, UserId,
};
use rusqlite::{Connection, OptionalExtension, params};

use super::{controls, rows};
use crate::{NewRoom, StoreError};

/// Memberships remembered between batches, and people; forgotten all at once above it.
const MEMBERS_CACHED_MAX: usize = 100_000;
/// The same for the ends of rooms.
const ROOMS_CACHED_MAX: usize = 10_000;

/// Rows of the commit log go a quarter of an hour before `?1`, the oldest first and some at a time.
pub(super) const PRUNE_COMMIT_LOG: &str = "delete from commit_log where shard = 1 and at < ?1 - 900000
     and n in (select n from commit_log where shard = 1 order by n limit 2048)";

const SELECT_ROOM: &str =
    "select name, topic, kind, head, msgs, members, last_at, archived_at is not null, post_by, slow_s, history
     from room where id = ?1";
const UPDATE_ROOM: &str =
    "update room set name = ?2, name_skeleton = coalesce(?3, name_skeleton), topic = ?4, head = ?5, msgs = ?6,
     members = ?7, last_at = ?8 where id = ?1";
const INSERT_EVENT: &str =
    "insert into event (room, seq, kind, actor, actor_name, nonce, target, mseq, rev, at, body, quote, thread,
     also_in_room, mentions, files)
     values (?1, ?2, ?3, ?4, ?5, ?6, ?10, ?7, ?2, ?8, ?9, ?11, ?12, ?13, ?14, ?15)";
const SELECT_PERSON: &str = "select role, suspended_at is not null from user where id = ?1";
const SELECT_MEMBER: &str = "select role from member where room = ?1 and user = ?2 and until_seq is null";
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
    pub(super) archived: bool,
    pub(super) post_by: PostBy,
    pub(super) slow_s: u32,
    pub(super) history: History,
    last_at: Timestamp,
}

/// What the writer, being the only one who writes, may remember from batch to batch.
#[derive(Default)]
pub(super) struct Caches {
    rooms: HashMap<RoomId, RoomEnd>,
    members: HashMap<(RoomId, UserId), RoomRole>,
    people: HashMap<UserId, Who>,
    door: Option<Door>,
}

impl Caches {
    /// Forgets everything: a batch was rolled back.
    pub(super) fn clear(&mut self) {
        self.rooms.clear();
        self.members.clear();
        self.people.clear();
        self.door = None;
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
        let people = caches.members.len().max(caches.people.len());
        if people > MEMBERS_CACHED_MAX || caches.rooms.len() > ROOMS_CACHED_MAX {
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
    pub(super) fn add_room(&mut self, room: RoomId, kind: RoomKind, new: &NewRoom, now: Timestamp) {
        let end = RoomEnd {
            name: new.name.clone(),
            skeleton: None,
            topic: new.topic.clone(),
            kind,
            head: Seq::ZERO,
            msgs: 0,
            members: 0,
            archived: false,
            post_by: PostBy::Everyone,
            slow_s: 0,
            history: new.history,
            last_at: now,
        };
        self.caches.rooms.insert(room, end);
    }

    /// What somebody is in a room now; none when they are no member.
    pub(super) fn member(&mut self, room: RoomId, user: UserId) -> Result<Option<RoomRole>, StoreError> {
        if let Some(role) = self.caches.members.get(&(room, user)) {
            return Ok(Some(*role));
        }
        let mut statement = self.connection.prepare_cached(SELECT_MEMBER)?;
        let found: Option<String> = statement.query_row(params![room.0, user.0], |row| row.get(0)).optional()?;
        let role = found.map(|role| rows::room_role(&role));
        if let Some(role) = role {
            self.caches.members.insert((room, user), role);
        }
        Ok(role)
    }

    /// What somebody is in the house now; a stranger when there is no such person.
    pub(super) fn who(&mut self, user: UserId) -> Result<Who, StoreError> {
        if let Some(who) = self.caches.people.get(&user) {
            return Ok(*who);
        }
        let mut statement = self.connection.prepare_cached(SELECT_PERSON)?;
        let found = statement.query_row([user.0], |row| Ok(who(&row.get::<_, String>(0)?, row.get(1)?))).optional()?;
        if let Some(who) = found {
            self.caches.people.insert(user, who);
        }
        Ok(found.unwrap_or(Who::Stranger))
    }

    /// Whether somebody's last membership of a room was ended by somebody else.
    pub(super) fn was_removed(&self, room: RoomId, user: UserId) -> Result<bool, StoreError> {
        let sql = "select 1 from member where room = ?1 and user = ?2 and removed = 1";
        Ok(self.connection.prepare_cached(sql)?.exists(params![room.0, user.0])?)
    }

    /// Asks the one permission table with what only the transaction knows: whether there is such a room, what the asker is
    /// in it and in the house now (S50).
    pub(super) fn may(&mut self, action: Action, room: RoomId, user: UserId) -> Result<Right, StoreError> {
        let room_facts = match self.room(room) {
            Ok(end) => Some((end.kind, end.archived, end.post_by)),
            Err(StoreError::Refused(_)) => None,
            Err(error) => return Err(error),
        };
        let room = match room_facts {
            Some((kind, archived, post_by)) => {
                let member = self.member(room, user)?;
                let removed = action == Action::JoinRoom && member.is_none() && self.was_removed(room, user)?;
                Some(RoomFacts { kind, archived, post_by, member, removed })
            }
            None => None,
        };
        let facts = Facts { who: self.who(user)?, door: self.door()?, room };
        access::check(action, &facts).map_err(StoreError::Refused)
    }

    /// The same for an act of the house.
    pub(super) fn may_in_house(&mut self, action: Action, user: UserId) -> Result<Right, StoreError> {
        let who = self.who(user)?;
        self.may_as(action, who)
    }

    /// The same for somebody of whom only this is known.
    pub(super) fn may_as(&mut self, action: Action, who: Who) -> Result<Right, StoreError> {
        let facts = Facts { who, door: self.door()?, room: None };
        access::check(action, &facts).map_err(StoreError::Refused)
    }

    /// How the house is entered now.
    pub(super) fn door(&mut self) -> Result<Door, StoreError> {
        if let Some(door) = self.caches.door {
            return Ok(door);
        }
        let sql = "select coalesce(door, began_door) from house";
        let word: String = self.connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        Ok(*self.caches.door.insert(rows::door(&word)))
    }

    /// Forgets how the house is entered: it changed in this batch.
    pub(super) fn forget_door(&mut self) {
        self.caches.door = None;
    }

    /// Forgets what somebody is in the house: it changed in this batch.
    pub(super) fn forget_person(&mut self, user: UserId) {
        self.caches.people.remove(&user);
    }

    /// Forgets a membership that ended or changed in this batch.
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
            stored.body,
            stored.target,
            stored.answers.quote.map(|seq| seq.0),
            stored.answers.thread.map(|seq| seq.0),
            stored.answers.also_in_room,
            stored.mentions,
            stored.files
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

/// What a rule is told that the house's door is nothing to.
pub(super) fn facts(who: Who, room: Option<RoomFacts>) -> Facts {
    Facts { who, door: Door::Invitation, room }
}

/// A person's row, as a rule sees them.
pub(super) fn who(role: &str, suspended: bool) -> Who {
    if suspended { Who::Suspended } else { Who::Inside(rows::role(role)) }
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
        archived: row.get(7)?,
        post_by: rows::post_by(&row.get::<_, String>(8)?),
        slow_s: row.get(9)?,
        history: rows::history(&row.get::<_, String>(10)?),
    })
}
