//! Rooms and a member's standing in them.

use serde::{Deserialize, Serialize};

use crate::ids::{RoomId, Seq};

/// Who may enter a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RoomKind {
    /// The one room everybody is in and nobody leaves.
    Lobby,
    /// Anyone inside the house may join.
    Open,
}

/// A room as its members see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Room {
    /// Which.
    pub id: RoomId,
    /// Its name without the `#`, unique among rooms.
    pub name: String,
    /// One line under the name; may be empty.
    pub topic: String,
    /// Who may enter.
    pub kind: RoomKind,
}

/// A room with the reader's own standing: all a rail row and an opening timeline need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct RoomState {
    /// The room.
    pub room: Room,
    /// Its last seq; 0 when nothing happened yet.
    pub head: Seq,
    /// The last seq that is no longer kept; 0 when everything is.
    pub floor: Seq,
    /// The first seq this member may read.
    pub since: Seq,
    /// How far this member has read.
    pub read: Seq,
    /// Messages of others after `read`, at most [`crate::limits::UNREAD_COUNT_MAX`].
    pub unread: u32,
    /// How many members the room has.
    pub members: u32,
    /// How many of them have a connection open now.
    pub online: u32,
}
