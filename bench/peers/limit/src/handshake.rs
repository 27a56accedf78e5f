//! The HTTP upgrade (RFC 6455 §4.2): just enough of it to be let in.

/// A request that has not ended by here is none of ours.
const REQUEST_BYTES_MAX: usize = 8 * 1024;

/// What the first bytes of a connection amount to.
pub(crate) enum Request {
    /// More has to come.
    Partial,
    /// No upgrade to WebSocket.
    Refused,
    /// Let in: the room asked for (`?room=N`, else 0), the answer to send, and where the frames begin.
    Upgrade { room: u32, answer: Vec<u8>, frames_from: usize },
}

pub(crate) fn read(input: &[u8]) -> Request {
    let Some(end) = input.windows(4).position(|four| four == b"\r\n\r\n") else {
        return if input.len() > REQUEST_BYTES_MAX { Request::Refused } else { Request::Partial };
    };
    let Ok(head) = std::str::from_utf8(&input[..end]) else { return Request::Refused };
    let mut lines = head.split("\r\n");
    let Some(path) = lines.next().and_then(|line| line.strip_prefix("GET ")).and_then(|rest| rest.split(' ').next())
    else {
        return Request::Refused;
    };
    let room = path.split(['?', '&']).find_map(|part| part.strip_prefix("room=")?.parse().ok()).unwrap_or(0);
    let key = lines
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("sec-websocket-key"))
        .map(|(_, value)| value.trim());
    let Some(key) = key else { return Request::Refused };
    let answer = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {}\r\n\r\n",
        accept(key)
    );
    Request::Upgrade { room, answer: answer.into_bytes(), frames_from: end + 4 }
}

/// The proof that the key was read.
fn accept(key: &str) -> String {
    let mut hash = sha1_smol::Sha1::new();
    hash.update(key.as_bytes());
    hash.update(b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    base64(&hash.digest().bytes())
}

fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let word = three.iter().enumerate().fold(0u32, |word, (at, byte)| word | u32::from(*byte) << (16 - 8 * at));
        for sign in 0..4 {
            let six = (word >> (18 - 6 * sign)) & 63;
            text.push(if sign <= three.len() { char::from(SIGNS[six as usize]) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_6455_is_answered_as_it_says() {
        assert_eq!(accept("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    #[test]
    fn the_room_is_read_from_the_path() {
        let request =
            b"GET /ws?a=1&room=17 HTTP/1.1\r\nHost: x\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n\x81";
        let Request::Upgrade { room, frames_from, .. } = read(request) else { panic!("an upgrade is refused") };
        assert_eq!((room, frames_from), (17, request.len() - 1));
        assert!(matches!(read(&request[..20]), Request::Partial));
        assert!(matches!(read(b"GET / HTTP/1.1\r\n\r\n"), Request::Refused));
    }
}
