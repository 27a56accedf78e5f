//! Whom a message mentions (MEN-1 to MEN-3): what `domain` found in its words, looked up among those who are in the room.

use std::collections::HashSet;

use parlour_domain::access::Action;
use parlour_domain::mention::{self, Candidate, Sign};
use parlour_protocol::markup::Tree;
use parlour_protocol::push::{Mention, Mentioned};
use parlour_protocol::{RoomId, Seq, UserId, limits};
use rusqlite::{OptionalExtension, params};

use super::batch::Batch;
use crate::StoreError;

/// What was found in a message.
#[derive(Default)]
pub(super) struct Found {
    pub(super) mentions: Vec<Mention>,
    /// Whom it mentions, for counting; [`EVERYONE`] alone for everyone.
    pub(super) people: Vec<UserId>,
}

/// Nobody has this id: in the table of mentions it stands for everyone.
pub(super) const EVERYONE: UserId = UserId(0);

/// Looks up what the words name.
pub(super) fn read(
    batch: &mut Batch<'_>,
    room: RoomId,
    by: UserId,
    (text, tree, here): (&str, Option<&Tree>, &HashSet<UserId>),
) -> Result<Found, StoreError> {
    let mut found = Found::default();
    for candidate in mention::candidates(text, tree) {
        if found.mentions.len() == limits::MENTIONS_MAX {
            break;
        }
        let Some((words, of)) = resolve(batch, room, by, &candidate)? else { continue };
        let mention = Mention { words, of };
        if found.mentions.contains(&mention) {
            continue;
        }
        match of {
            Mentioned::Person(user) => found.people.push(user),
            Mentioned::Everyone => found.people.push(EVERYONE),
            Mentioned::Here => {
                found.people.extend(present(batch, room, here)?);
            }
            Mentioned::Room(_) => {}
        }
        found.mentions.push(mention);
    }
    if found.people.contains(&EVERYONE) {
        found.people = vec![EVERYONE];
    }
    Ok(found)
}

/// Who of a room is there.
fn present(batch: &Batch<'_>, room: RoomId, here: &HashSet<UserId>) -> Result<Vec<UserId>, StoreError> {
    let sql = "select user from member where room = ?1 and until_seq is null order by user";
    let mut statement = batch.connection.prepare_cached(sql)?;
    let members = statement.query_map([room.0], |row| row.get(0).map(UserId))?;
    let mut present = Vec::new();
    for member in members {
        let member = member?;
        if here.contains(&member) && present.len() < limits::MENTIONED_HERE_MAX {
            present.push(member);
        }
    }
    Ok(present)
}

/// The longest reading that names something.
fn resolve(
    batch: &mut Batch<'_>,
    room: RoomId,
    by: UserId,
    candidate: &Candidate,
) -> Result<Option<(String, Mentioned)>, StoreError> {
    for (words, skeleton) in &candidate.readings {
        let of = match candidate.sign {
            Sign::At => at(batch, room, by, (words, skeleton))?,
            Sign::Hash => named_room(batch, skeleton)?,
        };
        if let Some(of) = of {
            return Ok(Some((words.clone(), of)));
        }
    }
    Ok(None)
}

fn at(
    batch: &mut Batch<'_>,
    room: RoomId,
    by: UserId,
    (words, skeleton): (&str, &str),
) -> Result<Option<Mentioned>, StoreError> {
    let many = match words {
        "@room" => Some(Mentioned::Everyone),
        "@here" => Some(Mentioned::Here),
        _ => None,
    };
    if let Some(many) = many {
        // Who may not has written a text (S47).
        return match batch.may(Action::MentionAll, room, by) {
            Ok(_) => Ok(Some(many)),
            Err(StoreError::Refused(_)) => Ok(None),
            Err(error) => Err(error),
        };
    }
    let sql = "select u.id from user u join member m on m.user = u.id and m.room = ?1 and m.until_seq is null
         where u.released_at is null and (u.handle_skeleton = ?2 or u.name_skeleton = ?2)
         order by u.handle_skeleton is ?2 desc, u.id limit 1";
    let found =
        batch.connection.prepare_cached(sql)?.query_row(params![room.0, skeleton], |row| row.get(0)).optional()?;
    Ok(found.map(|id| Mentioned::Person(UserId(id))))
}

/// The lobby and open rooms are known to everybody; who has a closed one is told to nobody.
fn named_room(batch: &Batch<'_>, skeleton: &str) -> Result<Option<Mentioned>, StoreError> {
    let sql = "select id from room where name_skeleton = ?1 and kind in ('lobby', 'open')";
    let found = batch.connection.prepare_cached(sql)?.query_row([skeleton], |row| row.get(0)).optional()?;
    Ok(found.map(|id| Mentioned::Room(RoomId(id))))
}

/// Keeps whom a message mentions, in the place of whom it mentioned before.
pub(super) fn keep(batch: &Batch<'_>, room: RoomId, message: Seq, people: &[UserId]) -> Result<(), StoreError> {
    for user in people {
        let sql = "insert into mention (room, user, message) values (?1, ?2, ?3) on conflict do nothing";
        batch.connection.prepare_cached(sql)?.execute(params![room.0, user.0, message.0])?;
    }
    Ok(())
}

/// Forgets whom a message mentioned.
pub(super) fn forget(batch: &Batch<'_>, room: RoomId, message: Seq) -> Result<(), StoreError> {
    let sql = "delete from mention where room = ?1 and message = ?2";
    batch.connection.prepare_cached(sql)?.execute(params![room.0, message.0])?;
    Ok(())
}
