//! Rows to wire types and back. The shapes of rows are nobody else's business.

use parlour_domain::markup;
use parlour_protocol::push::{Answers, Author, Deleted, Edited, Mention};
use parlour_protocol::user::{Door, RoomsBy};
use parlour_protocol::{
    Card, Change, ClientId, Event, History, NotifyLevel, PostBy, Role, Room, RoomId, RoomKind, RoomRole, RoomState,
    Seq, Timestamp, UserId, limits,
};
use rusqlite::Row;
use rusqlite::types::Type;
use serde_json::{Value, json};

use super::unread;

/// A change as the table `event` holds it.
#[derive(Default)]
pub(super) struct StoredChange {
    pub(super) kind: &'static str,
    pub(super) nonce: Option<[u8; 16]>,
    pub(super) body: String,
    pub(super) target: Option<u64>,
    pub(super) answers: Answers,
    pub(super) mentions: Option<String>,
    /// What a message carries, as JSON.
    pub(super) files: Option<String>,
}

impl StoredChange {
    /// About a message that is there, with these words.
    fn about(kind: &'static str, target: Seq, body: String) -> StoredChange {
        StoredChange { kind, target: Some(target.0), body, ..StoredChange::default() }
    }
}

pub(super) fn store_change(change: &Change) -> StoredChange {
    let plain = |kind, body| StoredChange { kind, body, ..StoredChange::default() };
    match change {
        Change::Message { client_id, text, binary, answers, mentions, files, .. } => StoredChange {
            kind: if *binary { "binary" } else { "message" },
            nonce: Some(*client_id.0.as_bytes()),
            body: text.clone(),
            target: None,
            answers: answers.unwrap_or_default(),
            mentions: store_mentions(mentions),
            files: (!files.is_empty()).then(|| json!(files).to_string()),
        },
        Change::Edited { target, text, mentions, .. } => StoredChange {
            mentions: store_mentions(mentions),
            ..StoredChange::about("edited", *target, text.clone().unwrap_or_default())
        },
        // What is on them is kept beside the message alone.
        Change::Carded { target, .. } => StoredChange::about("carded", *target, String::new()),
        Change::Deleted { target } => StoredChange::about("deleted", *target, String::new()),
        Change::Reacted { target, emoji } => StoredChange::about("reacted", *target, emoji.clone()),
        Change::Unreacted { target, emoji } => StoredChange::about("unreacted", *target, emoji.clone()),
        Change::Pinned { target } => StoredChange::about("pinned", *target, String::new()),
        Change::Unpinned { target } => StoredChange::about("unpinned", *target, String::new()),
        Change::RoomCreated { name, topic } => plain("room_created", json!({"name": name, "topic": topic}).to_string()),
        Change::RoomRenamed { name, topic } => plain("room_renamed", json!({"name": name, "topic": topic}).to_string()),
        Change::MemberJoined => plain("member_joined", "{}".to_owned()),
        Change::MemberLeft => plain("member_left", "{}".to_owned()),
        Change::MemberAdded { who } => plain("member_added", json!({"who": who}).to_string()),
        Change::MemberRemoved { who } => plain("member_removed", json!({"who": who}).to_string()),
        Change::RoleChanged { who, role } => plain("role_changed", json!({"who": who, "role": role}).to_string()),
        Change::PostingChanged { post_by, slow_s } => {
            plain("posting_changed", json!({"post_by": post_by, "slow_s": slow_s}).to_string())
        }
        Change::HistoryChanged { history } => plain("history_changed", json!({"history": history}).to_string()),
        Change::RoomArchived => plain("room_archived", "{}".to_owned()),
        Change::RoomRestored => plain("room_restored", "{}".to_owned()),
    }
}

/// The columns that [`read_event`] reads, in its order, out of [`EVENT_FROM`].
pub(super) const EVENT_COLUMNS: &str =
    "e.room, e.seq, e.kind, e.actor, e.actor_name, e.nonce, e.at, coalesce(w.body, e.body),
     e.target, e.quote, e.thread, e.also_in_room, iif(w.seq is null, e.mentions, w.mentions), w.seq, w.at,
     d.seq, d.at, d.actor, d.actor_name, e.withheld, t.deleted_seq is not null,
     e.files, t.cards";

/// Events as `e`, each message with its last edit as `w` and its deletion as `d`, each edit, and what came of its links, with its
/// message as `t`.
pub(super) const EVENT_FROM: &str = "event e left join event w on w.room = e.room and w.seq = e.edited_seq
     left join event d on d.room = e.room and d.seq = e.deleted_seq
     left join event t on t.room = e.room and t.seq = e.target and e.kind in ('edited', 'carded')";

