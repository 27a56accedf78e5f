//! What comes of a message: edited, deleted, answered (TALK-1 to TALK-4).

use parlour_domain::access::Action;
use parlour_domain::{card, markup};
use parlour_protocol::http::{Edit, Edits, MessageList};
use parlour_protocol::push::{Answers, Author};
use parlour_protocol::{Change, ErrorCode, Refusal, RoomId, RoomKind, RoomRole, Seq, Timestamp, User, UserId, limits};
use rusqlite::{Connection, OptionalExtension, params};

use super::acts::{self, Act};
use super::batch::Batch;
use super::membership::author;
use super::rooms::may_read;
use super::{SqliteStore, blocks, cards, files, mentions, pins, reactions, rows, states, threads};
use crate::{Doer, Later, Rewrite, StoreError, Talk};

const ROW_BYTES: usize = 200;

impl Talk for SqliteStore {
    fn edit(&self, by: User, edit: Rewrite, now: Timestamp) -> Later<()> {
        self.writer.write(ROW_BYTES + edit.text.len(), move |batch| rewrite(batch, &by, &edit, now))
    }

    fn delete(&self, room: RoomId, seq: Seq, by: User, now: Timestamp) -> Later<()> {
        self.writer.write(ROW_BYTES, move |batch| delete(batch, room, seq, &by, now))
    }

    fn react(&self, (room, seq): (RoomId, Seq), by: User, emoji: String, added: bool, now: Timestamp) -> Later<()> {
        self.writer.write(ROW_BYTES, move |batch| {
            if added {
                reactions::add(batch, (room, seq), &by, &emoji, now)
            } else {
                reactions::take_back(batch, (room, seq), &by, &emoji, now)
            }
        })
    }

    fn pin(&self, room: RoomId, seq: Seq, by: User, pinned: bool, now: Timestamp) -> Later<()> {
        self.writer.write(ROW_BYTES, move |batch| pins::set(batch, (room, seq), &by, pinned, now))
    }

    fn save(&self, room: RoomId, seq: Seq, user: UserId, saved: bool, now: Timestamp) -> Later<bool> {
        self.writer.write(ROW_BYTES, move |batch| pins::save(batch, (room, seq), user, saved, now))
    }

    fn edits(&self, room: RoomId, seq: Seq, asker: UserId) -> Later<Edits> {
        self.pages.read(move |connection| edits(connection, room, seq, asker))
    }

    fn messages(&self, room: RoomId, seqs: Vec<Seq>, asker: UserId) -> Later<MessageList> {
        self.pages.read(move |connection| {
            may_read(connection, room, asker)?;
            states::list(connection, asker, room, &seqs)
        })
    }

    fn pins(&self, room: RoomId, asker: UserId) -> Later<MessageList> {
        self.pages.read(move |connection| pins::list(connection, room, asker))
    }

    fn saved(&self, asker: UserId, before: u64) -> Later<MessageList> {
        self.pages.read(move |connection| pins::saved(connection, asker, before))
    }
}

/// A message that is there and that somebody may see.
pub(super) struct Target {
    pub(super) author: Author,
    pub(super) text: String,
    /// The message that its thread is about, where it is a reply.
    pub(super) thread: Option<Seq>,
}

/// The one answer for a message that is not there, was deleted, or may not be seen.
pub(super) fn no_such_message() -> StoreError {
    StoreError::Refused(Refusal::new(ErrorCode::NotFound, "There is no such message, or it was deleted."))
}

/// Finds a message as a member sees it (S44, S45).
pub(super) fn target(batch: &Batch<'_>, room: RoomId, seq: Seq, user: UserId) -> Result<Target, StoreError> {
    let sql = "select e.actor, e.actor_name, coalesce(w.body, e.body), e.thread from event e
         join member m on m.room = e.room and m.user = ?3 and m.until_seq is null and m.since_seq <= e.seq
         left join event w on w.room = e.room and w.seq = e.edited_seq
         where e.room = ?1 and e.seq = ?2 and e.kind in ('message', 'binary') and e.deleted_seq is null";
    let found = batch.connection.prepare_cached(sql)?.query_row(params![room.0, seq.0, user.0], |row| {
        let author = Author { id: UserId(row.get(0)?), name: row.get(1)? };
        Ok(Target { author, text: row.get(2)?, thread: row.get::<_, Option<u64>>(3)?.map(Seq) })
    });
    found.optional()?.ok_or_else(no_such_message)
}

