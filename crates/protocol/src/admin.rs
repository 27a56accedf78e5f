//! Bodies of the routes under `/api/v1/admin`, for those who look after the house.

use serde::{Deserialize, Serialize};

use crate::ids::{RoomId, Seq, UserId};
use crate::push::Author;
use crate::room::RoomKind;
use crate::time::Timestamp;
use crate::user::{Door, Role, RoomsBy};

/// `GET /api/v1/admin/people?after=ID`: everyone of the house, by id, some at a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct AdminPeople {
    /// The next ones.
    pub people: Vec<AdminPerson>,
}

/// Somebody, as an administrator sees them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct AdminPerson {
    /// Who.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// What they sign in with; absent for those who came with a name alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub handle: Option<String>,
    /// What they are in the house.
    pub role: Role,
    /// Since when they are let in no more; absent for everybody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub suspended_at: Option<Timestamp>,
    /// Since when they are here.
    pub since: Timestamp,
}

/// `GET /api/v1/admin/rooms?after=ID`: every room but the direct ones, by id, some at a time. Nothing that was said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct AdminRooms {
    /// The next ones.
    pub rooms: Vec<AdminRoom>,
}

/// A room, as an administrator sees it who need not be in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct AdminRoom {
    /// Which.
    pub id: RoomId,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: RoomKind,
    /// How many members it has.
    pub members: u32,
    /// Since when it rests; absent for one that does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub archived_at: Option<Timestamp>,
    /// When it was made.
    pub since: Timestamp,
}

/// `GET /api/v1/admin/reports?after=ID`: what was reported and not settled, the oldest first, some at a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct OpenReports {
    /// The next ones.
    pub reports: Vec<OpenReport>,
}

/// A message that a member showed to the administrators.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct OpenReport {
    /// Which report.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub id: u64,
    /// Where it was said.
    pub room: RoomId,
    /// Which message.
    pub seq: Seq,
    /// Who said it.
    pub author: Author,
    /// The words.
    pub text: String,
    /// Who showed it.
    pub by: Author,
    /// What they say is wrong.
    pub note: String,
    /// When.
    pub at: Timestamp,
}

/// `GET /api/v1/admin/acts?before=ID`: the log of administrative acts, the newest first, some at a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct AdminActs {
    /// The ones before.
    pub acts: Vec<AdminAct>,
}

/// One administrative act.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct AdminAct {
    /// Its place in the log.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub id: u64,
    /// Who did it; absent when it was done on the command line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub by: Option<UserId>,
    /// The name they had then.
    pub by_name: String,
    /// What was done.
    pub act: String,
    /// To whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub whom: Option<UserId>,
    /// The name they had then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub whom_name: Option<String>,
    /// In which room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub room: Option<RoomId>,
    /// What there was to say about it.
    pub note: String,
    /// When.
    pub at: Timestamp,
}

/// `POST /api/v1/admin/people/ID/role`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct SetRole {
    /// What they are from now on.
    pub role: Role,
}

/// `POST /api/v1/admin/house`: what is left out stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct SetHouse {
    /// What the house is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub name: Option<String>,
    /// Who may come in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub door: Option<Door>,
    /// Messages of one person a second: 1 to 20.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub posts_per_second: Option<u32>,
    /// Who may make rooms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub rooms_by: Option<RoomsBy>,
    /// Whether the house looks at where messages lead (CARD-1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub link_cards: Option<bool>,
}

/// The body of every other `POST` under `/api/v1/admin`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Why {
    /// What there is to say about it, for the log; may be absent.
    #[serde(default)]
    pub note: String,
}

/// `GET /api/v1/blocks`: whom the asker blocks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Blocks {
    /// By name.
    pub people: Vec<Author>,
}
