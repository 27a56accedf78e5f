//! Messages: written once, read in pieces.

use std::sync::Arc;

use parlour_domain::access::Action;
use parlour_domain::markup;
use parlour_protocol::http::HistoryPage;
use parlour_protocol::push::Author;
use parlour_protocol::{Change, Epoch, ErrorCode, Event, Refusal, RoomId, RoomKind, Seq, UserId, limits};
use rusqlite::{Connection, OptionalExtension, params};

use super::batch::Batch;
use super::rooms::may_read;
use super::rows::{EVENT_COLUMNS, EVENT_FROM, read_event};
use super::{SqliteStore, blocks, files, mentions, states, talk, threads};
use crate::{Append, Appended, Later, Messages, PageOf, StoreError, Tail};

/// A row's fixed part, for the queue's bound in bytes.
const ROW_BYTES: usize = 200;

impl Messages for SqliteStore {
    fn append(&self, message: Append) -> Later<Appended> {
        let (bytes, pipeline) = (ROW_BYTES + message.text.len(), message.pipeline.clone());
        self.writer
            .write_message((pipeline, message.actor), bytes, move |batch: &mut Batch<'_>| append(batch, &message))
    }

    fn page(&self, room: RoomId, asker: UserId, which: PageOf, limit: usize) -> Later<HistoryPage> {
        let epoch = self.epoch.clone();
        self.pages.read(move |connection| page(connection, epoch, room, asker, which, limit))
    }

    fn tail(&self, room: RoomId, after: Seq, limit: usize) -> Later<Tail> {
        let epoch = self.epoch.clone();
        self.readers.read(move |connection| {
            let (head, floor) = connection
                .prepare_cached("select head, floor from room where id = ?1")?
                .query_row([room.0], |row| Ok((Seq(row.get(0)?), Seq(row.get(1)?))))
                .optional()?
                .ok_or_else(no_such_room)?;
            let events = range(connection, room, after.next(), head, (limit, usize::MAX), "asc")?;
            Ok(Tail { epoch, head, floor, events: events.into_iter().map(Arc::new).collect() })
        })
    }
}

fn append(batch: &mut Batch<'_>, message: &Append) -> Result<Appended, StoreError> {
    // A lookup before the membership: what was taken before somebody left is still answered with its first result.
    if let Some(seq) = batch.find_once(message.room, message.actor, message.client_id)? {
        let sql = format!("select {EVENT_COLUMNS} from {EVENT_FROM} where e.room = ?1 and e.seq = ?2");
        let event = batch.connection.prepare_cached(&sql)?.query_row(params![message.room.0, seq.0], read_event)?;
        return Ok(Appended { event: Arc::new(event), duplicate: true });
    }
    if message.pipeline.is_stopped() {
        let words = "A message before this one was refused. It has to be sent again first, then this one.";
        return Err(StoreError::Refused(Refusal::later(ErrorCode::Busy, words, 250)));
    }
    batch.may(Action::Post, message.room, message.actor)?;
    let end = batch.room(message.room)?;
    let (is_direct, slow_s) = (end.kind == RoomKind::Direct, end.slow_s);
    if is_direct {
        blocks::refuse_unheard(batch, message.room, message.actor)?;
    }
    let carried = files::of_message(batch, message)?;
    if slow_s > 0 {
        wait_for_turn(batch, message, slow_s)?;
    }
    if let Some(answers) = &message.answers {
        talk::may_answer(batch, message.room, message.actor, answers)?;
    }
    let (text, tree) = (message.text.clone(), markup::tree(&message.text));
    let found = mentions::read(batch, message.room, message.actor, (&text, tree.as_ref(), &message.here))?;
    let by = Author { id: message.actor, name: message.actor_name.clone() };
    let change = Change::Message {
        client_id: message.client_id,
        text,
        binary: message.binary,
        tree,
        answers: message.answers,
        mentions: found.mentions,
        edited: None,
        deleted: None,
        files: carried,
    };
    let event = batch.log(message.room, by, change, message.now)?;
    files::carry(batch, &message.files, event.seq)?;
    mentions::keep(batch, message.room, event.seq, &found.people)?;
    if let Some(thread) = message.answers.and_then(|answers| answers.thread) {
        threads::replied(batch, (message.room, thread), event.seq, message.actor, &found.people)?;
    }
    Ok(Appended { event, duplicate: false })
}

/// Holds everyone but the managers of a slow room to one message in so many seconds. What they send behind one that comes
/// too early waits for it (LOG-4). A clock that was turned back makes nobody wait.
fn wait_for_turn(batch: &mut Batch<'_>, message: &Append, slow_s: u32) -> Result<(), StoreError> {
    if batch.may(Action::PostAtOnce, message.room, message.actor).is_ok() {
        return Ok(());
    }
    let sql = "select said_at from member where room = ?1 and user = ?2";
    let row = params![message.room.0, message.actor.0];
    let said_at: Option<i64> = batch.connection.prepare_cached(sql)?.query_row(row, |row| row.get(0))?;
    let (now, wait_ms) = (message.now.0, i64::from(slow_s) * 1_000);
    if let Some(said_at) = said_at.filter(|said_at| (*said_at..said_at + wait_ms).contains(&now)) {
        message.pipeline.stop();
        let words = format!("This room is slow: one message in {slow_s} s.");
        let left_ms = u32::try_from(said_at + wait_ms - now).unwrap_or(u32::MAX);
        return Err(StoreError::Refused(Refusal::later(ErrorCode::Rate, words, left_ms)));
    }
    let sql = "update member set said_at = ?3 where room = ?1 and user = ?2";
    batch.connection.prepare_cached(sql)?.execute(params![message.room.0, message.actor.0, now])?;
    Ok(())
}

pub(super) fn no_such_room() -> StoreError {
    StoreError::Refused(Refusal::no_such_room())
}

fn page(
    connection: &Connection,
    epoch: Epoch,
    room: RoomId,
    asker: UserId,
    which: PageOf,
    limit: usize,
) -> Result<HistoryPage, StoreError> {
    may_read(connection, room, asker)?;
    let sql = "select r.head, max(r.floor + 1, m.since_seq) from member m join room r on r.id = m.room
         where m.room = ?1 and m.user = ?2 and m.until_seq is null";
    let (head, first) = connection
        .prepare_cached(sql)?
        .query_row(params![room.0, asker.0], |row| Ok((Seq(row.get(0)?), Seq(row.get(1)?))))
        .optional()?
        .ok_or_else(no_such_room)?;
    let bytes = limits::PAGE_BYTES_MAX;
    let before = |end: Seq, most| -> Result<Vec<Event>, StoreError> {
        let mut events = range(connection, room, first, Seq(end.0.saturating_sub(1)), most, "desc")?;
        events.reverse();
        Ok(events)
    };
    let events = match which {
        PageOf::Newest => before(head.next(), (limit, bytes))?,
        PageOf::Before(seq) => before(seq.min(head.next()), (limit, bytes))?,
        PageOf::After(seq) => range(connection, room, first.max(seq.next()), head, (limit, bytes), "asc")?,
        PageOf::Around(seq) => {
            let mut events = before(seq.min(head.next()), (limit / 2, bytes / 2))?;
            let rest = (limit - events.len(), bytes / 2);
            events.extend(range(connection, room, first.max(seq), head, rest, "asc")?);
            events
        }
    };
    let (states, quoted) = states::about(connection, asker, (room, first), &events)?;
    Ok(HistoryPage { room, epoch, events: states::as_shown(events, first), head, first, states, quoted })
}

/// Events `from..=to` in the order asked for, at most so many with so many bytes of text.
fn range(
    connection: &Connection,
    room: RoomId,
    from: Seq,
    to: Seq,
    (limit, bytes): (usize, usize),
    order: &str,
) -> Result<Vec<Event>, StoreError> {
    let sql = format!(
        "select {EVENT_COLUMNS} from {EVENT_FROM} where e.room = ?1 and e.seq >= ?2 and e.seq <= ?3
         order by e.seq {order} limit ?4"
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params![room.0, from.0, to.0, limit], read_event)?;
    within(bytes, rows)
}

/// As many of these as hold so many bytes of text together: whatever comes first, and nothing after the first that is too much. The
/// rest is not read.
pub(super) fn within(
    bytes: usize,
    events: impl Iterator<Item = rusqlite::Result<Event>>,
) -> Result<Vec<Event>, StoreError> {
    let (mut some, mut left) = (Vec::new(), bytes);
    for event in events {
        let event = event?;
        let size = match &event.change {
            Change::Message { text, .. } => text.len(),
            Change::Edited { text, .. } => text.as_ref().map_or(0, String::len),
            Change::Carded { cards: Some(cards), .. } => {
                cards.iter().map(|card| card.to.len() + card.title.len() + card.description.len()).sum()
            }
            _ => 0,
        };
        if size > left && !some.is_empty() {
            break;
        }
        left = left.saturating_sub(size);
        some.push(event);
    }
    Ok(some)
}
