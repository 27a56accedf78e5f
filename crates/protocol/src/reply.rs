//! The server's answers, joined to a command by `ref`.

use serde::{Deserialize, Serialize};

use crate::ids::{ClientId, Epoch, RoomId, Seq};
use crate::room::{RoomState, ThreadState};
use crate::time::Timestamp;
use crate::user::{House, User};

/// The answer to a command that was carried out, tagged by `is`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Reply {
    /// To `hello`.
    Welcome(Welcome),
    /// To `post`: the message is on disk at this place.
    Posted {
        /// Where it was said.
        room: RoomId,
        /// Its place in the room's log.
        seq: Seq,
        /// When the server took it.
        at: Timestamp,
        /// The sender's own id, echoed.
        client_id: ClientId,
        /// True when this client id had been taken before; nothing new was stored.
        duplicate: bool,
    },
    /// To `create_room`, `open_direct`, `join_room`: the room and one's standing in it.
    Room {
        /// The room.
        state: RoomState,
    },
    /// To `mark_read` and `mark_unread` of a room, `set_notify` and `count`: the standing after it.
    Read {
        /// Which room.
        room: RoomId,
        /// How far the person has read now.
        seq: Seq,
        /// What is unread, up to `head` (UNR-1).
        unread: u32,
        /// How much of it mentions the person.
        mentions: u32,
        /// The room's head when they were counted: later events count on top.
        head: Seq,
    },
    /// To `follow`, `unfollow`, and `mark_read` and `mark_unread` of a thread: the thread after it.
    Thread {
        /// As the person has it now.
        state: ThreadState,
    },
    /// To every other command that was carried out.
    Done,
    /// To `ping`.
    Pong,
}

/// What a connection learns first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Welcome {
    /// The store's present life; cursors of another are void.
    pub epoch: Epoch,
    /// The server's version, for the log of a bug report.
    pub version: String,
    /// The server's clock.
    pub server_time: Timestamp,
    /// Who this connection speaks for.
    pub you: User,
    /// The house.
    pub house: House,
    /// Every room the person is a member of. The cursor of each is the one asked for, or its head.
    pub rooms: Vec<RoomState>,
    /// The limits a client should know before it sends.
    pub limits: PublicLimits,
    /// The person said that they are away (SIG-4); absent where they did not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<bool>"))]
    pub away: bool,
}

/// Limits a client keeps on its own side, so that nobody types in vain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PublicLimits {
    /// A message's text, in bytes of UTF-8.
    pub body_bytes_max: u32,
    /// A room's or person's name, in grapheme clusters.
    pub name_graphemes_max: u32,
    /// Missed events that are replayed on resume; more yields `reset`.
    pub replay_events_max: u32,
    /// The server pings this often.
    pub heartbeat_ms: u32,
}
