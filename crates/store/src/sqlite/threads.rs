//! Threads: the replies to a message, and who follows them (THR-1 to THR-5).

use parlour_domain::access::Action;
use parlour_protocol::http::{FollowedThread, ThreadList, ThreadPage};
use parlour_protocol::push::Author;
use parlour_protocol::{Epoch, Event, RoomId, Seq, ThreadState, UserId, limits};
use rusqlite::{Connection, OptionalExtension, params};

use super::batch::Batch;
use super::mentions::EVERYONE;
use super::reads::read_state;
use super::rooms::may_read;
use super::rows::{EVENT_COLUMNS, EVENT_FROM, read_event};
use super::talk::no_such_message;
use super::{SqliteStore, states, unread};
use crate::{Later, MarkAs, PageOf, ReadState, StoreError, Threads};

const ROW_BYTES: usize = 64;
const _: () = assert!(limits::THREAD_REPLIES_COUNT_MAX == 1_000, "the statement of a thread says so");

/// Replies whose writers are looked at for the names of a thread.
const NAMES_AMONG: usize = 50;

impl Threads for SqliteStore {
    fn follow(&self, (room, thread): (RoomId, Seq), user: UserId, following: bool) -> Later<(ThreadState, ReadState)> {
        self.writer.write(ROW_BYTES, move |batch| {
            batch.may(Action::Follow, room, user)?;
            refuse_unseen(batch, (room, thread), user)?;
            let head = batch.room(room)?.head;
            let sql = "insert into follow (user, room, thread, following, read_seq) values (?1, ?2, ?3, ?4, ?5)
                 on conflict (user, room, thread) do update set following = excluded.following,
                 read_seq = iif(follow.following = excluded.following, follow.read_seq, excluded.read_seq)";
            batch.connection.prepare_cached(sql)?.execute(params![user.0, room.0, thread.0, following, head.0])?;
            standing(batch, (room, thread), user)
        })
    }

    fn mark_thread(
        &self,
        (room, thread): (RoomId, Seq),
        user: UserId,
        seq: Seq,
        mark: MarkAs,
    ) -> Later<(ThreadState, ReadState)> {
        self.writer.write(ROW_BYTES, move |batch| {
            batch.may(Action::MarkRead, room, user)?;
            refuse_unseen(batch, (room, thread), user)?;
            let head = batch.room(room)?.head;
            let (sql, seq) = match mark {
                MarkAs::Read => ("max(read_seq, ?4)", seq.min(head)),
                MarkAs::Unread => ("?4", Seq(seq.0.saturating_sub(1)).min(head)),
            };
            let sql = format!(
                "update follow set read_seq = {sql} where user = ?1 and room = ?2 and thread = ?3 and following = 1"
            );
            batch.connection.prepare_cached(&sql)?.execute(params![user.0, room.0, thread.0, seq.0])?;
            standing(batch, (room, thread), user)
        })
    }

    fn thread(&self, (room, thread): (RoomId, Seq), asker: UserId, which: PageOf, limit: usize) -> Later<ThreadPage> {
        let epoch = self.epoch.clone();
        self.readers.read(move |connection| page(connection, epoch, (room, thread), asker, which, limit))
    }

    fn threads(&self, asker: UserId, before: Option<(i64, u64, u64)>) -> Later<ThreadList> {
        self.readers.read(move |connection| followed(connection, asker, before))
    }
}

/// Whether a member may see a thread: its root, if it is no reply, or a reply to it.
fn refuse_unseen(batch: &mut Batch<'_>, (room, thread): (RoomId, Seq), user: UserId) -> Result<(), StoreError> {
    let first = states::first(batch.connection, room, user)?;
    if is_seen(batch.connection, (room, thread), first)? { Ok(()) } else { Err(no_such_message()) }
}

fn is_seen(connection: &Connection, (room, thread): (RoomId, Seq), first: Seq) -> Result<bool, StoreError> {
    let sql = "select 1 from event where room = ?1 and seq = ?2 and seq >= ?3 and kind in ('message', 'binary')
         and thread is null and deleted_seq is null
         union all select 1 from event where room = ?1 and thread = ?2 and seq >= ?3 limit 1";
    Ok(connection.prepare_cached(sql)?.exists(params![room.0, thread.0, first.0])?)
}

/// Whether there is a reply in a thread that a member may see.
pub(super) fn may_see_replies(batch: &Batch<'_>, room: RoomId, thread: Seq, user: UserId) -> Result<bool, StoreError> {
    let sql = "select 1 from event e join member m on m.room = e.room and m.user = ?3 and m.until_seq is null
         and m.since_seq <= e.seq where e.room = ?1 and e.thread = ?2 limit 1";
    Ok(batch.connection.prepare_cached(sql)?.exists(params![room.0, thread.0, user.0])?)
}

