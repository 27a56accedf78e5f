//! One socket: what is left of its input and its output. Both are empty but in the rare case, and an empty vector holds no
//! memory, so an idle connection is this record and nothing else.

use rustix::fd::OwnedFd;
use rustix::io::Errno;
use rustix::net::{SendFlags, send};

/// A reader this far behind is cut off.
const BACKLOG_BYTES_MAX: usize = 64 * 1024 * 1024;

pub(crate) struct Connection {
    pub(crate) socket: OwnedFd,
    /// Where its room is, once it was let in.
    pub(crate) room: Option<u32>,
    /// Where it is in its room.
    pub(crate) place: u32,
    /// The beginning of a frame whose end has not come.
    pub(crate) partial: Vec<u8>,
    /// What the kernel would not take.
    backlog: Vec<u8>,
}

/// How a socket is after it was given something.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum After {
    /// All is taken.
    Clear,
    /// Something has just begun to wait for room in the kernel.
    BeganToWait,
    /// It waits on.
    Waits,
    /// It is broken, or too far behind.
    Gone,
}

impl Connection {
    pub(crate) fn new(socket: OwnedFd) -> Self {
        Connection { socket, room: None, place: 0, partial: Vec::new(), backlog: Vec::new() }
    }

    /// Whether something waits to go out: what comes next has to go behind it.
    pub(crate) fn waits(&self) -> bool {
        !self.backlog.is_empty()
    }

    /// Sends, and keeps what the kernel does not take.
    pub(crate) fn give(&mut self, bytes: &[u8]) -> After {
        if self.waits() {
            return self.keep(bytes);
        }
        let taken = send(&self.socket, bytes, SendFlags::DONTWAIT | SendFlags::NOSIGNAL);
        self.was_sent(bytes, taken)
    }

    /// Judges what a send of `bytes` came to.
    pub(crate) fn was_sent(&mut self, bytes: &[u8], taken: Result<usize, Errno>) -> After {
        match taken {
            Ok(taken) if taken == bytes.len() => After::Clear,
            Ok(taken) => self.keep(&bytes[taken..]),
            Err(Errno::AGAIN | Errno::INTR) => self.keep(bytes),
            Err(_) => After::Gone,
        }
    }

    pub(crate) fn keep(&mut self, bytes: &[u8]) -> After {
        let after = if self.waits() { After::Waits } else { After::BeganToWait };
        if self.backlog.len() + bytes.len() > BACKLOG_BYTES_MAX {
            return After::Gone;
        }
        self.backlog.extend_from_slice(bytes);
        after
    }

    /// The kernel has room again.
    pub(crate) fn give_backlog(&mut self) -> After {
        match send(&self.socket, &self.backlog, SendFlags::DONTWAIT | SendFlags::NOSIGNAL) {
            Ok(taken) if taken == self.backlog.len() => {
                self.backlog = Vec::new();
                After::Clear
            }
            Ok(taken) => {
                self.backlog.drain(..taken);
                After::Waits
            }
            Err(Errno::AGAIN | Errno::INTR) => After::Waits,
            Err(_) => After::Gone,
        }
    }
}
