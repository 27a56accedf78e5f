//! The two ways out that are more than a `send`: a file that is synced first, and io_uring.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use io_uring::{IoUring, opcode, types};
use rustix::fd::{AsRawFd, BorrowedFd};
use rustix::io::Errno;

/// How many sends go into the kernel at once.
pub(crate) const SENDS_PER_ENTER: usize = 1024;

/// The file of `durable`: frames as they came, appended.
pub(crate) struct Log {
    file: File,
    pending: Vec<u8>,
}

impl Log {
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        Ok(Log { file: File::create(path)?, pending: Vec::new() })
    }

    pub(crate) fn append(&mut self, frame: &[u8]) {
        self.pending.extend_from_slice(frame);
    }

    /// One write, one fdatasync; then it may be shown.
    pub(crate) fn commit(&mut self) -> io::Result<()> {
        if self.pending.is_empty() {
            return Ok(());
        }
        self.file.write_all(&self.pending)?;
        self.pending.clear();
        self.file.sync_data()
    }
}

/// Many sends with one entry into the kernel.
pub(crate) struct Uring {
    ring: IoUring,
}

impl Uring {
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Uring { ring: IoUring::new(SENDS_PER_ENTER as u32)? })
    }

    /// Sends `bytes` to all of `sockets` (at most [`SENDS_PER_ENTER`]), waits for every answer, and hands each to `done` with
    /// the socket's index.
    pub(crate) fn send_all(
        &mut self,
        sockets: &[BorrowedFd<'_>],
        bytes: &[u8],
        mut done: impl FnMut(usize, Result<usize, Errno>),
    ) -> io::Result<()> {
        const FLAGS: i32 = (rustix::net::SendFlags::DONTWAIT.bits() | rustix::net::SendFlags::NOSIGNAL.bits()) as i32;
        for (index, socket) in sockets.iter().enumerate() {
            let entry = opcode::Send::new(types::Fd(socket.as_raw_fd()), bytes.as_ptr(), bytes.len() as u32)
                .flags(FLAGS)
                .build()
                .user_data(index as u64);
            // SAFETY: the kernel reads `bytes` and uses the socket until the answer is there, and below every answer is
            // waited for before this function, which borrows both, returns.
            unsafe { self.ring.submission().push(&entry) }.map_err(io::Error::other)?;
        }
        let mut open = sockets.len();
        while open > 0 {
            match self.ring.submit_and_wait(open) {
                Err(why) if why.kind() != io::ErrorKind::Interrupted => {
                    // The kernel may still be reading what the sends point to, so there is no way on from here.
                    eprintln!("limit: io_uring: {why}");
                    std::process::abort();
                }
                _ => {}
            }
            for answer in self.ring.completion() {
                open -= 1;
                let taken = usize::try_from(answer.result()).map_err(|_| Errno::from_raw_os_error(-answer.result()));
                done(answer.user_data() as usize, taken);
            }
        }
        Ok(())
    }
}