/// Lets those follow a thread to whom a reply in it matters: who wrote it, who wrote the root, and whom either mentions (THR-3).
pub(super) fn replied(
    batch: &mut Batch<'_>,
    (room, thread): (RoomId, Seq),
    reply: Seq,
    by: UserId,
    people: &[UserId],
) -> Result<(), StoreError> {
    let sql = "insert into follow (user, room, thread, following, read_seq) values (?1, ?2, ?3, 1, ?4)
         on conflict (user, room, thread) do update set following = 1, read_seq = excluded.read_seq where following = 0";
    batch.connection.prepare_cached(sql)?.execute(params![by.0, room.0, thread.0, reply.0])?;
    let sql = "select actor from event where room = ?1 and seq = ?2
         union select user from mention where room = ?1 and message = ?2 and user > 0 order by 1";
    let mut statement = batch.connection.prepare_cached(sql)?;
    let roots = statement.query_map(params![room.0, thread.0], |row| row.get(0).map(UserId))?;
    let roots = roots.collect::<Result<Vec<_>, _>>()?;
    mentioned(batch, (room, thread), reply, &roots)?;
    mentioned(batch, (room, thread), reply, people)
}

/// Lets people follow a thread, with this reply as the first that they have not read. Who follows it or said no is left alone.
pub(super) fn mentioned(
    batch: &mut Batch<'_>,
    (room, thread): (RoomId, Seq),
    reply: Seq,
    people: &[UserId],
) -> Result<(), StoreError> {
    for user in people.iter().filter(|user| **user != EVERYONE) {
        if batch.member(room, *user)?.is_none() {
            continue;
        }
        let sql = "insert into follow (user, room, thread, following, read_seq) values (?1, ?2, ?3, 1, ?4)
             on conflict do nothing";
        let read = reply.0.saturating_sub(1);
        batch.connection.prepare_cached(sql)?.execute(params![user.0, room.0, thread.0, read])?;
    }
    Ok(())
}

/// The thread and the room as somebody has them now, inside a batch, whose room rows are written last.
fn standing(
    batch: &mut Batch<'_>,
    (room, thread): (RoomId, Seq),
    user: UserId,
) -> Result<(ThreadState, ReadState), StoreError> {
    let first = states::first(batch.connection, room, user)?;
    let state = state(batch.connection, (room, thread), user, first)?.ok_or_else(no_such_message)?;
    let head = batch.room(room)?.head;
    Ok((ThreadState { head, ..state }, read_state(batch, room, user)?))
}

/// A thread as a member has it who sees the room from `first` on; none for who is no member.
pub(super) fn state(
    connection: &Connection,
    (room, thread): (RoomId, Seq),
    user: UserId,
    first: Seq,
) -> Result<Option<ThreadState>, StoreError> {
    let sql = format!(
        "select r.head, coalesce(f.following, 0), iif(f.following = 1, f.read_seq, 0),
         (select count(*) from (select 1 from event e where e.room = r.id and e.thread = ?2 and e.deleted_seq is null
         and e.seq >= ?4 limit 1000)), {}
         from member m join room r on r.id = m.room
         left join follow f on f.user = m.user and f.room = m.room and f.thread = ?2
         where m.room = ?1 and m.user = ?3 and m.until_seq is null",
        unread::counts_in_thread()
    );
    let row = params![room.0, thread.0, user.0, first.0];
    let found = connection.prepare_cached(&sql)?.query_row(row, |row| {
        Ok(ThreadState {
            room,
            thread,
            replies: row.get(3)?,
            last: None,
            people: Vec::new(),
            following: row.get(1)?,
            read: Seq(row.get(2)?),
            unread: row.get(4)?,
            mentions: row.get(5)?,
            head: Seq(row.get(0)?),
        })
    });
    let Some(mut state) = found.optional()? else { return Ok(None) };
    state.last = replies(connection, (room, thread), (first, Seq(u64::MAX >> 1)), (1, "desc"), false)?.pop();
    let sql =
        "select actor, actor_name from event where room = ?1 and thread = ?2 and deleted_seq is null and seq >= ?3
         order by seq desc limit ?4";
    let mut statement = connection.prepare_cached(sql)?;
    let names = statement.query_map(params![room.0, thread.0, first.0, NAMES_AMONG], super::membership::read_author)?;
    for name in names {
        let name: Author = name?;
        if state.people.len() < limits::THREAD_PEOPLE_MAX && state.people.iter().all(|there| there.id != name.id) {
            state.people.push(name);
        }
    }
    Ok(Some(state))
}

