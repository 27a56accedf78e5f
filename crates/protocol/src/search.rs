//! Bodies of the search (SRCH).

use serde::{Deserialize, Serialize};

use crate::ids::{RoomId, Seq};
use crate::push::Author;
use crate::time::Timestamp;

/// Which results come first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum SearchOrder {
    /// What was said last.
    #[default]
    Newest,
    /// What answers best, among the newest that answer at all.
    Best,
}

/// A message, as a place to go on from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct SearchPlace {
    /// In which room.
    pub room: RoomId,
    /// Which event there.
    pub seq: Seq,
}

/// `POST /api/v1/search`: look for messages in the own rooms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// What to look for, as it was typed.
    pub q: String,
    /// In one room alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub room: Option<RoomId>,
    /// Which come first; the newest when nothing is said.
    #[serde(default)]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<SearchOrder>"))]
    pub order: SearchOrder,
    /// Older ones than this alone: `next` of the page before. Not with `best`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub before: Option<SearchPlace>,
    /// How many minutes the asker's clock is in front of universal time, for what day it is in `before:` and its like.
    #[serde(default)]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<i32>"))]
    pub zone_min: i32,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct SearchPage {
    /// In the order asked for.
    pub hits: Vec<Hit>,
    /// Where to go on; absent when there is nothing older.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub next: Option<SearchPlace>,
    /// Set while older messages are still being taken into the index: there may be more later.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<bool>"))]
    pub behind: bool,
}

/// A message that was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Hit {
    /// Where it was said.
    pub room: RoomId,
    /// Which event.
    pub seq: Seq,
    /// The thread that it is a reply in; absent where it stands in the room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub thread: Option<Seq>,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Author,
    /// A line of it.
    pub words: Vec<Piece>,
    /// What was said before it; absent where nothing was, or nothing that the asker may read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub before: Option<Beside>,
    /// What was said after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub after: Option<Beside>,
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Piece {
    /// The words.
    pub text: String,
    /// Whether they were looked for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<bool>"))]
    pub mark: bool,
}

/// A message beside one that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Beside {
    /// By whom.
    pub by: Author,
    /// Its beginning.
    pub text: String,
}
