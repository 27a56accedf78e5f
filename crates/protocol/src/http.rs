//! Bodies of the HTTP edge.

use serde::{Deserialize, Serialize};

use crate::ids::{Epoch, RoomId, Seq, UserId};
use crate::oidc::Provider;
use crate::push::Event;
use crate::refusal::ErrorCode;
use crate::room::{Room, RoomRole, RoomState};
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
    /// Whether they have a connection open now.
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
