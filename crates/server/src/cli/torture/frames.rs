//! What comes from the house over one connection, cut into frames: for a line that has to know what it passes on.

/// Op code and end of a text frame that is not fragmented, as all frames of the house are.
const WHOLE_TEXT: u8 = 0x81;

/// Takes bytes and gives frames.
#[derive(Debug, Default)]
pub(super) struct Frames {
    stage: Stage,
    pending: Vec<u8>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stage {
    #[default]
    Head,
    Frames,
    /// HTTP, which is left alone.
    Other,
}

/// A piece that is complete.
#[derive(Debug)]
pub(super) enum Piece {
    /// Anything but a text frame: the answer to the handshake, a ping, HTTP.
    Other(Vec<u8>),
    /// A text frame, and where its payload begins.
    Text(Vec<u8>, usize),
}

impl Frames {
    /// Takes what came; returns what is complete now.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Vec<Piece> {
        self.pending.extend_from_slice(bytes);
        let mut pieces = Vec::new();
        if self.stage == Stage::Head {
            let Some(end) = self.pending.windows(4).position(|window| window == b"\r\n\r\n") else { return pieces };
            self.stage = if self.pending.starts_with(b"HTTP/1.1 101") { Stage::Frames } else { Stage::Other };
            pieces.push(Piece::Other(self.pending.drain(..end + 4).collect()));
        }
        if self.stage == Stage::Other {
            pieces.push(Piece::Other(std::mem::take(&mut self.pending)));
            return pieces;
        }
        while let Some((head, length)) = lengths(&self.pending) {
            let frame: Vec<u8> = self.pending.drain(..head + length).collect();
            pieces.push(if frame[0] == WHOLE_TEXT { Piece::Text(frame, head) } else { Piece::Other(frame) });
        }
        pieces
    }
}

/// The lengths of the head and of the payload of the first frame, when all of it is there. The house's frames carry no mask.
fn lengths(bytes: &[u8]) -> Option<(usize, usize)> {
    let (head, length) = match *bytes.get(1)? {
        126 => (4, u64::from(u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?))),
        127 => (10, u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?)),
        short => (2, u64::from(short)),
    };
    let length = usize::try_from(length).ok()?;
    (bytes.len() >= head + length).then_some((head, length))
}

/// A text frame of the house with this payload.
pub(super) fn framed(payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![WHOLE_TEXT];
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(short), _) if short < 126 => frame.push(short),
        (_, Ok(long)) => {
            frame.push(126);
            frame.extend(long.to_be_bytes());
        }
        _ => {
            frame.push(127);
            frame.extend((payload.len() as u64).to_be_bytes());
        }
    }
    frame.extend_from_slice(payload);
    frame
}
