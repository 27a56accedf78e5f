//! What the store knows of files. Their bytes are in [`crate::Blobs`].

use parlour_protocol::file::{Attachment, Upload};
use parlour_protocol::{FileId, RoomId, Timestamp, UserId};

use crate::Later;

/// A file that is announced.
#[derive(Clone, Debug)]
pub struct NewFile {
    /// Its id, of chance.
    pub id: FileId,
    /// The room it is for.
    pub room: RoomId,
    /// What it is called, already checked.
    pub name: String,
    /// How long it is to be, already checked.
    pub bytes: u64,
}

/// What a whole file turned out to be.
#[derive(Clone, Debug)]
pub struct WholeFile {
    /// Its media type.
    pub kind: String,
    /// How long it is now.
    pub bytes: u64,
    /// A picture's width and height as it is seen.
    pub size: Option<(u32, u32)>,
    /// Whether there is a small picture of it.
    pub thumb: bool,
}

/// Files and who may have them (FILE-1 to FILE-9).
pub trait Files: Send + Sync {
    /// Announces a file. Refused as a message in that room would be, with `too_many` or with `quota_full`.
    fn begin_file(&self, by: UserId, new: NewFile, now: Timestamp) -> Later<()>;
    /// How far a file of one's own that no message carries has come. Refused with `not_found`.
    fn upload(&self, by: UserId, file: FileId) -> Later<Upload>;
    /// Notes how much of it is on the disk. Refused with `not_found`.
    fn note_taken(&self, by: UserId, file: FileId, taken: u64, now: Timestamp) -> Later<()>;
    /// Notes that it is whole, and what it is. Refused with `not_found`.
    fn finish_file(&self, by: UserId, file: FileId, whole: WholeFile, now: Timestamp) -> Later<Attachment>;
    /// Lets go of it. Refused with `not_found`.
    fn cancel_file(&self, by: UserId, file: FileId) -> Later<()>;
    /// A whole file that somebody may have: what a message carries that they may read, or their own. Refused with `not_found`.
    fn file(&self, room: RoomId, asker: UserId, file: FileId) -> Later<Attachment>;
    /// Lets go of what no message carries and nobody touched since `before`; returns some whose bytes are to be removed.
    fn gone_files(&self, before: Timestamp) -> Later<Vec<FileId>>;
    /// Forgets files whose bytes are removed.
    fn forget_files(&self, files: Vec<FileId>) -> Later<()>;
}
