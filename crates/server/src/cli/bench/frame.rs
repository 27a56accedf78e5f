//! The client's half of RFC 6455: finds frames in the bytes that came, without copying, and writes masked ones.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest as _, Sha1};

/// What RFC 6455 §1.3 adds to a key before hashing it.
const KEY_SUFFIX: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/// No server sends a longer frame for a good reason.
const LENGTH_MAX: u64 = 64 << 20;

pub(super) const CONTINUATION: u8 = 0;
pub(super) const TEXT: u8 = 1;
pub(super) const BINARY: u8 = 2;
pub(super) const CLOSE: u8 = 8;
pub(super) const PING: u8 = 9;
pub(super) const PONG: u8 = 10;

/// What stands at the beginning of some bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The beginning of a frame, or nothing.
    Unfinished,
    /// Something no server may send.
    Broken(&'static str),
    /// A whole frame.
    Whole(Frame),
}

/// A frame: what it is, and where its payload lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    /// Whether the message ends with it.
    pub(super) is_last: bool,
    /// What it carries.
    pub(super) opcode: u8,
    /// Where the payload begins.
    pub(super) begin: usize,
    /// Where it ends, and the frame.
    pub(super) end: usize,
}

/// Looks at the beginning of some bytes.
#[inline]
pub(super) fn next(bytes: &[u8]) -> Next {
    let [first, second, ..] = *bytes else { return Next::Unfinished };
    if first & 0x70 != 0 {
        return Next::Broken("a frame has reserved bits set");
    }
    if second & 0x80 != 0 {
        return Next::Broken("a frame of the server is masked");
    }
    let (begin, length) = match (second, bytes) {
        (126, [_, _, a, b, ..]) => (4, u64::from(u16::from_be_bytes([*a, *b]))),
        (127, [_, _, a, b, c, d, e, f, g, h, ..]) => (10, u64::from_be_bytes([*a, *b, *c, *d, *e, *f, *g, *h])),
        (126 | 127, _) => return Next::Unfinished,
        (short, _) => (2, u64::from(short)),
    };
    if length > LENGTH_MAX {
        return Next::Broken("a frame is longer than 64 MiB");
    }
    let end = begin + length as usize;
    if bytes.len() < end {
        return Next::Unfinished;
    }
    Next::Whole(Frame { is_last: first & 0x80 != 0, opcode: first & 0x0f, begin, end })
}

/// Appends a whole message as one masked frame.
pub(super) fn write(out: &mut Vec<u8>, opcode: u8, payload: &[u8], mask: u32) {
    out.push(0x80 | opcode);
    match payload.len() {
        length @ ..126 => out.push(0x80 | length as u8),
        length if length <= usize::from(u16::MAX) => {
            out.push(0x80 | 126);
            out.extend_from_slice(&(length as u16).to_be_bytes());
        }
        length => {
            out.push(0x80 | 127);
            out.extend_from_slice(&(length as u64).to_be_bytes());
        }
    }
    let mask = mask.to_ne_bytes();
    out.extend_from_slice(&mask);
    out.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, key)| byte ^ key));
}

/// A key for the handshake, and the answer that proves that a WebSocket server read it.
pub(super) fn key(seed: u128) -> (String, String) {
    let key = STANDARD.encode(seed.to_be_bytes());
    let digest = Sha1::new().chain_update(&key).chain_update(KEY_SUFFIX).finalize();
    let answer = STANDARD.encode(digest);
    (key, answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As a server would send it.
    fn unmasked(payload: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        write(&mut out, TEXT, payload, 0);
        out[1] &= 0x7f;
        let header = out.len() - payload.len();
        out.drain(header - 4..header);
        out
    }

    #[test]
    fn frames_of_every_length_are_found_and_cut_ones_waited_for() {
        for length in [0, 1, 125, 126, 65_535, 65_536, 100_000] {
            let bytes = unmasked(&vec![b'a'; length]);
            let begin = bytes.len() - length;
            assert_eq!(next(&bytes), Next::Whole(Frame { is_last: true, opcode: TEXT, begin, end: bytes.len() }));
            for cut in (0..12.min(bytes.len())).chain([bytes.len() - 1]) {
                assert_eq!(next(&bytes[..cut]), Next::Unfinished, "{length} cut at {cut}");
            }
        }
    }

    #[test]
    fn what_no_server_may_send_is_broken() {
        assert!(matches!(next(&[0x81, 0x80]), Next::Broken(_)));
        assert!(matches!(next(&[0xc1, 0x00]), Next::Broken(_)));
        assert!(matches!(next(&[0x82, 127, 1, 0, 0, 0, 0, 0, 0, 0]), Next::Broken(_)));
    }

    #[test]
    fn a_key_is_answered_as_the_rfc_says() {
        let mut out = Vec::new();
        write(&mut out, TEXT, b"Hello", u32::from_ne_bytes([0x37, 0xfa, 0x21, 0x3d]));
        assert_eq!(out, [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58]);
        let sample = u128::from_be_bytes(*b"the sample nonce");
        assert_eq!(key(sample), ("dGhlIHNhbXBsZSBub25jZQ==".to_owned(), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=".to_owned()));
    }
}
