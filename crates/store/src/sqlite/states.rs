//! What there is about messages besides their events, as one reader has it (TALK-8): read in the snapshot of the page it goes with.

use std::collections::{BTreeMap, BTreeSet};

use parlour_protocol::http::{MessageList, MessageState};
use parlour_protocol::{Change, Event, RoomId, Seq, UserId};
use rusqlite::{Connection, OptionalExtension, params};

use super::messages::no_such_room;
use super::rows::{EVENT_COLUMNS, EVENT_FROM, read_event};
use super::{cards, reactions, threads};
use crate::StoreError;

/// What there is about the messages among these events, and those that they quote from elsewhere in the room. `first` is the first
/// seq the reader may see.
pub(super) fn about(
    connection: &Connection,
    asker: UserId,
    (room, first): (RoomId, Seq),
    events: &[Event],
) -> Result<(Vec<MessageState>, Vec<Event>), StoreError> {
    let there: BTreeSet<Seq> = events.iter().map(|event| event.seq).collect();
    let (mut messages, mut quoted) = (Vec::new(), BTreeSet::new());
    for event in events {
        let Change::Message { answers, .. } = &event.change else { continue };
        messages.push(event.seq);
        quoted.extend(answers.and_then(|answers| answers.quote));
    }
    let states = states(connection, asker, (room, first), &messages)?;
    let quoted: Vec<Seq> = quoted.into_iter().filter(|seq| !there.contains(seq)).collect();
    let mut quoted = visible(connection, (room, first), &quoted)?;
    quoted.retain(|event| matches!(&event.change, Change::Message { deleted: None, .. }));
    Ok((states, quoted))
}

/// The events as who sees the room from `first` on is shown them: an edit of what was before says nothing (S44).
pub(super) fn as_shown(mut events: Vec<Event>, first: Seq) -> Vec<Event> {
    for event in &mut events {
        if let Change::Edited { target, text, tree, mentions } = &mut event.change
            && *target < first
        {
            (*text, *tree) = (None, None);
            mentions.clear();
        }
        if let Change::Carded { target, cards } = &mut event.change
            && *target < first
        {
            *cards = None;
        }
    }
    events
}

/// These messages as a member sees them, in the order given; those that are not there, were deleted, or are not theirs to see are
/// left out.
pub(super) fn list(
    connection: &Connection,
    asker: UserId,
    room: RoomId,
    seqs: &[Seq],
) -> Result<MessageList, StoreError> {
    let first = first(connection, room, asker)?;
    let mut found: BTreeMap<Seq, Event> =
        visible(connection, (room, first), seqs)?.into_iter().map(|event| (event.seq, event)).collect();
    found.retain(|_, event| matches!(&event.change, Change::Message { deleted: None, .. }));
    let mut events: Vec<Event> = Vec::new();
    for seq in seqs {
        events.extend(found.remove(seq));
    }
    let messages: Vec<Seq> = events.iter().map(|event| event.seq).collect();
    Ok(MessageList { states: states(connection, asker, (room, first), &messages)?, events, next: None })
}

/// The first seq that a member may see.
pub(super) fn first(connection: &Connection, room: RoomId, asker: UserId) -> Result<Seq, StoreError> {
    let sql = "select max(r.floor + 1, m.since_seq) from member m join room r on r.id = m.room
         where m.room = ?1 and m.user = ?2 and m.until_seq is null";
    let found = connection.prepare_cached(sql)?.query_row(params![room.0, asker.0], |row| row.get(0).map(Seq));
    found.optional()?.ok_or_else(no_such_room)
}

/// The messages of these seqs, from `first` on, in order of seq.
pub(super) fn visible(
    connection: &Connection,
    (room, first): (RoomId, Seq),
    seqs: &[Seq],
) -> Result<Vec<Event>, StoreError> {
    if seqs.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "select {EVENT_COLUMNS} from {EVENT_FROM} where e.room = ?1 and e.seq in (select value from json_each(?2))
         and e.seq >= ?3 and e.kind in ('message', 'binary') order by e.seq"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let found = statement.query_map(params![room.0, json(seqs), first.0], read_event)?;
    Ok(found.collect::<Result<Vec<_>, _>>()?)
}

fn states(
    connection: &Connection,
    asker: UserId,
    (room, first): (RoomId, Seq),
    messages: &[Seq],
) -> Result<Vec<MessageState>, StoreError> {
    if messages.is_empty() {
        return Ok(Vec::new());
    }
    let seqs = json(messages);
    let mut states: BTreeMap<Seq, MessageState> = BTreeMap::new();
    let blank = |seq| MessageState {
        room,
        seq,
        reactions: Vec::new(),
        cards: Vec::new(),
        thread: None,
        pinned: false,
        saved: false,
    };
    for (seq, reaction) in reactions::of(connection, room, &seqs, asker)? {
        states.entry(seq).or_insert_with(|| blank(seq)).reactions.push(reaction);
    }
    for (seq, cards) in cards::of(connection, room, &seqs)? {
        states.entry(seq).or_insert_with(|| blank(seq)).cards = cards;
    }
    let sql =
        "select message from pin where room = ?1 and message in (select value from json_each(?2)) order by message";
    for seq in marked(connection, sql, params![room.0, seqs])? {
        states.entry(seq).or_insert_with(|| blank(seq)).pinned = true;
    }
    let sql = "select message from saved where user = ?3 and room = ?1 and message in (select value from json_each(?2))
         order by message";
    for seq in marked(connection, sql, params![room.0, seqs, asker.0])? {
        states.entry(seq).or_insert_with(|| blank(seq)).saved = true;
    }
    let sql = "select distinct thread from event where room = ?1 and thread in (select value from json_each(?2))
         and thread is not null order by thread";
    for seq in marked(connection, sql, params![room.0, seqs])? {
        if let Some(thread) = threads::state(connection, (room, seq), asker, first)? {
            states.entry(seq).or_insert_with(|| blank(seq)).thread = Some(thread);
        }
    }
    Ok(states.into_values().collect())
}

/// Which of some messages a statement finds.
fn marked(connection: &Connection, sql: &str, about: impl rusqlite::Params) -> Result<Vec<Seq>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_map(about, |row| row.get(0).map(Seq))?;
    Ok(found.collect::<Result<Vec<_>, _>>()?)
}

/// Seqs as a JSON list, for `json_each`.
fn json(seqs: &[Seq]) -> String {
    let numbers: Vec<String> = seqs.iter().map(Seq::to_string).collect();
    format!("[{}]", numbers.join(","))
}
