//! Bare sockets, where a client library would hide or mend what is tested.

use std::net::SocketAddr;
use std::time::Duration;

use parlour_client::Session;
use parlour_client::http::Response;
use parlour_protocol::SUBPROTOCOL;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

/// Whatever does not come within this time will not; longer than any timeout of the server that closes.
pub(crate) const PATIENCE: Duration = Duration::from_secs(90);

/// First bytes of whole frames.
pub(crate) const TEXT: u8 = 0x81;
pub(crate) const BINARY: u8 = 0x82;
pub(crate) const CLOSE: u8 = 0x88;
pub(crate) const PING: u8 = 0x89;
pub(crate) const PONG: u8 = 0x8A;

/// A frame of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    /// FIN, reserved bits and opcode.
    pub(crate) first: u8,
    pub(crate) payload: Vec<u8>,
}

impl Frame {
    /// A text frame's JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        assert_eq!(self.first, TEXT, "not a whole text frame: {self:?}");
        serde_json::from_slice(&self.payload).unwrap()
    }

    /// A close frame's code.
    pub(crate) fn close_code(&self) -> Option<u16> {
        assert_eq!(self.first, CLOSE, "not a close: {self:?}");
        self.payload.first_chunk::<2>().map(|code| u16::from_be_bytes(*code))
    }
}

/// One socket.
pub(crate) struct Raw {
    stream: TcpStream,
    held: Vec<u8>,
}

impl Raw {
    pub(crate) async fn connect(house: SocketAddr) -> Raw {
        Raw { stream: TcpStream::connect(house).await.unwrap(), held: Vec::new() }
    }

    /// A socket whose kernel takes little, so that a reader who stops is noticed soon.
    pub(crate) async fn connect_narrow(house: SocketAddr) -> Raw {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4 * 1024).unwrap();
        Raw { stream: socket.connect(house).await.unwrap(), held: Vec::new() }
    }

    /// A client of the tutorial's wire, inside: the first it hears is its own coming (OLD-2).
    pub(crate) async fn classic(house: SocketAddr) -> Raw {
        Raw::connect(house).await.enter_classic().await
    }

    /// The same over a narrow socket.
    pub(crate) async fn narrow_classic(house: SocketAddr) -> Raw {
        Raw::connect_narrow(house).await.enter_classic().await
    }

    async fn enter_classic(mut self) -> Raw {
        self.upgrade("").await;
        assert_eq!(self.hears().await, serde_json::json!({"type": 1, "body": "New User Joined..."}));
        self
    }

    /// A client of `parlour.v1` that has said nothing yet.
    pub(crate) async fn full(session: &Session) -> Raw {
        let mut raw = Raw::connect(session.house).await;
        raw.upgrade(&full_headers(session)).await;
        raw
    }

    /// The same, greeted and welcomed.
    pub(crate) async fn greeted(session: &Session) -> Raw {
        let mut raw = Raw::full(session).await;
        raw.greet().await;
        raw
    }

    /// Says `hello` without cursors and takes the welcome.
    pub(crate) async fn greet(&mut self) {
        self.say(r#"{"t":"hello","ref":1,"cursors":[]}"#).await;
        assert_eq!(self.answer().await["reply"]["is"], "welcome");
    }

    /// Sends bytes as they are.
    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
    }

    /// Sends bytes unless the other side has hung up, which a hostile client would not care about.
    pub(crate) async fn try_send(&mut self, bytes: &[u8]) -> bool {
        self.stream.write_all(bytes).await.is_ok()
    }

    /// Sends a masked frame with this first byte.
    pub(crate) async fn send_frame(&mut self, first: u8, payload: &[u8]) {
        self.send(&masked(first, payload)).await;
    }

    /// Sends a text frame.
    pub(crate) async fn say(&mut self, text: &str) {
        self.send_frame(TEXT, text.as_bytes()).await;
    }

    /// Makes the opening handshake with further header lines, each ended by CRLF, and expects it to be taken.
    pub(crate) async fn upgrade(&mut self, headers: &str) -> Response {
        let house = self.stream.peer_addr().unwrap();
        self.send(handshake(house, headers).as_bytes()).await;
        let response = self.response().await.unwrap();
        assert_eq!(response.status, 101, "{response:?}");
        response
    }

    /// Whether the opening handshake of a classic client is taken.
    pub(crate) async fn try_upgrade(&mut self) -> bool {
        let house = self.stream.peer_addr().unwrap();
        self.try_send(handshake(house, "").as_bytes()).await
            && self.response().await.is_some_and(|answer| answer.status == 101)
    }

    /// The same where it must be refused; returns the status.
    pub(crate) async fn refused(&mut self, headers: &str) -> u16 {
        let house = self.stream.peer_addr().unwrap();
        self.send(handshake(house, headers).as_bytes()).await;
        let status = self.response().await.unwrap().status;
        assert_ne!(status, 101);
        status
    }

    /// The next HTTP response; none at the end of the stream.
    pub(crate) async fn response(&mut self) -> Option<Response> {
        let end = loop {
            match self.held.windows(4).position(|window| window == b"\r\n\r\n") {
                Some(end) => break end + 4,
                None if self.read().await => {}
                None => return None,
            }
        };
        let head = String::from_utf8(self.held.drain(..end).collect()).unwrap();
        let (first, headers) = head.trim_end().split_once("\r\n").unwrap_or((head.trim_end(), ""));
        let status = first.split(' ').nth(1).unwrap().parse().unwrap();
        let mut response = Response { status, headers: headers.to_owned(), body: String::new(), bytes: Vec::new() };
        let length = response.header("content-length").map_or(0, |length| length.parse().unwrap());
        while self.held.len() < length {
            assert!(self.read().await, "the body of {response:?} ends early");
        }
        response.body = String::from_utf8(self.held.drain(..length).collect()).unwrap();
        Some(response)
    }

    /// The next frame; none at the end of the stream.
    pub(crate) async fn frame(&mut self) -> Option<Frame> {
        loop {
            if let Some((header, length)) = frame_length(&self.held)
                && self.held.len() >= header + length
            {
                let payload = self.held[header..header + length].to_vec();
                let first = self.held[0];
                self.held.drain(..header + length);
                return Some(Frame { first, payload });
            }
            if !self.read().await {
                return None;
            }
        }
    }

    /// The next text frame's JSON.
    pub(crate) async fn hears(&mut self) -> serde_json::Value {
        loop {
            let frame = self.frame().await.expect("the connection was closed");
            // The house looks after its sockets; on a slow machine also in the middle of a test.
            if frame.first != PING {
                return frame.json();
            }
        }
    }

    /// The next reply or refusal; what is told unasked is passed over.
    pub(crate) async fn answer(&mut self) -> serde_json::Value {
        loop {
            let frame = self.hears().await;
            if frame["t"] == "reply" || frame["t"] == "refusal" {
                return frame;
            }
        }
    }

    /// The body of the next classic frame of text.
    pub(crate) async fn hears_body(&mut self) -> String {
        let frame = self.hears().await;
        assert_eq!(frame["type"], 1, "{frame}");
        frame["body"].as_str().unwrap().to_owned()
    }

    /// Reads on to the close, and says with which code and whether nothing came after it.
    pub(crate) async fn closed(&mut self) -> Option<u16> {
        loop {
            let frame = self.frame().await?;
            if frame.first == CLOSE {
                let code = frame.close_code();
                // The answer lets the server hang up at once.
                self.try_send(&masked(CLOSE, &frame.payload)).await;
                assert_eq!(self.frame().await, None, "something came after the close");
                return code;
            }
        }
    }

    /// The code of a close that comes within this time, whatever comes before it.
    pub(crate) async fn close_within(&mut self, time: Duration) -> Option<u16> {
        let close = async {
            loop {
                match self.frame().await {
                    Some(frame) if frame.first == CLOSE => return frame.close_code(),
                    Some(_) => {}
                    None => return None,
                }
            }
        };
        tokio::time::timeout(time, close).await.ok().flatten()
    }

    /// Whether the other side has hung up, with whatever it said before.
    pub(crate) async fn ends(&mut self) -> String {
        while self.read().await {}
        String::from_utf8_lossy(&self.held).into_owned()
    }

    /// Ends the connection with a reset, as a pulled plug behind a NAT does.
    pub(crate) fn reset(self) {
        self.stream.set_zero_linger().unwrap();
    }

    /// Takes what is there; false at the end of the stream.
    async fn read(&mut self) -> bool {
        let mut bytes = [0; 16 * 1024];
        let read = tokio::time::timeout(PATIENCE, self.stream.read(&mut bytes)).await.expect("nothing came in time");
        // A reset is an end too: the server need not linger for those who send on.
        let length = read.unwrap_or(0);
        self.held.extend_from_slice(&bytes[..length]);
        length > 0
    }
}