/// Replies `from..=to` in the order asked for, at most so many; those that were deleted on request.
fn replies(
    connection: &Connection,
    (room, thread): (RoomId, Seq),
    (from, to): (Seq, Seq),
    (limit, order): (usize, &str),
    deleted_too: bool,
) -> Result<Vec<Event>, StoreError> {
    let sql = format!(
        "select {EVENT_COLUMNS} from {EVENT_FROM} where e.room = ?1 and e.thread = ?2 and e.seq >= ?3 and e.seq <= ?4
         and (?6 or e.deleted_seq is null) order by e.seq {order} limit ?5"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let found = statement.query_map(params![room.0, thread.0, from.0, to.0, limit, deleted_too], read_event)?;
    Ok(found.collect::<Result<Vec<_>, _>>()?)
}

fn page(
    connection: &Connection,
    epoch: Epoch,
    (room, thread): (RoomId, Seq),
    asker: UserId,
    which: PageOf,
    limit: usize,
) -> Result<ThreadPage, StoreError> {
    may_read(connection, room, asker)?;
    let first = states::first(connection, room, asker)?;
    if !is_seen(connection, (room, thread), first)? {
        return Err(no_such_message());
    }
    let end = Seq(u64::MAX >> 1);
    let read = |from: Seq, to: Seq, limit, order| replies(connection, (room, thread), (from, to), (limit, order), true);
    let before = |to: Seq, limit| -> Result<Vec<Event>, StoreError> {
        let mut events = read(first, to, limit, "desc")?;
        events.reverse();
        Ok(events)
    };
    let replies = match which {
        PageOf::Newest => before(end, limit)?,
        PageOf::Before(seq) => before(Seq(seq.0.saturating_sub(1)), limit)?,
        PageOf::After(seq) => read(first.max(seq.next()), end, limit, "asc")?,
        PageOf::Around(seq) => {
            let mut events = before(Seq(seq.0.saturating_sub(1)), limit / 2)?;
            let rest = limit - events.len();
            events.extend(read(first.max(seq), end, rest, "asc")?);
            events
        }
    };
    let more = match replies.first() {
        Some(oldest) => !before(Seq(oldest.seq.0 - 1), 1)?.is_empty(),
        None => false,
    };
    let root = states::visible(connection, (room, first), &[thread])?.pop();
    let all: Vec<Event> = root.iter().chain(&replies).cloned().collect();
    let (states, quoted) = states::about(connection, asker, (room, first), &all)?;
    let state = state(connection, (room, thread), asker, first)?.ok_or_else(no_such_message)?;
    Ok(ThreadPage { epoch, root, replies, more, states, quoted, state })
}

fn followed(connection: &Connection, asker: UserId, before: Option<(i64, u64, u64)>) -> Result<ThreadList, StoreError> {
    let sql = "select room, thread, at from (
             select f.room as room, f.thread as thread, coalesce(
                 (select e.at from event e where e.room = f.room and e.thread = f.thread and e.deleted_seq is null
                  and e.seq >= m.since_seq order by e.seq desc limit 1),
                 (select e.at from event e where e.room = f.room and e.seq = f.thread and e.deleted_seq is null
                  and e.seq >= m.since_seq)) as at
             from follow f join member m on m.room = f.room and m.user = f.user and m.until_seq is null
             where f.user = ?1 and f.following = 1)
         where at is not null and (at, room, thread) < (?2, ?3, ?4) order by at desc, room desc, thread desc limit ?5";
    let (at, room, thread) = before.unwrap_or((i64::MAX, 0, 0));
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_map(params![asker.0, at, room, thread, limits::PAGE_THREADS + 1], |row| {
        Ok((row.get::<_, u64>(0)?, row.get::<_, u64>(1)?, row.get::<_, i64>(2)?))
    })?;
    let mut found = found.collect::<Result<Vec<_>, _>>()?;
    let more = found.len() > limits::PAGE_THREADS;
    found.truncate(limits::PAGE_THREADS);
    let next = found.last().filter(|_| more).map(|(room, thread, at)| format!("{at}.{room}.{thread}"));
    let mut threads = Vec::new();
    for (room, thread, _) in found {
        let (room, thread) = (RoomId(room), Seq(thread));
        let first = states::first(connection, room, asker)?;
        let root = states::visible(connection, (room, first), &[thread])?.pop();
        if let Some(state) = state(connection, (room, thread), asker, first)? {
            threads.push(FollowedThread { root, state });
        }
    }
    Ok(ThreadList { threads, next })
}