pub(super) fn read_event(row: &Row<'_>) -> rusqlite::Result<Event> {
    let kind: String = row.get(2)?;
    let body: String = row.get(7)?;
    let change = match kind.as_str() {
        "message" | "binary" => read_message(row, body, kind == "binary")?,
        "edited" | "carded" | "deleted" | "reacted" | "unreacted" | "pinned" | "unpinned" => {
            read_later(row, &kind, body)?
        }
        _ => read_change(kind, &body)?,
    };
    Ok(Event {
        room: RoomId(row.get(0)?),
        seq: Seq(row.get(1)?),
        at: Timestamp(row.get(6)?),
        by: Author { id: UserId(row.get(3)?), name: row.get(4)? },
        change,
    })
}

/// A message as it is by now. Its tree is made here, of the text, which alone is stored: by the writer once for everyone who
/// hears it, and anew for a page of history.
fn read_message(row: &Row<'_>, text: String, binary: bool) -> rusqlite::Result<Change> {
    let client_id = ClientId(uuid::Uuid::from_bytes(row.get(5)?));
    let answers = Answers {
        quote: row.get::<_, Option<u64>>(9)?.map(Seq),
        thread: row.get::<_, Option<u64>>(10)?.map(Seq),
        also_in_room: row.get(11)?,
    };
    let answers = (answers != Answers::default()).then_some(answers);
    let edited = match row.get::<_, Option<u64>>(13)? {
        Some(seq) => Some(Edited { seq: Seq(seq), at: Timestamp(row.get(14)?) }),
        None => None,
    };
    let deleted = match row.get::<_, Option<u64>>(15)? {
        Some(seq) => {
            let by = Author { id: UserId(row.get(17)?), name: row.get(18)? };
            Some(Deleted { seq: Seq(seq), at: Timestamp(row.get(16)?), by })
        }
        None => None,
    };
    let (tree, mentions) = (markup::tree(&text), read_mentions(row.get(12)?)?);
    let files = row.get::<_, Option<String>>(21)?.map(|list| read_json(&list, 21)).transpose()?.unwrap_or_default();
    Ok(Change::Message { client_id, text, binary, tree, answers, mentions, edited, deleted, files })
}

/// What came of a message. The words of an edit, and what is on cards, are left out where the message was deleted since, and where somebody may not
/// see it (TALK-9).
fn read_later(row: &Row<'_>, kind: &str, body: String) -> rusqlite::Result<Change> {
    let target = Seq(row.get(8)?);
    Ok(match kind {
        "edited" => {
            let (withheld, deleted): (bool, bool) = (row.get(19)?, row.get(20)?);
            if withheld || deleted {
                edited(target, None, Vec::new())
            } else {
                edited(target, Some(body), read_mentions(row.get(12)?)?)
            }
        }
        "carded" => {
            let (withheld, deleted): (bool, bool) = (row.get(19)?, row.get(20)?);
            let cards = (!withheld && !deleted).then(|| read_cards(row.get(22)?, 22)).transpose()?;
            Change::Carded { target, cards }
        }
        "deleted" => Change::Deleted { target },
        "reacted" => Change::Reacted { target, emoji: body },
        "unreacted" => Change::Unreacted { target, emoji: body },
        "pinned" => Change::Pinned { target },
        _ => Change::Unpinned { target },
    })
}

/// An edit as everybody sees it.
pub(super) fn edited(target: Seq, text: Option<String>, mentions: Vec<Mention>) -> Change {
    let tree = text.as_deref().and_then(markup::tree);
    Change::Edited { target, text, tree, mentions }
}

pub(super) fn store_mentions(mentions: &[Mention]) -> Option<String> {
    (!mentions.is_empty()).then(|| json!(mentions).to_string())
}

fn read_mentions(list: Option<String>) -> rusqlite::Result<Vec<Mention>> {
    list.map_or(Ok(Vec::new()), |list| read_json(&list, 12))
}

/// What is below a message.
pub(super) fn read_cards(list: Option<String>, column: usize) -> rusqlite::Result<Vec<Card>> {
    list.map_or(Ok(Vec::new()), |list| read_json(&list, column))
}

fn read_json<T: serde::de::DeserializeOwned>(text: &str, column: usize) -> rusqlite::Result<T> {
    let wrong = |error| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error));
    serde_json::from_str(text).map_err(wrong)
}

