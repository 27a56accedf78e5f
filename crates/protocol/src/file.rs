//! Files: as a message carries them, and the bodies by which one is brought (FILE-1 to FILE-9).

use serde::{Deserialize, Serialize};

use crate::ids::{FileId, RoomId};

/// A file that a message carries. Its bytes are at `/files/ROOM/ID`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Attachment {
    /// Which.
    pub id: FileId,
    /// What its owner calls it; never the name of anything on the disk.
    pub name: String,
    /// Its media type, as its bytes say.
    #[serde(rename = "type")]
    pub kind: String,
    /// How long it is, in bytes.
    pub bytes: u64,
    /// A picture's width as it is seen, in pixels; absent for what is not shown as a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub width: Option<u32>,
    /// Its height.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub height: Option<u32>,
    /// Whether a small picture of it is at `/files/ROOM/ID/thumb`; absent when not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<bool>"))]
    pub thumb: bool,
}

/// `POST /api/v1/rooms/ROOM/files`: announces a file that is to be brought.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct NewUpload {
    /// What it is called.
    pub name: String,
    /// How long it is, in bytes, at most [`crate::limits::FILE_BYTES_MAX`].
    pub bytes: u64,
}

/// How far a file has come: the answer to its announcement, to each part, and to `GET /api/v1/files/ID`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Upload {
    /// Which.
    pub id: FileId,
    /// The room it is for.
    pub room: RoomId,
    /// What it is called.
    pub name: String,
    /// How long it is to be.
    pub bytes: u64,
    /// How much of it is on the disk: where the next part begins.
    pub taken: u64,
    /// What it is, once it is whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub file: Option<Attachment>,
}
