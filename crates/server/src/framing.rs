//! Where a request ends must be said once and in one way (S09). hyper mends what it can: it drops a second
//! `Content-Length`, prefers `Transfer-Encoding`, and takes a bare LF for a line's end. Whatever stands before this server
//! may mend it otherwise, so the bytes are looked at before hyper sees them.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// Bytes of a header line that are looked at. Where the line matters and is longer, it is ambiguous.
const LINE_BYTES_KEPT: usize = 64;

/// Whether something on a connection could be read in two ways.
#[derive(Clone, Debug, Default)]
pub(crate) struct Verdict(Arc<AtomicBool>);

impl Verdict {
    pub(crate) fn is_ambiguous(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A socket whose request heads are looked at on their way to hyper.
#[derive(Debug)]
pub(crate) struct Watched {
    stream: TcpStream,
    /// What was read of it before, and is hyper's to read first.
    before: Bytes,
    watch: Watch,
    verdict: Verdict,
}

impl Watched {
    pub(crate) fn new(stream: TcpStream, before: Bytes, verdict: Verdict) -> Watched {
        Watched { stream, before, watch: Watch::default(), verdict }
    }

    pub(crate) fn into_inner(self) -> TcpStream {
        self.stream
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let held = buffer.filled().len();
        if self.before.is_empty() {
            ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        } else {
            let first = self.before.len().min(buffer.remaining());
            buffer.put_slice(&self.before[..first]);
            self.before.advance(first);
        }
        if !self.watch.see(&buffer.filled()[held..]) {
            self.verdict.0.store(true, Ordering::Relaxed);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// Whether a whole head can be read in one way only.
pub(crate) fn is_clear(head: &[u8]) -> bool {
    Watch::default().see(head)
}

/// What has been seen of the present head.
#[derive(Debug, Default)]
struct Head {
    line: Vec<u8>,
    last: u8,
    has_request_line: bool,
    lengths: u32,
    encodings: u32,
    body_bytes: u64,
    upgrade: bool,
}

/// Where in a connection's bytes we are.
#[derive(Debug)]
enum Watch {
    Head(Head),
    /// So many bytes of a body to pass over.
    Body(u64),
    /// No further head is looked at: the gate ends such a connection with its answer, or it is a WebSocket now.
    Through,
}

impl Default for Watch {
    fn default() -> Watch {
        Watch::Head(Head::default())
    }
}

impl Watch {
    /// Looks at what was read; false when it could be read in two ways.
    fn see(&mut self, mut bytes: &[u8]) -> bool {
        let mut clear = true;
        while !bytes.is_empty() {
            match self {
                Watch::Through => return clear,
                Watch::Body(left) => {
                    let passed = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                    *left -= passed as u64;
                    bytes = &bytes[passed..];
                    if *left == 0 {
                        *self = Watch::default();
                    }
                }
                Watch::Head(head) => {
                    let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else {
                        head.keep(bytes);
                        return clear;
                    };
                    head.keep(&bytes[..end]);
                    bytes = &bytes[end + 1..];
                    clear &= head.last == b'\r';
                    if let Some(next) = head.end_line() {
                        clear &= head.lengths + head.encodings <= 1;
                        *self = next;
                    }
                }
            }
        }
        clear
    }
}

impl Head {
    fn keep(&mut self, bytes: &[u8]) {
        self.last = bytes.last().copied().unwrap_or(self.last);
        let room = LINE_BYTES_KEPT - self.line.len();
        self.line.extend_from_slice(&bytes[..room.min(bytes.len())]);
    }

    /// Takes the line that has ended; what follows the head, when it was the last of it.
    fn end_line(&mut self) -> Option<Watch> {
        let line = std::mem::take(&mut self.line);
        let cut = line.len() >= LINE_BYTES_KEPT;
        self.last = 0;
        let line = line.trim_ascii_end();
        if !self.has_request_line {
            // Empty lines before a request are allowed (RFC 9112 §2.2).
            self.has_request_line = !line.is_empty();
            return None;
        }
        if line.is_empty() {
            let through = self.upgrade || self.encodings > 0;
            return Some(match self.body_bytes {
                _ if through => Watch::Through,
                0 => Watch::default(),
                bytes => Watch::Body(bytes),
            });
        }
        let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
        let (name, value) = (line[..colon].trim_ascii(), line.get(colon + 1..).unwrap_or_default().trim_ascii());
        if name.eq_ignore_ascii_case(b"content-length") {
            let length = std::str::from_utf8(value).ok().and_then(|value| value.parse().ok());
            // A length that is no number, or that was pushed out of sight by spaces, may be read otherwise by others.
            self.lengths += if length.is_some() && !cut { 1 } else { 2 };
            self.body_bytes = length.unwrap_or(0);
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            self.encodings += if cut { 2 } else { 1 };
        } else if name.eq_ignore_ascii_case(b"upgrade") {
            self.upgrade = true;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &str = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    fn is_clear(text: &str) -> bool {
        let whole = super::is_clear(text.as_bytes());
        // However it is cut into pieces.
        let mut watch = Watch::default();
        let mut bytewise = true;
        for byte in text.as_bytes().chunks(1) {
            bytewise &= watch.see(byte);
        }
        assert_eq!(whole, bytewise, "{text:?}");
        whole
    }

    #[test]
    fn s09_a_length_said_once_is_clear_and_its_body_is_passed_over() {
        let body = "POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\na\nb\n";
        assert!(is_clear(&format!("{PLAIN}{body}{PLAIN}\r\n{PLAIN}")));
        assert!(!is_clear(&format!("{body}GET / HTTP/1.1\n\n")), "the head after the body is a head");
    }

    #[test]
    fn s09_two_lengths_of_any_kind_and_a_bare_lf_are_not() {
        for lines in [
            "Content-Length: 4\r\nContent-Length: 4\r\n",
            "Content-Length: 4\r\ntransfer-encoding: chunked\r\n",
            "Transfer-Encoding: chunked\r\nCONTENT-LENGTH: 4\r\n",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
            "X: y\nZ: w\r\n",
            &format!("Content-Length:{}4\r\n", " ".repeat(60)),
            &format!("Transfer-Encoding:{}chunked\r\n", " ".repeat(60)),
            "Content-Length: \r\n",
            "Content-Length: four\r\n",
            "X: y\n",
        ] {
            assert!(!is_clear(&format!("POST / HTTP/1.1\r\n{lines}\r\n")), "{lines:?}");
        }
        assert!(!is_clear("GET / HTTP/1.1\nHost: a\n\n"));
    }

    #[test]
    fn what_follows_an_upgrade_is_no_head() {
        assert!(is_clear("GET /ws HTTP/1.1\r\nUpgrade: websocket\r\n\r\n\n\n\x7f\n"));
    }
}
