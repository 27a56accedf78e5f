//! Just enough of HTTP/1.1 to come in and to read: one request a connection.

use std::io;
use std::net::SocketAddr;

use parlour_protocol::file::{Attachment, Upload};
use parlour_protocol::http::{HistoryPage, SignedIn};
use parlour_protocol::{RoomId, Seq, User};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A response of the HTTP edge.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The header lines as they came, without the status line.
    pub headers: String,
    /// The body, as text.
    pub body: String,
    /// The body, as it came.
    pub bytes: Vec<u8>,
}

impl Response {
    /// The value of a header, by its name in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// A session at a house.
#[derive(Clone, Debug)]
pub struct Session {
    /// Where the house is: what it is called in `Host` and `Origin`.
    pub house: SocketAddr,
    /// Where one connects: the house itself, or a line that leads to it.
    pub via: SocketAddr,
    /// `name=value`, for a `Cookie` header.
    pub cookie: String,
    /// Who one is.
    pub you: User,
}

impl Session {
    /// Comes in with a name.
    ///
    /// # Errors
    /// When the house cannot be reached or does not let one in; the response is in the message.
    pub async fn sign_in(house: SocketAddr, name: &str) -> io::Result<Session> {
        let body = serde_json::json!({ "name": name }).to_string();
        let response = post(house, "/api/v1/sign-in", &body, "").await?;
        if response.status != 201 {
            return Err(io::Error::other(format!("{}: {}", response.status, response.body)));
        }
        let cookie = response.header("set-cookie").and_then(|cookie| cookie.split(';').next()).unwrap_or_default();
        let SignedIn { you } = serde_json::from_str(&response.body).map_err(io::Error::other)?;
        Ok(Session { house, via: house, cookie: cookie.to_owned(), you })
    }

    /// The same session, reached over a line that leads to the house.
    #[must_use]
    pub fn over(self, line: SocketAddr) -> Session {
        Session { via: line, ..self }
    }

    /// Reads a path with the session's cookie.
    ///
    /// # Errors
    /// When the house cannot be reached.
    pub async fn get(&self, path: &str) -> io::Result<Response> {
        let Session { house, via, cookie, .. } = self;
        let head = format!("GET {path} HTTP/1.1\r\nHost: {house}\r\nConnection: close\r\nCookie: {cookie}\r\n\r\n");
        exchange(*via, &head).await
    }

    /// Posts a JSON body as the house's own page does.
    ///
    /// # Errors
    /// When the house cannot be reached.
    pub async fn post(&self, path: &str, json: &str) -> io::Result<Response> {
        let headers = format!("Cookie: {}\r\nOrigin: http://{}\r\n", self.cookie, self.house);
        post(self.house, path, json, &headers).await
    }

    /// Posts bytes as the house's own page does: a part of a file.
    ///
    /// # Errors
    /// When the house cannot be reached.
    pub async fn post_bytes(&self, path: &str, bytes: &[u8]) -> io::Result<Response> {
        let Session { house, cookie, .. } = self;
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {house}\r\nConnection: close\r\nCookie: {cookie}\r\nOrigin: http://{house}\r\n\
             Content-Type: application/octet-stream\r\nContent-Length: {}\r\n\r\n",
            bytes.len()
        );
        exchange_bytes(self.via, &[head.as_bytes(), bytes].concat()).await
    }

    /// Brings a whole file for a room, in parts of this many bytes.
    ///
    /// # Errors
    /// When the house cannot be reached or refuses.
    pub async fn bring(&self, room: RoomId, name: &str, bytes: &[u8], part: usize) -> io::Result<Attachment> {
        let new = serde_json::json!({ "name": name, "bytes": bytes.len() }).to_string();
        let mut answer = self.post(&format!("/api/v1/rooms/{room}/files"), &new).await?;
        let refused = |answer: &Response| io::Error::other(format!("{}: {}", answer.status, answer.body));
        let mut at = 0;
        loop {
            if !matches!(answer.status, 200 | 201) {
                return Err(refused(&answer));
            }
            let upload: Upload = serde_json::from_str(&answer.body).map_err(io::Error::other)?;
            match upload.file {
                Some(file) => return Ok(file),
                None if at == bytes.len() => return Err(refused(&answer)),
                None => {}
            }
            let end = bytes.len().min(at + part);
            answer = self.post_bytes(&format!("/api/v1/files/{}/part?at={at}", upload.id.0), &bytes[at..end]).await?;
            at = end;
        }
    }

