//! What is answered of a message that was found, out of the log as it is now.

use parlour_domain::search::{Query, fold, line, snippet, words_of};
use parlour_protocol::search::{Beside, Hit, SearchPlace};
use parlour_protocol::{Change, Event, RoomId, Seq};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::super::rows::{EVENT_COLUMNS, EVENT_FROM, read_event};
use crate::StoreError;

/// A message as it is answered; none when its present words do not answer any more, whatever the index says.
pub(super) fn show(log: &Connection, place: SearchPlace, first: Seq, query: &Query) -> Result<Option<Hit>, StoreError> {
    let sql = format!("select {EVENT_COLUMNS} from {EVENT_FROM} where e.room = ?1 and e.seq = ?2");
    let row = params![place.room.0, place.seq.0];
    let found = log.prepare_cached(&sql)?.query_row(row, read_event).optional()?;
    let Some(Event { room, seq, at, by, change }) = found else { return Ok(None) };
    let Change::Message { text, tree, answers, deleted: None, files, .. } = change else { return Ok(None) };
    // Where it stands in its thread alone, it stands among what else does.
    let thread = answers.filter(|answers| !answers.also_in_room).and_then(|answers| answers.thread);
    if !query.suits(&fold(&words_of(&text, tree.as_ref(), &files))) {
        return Ok(None);
    }
    let words = snippet((&text, tree.as_ref(), &files), query.wanted());
    let before = beside(log, (room, thread), (first, Seq(seq.0 - 1)), "desc")?;
    let after = beside(log, (room, thread), (seq.next(), Seq(i64::MAX as u64)), "asc")?;
    Ok(Some(Hit { room, seq, thread, at, by, words, before, after }))
}

/// The message next to one, within these.
fn beside(
    log: &Connection,
    (room, thread): (RoomId, Option<Seq>),
    (from, to): (Seq, Seq),
    order: &str,
) -> Result<Option<Beside>, StoreError> {
    let among =
        if thread.is_some() { "e.thread = ?4" } else { "(e.thread is null or e.also_in_room = 1) and ?4 is null" };
    let sql = format!(
        "select {EVENT_COLUMNS} from {EVENT_FROM} where e.room = ?1 and e.seq >= ?2 and e.seq <= ?3
         and e.kind in ('message', 'binary') and e.deleted_seq is null and {among} order by e.seq {order} limit 1"
    );
    let row = params![room.0, from.0, to.0, thread.map(|seq| seq.0)];
    let found = log.prepare_cached(&sql)?.query_row(row, read_event).optional()?;
    Ok(found.and_then(|event| match event.change {
        Change::Message { text, tree, files, .. } => {
            Some(Beside { by: event.by, text: line(&text, tree.as_ref(), &files) })
        }
        _ => None,
    }))
}
