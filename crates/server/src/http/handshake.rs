//! The short way in. An upgrade whose head is there in one piece needs neither hyper nor the router: it passes the same checks
//! in the same order, and its socket goes to the shard. Whatever else comes, and whatever is refused, is answered by the general
//! edge, which is given the bytes as they came. Half of what a connection cost was that edge (docs/PROFILE.md).

use std::io::{self, Write as _};

use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, Uri, Version, header};
use bytes::Bytes;
use tokio::net::TcpStream;

use super::upgrade::{self, Taken};
use super::{App, gate, headers};
use crate::accept::{HEADERS_MAX, Peer};
use crate::caller;
use crate::framing;

/// What is read at first. A longer head goes the long way.
const FIRST_BYTES: usize = 4_096;
/// Where handshakes are made.
const PATH: &str = "/ws";

/// A handshake, and how many bytes its head took.
type Handshake = (Request<()>, usize);

impl App {
    /// Takes the first that came on a connection. An upgrade that is let in is answered and handed over; otherwise the socket comes
    /// back, with those bytes.
    pub(crate) async fn take_first(
        &self,
        (stream, bytes): (TcpStream, Bytes),
        peer: &Peer,
    ) -> Option<(TcpStream, Bytes)> {
        let handshake = handshake(&bytes);
        let taken = match &handshake {
            Some((request, _)) => self.let_in(request, peer).await,
            None => None,
        };
        let (Some(taken), Some((_, end))) = (taken, handshake) else { return Some((stream, bytes)) };
        self.hand_over(stream, bytes.slice(end..), taken).await;
        None
    }

    /// The checks of the gate and of `/ws`. None is for the general edge to answer; nothing was counted then.
    async fn let_in(&self, request: &Request<()>, peer: &Peer) -> Option<Taken> {
        let caller = caller::caller(&self.config.trusted_proxies, peer.address.ip(), request.headers());
        let asked = upgrade::asked(request).ok()??;
        let token = upgrade::counting_token(self, caller, request.headers(), asked.full).ok()?;
        // Above its allowance an address has to show a session before anything else (S93).
        if peer.guard.is_unproven() {
            return None;
        }
        gate::check(self, peer, caller, request).ok()?;
        let taken = match upgrade::enter(self, token, asked.full).await {
            Ok(entry) => upgrade::take(self, peer, caller, request.headers(), asked, entry).ok(),
            Err(_) => None,
        };
        if taken.is_none() {
            gate::count_again(self, caller);
        }
        taken
    }

    async fn hand_over(&self, stream: TcpStream, early: Bytes, mut taken: Taken) {
        // It leaves this runtime's event loop for the shard's own.
        let Ok(mut stream) = stream.into_std() else { return };
        headers::add_to(self, &mut taken.answer);
        let answer = written(&taken.answer);
        // A fresh socket's buffer takes it whole, or the other side is gone.
        if !stream.write(&answer).is_ok_and(|taken| taken == answer.len()) {
            return;
        }
        // A shard that has ended is on its way down, and so is the socket.
        let _ = self.shard.adopt(taken.with(stream, early)).await;
    }
}

/// Waits for the first bytes. None of them at an end or an error, which the general edge meets again.
pub(crate) async fn first_bytes(stream: &TcpStream) -> Bytes {
    while stream.readable().await.is_ok() {
        match read_once(stream) {
            // It was woken for nothing: a fresh socket is first said to be writable.
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            read => return read.unwrap_or_default(),
        }
    }
    Bytes::new()
}

fn read_once(stream: &TcpStream) -> io::Result<Bytes> {
    let mut buffer = [0; FIRST_BYTES];
    let length = stream.try_read(&mut buffer)?;
    Ok(Bytes::copy_from_slice(&buffer[..length]))
}

/// None unless a whole head stands there that can be read in one way only, and asks for `/ws` without a body.
fn handshake(bytes: &[u8]) -> Option<Handshake> {
    let mut lines = [httparse::EMPTY_HEADER; HEADERS_MAX];
    let mut head = httparse::Request::new(&mut lines);
    let end = match head.parse(bytes) {
        Ok(httparse::Status::Complete(end)) => end,
        Ok(httparse::Status::Partial) | Err(_) => return None,
    };
    if (head.method, head.path, head.version) != (Some("GET"), Some(PATH), Some(1)) || !framing::is_clear(&bytes[..end])
    {
        return None;
    }
    let mut headers = HeaderMap::with_capacity(head.headers.len());
    for line in head.headers.iter() {
        let name = HeaderName::from_bytes(line.name.as_bytes()).ok()?;
        headers.append(name, HeaderValue::from_bytes(line.value).ok()?);
    }
    if headers.contains_key(header::CONTENT_LENGTH) || headers.contains_key(header::TRANSFER_ENCODING) {
        return None;
    }
    let mut request = Request::new(());
    (*request.uri_mut(), *request.version_mut()) = (Uri::from_static(PATH), Version::HTTP_11);
    *request.headers_mut() = headers;
    Some((request, end))
}

/// The answer as it stands on the wire.
fn written(headers: &HeaderMap) -> Vec<u8> {
    let mut out = Vec::with_capacity(1_024);
    out.extend_from_slice(b"HTTP/1.1 101 Switching Protocols\r\n");
    for (name, value) in headers {
        for piece in [name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"] {
            out.extend_from_slice(piece);
        }
    }
    out.extend_from_slice(b"\r\n");
    out
}