    /// Reads a piece of a room's log; `query` such as `after=5&limit=200`.
    ///
    /// # Errors
    /// When the house cannot be reached or refuses.
    pub async fn history(&self, room: RoomId, query: &str) -> io::Result<HistoryPage> {
        let response = self.get(&format!("/api/v1/rooms/{room}/history?{query}")).await?;
        if response.status != 200 {
            return Err(io::Error::other(format!("{}: {}", response.status, response.body)));
        }
        serde_json::from_str(&response.body).map_err(io::Error::other)
    }

    /// Reads the whole log of a room, page by page.
    ///
    /// # Errors
    /// When the house cannot be reached or refuses.
    pub async fn whole_log(&self, room: RoomId) -> io::Result<Vec<parlour_protocol::Event>> {
        self.whole_log_after(room, Seq::ZERO).await
    }

    /// Reads everything after a place.
    ///
    /// # Errors
    /// When the house cannot be reached or refuses.
    pub async fn whole_log_after(&self, room: RoomId, after: Seq) -> io::Result<Vec<parlour_protocol::Event>> {
        let mut events = Vec::new();
        let mut after = after.0;
        loop {
            let page = self.history(room, &format!("after={after}&limit=200")).await?;
            let Some(last) = page.events.last() else { return Ok(events) };
            after = last.seq.0;
            events.extend(page.events);
        }
    }
}

/// `GET`, with further header lines, each ended by CRLF.
///
/// # Errors
/// When the house cannot be reached.
pub async fn get(house: SocketAddr, path: &str, headers: &str) -> io::Result<Response> {
    exchange(house, &format!("GET {path} HTTP/1.1\r\nHost: {house}\r\nConnection: close\r\n{headers}\r\n")).await
}

/// `POST` of a JSON body, with further header lines.
///
/// # Errors
/// When the house cannot be reached.
pub async fn post(house: SocketAddr, path: &str, json: &str, headers: &str) -> io::Result<Response> {
    let length = json.len();
    let head =
        format!("POST {path} HTTP/1.1\r\nHost: {house}\r\nConnection: close\r\nContent-Type: application/json\r\n");
    exchange(house, &format!("{head}Content-Length: {length}\r\n{headers}\r\n{json}")).await
}

/// Sends bytes as they are and reads what comes back until the end.
///
/// # Errors
/// When the house cannot be reached or what it says is no response.
pub async fn exchange(house: SocketAddr, request: &str) -> io::Result<Response> {
    exchange_bytes(house, request.as_bytes()).await
}

/// The same for a request that is no text.
///
/// # Errors
/// When the house cannot be reached or what it says is no response.
pub async fn exchange_bytes(house: SocketAddr, request: &[u8]) -> io::Result<Response> {
    let mut stream = TcpStream::connect(house).await?;
    stream.write_all(request).await?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await?;
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    let end = end.ok_or_else(|| io::Error::other(format!("no response: {:?}", String::from_utf8_lossy(&bytes))))?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let bytes = bytes.split_off(end + 4);
    let (first, headers) = head.split_once("\r\n").unwrap_or((&head, ""));
    let status = first.split(' ').nth(1).and_then(|status| status.parse().ok());
    let status = status.ok_or_else(|| io::Error::other(format!("no status: {first:?}")))?;
    let body = String::from_utf8_lossy(&bytes).into_owned();
    Ok(Response { status, headers: headers.to_owned(), body, bytes })
}
