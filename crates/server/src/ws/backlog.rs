//! What the kernel keeps of a socket that takes less than it is given, and for how long.

use std::time::Duration;

use parlour_protocol::limits;

/// What the kernel may hold unsent for one socket; the rest of a slow reader's backlog stays in the shared ring, where it
/// costs nothing (PERFORMANCE.md 5.8).
const UNSENT_BYTES_MAX: u32 = 16 * 1024;

/// Keeps a slow reader's backlog out of the kernel. Where a system has no such option the default holds.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) fn bound(stream: &std::net::TcpStream) {
    if let Err(error) = socket2::SockRef::from(stream).set_tcp_notsent_lowat(UNSENT_BYTES_MAX) {
        tracing::debug!(%error, "a socket option could not be set");
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(super) fn bound(_stream: &std::net::TcpStream) {}

/// Lets the kernel give up in time on what a socket that we have left still has to send. Not before: it counts from when the
/// other side's window was first full, so it would also end one that reads slowly; until then we look ourselves.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) fn bound_goodbye(stream: &mio::net::TcpStream) {
    let patience = Duration::from_millis(limits::STALL_MAX_MS);
    if let Err(error) = socket2::SockRef::from(stream).set_tcp_user_timeout(Some(patience)) {
        tracing::debug!(%error, "a socket option could not be set");
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(super) fn bound_goodbye(_stream: &mio::net::TcpStream) {}
