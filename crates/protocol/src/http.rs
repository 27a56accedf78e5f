//! Bodies of the HTTP edge.

use serde::{Deserialize, Serialize};

use crate::card::Card;
use crate::ids::{Epoch, RoomId, Seq, UserId};
use crate::markup::Tree;
use crate::oidc::Provider;
use crate::push::{Author, Event};
use crate::refusal::ErrorCode;
use crate::room::{Room, RoomRole, RoomState, ThreadState};
use crate::time::Timestamp;
use crate::user::{House, Role, User};

/// `POST /api/v1/sign-in`: come in with a name (open door).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The name wished for.
    pub name: String,
}

/// The answer to `sign-in`; the session is in the cookie.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct SignedIn {
    /// Who you are now.
    pub you: User,
}

/// `GET /api/v1/boot`, and the JSON inside the page: all a first paint needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Boot {
    /// The server's version.
    pub version: String,
    /// The house.
    pub house: House,
    /// The providers by which one may come in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<Vec<Provider>>"))]
    pub providers: Vec<Provider>,
    /// The store's life; absent when signed out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub epoch: Option<Epoch>,
    /// Who you are; absent when signed out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub you: Option<User>,
    /// Your rooms.
    pub rooms: Vec<RoomState>,
    /// The newest page of the room the address names, else of the lobby.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub page: Option<HistoryPage>,
}

/// `GET /api/v1/rooms/ROOM/history?before=SEQ|after=SEQ|around=SEQ&limit=N`: a contiguous piece of a room's log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct HistoryPage {
    /// Which room.
    pub room: RoomId,
    /// The store's life these events belong to.
    pub epoch: Epoch,
    /// In order of seq, without holes.
    pub events: Vec<Event>,
    /// The room's head when the page was read.
    pub head: Seq,
    /// The first seq this reader may see in this room; paging back ends there.
    pub first: Seq,
    /// What there is about its messages besides; those about which there is nothing are left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<Vec<MessageState>>"))]
    pub states: Vec<MessageState>,
    /// The messages that those of the page quote and that are not in it, as far as this reader may see them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<Vec<Event>>"))]
    pub quoted: Vec<Event>,
}

/// What there is about a message besides its event, as one reader has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct MessageState {
    /// Where it was said.
    pub room: RoomId,
    /// Which message.
    pub seq: Seq,
    /// In the order in which each was used first, at most [`crate::limits::REACTION_KINDS_MAX`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<Vec<Reaction>>"))]
    pub reactions: Vec<Reaction>,
    /// What is behind its links; absent where there is no card.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<Vec<Card>>"))]
    pub cards: Vec<Card>,
    /// The thread about it; absent where nobody replied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub thread: Option<ThreadState>,
    /// It is pinned to its room; absent where not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<bool>"))]
    pub pinned: bool,
    /// The reader saved it; absent where not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<bool>"))]
    pub saved: bool,
}

/// One kind of reaction to a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Reaction {
    /// The emoji.
    pub emoji: String,
    /// How many people added it.
    pub count: u32,
    /// Whether the reader is one of them.
    pub mine: bool,
    /// Who, the first of them first, at most [`crate::limits::REACTION_NAMES_MAX`].
    pub who: Vec<Author>,
}

/// Some messages with what there is about them: `GET /api/v1/rooms/ROOM/messages?seqs=1,2,3`, `…/pins`, `…/unread`, and
/// `GET /api/v1/saved?before=ID`. What the reader may not see is left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct MessageList {
    /// In the order of the list.
    pub events: Vec<Event>,
    /// What there is about them besides; those about which there is nothing are left out.
    pub states: Vec<MessageState>,
    /// What to ask on with as `before`; absent at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub next: Option<u64>,
}

/// `GET /api/v1/rooms/ROOM/messages/SEQ/edits`: what a message said and when, the first words first, the present ones last.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Edits {
    /// At most [`crate::limits::EDITS_MAX`] and one.
    pub edits: Vec<Edit>,
}

/// What a message said from a moment on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Edit {
    /// The event by which it did: the message itself, or an edit.
    pub seq: Seq,
    /// When.
    pub at: Timestamp,
    /// The words.
    pub text: String,
    /// The words with their markup read; absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub tree: Option<Tree>,
}

/// `GET /api/v1/rooms/ROOM/threads/SEQ?before=SEQ|after=SEQ&limit=N`: a contiguous piece of a thread.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ThreadPage {
    /// The store's life these events belong to.
    pub epoch: Epoch,
    /// The message that the thread is about; absent where the reader may not see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub root: Option<Event>,
    /// Replies in order of seq, none between them left out.
    pub replies: Vec<Event>,
    /// Whether there are replies before these.
    pub more: bool,
    /// What there is about the root and the replies besides.
    pub states: Vec<MessageState>,
    /// The messages that the replies quote and that are not here, as far as the reader may see them.
    pub quoted: Vec<Event>,
    /// The thread, as the reader has it.
    pub state: ThreadState,
}

/// `GET /api/v1/threads?before=NEXT`: the threads that one follows, the one with the newest reply first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ThreadList {
    /// At most [`crate::limits::PAGE_THREADS`].
    pub threads: Vec<FollowedThread>,
    /// What to ask on with as `before`; absent at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub next: Option<String>,
}

/// A thread in the list of those that one follows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct FollowedThread {
    /// The message that it is about; absent where the reader may not see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub root: Option<Event>,
    /// The thread.
    pub state: ThreadState,
}

/// `GET /api/v1/rooms`: the open rooms of the house.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct RoomList {
    /// By name.
    pub rooms: Vec<ListedRoom>,
}

/// A room as someone sees it who may join it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ListedRoom {
    /// The room.
    pub room: Room,
    /// How many members it has.
    pub members: u32,
    /// Whether the asker is one.
    pub joined: bool,
}

/// `GET /api/v1/rooms/ROOM/members`: who is in a room, by name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct MemberList {
    /// At most 1,000, those present first.
    pub members: Vec<Member>,
}

/// One member of a room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Member {
    /// Who.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// Whether they have a connection open now and are not away (SIG-4).
    pub online: bool,
    /// What they are in the room.
    pub role: RoomRole,
    /// What they are in the house.
    pub house_role: Role,
}

/// An error of the HTTP edge (RFC 9457, `application/problem+json`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Problem {
    /// The HTTP status again.
    pub status: u16,
    /// The same codes as on the socket.
    pub code: ErrorCode,
    /// What happened and what to do, in one plain sentence.
    pub detail: String,
    /// When to try again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub retry_after_ms: Option<u32>,
    /// The field of the body that it is about, so that a page can say it beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub field: Option<String>,
    /// A name that is free, when the one asked for is taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub suggestion: Option<String>,
}
