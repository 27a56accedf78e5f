//! RFC 6455 frames: headers read in place, payloads unmasked in place, server frames made once for all readers.

use bytes::{BufMut, Bytes, BytesMut};
use parlour_protocol::close::CloseCode;

use super::bounds;

/// What a frame carries (RFC 6455 §5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opcode {
    Continuation,
    Text,
    Binary,
    Close,
    Ping,
    Pong,
}

impl Opcode {
    fn parse(bits: u8) -> Option<Opcode> {
        Some(match bits {
            0x0 => Opcode::Continuation,
            0x1 => Opcode::Text,
            0x2 => Opcode::Binary,
            0x8 => Opcode::Close,
            0x9 => Opcode::Ping,
            0xA => Opcode::Pong,
            _ => return None,
        })
    }

    fn bits(self) -> u8 {
        match self {
            Opcode::Continuation => 0x0,
            Opcode::Text => 0x1,
            Opcode::Binary => 0x2,
            Opcode::Close => 0x8,
            Opcode::Ping => 0x9,
            Opcode::Pong => 0xA,
        }
    }

    /// Control frames may stand between the fragments of a message (§5.5).
    pub(crate) fn is_control(self) -> bool {
        matches!(self, Opcode::Close | Opcode::Ping | Opcode::Pong)
    }
}

/// The header of a client's frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) fin: bool,
    /// The message that begins here is packed (RFC 7692 §6).
    pub(crate) packed: bool,
    pub(crate) opcode: Opcode,
    pub(crate) mask: [u8; 4],
    /// Bytes of the header itself.
    pub(crate) header_bytes: usize,
    /// Bytes that follow it.
    pub(crate) payload_bytes: usize,
}

/// The bit that RFC 7692 §6 gives a meaning, where that was agreed to: the message is packed.
const PACKED: u8 = 0x40;

/// Reads a header from the start of `input`; `None` when it is not complete yet. Packed messages were agreed to or not.
///
/// # Errors
/// `Protocol` for reserved bits and opcodes, a packed message that was not agreed to, a control frame or a later fragment
/// that says it is packed, an unmasked frame, a fragmented or long control frame and a length that is
/// not in its shortest form; `TooBig` for a payload above [`bounds::FRAME_BYTES_MAX`], before a byte of it is read.
pub(crate) fn parse_header(input: &[u8], may_be_packed: bool) -> Result<Option<Header>, CloseCode> {
    let &[first, second, ref rest @ ..] = input else { return Ok(None) };
    let reserved = if may_be_packed { 0x70 & !PACKED } else { 0x70 };
    if first & reserved != 0 || second & 0x80 == 0 {
        return Err(CloseCode::Protocol);
    }
    let opcode = Opcode::parse(first & 0x0F).ok_or(CloseCode::Protocol)?;
    let (fin, packed) = (first & 0x80 != 0, first & PACKED != 0);
    if packed && !matches!(opcode, Opcode::Text | Opcode::Binary) {
        return Err(CloseCode::Protocol);
    }
    let short = usize::from(second & 0x7F);
    if opcode.is_control() && (!fin || short > 125) {
        return Err(CloseCode::Protocol);
    }
    let Some((payload_bytes, length_bytes)) = parse_length(short, rest)? else { return Ok(None) };
    if payload_bytes > bounds::FRAME_BYTES_MAX {
        return Err(CloseCode::TooBig);
    }
    let Some(&mask) = rest.get(length_bytes..).and_then(|rest| rest.first_chunk::<4>()) else { return Ok(None) };
    Ok(Some(Header { fin, packed, opcode, mask, header_bytes: 2 + length_bytes + 4, payload_bytes }))
}

/// The payload's length and how many extra bytes it took to say it.
fn parse_length(short: usize, rest: &[u8]) -> Result<Option<(usize, usize)>, CloseCode> {
    match short {
        126 => {
            let Some(&bytes) = rest.first_chunk::<2>() else { return Ok(None) };
            let length = usize::from(u16::from_be_bytes(bytes));
            if length < 126 { Err(CloseCode::Protocol) } else { Ok(Some((length, 2))) }
        }
        127 => {
            let Some(&bytes) = rest.first_chunk::<8>() else { return Ok(None) };
            let length = u64::from_be_bytes(bytes);
            if length < 65_536 || length >> 63 == 1 {
                return Err(CloseCode::Protocol);
            }
            usize::try_from(length).map(|length| Some((length, 8))).map_err(|_| CloseCode::TooBig)
        }
        length => Ok(Some((length, 0))),
    }
}

/// Removes a client's mask in place, eight bytes at a time (§5.3).
pub(crate) fn unmask(payload: &mut [u8], mask: [u8; 4]) {
    let [a, b, c, d] = mask;
    let wide = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    let (chunks, tail) = payload.as_chunks_mut::<8>();
    for chunk in chunks {
        *chunk = (u64::from_ne_bytes(*chunk) ^ wide).to_ne_bytes();
    }
    for (byte, key) in tail.iter_mut().zip(mask.iter().cycle()) {
        *byte ^= key;
    }
}

fn make(opcode: Opcode, payload: &[u8]) -> Bytes {
    let (header, length) = header(opcode, payload.len());
    let mut frame = BytesMut::with_capacity(payload.len() + length);
    frame.put_slice(&header[..length]);
    frame.put_slice(payload);
    frame.freeze()
}

