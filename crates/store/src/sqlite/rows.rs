//! Rows to wire types and back. The shapes of rows are nobody else's business.

use parlour_domain::markup;
use parlour_protocol::push::Author;
use parlour_protocol::user::{Door, RoomsBy};
use parlour_protocol::{
    Attachment, Change, ClientId, Event, History, PostBy, Role, Room, RoomId, RoomKind, RoomRole, RoomState, Seq,
    Timestamp, UserId, limits,
};
use rusqlite::Row;
use rusqlite::types::Type;
use serde_json::{Value, json};

/// A change as the table `event` holds it.
pub(super) struct StoredChange {
    pub(super) kind: &'static str,
    pub(super) nonce: Option<[u8; 16]>,
    pub(super) body: String,
    /// What a message carries, as JSON.
    pub(super) files: Option<String>,
}

pub(super) fn store_change(change: &Change) -> StoredChange {
    let plain = |kind, body| StoredChange { kind, nonce: None, body, files: None };
    match change {
        Change::Message { client_id, text, binary, files, .. } => StoredChange {
            kind: if *binary { "binary" } else { "message" },
            nonce: Some(*client_id.0.as_bytes()),
            body: text.clone(),
            files: (!files.is_empty()).then(|| json!(files).to_string()),
        },
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

/// The columns that [`read_event`] reads, in its order.
pub(super) const EVENT_COLUMNS: &str = "room, seq, kind, actor, actor_name, nonce, at, body, files";

pub(super) fn read_event(row: &Row<'_>) -> rusqlite::Result<Event> {
    let kind: String = row.get(2)?;
    let body: String = row.get(7)?;
    let change = match kind.as_str() {
        "message" | "binary" => {
            let nonce: [u8; 16] = row.get(5)?;
            let files: Option<String> = row.get(8)?;
            let files = files.map(|list| read_json(&list, 8)).transpose()?.unwrap_or_default();
            said(ClientId(uuid::Uuid::from_bytes(nonce)), body, kind == "binary", files)
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

/// A message as everybody sees it. Its tree is made here, of the text, which alone is stored: by the writer once for everyone who
/// hears it, and anew for a page of history.
pub(super) fn said(client_id: ClientId, text: String, binary: bool, files: Vec<Attachment>) -> Change {
    let tree = markup::tree(&text);
    Change::Message { client_id, text, binary, tree, files }
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
words!(history, history_word, History, "since_joining" => History::SinceJoining, "all" => History::All);
words!(role, role_word, Role, "guest" => Role::Guest, "bot" => Role::Bot, "member" => Role::Member,
    "administrator" => Role::Administrator, "owner" => Role::Owner);

/// Messages of others after the reader's position, counted up to `limits::UNREAD_COUNT_MAX` (READ-2).
/// Expects the aliases `r` for the room and `m` for the membership.
pub(super) const UNREAD: &str =
    "(select count(*) from (select 1 from event e where e.room = r.id and e.seq > m.read_seq
     and e.kind in ('message', 'binary') and e.actor <> m.user limit 100))";

/// The others of a direct room as a JSON list of [id, name]; null in any other. Expects `r` and `m` as [`UNREAD`] does.
const WITH: &str = "case when r.kind = 'direct' then (select json_group_array(json_array(id, name)) from
     (select u.id, u.name from member o join user u on u.id = o.user where o.room = r.id and o.user <> m.user
      order by u.name limit 20)) end";
const _: () = assert!(limits::DIRECT_NAMES_MAX == 20);

/// The columns that [`read_room`] reads, in its order; expects the alias `r`.
pub(super) const ROOM_COLUMNS: &str =
    "r.id, r.name, r.topic, r.kind, r.archived_at is not null, r.post_by, r.slow_s, r.history";

/// The columns that [`read_room_state`] reads after those of the room, in its order.
pub(super) fn room_state_columns() -> String {
    format!("{ROOM_COLUMNS}, r.head, r.floor, r.members, m.since_seq, m.read_seq, {UNREAD}, m.role, {WITH}")
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
    let with: Option<String> = row.get(15)?;
    Ok(RoomState {
        room: read_room(row)?,
        head: Seq(row.get(8)?),
        floor: Seq(row.get(9)?),
        members: row.get(10)?,
        since: Seq(row.get(11)?),
        read: Seq(row.get(12)?),
        unread: row.get(13)?,
        online: 0,
        role: room_role(&row.get::<_, String>(14)?),
        with: with.map(|list| read_names(&list)).transpose()?.unwrap_or_default(),
    })
}

fn read_names(list: &str) -> rusqlite::Result<Vec<Author>> {
    let names: Vec<(u64, String)> = read_json(list, 15)?;
    Ok(names.into_iter().map(|(id, name)| Author { id: UserId(id), name }).collect())
}
