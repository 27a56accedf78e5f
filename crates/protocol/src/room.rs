//! Rooms and a member's standing in them.

use serde::{Deserialize, Serialize};

use crate::ids::{RoomId, Seq};
use crate::push::{Author, Event};

/// Who may enter a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RoomKind {
    /// The one room everybody is in and nobody leaves.
    Lobby,
    /// Anyone inside the house may join.
    Open,
    /// Its members let others in; to everybody else it does not exist.
    Closed,
    /// The talk of a fixed set of people. It has no name and no topic, is never entered or left, and stays what it is.
    Direct,
}

/// What a member is in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RoomRole {
    /// Looks after the room. Whoever makes a room is one; a closed room keeps one.
    Manager,
    /// Anyone else in it.
    Member,
}

/// Who may speak in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum PostBy {
    /// Every member.
    Everyone,
    /// Its managers, and in the lobby and open rooms the administrators of the house.
    Managers,
}

/// What of a room's past somebody who becomes a member sees. It stays theirs when the room chooses otherwise later.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum History {
    /// Everything that is kept.
    #[default]
    All,
    /// What happens from the moment they are a member.
    SinceJoining,
}

impl History {
    /// Whether newcomers see everything.
    #[must_use]
    pub fn is_all(&self) -> bool {
        *self == History::All
    }
}

/// What of a room counts as unread for a member (UNR-3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum NotifyLevel {
    /// What is said.
    #[default]
    All,
    /// What mentions them.
    Mentions,
    /// Nothing.
    Nothing,
}

impl NotifyLevel {
    /// Whether everything that is said counts.
    #[must_use]
    pub fn is_all(&self) -> bool {
        *self == NotifyLevel::All
    }
}

/// A room as its members see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Room {
    /// Which.
    pub id: RoomId,
    /// Its name without the `#`; unique among the lobby and the open rooms, empty for a direct room.
    pub name: String,
    /// One line under the name; may be empty.
    pub topic: String,
    /// Who may enter.
    pub kind: RoomKind,
    /// Nothing more is said here, until it is taken up again.
    pub archived: bool,
    /// Who may speak.
    pub post_by: PostBy,
    /// Everyone but its managers waits this long between two messages, in seconds; 0 for not at all.
    pub slow_s: u32,
    /// What of its past newcomers see.
    pub history: History,
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
    /// What is unread (UNR-1), at most [`crate::limits::UNREAD_COUNT_MAX`].
    pub unread: u32,
    /// How much of it mentions this member, at most as many.
    pub mentions: u32,
    /// What counts as unread; absent for everything that is said.
    #[serde(default, skip_serializing_if = "NotifyLevel::is_all")]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<NotifyLevel>"))]
    pub notify: NotifyLevel,
    /// How many members the room has.
    pub members: u32,
    /// How many of them have a connection open now.
    pub online: u32,
    /// What this member is in it.
    pub role: RoomRole,
    /// In a direct room the others, by name, at most [`crate::limits::DIRECT_NAMES_MAX`]; absent in any other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<Vec<Author>>"))]
    pub with: Vec<Author>,
}

/// A thread with the reader's own standing in it: a message, and the replies to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ThreadState {
    /// Where it is.
    pub room: RoomId,
    /// The message that it is about.
    pub thread: Seq,
    /// How many replies it has, those that were deleted left out; counted up to [`crate::limits::THREAD_REPLIES_COUNT_MAX`].
    pub replies: u32,
    /// The newest of them; absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub last: Option<Event>,
    /// Who replied, the newest first, at most [`crate::limits::THREAD_PEOPLE_MAX`].
    pub people: Vec<Author>,
    /// Whether the reader follows it.
    pub following: bool,
    /// How far the reader has read in it; 0 where they do not follow it.
    pub read: Seq,
    /// What is unread in it (UNR-1), at most [`crate::limits::UNREAD_COUNT_MAX`]. It is part of what is unread in the room.
    pub unread: u32,
    /// How much of it mentions the reader.
    pub mentions: u32,
    /// The room's head when this was read: later events count on top.
    pub head: Seq,
}
