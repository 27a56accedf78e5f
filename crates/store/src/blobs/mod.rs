//! The bytes of files, apart from the log: a small trait, and the disk of this machine behind it. Every call blocks.

mod disk;

use std::io::{self, Read, Seek, Write};

use parlour_protocol::FileId;

pub use disk::Disk;
pub(crate) use disk::FOLDER;

/// Which bytes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As they come, not all there yet.
    Unfinished,
    /// The whole file, as it is given out.
    Whole,
    /// A small picture of it.
    Thumb,
}

impl Form {
    /// All there are.
    pub const ALL: [Form; 3] = [Form::Unfinished, Form::Whole, Form::Thumb];
}

/// Bytes being written.
pub trait BlobWriter: Write + Send {
    /// Returns when they are on the disk for good, their name included; returns how many there are.
    fn finish(&mut self) -> io::Result<u64>;
}

/// Bytes being read.
pub trait BlobReader: Read + Seek + Send {}

impl<T: Read + Seek + Send> BlobReader for T {}

/// Where bytes are kept. Names are the ids of files and nothing that anybody chose (S81).
pub trait Blobs: Send + Sync {
    /// Writes from `from` on; what stood there before is cut off.
    ///
    /// # Errors
    /// When less than `from` is there, or the disk says no.
    fn write(&self, file: FileId, form: Form, from: u64) -> io::Result<Box<dyn BlobWriter>>;

    /// Reads from the beginning.
    ///
    /// # Errors
    /// `NotFound` when there is none, or what the disk says.
    fn read(&self, file: FileId, form: Form) -> io::Result<Box<dyn BlobReader>>;

    /// Makes the unfinished bytes the whole file, for good. Done twice it is done.
    ///
    /// # Errors
    /// When there are neither, or the disk says no.
    fn keep(&self, file: FileId) -> io::Result<()>;

    /// Removes one form. What is not there is removed.
    ///
    /// # Errors
    /// When the disk says no.
    fn remove(&self, file: FileId, form: Form) -> io::Result<()>;

    /// Whether there is room for so many more bytes, and enough left for the talk itself (S80).
    fn has_room(&self, bytes: u64) -> bool;
}