/// Refuses what a direct room's other does not want to hear, as they would a message.
pub(super) fn refuse_unheard(batch: &mut Batch<'_>, room: RoomId, by: UserId) -> Result<(), StoreError> {
    if batch.room(room)?.kind == RoomKind::Direct { blocks::refuse_unheard(batch, room, by) } else { Ok(()) }
}

/// Whether somebody may answer what a message of theirs says it answers (TALK-4, THR-1, S46).
pub(super) fn may_answer(batch: &Batch<'_>, room: RoomId, by: UserId, answers: &Answers) -> Result<(), StoreError> {
    if let Some(quote) = answers.quote {
        target(batch, room, quote, by)?;
    }
    let Some(thread) = answers.thread else { return Ok(()) };
    match target(batch, room, thread, by) {
        Ok(Target { thread: Some(_), .. }) => {
            let words = "That is a reply in a thread already. Reply to the thread.";
            Err(StoreError::Refused(Refusal::new(ErrorCode::Forbidden, words)))
        }
        Ok(_) => Ok(()),
        // A thread whose root was deleted goes on.
        Err(StoreError::Refused(refusal)) if threads::may_see_replies(batch, room, thread, by)? => {
            tracing::trace!(?refusal, "a thread goes on without its root");
            Ok(())
        }
        Err(error) => Err(error),
    }
}

/// Gives an own message other words.
fn rewrite(batch: &mut Batch<'_>, by: &User, edit: &Rewrite, now: Timestamp) -> Result<(), StoreError> {
    let (room, seq) = (edit.room, edit.seq);
    batch.may(Action::Edit, room, by.id)?;
    refuse_unheard(batch, room, by.id)?;
    let before = target(batch, room, seq, by.id)?;
    if before.author.id != by.id {
        let words = "Only who wrote a message edits it.";
        return Err(StoreError::Refused(Refusal::new(ErrorCode::Forbidden, words)));
    }
    if before.text == edit.text {
        return Ok(());
    }
    let sql = "select count(*) from event where room = ?1 and target = ?2 and kind = 'edited'";
    let edits: usize = batch.connection.prepare_cached(sql)?.query_row(params![room.0, seq.0], |row| row.get(0))?;
    if edits >= limits::EDITS_MAX {
        let words = "This message was edited 100 times, which is the limit. Write another one.";
        return Err(StoreError::Refused(Refusal::new(ErrorCode::TooMany, words)));
    }
    let tree = markup::tree(&edit.text);
    let links = card::links(&edit.text, tree.as_ref());
    let found = mentions::read(batch, room, by.id, (&edit.text, tree.as_ref(), &edit.here))?;
    let withheld = is_hidden_from_somebody(batch, room, seq)?;
    let stored = rows::store_mentions(&found.mentions);
    let change = if withheld {
        rows::edited(seq, None, Vec::new())
    } else {
        Change::Edited { target: seq, text: Some(edit.text.clone()), tree, mentions: found.mentions }
    };
    let event = batch.log(room, author(by), change, now)?;
    if withheld {
        let sql = "update event set body = ?3, mentions = ?4, withheld = 1 where room = ?1 and seq = ?2";
        batch.connection.prepare_cached(sql)?.execute(params![room.0, event.seq.0, edit.text, stored])?;
    }
    let sql = "update event set edited_seq = ?3, rev = ?3 where room = ?1 and seq = ?2";
    batch.connection.prepare_cached(sql)?.execute(params![room.0, seq.0, event.seq.0])?;
    mentions::forget(batch, room, seq)?;
    mentions::keep(batch, room, seq, &found.people)?;
    if let Some(thread) = before.thread {
        threads::mentioned(batch, (room, thread), seq, &found.people)?;
    }
    cards::keep_those_of(batch, (room, seq), by, &links, now)
}

