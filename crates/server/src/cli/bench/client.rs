//! One connection, and what a sender remembers beside it.

use std::collections::VecDeque;
use std::io::{self, Write as _};

use mio::net::TcpStream;

/// How far a client has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Unborn,
    Connecting,
    Upgrading,
    /// It says what has to be said before it is in.
    Entering,
    In,
    /// It does not read any more.
    Mute,
    Gone,
}

/// A connection. While nothing happens it holds no buffer.
pub(super) struct Client {
    pub(super) id: usize,
    pub(super) stage: Stage,
    /// Which of the steps before it is in.
    pub(super) step: usize,
    pub(super) socket: Option<TcpStream>,
    /// The beginning of a frame whose end has not come yet.
    pub(super) part: Vec<u8>,
    /// What the kernel did not take yet.
    pub(super) unsent: Vec<u8>,
    /// A message of which not all fragments have come.
    pub(super) fragments: Vec<u8>,
}

impl Client {
    pub(super) fn new(id: usize) -> Client {
        let (part, unsent, fragments) = (Vec::new(), Vec::new(), Vec::new());
        Client { id, stage: Stage::Unborn, step: 0, socket: None, part, unsent, fragments }
    }

    /// Sends some bytes; what the kernel does not take waits until the socket is writable.
    pub(super) fn send(&mut self, bytes: &[u8]) {
        let sent = if self.unsent.is_empty() { self.write(bytes) } else { 0 };
        self.unsent.extend_from_slice(&bytes[sent..]);
    }

    /// Sends what waited.
    pub(super) fn flush(&mut self) {
        let unsent = std::mem::take(&mut self.unsent);
        let sent = self.write(&unsent);
        self.unsent.extend_from_slice(&unsent[sent..]);
    }

    /// How much the kernel took. An error is left to the reading side, which sees the same one.
    fn write(&mut self, bytes: &[u8]) -> usize {
        let Some(socket) = &mut self.socket else { return bytes.len() };
        let mut sent = 0;
        while sent < bytes.len() {
            match socket.write(&bytes[sent..]) {
                Ok(taken) => sent += taken,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return sent,
                Err(_) => return bytes.len(),
            }
        }
        sent
    }
}

/// Messages of a sender whose answer may still come, so many.
const AWAITED: usize = 1_024;

/// What a client that sends has to remember.
#[derive(Debug, Default)]
pub(super) struct Sender {
    /// The number of its last message.
    pub(super) number: u32,
    /// Acknowledged messages when it was last looked at, and when that last changed.
    pub(super) seen: u64,
    pub(super) progress: u64,
    /// When the last messages were due, by number; for the answers of parlour.v1.
    awaited: Vec<(u32, u64)>,
    /// Messages that were refused for a while, oldest first, and when they may be sent again.
    pub(super) again: VecDeque<u32>,
    pub(super) again_at: u64,
}

impl Sender {
    /// Remembers when a message was due.
    pub(super) fn await_answer(&mut self, number: u32, due: u64) {
        if self.awaited.is_empty() {
            self.awaited = vec![(0, 0); AWAITED];
        }
        self.awaited[number as usize % AWAITED] = (number, due);
    }

    /// When a message was due; none when it is too long ago or was never sent.
    pub(super) fn due(&self, number: u32) -> Option<u64> {
        let (known, due) = *self.awaited.get(number as usize % AWAITED)?;
        (known == number && number > 0).then_some(due)
    }
}