/// Every other change is on disk as it is on the wire, but for its kind, which has a column.
fn read_change(kind: String, body: &str) -> rusqlite::Result<Change> {
    let wrong = |error| rusqlite::Error::FromSqlConversionFailure(7, Type::Text, Box::new(error));
    let mut value: Value = serde_json::from_str(body).map_err(wrong)?;
    value["kind"] = Value::String(kind);
    serde_json::from_value(value).map_err(wrong)
}

/// A word of the schema's checks as what it stands for, and back. A word that is none reads as the least.
macro_rules! words {
    ($read:ident, $write:ident, $kind:ty, $least:literal => $at_least:path $(, $word:literal => $value:path)+) => {
        pub(super) fn $read(word: &str) -> $kind {
            match word {
                $($word => $value,)+
                _ => $at_least,
            }
        }

        pub(super) fn $write(value: $kind) -> &'static str {
            match value {
                $($value => $word,)+
                $at_least => $least,
            }
        }
    };
}

words!(room_kind, room_kind_word, RoomKind, "direct" => RoomKind::Direct, "lobby" => RoomKind::Lobby,
    "open" => RoomKind::Open, "closed" => RoomKind::Closed);
words!(door, door_word, Door, "invitation" => Door::Invitation, "open" => Door::Open, "approval" => Door::Approval);
words!(rooms_by, rooms_by_word, RoomsBy, "administrators" => RoomsBy::Administrators, "everyone" => RoomsBy::Everyone);
words!(room_role, room_role_word, RoomRole, "member" => RoomRole::Member, "manager" => RoomRole::Manager);
words!(post_by, post_by_word, PostBy, "managers" => PostBy::Managers, "everyone" => PostBy::Everyone);
words!(notify, notify_word, NotifyLevel, "all" => NotifyLevel::All, "mentions" => NotifyLevel::Mentions,
    "nothing" => NotifyLevel::Nothing);
words!(history, history_word, History, "since_joining" => History::SinceJoining, "all" => History::All);
words!(role, role_word, Role, "guest" => Role::Guest, "bot" => Role::Bot, "member" => Role::Member,
    "administrator" => Role::Administrator, "owner" => Role::Owner);

/// The others of a direct room as a JSON list of [id, name]; null in any other. Expects `r` for the room and `m` for the
/// membership.
const WITH: &str = "case when r.kind = 'direct' then (select json_group_array(json_array(id, name)) from
     (select u.id, u.name from member o join user u on u.id = o.user where o.room = r.id and o.user <> m.user
      order by u.name limit 20)) end";
const _: () = assert!(limits::DIRECT_NAMES_MAX == 20);

/// The columns that [`read_room`] reads, in its order; expects the alias `r`.
pub(super) const ROOM_COLUMNS: &str =
    "r.id, r.name, r.topic, r.kind, r.archived_at is not null, r.post_by, r.slow_s, r.history";

/// The columns that [`read_room_state`] reads after those of the room, in its order.
pub(super) fn room_state_columns() -> String {
    let counts = unread::counts();
    format!("{ROOM_COLUMNS}, r.head, r.floor, r.members, m.since_seq, m.read_seq, {counts}, m.notify, m.role, {WITH}")
}

pub(super) fn read_room(row: &Row<'_>) -> rusqlite::Result<Room> {
    Ok(Room {
        id: RoomId(row.get(0)?),
        name: row.get(1)?,
        topic: row.get(2)?,
        kind: room_kind(&row.get::<_, String>(3)?),
        archived: row.get(4)?,
        post_by: post_by(&row.get::<_, String>(5)?),
        slow_s: row.get(6)?,
        history: history(&row.get::<_, String>(7)?),
    })
}

pub(super) fn read_room_state(row: &Row<'_>) -> rusqlite::Result<RoomState> {
    let with: Option<String> = row.get(17)?;
    Ok(RoomState {
        room: read_room(row)?,
        head: Seq(row.get(8)?),
        floor: Seq(row.get(9)?),
        members: row.get(10)?,
        since: Seq(row.get(11)?),
        read: Seq(row.get(12)?),
        unread: row.get(13)?,
        mentions: row.get(14)?,
        notify: notify(&row.get::<_, String>(15)?),
        online: 0,
        role: room_role(&row.get::<_, String>(16)?),
        with: with.map(|list| read_names(&list)).transpose()?.unwrap_or_default(),
    })
}

fn read_names(list: &str) -> rusqlite::Result<Vec<Author>> {
    let names: Vec<(u64, String)> = read_json(list, 17)?;
    Ok(names.into_iter().map(|(id, name)| Author { id: UserId(id), name }).collect())
}