/// Whether somebody in the room may not see a message (S44). An edit of it goes to everyone in the same bytes, so it goes without
/// its words then.
pub(super) fn is_hidden_from_somebody(batch: &Batch<'_>, room: RoomId, seq: Seq) -> Result<bool, StoreError> {
    let sql = "select 1 from member where room = ?1 and until_seq is null and since_seq > ?2";
    Ok(batch.connection.prepare_cached(sql)?.exists(params![room.0, seq.0])?)
}

/// Deletes a message. What is left is that somebody said something here, and who deleted it (S105). Who does so to somebody else's
/// without being a manager of the room does it by office.
fn delete(batch: &mut Batch<'_>, room: RoomId, seq: Seq, by: &User, now: Timestamp) -> Result<(), StoreError> {
    batch.may(Action::DeleteOwn, room, by.id)?;
    let message = target(batch, room, seq, by.id)?;
    let is_own = message.author.id == by.id;
    if !is_own {
        batch.may(Action::DeleteAny, room, by.id)?;
    }
    let event = batch.log(room, author(by), Change::Deleted { target: seq }, now)?;
    scrub(batch, room, seq, event.seq)?;
    files::release(batch, room, seq)?;
    if !is_own && batch.member(room, by.id)? != Some(RoomRole::Manager) {
        let act = Act::in_room("delete_message", room).whom(&message.author);
        acts::write(batch, &Doer::Person(by.clone()), &act, now)?;
    }
    Ok(())
}

/// Every statement that takes words, or what hangs on them, away. `?1` is the room and `?2` the message.
const SCRUB: [&str; 7] = [
    "update event set body = '', mentions = null where room = ?1 and target = ?2 and kind = 'edited'",
    "delete from mention where room = ?1 and message = ?2",
    "delete from reaction where room = ?1 and message = ?2",
    "delete from pin where room = ?1 and message = ?2",
    "delete from saved where room = ?1 and message = ?2",
    // Who settles a report needs the words it is about; then they are gone too.
    "update report set body = '' where room = ?1 and seq = ?2 and settled_at is not null",
    "update event set body = '', mentions = null, cards = null, edited_seq = null where room = ?1 and seq = ?2",
];

fn scrub(batch: &Batch<'_>, room: RoomId, seq: Seq, by: Seq) -> Result<(), StoreError> {
    for sql in SCRUB {
        batch.connection.prepare_cached(sql)?.execute(params![room.0, seq.0])?;
    }
    let sql = "update event set deleted_seq = ?3, rev = ?3 where room = ?1 and seq = ?2";
    batch.connection.prepare_cached(sql)?.execute(params![room.0, seq.0, by.0])?;
    Ok(())
}

fn edits(connection: &Connection, room: RoomId, seq: Seq, asker: UserId) -> Result<Edits, StoreError> {
    may_read(connection, room, asker)?;
    let sql = "select e.seq, e.at, e.body from event o
         join member m on m.room = o.room and m.user = ?3 and m.until_seq is null and m.since_seq <= o.seq
         join event e on e.room = o.room and (e.seq = o.seq or (e.target = o.seq and e.kind = 'edited'))
         where o.room = ?1 and o.seq = ?2 and o.kind in ('message', 'binary') and o.deleted_seq is null order by e.seq";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_map(params![room.0, seq.0, asker.0], |row| {
        let text: String = row.get(2)?;
        Ok(Edit { seq: Seq(row.get(0)?), at: Timestamp(row.get(1)?), tree: markup::tree(&text), text })
    })?;
    let edits = found.collect::<Result<Vec<_>, _>>()?;
    if edits.is_empty() { Err(no_such_message()) } else { Ok(Edits { edits }) }
}
