//! The bytes of a file on their way out: some are read when the last are taken, so that a slow reader costs one buffer.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use parlour_engine::Stored;
use tokio::task::{JoinHandle, spawn_blocking};

/// Read at once, and all that a reader costs of memory.
const READ_BYTES_MAX: usize = 64 * 1024;

/// What is still to be sent.
pub(crate) struct FileBody {
    state: State,
    left: u64,
}

enum State {
    Resting(Stored),
    Reading(JoinHandle<(Stored, io::Result<Bytes>)>),
    Over,
}

impl FileBody {
    /// So many bytes from where it stands.
    pub(crate) fn new(stored: Stored, left: u64) -> FileBody {
        FileBody { state: State::Resting(stored), left }
    }
}

impl Body for FileBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        loop {
            match std::mem::replace(&mut self.state, State::Over) {
                State::Over => return Poll::Ready(None),
                State::Resting(mut stored) => {
                    let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(READ_BYTES_MAX);
                    let reading = spawn_blocking(move || {
                        let bytes = stored.next(most);
                        (stored, bytes)
                    });
                    self.state = State::Reading(reading);
                }
                State::Reading(mut reading) => {
                    let Poll::Ready(read) = Pin::new(&mut reading).poll(context) else {
                        self.state = State::Reading(reading);
                        return Poll::Pending;
                    };
                    let (stored, bytes) = read.map_err(io::Error::other)?;
                    let bytes = bytes?;
                    if bytes.is_empty() {
                        return Poll::Ready(Some(Err(io::ErrorKind::UnexpectedEof.into())));
                    }
                    self.left -= bytes.len() as u64;
                    self.state = State::Resting(stored);
                    return Poll::Ready(Some(Ok(Frame::data(bytes))));
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
