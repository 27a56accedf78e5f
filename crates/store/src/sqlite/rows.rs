//! Rows to wire types and back. The shapes of rows are nobody else's business.

use parlour_protocol::push::Author;
use parlour_protocol::{Change, ClientId, Event, Room, RoomId, RoomKind, RoomState, Seq, Timestamp, UserId};
use rusqlite::Row;
use rusqlite::types::Type;
use serde_json::{Value, json};

/// A change as the table `event` holds it.
pub(super) struct StoredChange {
    pub(super) kind: &'static str,
    pub(super) nonce: Option<[u8; 16]>,
    pub(super) body: String,
}

pub(super) fn store_change(change: &Change) -> StoredChange {
    let plain = |kind, body| StoredChange { kind, nonce: None, body };
    match change {
        Change::Message { client_id, text, binary } => StoredChange {
            kind: if *binary { "binary" } else { "message" },
            nonce: Some(*client_id.0.as_bytes()),
            body: text.clone(),
        },
        Change::RoomCreated { name, topic } => plain("room_created", json!({"name": name, "topic": topic}).to_string()),
        Change::RoomRenamed { name, topic } => plain("room_renamed", json!({"name": name, "topic": topic}).to_string()),
        Change::MemberJoined => plain("member_joined", "{}".to_owned()),
        Change::MemberLeft => plain("member_left", "{}".to_owned()),
    }
}

/// The columns that [`read_event`] reads, in its order.
pub(super) const EVENT_COLUMNS: &str = "room, seq, kind, actor, actor_name, nonce, at, body";

pub(super) fn read_event(row: &Row<'_>) -> rusqlite::Result<Event> {
    let kind: String = row.get(2)?;
    let body: String = row.get(7)?;
    let change = match kind.as_str() {
        "message" | "binary" => {
            let nonce: [u8; 16] = row.get(5)?;
            Change::Message { client_id: ClientId(uuid::Uuid::from_bytes(nonce)), text: body, binary: kind == "binary" }
        }
        "member_joined" => Change::MemberJoined,
        "member_left" => Change::MemberLeft,
        _ => {
            let value: Value = serde_json::from_str(&body)
                .map_err(|error| rusqlite::Error::FromSqlConversionFailure(7, Type::Text, Box::new(error)))?;
            let field = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
            let (name, topic) = (field("name"), field("topic"));
            if kind == "room_created" {
                Change::RoomCreated { name, topic }
            } else {
                Change::RoomRenamed { name, topic }
            }
        }
    };
    Ok(Event {
        room: RoomId(row.get(0)?),
        seq: Seq(row.get(1)?),
        at: Timestamp(row.get(6)?),
        by: Author { id: UserId(row.get(3)?), name: row.get(4)? },
        change,
    })
}

pub(super) fn room_kind(kind: &str) -> RoomKind {
    if kind == "lobby" { RoomKind::Lobby } else { RoomKind::Open }
}

/// Messages of others after the reader's position, counted up to `limits::UNREAD_COUNT_MAX` (READ-2).
/// Expects the aliases `r` for the room and `m` for the membership.
pub(super) const UNREAD: &str =
    "(select count(*) from (select 1 from event e where e.room = r.id and e.seq > m.read_seq
     and e.kind in ('message', 'binary') and e.actor <> m.user limit 100))";

/// The columns that [`read_room_state`] reads after those of the room, in its order.
pub(super) fn room_state_columns() -> String {
    format!("r.id, r.name, r.topic, r.kind, r.head, r.floor, r.members, m.since_seq, m.read_seq, {UNREAD}")
}

pub(super) fn read_room(row: &Row<'_>) -> rusqlite::Result<Room> {
    Ok(Room {
        id: RoomId(row.get(0)?),
        name: row.get(1)?,
        topic: row.get(2)?,
        kind: room_kind(&row.get::<_, String>(3)?),
    })
}

pub(super) fn read_room_state(row: &Row<'_>) -> rusqlite::Result<RoomState> {
    Ok(RoomState {
        room: read_room(row)?,
        head: Seq(row.get(4)?),
        floor: Seq(row.get(5)?),
        members: row.get(6)?,
        since: Seq(row.get(7)?),
        read: Seq(row.get(8)?),
        unread: row.get(9)?,
        online: 0,
    })
}
