//! RFC 6455 a second time, as plainly as it can be said: the whole stream at hand, one byte after the other, nothing in place.

use parlour_protocol::close::CloseCode;
use parlour_protocol::limits::{FRAGMENTS_MAX, FRAME_BYTES_MAX};

use crate::{Heard, Outcome};

/// What of a stream cannot go on: no more bytes, or a code to close with.
type End = Option<CloseCode>;

/// What is to come of a stream.
pub(crate) fn hear(stream: &[u8]) -> Outcome {
    let mut reference = Reference { rest: stream, frames: 0, message: None };
    let mut heard = Vec::new();
    loop {
        match reference.frame() {
            Ok(said) => heard.extend(said),
            Err(end) => return Outcome { heard, frames: reference.frames, end },
        }
    }
}

struct Reference<'a> {
    rest: &'a [u8],
    /// Frames that were whole.
    frames: u32,
    /// A message whose last fragment has not come: whether it is text, what it holds, of how many frames.
    message: Option<(bool, Vec<u8>, u32)>,
}

impl Reference<'_> {
    fn bytes(&mut self, count: usize) -> Result<Vec<u8>, End> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(None)?;
        self.rest = rest;
        Ok(taken.to_vec())
    }

    fn number(&mut self, bytes: usize) -> Result<u64, End> {
        Ok(self.bytes(bytes)?.into_iter().fold(0, |number, byte| number << 8 | u64::from(byte)))
    }

    /// Reads one frame; says what is heard when it has come.
    fn frame(&mut self) -> Result<Option<Heard>, End> {
        let head = self.bytes(2)?;
        let (last, reserved, opcode) = (head[0] >= 0x80, head[0] & 0b0111_0000, head[0] & 0b1111);
        let (masked, short) = (head[1] >= 0x80, head[1] & 0b0111_1111);
        let control = opcode >= 8;
        if reserved != 0 || !masked || !matches!(opcode, 0 | 1 | 2 | 8 | 9 | 10) || control && (!last || short > 125) {
            return Err(Some(CloseCode::Protocol));
        }
        let (length, least, most) = match short {
            126 => (self.number(2)?, 126, u64::MAX),
            127 => (self.number(8)?, 65_536, u64::MAX / 2),
            short => (u64::from(short), 0, u64::MAX),
        };
        if length < least || length > most {
            return Err(Some(CloseCode::Protocol));
        }
        if length > FRAME_BYTES_MAX as u64 {
            return Err(Some(CloseCode::TooBig));
        }
        let mask = self.bytes(4)?;
        let payload = self.bytes(usize::try_from(length).expect("at most 64 KiB"))?;
        self.frames += 1;
        let payload = payload.iter().enumerate().map(|(place, byte)| byte ^ mask[place % 4]).collect();
        match opcode {
            8 => close(payload).map(Some),
            9 => Ok(Some(Heard::Ping(payload))),
            10 => Ok(Some(Heard::Pong)),
            _ => self.part(opcode, last, payload),
        }
    }

    fn part(&mut self, opcode: u8, last: bool, payload: Vec<u8>) -> Result<Option<Heard>, End> {
        let (text, mut held, frames) = match (opcode, self.message.take()) {
            (0, Some((text, held, frames))) => (text, held, frames + 1),
            (1 | 2, None) => (opcode == 1, Vec::new(), 1),
            _ => return Err(Some(CloseCode::Protocol)),
        };
        held.extend(payload);
        if held.len() > FRAME_BYTES_MAX {
            return Err(Some(CloseCode::TooBig));
        }
        if frames > FRAGMENTS_MAX {
            return Err(Some(CloseCode::Policy));
        }
        match (last, text) {
            (false, _) => {
                self.message = Some((text, held, frames));
                Ok(None)
            }
            (true, false) => Ok(Some(Heard::Binary(held))),
            (true, true) => {
                String::from_utf8(held).map(|said| Some(Heard::Text(said))).or(Err(Some(CloseCode::NotUtf8)))
            }
        }
    }
}

fn close(payload: Vec<u8>) -> Result<Heard, End> {
    let code = match payload[..] {
        [] => return Ok(Heard::Close(None)),
        [_] => return Err(Some(CloseCode::Protocol)),
        [high, low, ..] => u16::from(high) << 8 | u16::from(low),
    };
    // What the registry of RFC 6455 §7.4 lets an endpoint send, and what applications may.
    let known = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014].contains(&code);
    if !known && !(3000..5000).contains(&code) {
        return Err(Some(CloseCode::Protocol));
    }
    String::from_utf8(payload[2..].to_vec()).map(|_| Heard::Close(Some(code))).or(Err(Some(CloseCode::NotUtf8)))
}