/// The header of a whole frame, and how many of the bytes are it (§5.2).
fn header(opcode: Opcode, payload_bytes: usize) -> ([u8; 10], usize) {
    let mut header = [0; 10];
    header[0] = 0x80 | opcode.bits();
    if let Ok(short @ 0..=125) = u8::try_from(payload_bytes) {
        header[1] = short;
        (header, 2)
    } else if let Ok(medium) = u16::try_from(payload_bytes) {
        header[1] = 126;
        header[2..4].copy_from_slice(&medium.to_be_bytes());
        (header, 4)
    } else {
        header[1] = 127;
        header[2..].copy_from_slice(&(payload_bytes as u64).to_be_bytes());
        (header, 10)
    }
}

/// One text frame with its header: the bytes that every reader of a room is sent.
pub(crate) fn text(buffer: &mut Vec<u8>, start: usize) {
    let (header, length) = header(Opcode::Text, buffer.len() - start);
    buffer.splice(start..start, header[..length].iter().copied());
}

/// Adds one packed text frame.
pub(crate) fn packed_text(packed: &[u8], buffer: &mut Vec<u8>) {
    let (mut header, length) = header(Opcode::Text, packed.len());
    header[0] |= PACKED;
    buffer.extend_from_slice(&header[..length]);
    buffer.extend_from_slice(packed);
}

/// The payload of a whole frame of ours.
pub(crate) fn payload(frame: &[u8]) -> &[u8] {
    let header_bytes = match frame.get(1) {
        Some(126) => 4,
        Some(127) => 10,
        _ => 2,
    };
    frame.get(header_bytes..).unwrap_or_default()
}

/// One text frame by itself, for the echo; those of a room are made where they lie.
#[cfg(feature = "conformance")]
pub(super) fn text_alone(payload: &str) -> Bytes {
    make(Opcode::Text, payload.as_bytes())
}

/// One binary frame, for the echo; the house itself says nothing in bytes.
#[cfg(feature = "conformance")]
pub(super) fn binary(payload: &[u8]) -> Bytes {
    make(Opcode::Binary, payload)
}

/// A ping without payload.
pub(crate) fn ping() -> Bytes {
    Bytes::from_static(&[0x89, 0x00])
}

/// The answer to a ping; its payload is at most 125 bytes by [`parse_header`].
pub(crate) fn pong(payload: &[u8]) -> Bytes {
    make(Opcode::Pong, payload)
}

/// A close with code and reason.
pub(crate) fn close(code: CloseCode) -> Bytes {
    let mut payload = Vec::with_capacity(2 + code.reason().len());
    payload.extend_from_slice(&code.code().to_be_bytes());
    payload.extend_from_slice(code.reason().as_bytes());
    make(Opcode::Close, &payload)
}

/// The echo of a client's close (§5.5.1): its code, or none when it gave none.
pub(crate) fn close_echo(code: Option<u16>) -> Bytes {
    match code {
        Some(code) => make(Opcode::Close, &code.to_be_bytes()),
        None => make(Opcode::Close, &[]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_refused_by_its_length_before_its_payload_is_there() {
        let mut head = vec![0x82, 0x80 | 127];
        head.extend_from_slice(&1_000_000u64.to_be_bytes());
        assert_eq!(parse_header(&head, false), Err(CloseCode::TooBig));
    }

    #[test]
    fn reserved_bits_unmasked_frames_and_long_control_frames_break_the_protocol() {
        for head in [[0xC1, 0x80], [0x81, 0x05], [0x83, 0x80], [0x09, 0x80], [0x89, 0xFE]] {
            assert_eq!(parse_header(&head, false), Err(CloseCode::Protocol), "{head:02x?}");
        }
    }

    #[test]
    fn only_the_first_frame_of_a_message_may_say_that_it_is_packed() {
        for head in [[0xC0, 0x80], [0xC8, 0x80], [0xC9, 0x80], [0xCA, 0x80], [0xE1, 0x80], [0xD1, 0x80]] {
            assert_eq!(parse_header(&head, true), Err(CloseCode::Protocol), "{head:02x?}");
        }
        for (first, packed) in [(0xC1, true), (0x42, true), (0x81, false)] {
            let header = parse_header(&[first, 0x80, 0, 0, 0, 0], true).unwrap().unwrap();
            assert_eq!(header.packed, packed, "{first:02x}");
        }
    }

    #[test]
    fn a_header_is_read_at_any_cut() {
        let whole = [0x81, 0x80 | 126, 0x00, 0x80, 1, 2, 3, 4];
        for cut in 0..whole.len() {
            assert_eq!(parse_header(&whole[..cut], false), Ok(None), "{cut}");
        }
        let header = parse_header(&whole, false).unwrap().unwrap();
        assert_eq!((header.payload_bytes, header.header_bytes, header.mask), (128, 8, [1, 2, 3, 4]));
    }

    #[test]
    fn unmasking_twice_is_nothing_at_every_length() {
        for length in 0..40u8 {
            let plain: Vec<u8> = (0..length).collect();
            let mut masked = plain.clone();
            unmask(&mut masked, [9, 8, 7, 6]);
            let slow: Vec<u8> = plain.iter().zip([9u8, 8, 7, 6].iter().cycle()).map(|(byte, key)| byte ^ key).collect();
            assert_eq!(masked, slow);
        }
    }
}
