//! Link cards: put below a message once somebody looked at where it leads, and taken away with its links, its words, or by its writer.

use parlour_domain::access::Action;
use parlour_domain::{card, markup};
use parlour_protocol::{Card, Change, ErrorCode, FileId, Refusal, RoomId, Seq, Timestamp, User};
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::json;

use super::batch::Batch;
use super::membership::author;
use super::talk::{Target, is_hidden_from_somebody, target};
use super::{SqliteStore, rows};
use crate::{Cards, Later, NewCardPicture, StoreError};

const ROW_BYTES: usize = 3_000;
/// What a card's picture is called where files are listed.
const NAME: &str = "card";

impl Cards for SqliteStore {
    fn note_card_picture(&self, by: User, picture: NewCardPicture, now: Timestamp) -> Later<()> {
        self.writer.write(ROW_BYTES, move |batch| {
            let sql = "insert into file (id, room, owner, name, bytes, taken, type, width, height, thumb, made_at, touched_at)
                 values (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, ?8, 1, ?9, ?9)";
            let NewCardPicture { id, room, kind, bytes, size: (width, height) } = &picture;
            let row = params![id.0.as_bytes(), room.0, by.id.0, NAME, bytes, kind, width, height, now.0];
            Ok(batch.connection.prepare_cached(sql)?.execute(row).map(drop)?)
        })
    }

    fn put_cards(&self, room: RoomId, seq: Seq, by: User, cards: Vec<Card>, now: Timestamp) -> Later<bool> {
        self.writer.write(ROW_BYTES, move |batch| put(batch, (room, seq), &by, &cards, now))
    }

    fn remove_cards(&self, room: RoomId, seq: Seq, by: User, now: Timestamp) -> Later<()> {
        self.writer.write(ROW_BYTES, move |batch| {
            batch.may(Action::DeleteOwn, room, by.id)?;
            if target(batch, room, seq, by.id)?.author.id != by.id {
                let words = "Only who wrote a message takes its cards away.";
                return Err(StoreError::Refused(Refusal::new(ErrorCode::Forbidden, words)));
            }
            match below(batch.connection, room, seq)? {
                Below::Unwanted => Ok(()),
                // Those that are being fetched are not wanted either.
                Below::Cards(cards) if cards.is_empty() => note(batch, (room, seq), Some(&[])),
                Below::Cards(cards) => change(batch, (room, seq), &by, (&cards, &[]), true, now),
            }
        })
    }
}

/// What is below a message now, and the links that may have a card there.
type Place = (Vec<Card>, Vec<String>);

/// What is below a message now.
enum Below {
    /// Perhaps none yet.
    Cards(Vec<Card>),
    /// Its writer took them away.
    Unwanted,
}

/// The cards of these messages, given as a JSON list of seqs, in order of seq.
pub(super) fn of(connection: &Connection, room: RoomId, seqs: &str) -> Result<Vec<(Seq, Vec<Card>)>, StoreError> {
    let sql = "select seq, cards from event where room = ?1 and seq in (select value from json_each(?2))
         and cards is not null order by seq";
    let mut statement = connection.prepare_cached(sql)?;
    let found =
        statement.query_map(params![room.0, seqs], |row| Ok((Seq(row.get(0)?), rows::read_cards(row.get(1)?, 1)?)))?;
    let mut found = found.collect::<Result<Vec<_>, _>>()?;
    found.retain(|(_, cards)| !cards.is_empty());
    Ok(found)
}

/// Takes the cards of links that an edit took out away with them.
pub(super) fn keep_those_of(
    batch: &mut Batch<'_>,
    (room, seq): (RoomId, Seq),
    by: &User,
    links: &[String],
    now: Timestamp,
) -> Result<(), StoreError> {
    let Below::Cards(before) = below(batch.connection, room, seq)? else { return Ok(()) };
    let kept: Vec<Card> = before.iter().filter(|card| links.contains(&card.to)).cloned().collect();
    if kept.len() == before.len() { Ok(()) } else { change(batch, (room, seq), by, (&before, &kept), false, now) }
}

