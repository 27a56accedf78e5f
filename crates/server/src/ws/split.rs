//! Bytes into messages. It knows of no socket and no clock, so the fuzz target `frame` feeds it anything (fuzz/).

use parlour_protocol::close::CloseCode;

use super::frame::{self, Opcode};
use super::inflating::Inflater;
use super::message::{Assembler, Incoming};

/// What the owner of a message wants next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// The next message.
    Go,
    /// This message again later, and no other before it.
    Hold,
    /// The connection is to be closed.
    Close(CloseCode),
    /// The same, and what comes behind cannot be read any more.
    Fail(CloseCode),
}

/// Splits `input` into messages and hands each to `take`. With an inflater they may be packed. Returns how many bytes were used up, and why it stopped.
pub(super) fn split(
    input: &mut [u8],
    assembler: &mut Assembler,
    mut inflater: Option<&mut Inflater>,
    now_ms: u64,
    mut take: impl FnMut(Incoming<'_>) -> Flow,
    mut before: impl FnMut(Opcode) -> Flow,
) -> (usize, Flow) {
    let mut used = 0;
    loop {
        let header = match frame::parse_header(&input[used..], inflater.is_some()) {
            Ok(Some(header)) => header,
            Ok(None) => return (used, Flow::Go),
            Err(code) => return (used, Flow::Fail(code)),
        };
        let end = used + header.header_bytes + header.payload_bytes;
        if input.len() < end {
            return (used, Flow::Go);
        }
        // Asked before the frame is unmasked in place: a held frame must stay as it came.
        match before(header.opcode) {
            Flow::Go => {}
            other => return (used, other),
        }
        let payload = &mut input[used + header.header_bytes..end];
        used = end;
        match assembler.take(header, payload, inflater.as_deref_mut(), now_ms) {
            Ok(None) => {}
            Ok(Some(incoming)) => match take(incoming) {
                Flow::Go => {}
                other => return (used, other),
            },
            Err(code) => return (used, Flow::Fail(code)),
        }
    }
}