/// The opening handshake as a program without an Origin sends it.
pub(crate) fn handshake(house: SocketAddr, headers: &str) -> String {
    format!(
        "GET /ws HTTP/1.1\r\nHost: {house}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}\r\n"
    )
}

/// What a full client adds to it.
pub(crate) fn full_headers(session: &Session) -> String {
    let Session { house, cookie, .. } = session;
    format!("Origin: http://{house}\r\nCookie: {cookie}\r\nSec-WebSocket-Protocol: {SUBPROTOCOL}\r\n")
}

/// A client's frame.
pub(crate) fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
    let mask = [0x37, 0xFA, 0x21, 0x3D];
    let mut frame = vec![first];
    match payload.len() {
        short @ 0..=125 => frame.push(0x80 | u8::try_from(short).unwrap()),
        medium @ 126..=65_535 => {
            frame.push(0x80 | 126);
            frame.extend_from_slice(&u16::try_from(medium).unwrap().to_be_bytes());
        }
        long => {
            frame.push(0x80 | 127);
            frame.extend_from_slice(&(long as u64).to_be_bytes());
        }
    }
    frame.extend_from_slice(&mask);
    frame.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, key)| byte ^ key));
    frame
}

/// Bytes of a server frame's header, and of its payload; none when the header is not all there.
fn frame_length(held: &[u8]) -> Option<(usize, usize)> {
    let (&[_, second], rest) = held.split_first_chunk::<2>()?;
    assert!(second < 0x80, "a server never masks");
    match second {
        126 => Some((4, usize::from(u16::from_be_bytes(*rest.first_chunk()?)))),
        127 => Some((10, usize::try_from(u64::from_be_bytes(*rest.first_chunk()?)).unwrap())),
        short => Some((2, usize::from(short))),
    }
}
