//! What is answered of a message that was found, out of the log as it is now.

use parlour_domain::search::{Query, fold, line, snippet, words_of};
use parlour_protocol::search::{Beside, Hit, SearchPlace};
use parlour_protocol::{Change, Event, RoomId, Seq};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::super::rows::{EVENT_COLUMNS, read_event};
use crate::StoreError;

/// A message as it is answered; none when its present words do not answer any more, whatever the index says.
pub(super) fn show(log: &Connection, place: SearchPlace, first: Seq, query: &Query) -> Result<Option<Hit>, StoreError> {
    let sql = format!("select {EVENT_COLUMNS} from event where room = ?1 and seq = ?2");
    let row = params![place.room.0, place.seq.0];
    let found = log.prepare_cached(&sql)?.query_row(row, read_event).optional()?;
    let Some(Event { room, seq, at, by, change: Change::Message { text, tree, files, .. } }) = found else {
        return Ok(None);
    };
    if !query.suits(&fold(&words_of(&text, tree.as_ref(), &files))) {
        return Ok(None);
    }
    let words = snippet((&text, tree.as_ref(), &files), query.wanted());
    let before = beside(log, room, (first, Seq(seq.0 - 1)), "desc")?;
    let after = beside(log, room, (seq.next(), Seq(i64::MAX as u64)), "asc")?;
    Ok(Some(Hit { room, seq, at, by, words, before, after }))
}

/// The message next to one, within these.
fn beside(log: &Connection, room: RoomId, (from, to): (Seq, Seq), order: &str) -> Result<Option<Beside>, StoreError> {
    let sql = format!(
        "select {EVENT_COLUMNS} from event where room = ?1 and seq >= ?2 and seq <= ?3
         and kind in ('message', 'binary') order by seq {order} limit 1"
    );
    let found = log.prepare_cached(&sql)?.query_row(params![room.0, from.0, to.0], read_event).optional()?;
    Ok(found.and_then(|event| match event.change {
        Change::Message { text, tree, files, .. } => {
            Some(Beside { by: event.by, text: line(&text, tree.as_ref(), &files) })
        }
        _ => None,
    }))
}