fn put(
    batch: &mut Batch<'_>,
    (room, seq): (RoomId, Seq),
    by: &User,
    given: &[Card],
    now: Timestamp,
) -> Result<bool, StoreError> {
    let mut shown = Vec::new();
    if let Some((before, links)) = wanted(batch, (room, seq), by)? {
        let card_of = |cards: &[Card], link: &String| cards.iter().find(|card| card.to == *link).cloned();
        let now_below: Vec<Card> =
            links.iter().filter_map(|link| card_of(&before, link).or_else(|| card_of(given, link))).collect();
        if now_below != before {
            change(batch, (room, seq), by, (&before, &now_below), false, now)?;
        }
        shown = now_below;
    }
    let is_shown = |id: &FileId| shown.iter().any(|card| card.picture.is_some_and(|picture| picture.id == *id));
    let lost: Vec<FileId> = pictures(given).filter(|id| !is_shown(id)).collect();
    let any = given.iter().any(|card| shown.contains(card));
    release(batch, &lost)?;
    Ok(any)
}

/// Where cards are to be put; none where the message was deleted, its writer is in the room no more
/// or wants no cards, and where the room rests.
fn wanted(batch: &mut Batch<'_>, (room, seq): (RoomId, Seq), by: &User) -> Result<Option<Place>, StoreError> {
    let found = batch.may(Action::DeleteOwn, room, by.id).and_then(|_| target(batch, room, seq, by.id));
    let Target { author, text, .. } = match found {
        Ok(target) => target,
        Err(StoreError::Refused(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    Ok(match below(batch.connection, room, seq)? {
        Below::Cards(cards) if author.id == by.id => Some((cards, card::links(&text, markup::tree(&text).as_ref()))),
        _ => None,
    })
}

/// Writes what is below a message from now on, and that it changed.
fn change(
    batch: &mut Batch<'_>,
    (room, seq): (RoomId, Seq),
    by: &User,
    (before, after): (&[Card], &[Card]),
    is_for_good: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    let kept: Vec<FileId> = pictures(after).collect();
    let gone: Vec<FileId> = pictures(before).filter(|id| !kept.contains(id)).collect();
    release(batch, &gone)?;
    for id in kept {
        batch
            .connection
            .prepare_cached("update file set seq = ?2 where id = ?1")?
            .execute(params![id.0.as_bytes(), seq.0])?;
    }
    note(batch, (room, seq), (is_for_good || !after.is_empty()).then_some(after))?;
    let withheld = is_hidden_from_somebody(batch, room, seq)?;
    let cards = (!withheld).then(|| after.to_vec());
    let event = batch.log(room, author(by), Change::Carded { target: seq, cards }, now)?;
    if withheld {
        let sql = "update event set withheld = 1 where room = ?1 and seq = ?2";
        batch.connection.prepare_cached(sql)?.execute(params![room.0, event.seq.0])?;
    }
    Ok(())
}

fn note(batch: &Batch<'_>, (room, seq): (RoomId, Seq), cards: Option<&[Card]>) -> Result<(), StoreError> {
    let sql = "update event set cards = ?3 where room = ?1 and seq = ?2";
    let list = cards.map(|cards| json!(cards).to_string());
    Ok(batch.connection.prepare_cached(sql)?.execute(params![room.0, seq.0, list]).map(drop)?)
}

fn below(connection: &Connection, room: RoomId, seq: Seq) -> Result<Below, StoreError> {
    let sql = "select cards from event where room = ?1 and seq = ?2";
    let list: Option<Option<String>> =
        connection.prepare_cached(sql)?.query_row(params![room.0, seq.0], |row| row.get(0)).optional()?;
    let list = list.flatten();
    let is_there = list.is_some();
    let cards = rows::read_cards(list, 0)?;
    Ok(if is_there && cards.is_empty() { Below::Unwanted } else { Below::Cards(cards) })
}

fn pictures(cards: &[Card]) -> impl Iterator<Item = FileId> {
    cards.iter().filter_map(|card| card.picture).map(|picture| picture.id)
}

/// Lets go of pictures that no card shows: their bytes are removed soon.
fn release(batch: &Batch<'_>, pictures: &[FileId]) -> Result<(), StoreError> {
    for id in pictures {
        let key = params![id.0.as_bytes()];
        batch.connection.prepare_cached("delete from file where id = ?1")?.execute(key)?;
        batch.connection.prepare_cached("insert or ignore into file_gone (id) values (?1)")?.execute(key)?;
    }
    Ok(())
}
