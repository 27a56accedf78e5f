//! Messages out of frames: fragments put together, text checked, limits kept (S51, S52, S54).

use parlour_protocol::close::CloseCode;

use super::bounds;
use super::frame::{self, Header, Opcode};
use super::inflating::Inflater;

/// What a client said.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Incoming<'a> {
    Text(&'a str),
    Binary(&'a [u8]),
    Ping(&'a [u8]),
    Pong,
    /// With the client's code, if it gave one.
    Close(Option<u16>),
}

/// A message whose last fragment has not come.
#[derive(Debug)]
struct Unfinished {
    text: bool,
    packed: bool,
    data: Vec<u8>,
    frames: u32,
    since_ms: u64,
}

/// What a connection keeps of a message that is not complete. Nothing while there is none.
#[derive(Debug, Default)]
pub(crate) struct Assembler {
    unfinished: Option<Box<Unfinished>>,
    /// The last whole message made of fragments, kept so that it can be lent out.
    whole: Vec<u8>,
}

impl Assembler {
    /// Takes one frame whose payload is complete and still masked. Without an inflater no message may be packed.
    ///
    /// # Errors
    /// The code to close with: `Protocol` for fragments out of place or a bad close, `NotUtf8`, `NotDeflate`, `TooBig` for a
    /// message above [`bounds::FRAME_BYTES_MAX`], packed or not, `Policy` for too many fragments.
    pub(crate) fn take<'a>(
        &'a mut self,
        header: Header,
        payload: &'a mut [u8],
        inflater: Option<&'a mut Inflater>,
        now_ms: u64,
    ) -> Result<Option<Incoming<'a>>, CloseCode> {
        frame::unmask(payload, header.mask);
        self.whole = Vec::new();
        match header.opcode {
            Opcode::Ping => Ok(Some(Incoming::Ping(payload))),
            Opcode::Pong => Ok(Some(Incoming::Pong)),
            Opcode::Close => parse_close(payload).map(|code| Some(Incoming::Close(code))),
            Opcode::Text | Opcode::Binary if self.unfinished.is_some() => Err(CloseCode::Protocol),
            opcode @ (Opcode::Text | Opcode::Binary) if header.fin => {
                whole(opcode == Opcode::Text, header.packed, payload, inflater).map(Some)
            }
            opcode @ (Opcode::Text | Opcode::Binary) => {
                let (text, packed, data) = (opcode == Opcode::Text, header.packed, payload.to_vec());
                self.unfinished = Some(Box::new(Unfinished { text, packed, data, frames: 1, since_ms: now_ms }));
                Ok(None)
            }
            Opcode::Continuation => self.continue_with(header.fin, payload, inflater),
        }
    }

    /// Since when a message has been waiting for its last fragment.
    pub(crate) fn unfinished_since_ms(&self) -> Option<u64> {
        self.unfinished.as_ref().map(|unfinished| unfinished.since_ms)
    }

    fn continue_with<'a>(
        &'a mut self,
        fin: bool,
        payload: &[u8],
        inflater: Option<&'a mut Inflater>,
    ) -> Result<Option<Incoming<'a>>, CloseCode> {
        let unfinished = self.unfinished.as_mut().ok_or(CloseCode::Protocol)?;
        if unfinished.data.len() + payload.len() > bounds::FRAME_BYTES_MAX {
            return Err(CloseCode::TooBig);
        }
        unfinished.frames += 1;
        if unfinished.frames > bounds::FRAGMENTS_MAX {
            return Err(CloseCode::Policy);
        }
        unfinished.data.extend_from_slice(payload);
        if !fin {
            return Ok(None);
        }
        let (text, packed) = (unfinished.text, unfinished.packed);
        self.whole = self.unfinished.take().map(|unfinished| unfinished.data).unwrap_or_default();
        whole(text, packed, &self.whole, inflater).map(Some)
    }
}

fn whole<'a>(
    text: bool,
    packed: bool,
    data: &'a [u8],
    inflater: Option<&'a mut Inflater>,
) -> Result<Incoming<'a>, CloseCode> {
    let data = match inflater {
        _ if !packed => data,
        Some(inflater) => inflater.inflate(data)?,
        None => return Err(CloseCode::Protocol),
    };
    if text {
        std::str::from_utf8(data).map(Incoming::Text).map_err(|_| CloseCode::NotUtf8)
    } else {
        Ok(Incoming::Binary(data))
    }
}

/// RFC 6455 §7.4: no payload, or a code one may send followed by UTF-8.
fn parse_close(payload: &[u8]) -> Result<Option<u16>, CloseCode> {
    if payload.is_empty() {
        return Ok(None);
    }
    let (&code, reason) = payload.split_first_chunk::<2>().ok_or(CloseCode::Protocol)?;
    let code = u16::from_be_bytes(code);
    if !matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999) {
        return Err(CloseCode::Protocol);
    }
    std::str::from_utf8(reason).map_err(|_| CloseCode::NotUtf8)?;
    Ok(Some(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(fin: bool, opcode: Opcode) -> Header {
        Header { fin, packed: false, opcode, mask: [0; 4], header_bytes: 6, payload_bytes: 0 }
    }

    #[test]
    fn a_ping_between_two_fragments_is_heard_and_the_message_stays_whole() {
        let mut assembler = Assembler::default();
        assert_eq!(assembler.take(header(false, Opcode::Text), &mut b"Hel".to_vec(), None, 0), Ok(None));
        assert_eq!(
            assembler.take(header(true, Opcode::Ping), &mut b"?".to_vec(), None, 0),
            Ok(Some(Incoming::Ping(b"?".as_slice())))
        );
        assert_eq!(
            assembler.take(header(true, Opcode::Continuation), &mut b"lo".to_vec(), None, 0),
            Ok(Some(Incoming::Text("Hello")))
        );
    }

    #[test]
    fn a_code_point_cut_by_a_fragment_is_whole_again_and_a_broken_one_is_refused() {
        let mut assembler = Assembler::default();
        let euro = "€".as_bytes();
        assert_eq!(assembler.take(header(false, Opcode::Text), &mut euro[..1].to_vec(), None, 0), Ok(None));
        let mut rest = euro[1..].to_vec();
        let whole = assembler.take(header(true, Opcode::Continuation), &mut rest, None, 0);
        assert_eq!(whole, Ok(Some(Incoming::Text("€"))));
        let mut rest = euro[1..].to_vec();
        let broken = assembler.take(header(true, Opcode::Text), &mut rest, None, 0);
        assert_eq!(broken, Err(CloseCode::NotUtf8));
    }

    #[test]
    fn fragment_floods_and_fragments_out_of_place_are_refused() {
        let mut assembler = Assembler::default();
        assert_eq!(assembler.take(header(true, Opcode::Continuation), &mut [], None, 0), Err(CloseCode::Protocol));
        assert_eq!(assembler.take(header(false, Opcode::Text), &mut b"a".to_vec(), None, 0), Ok(None));
        assert_eq!(assembler.take(header(true, Opcode::Text), &mut b"b".to_vec(), None, 0), Err(CloseCode::Protocol));
        for _ in 1..bounds::FRAGMENTS_MAX {
            assert_eq!(assembler.take(header(false, Opcode::Continuation), &mut [], None, 0), Ok(None));
        }
        assert_eq!(assembler.take(header(false, Opcode::Continuation), &mut [], None, 0), Err(CloseCode::Policy));
    }

    #[test]
    fn a_packed_message_in_fragments_is_read_once_it_is_whole() {
        let (mut assembler, mut inflater) = (Assembler::default(), Inflater::new());
        let packed = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00];
        let first = Header { packed: true, ..header(false, Opcode::Text) };
        assert_eq!(assembler.take(first, &mut packed[..3].to_vec(), Some(&mut inflater), 0), Ok(None));
        let ping = assembler.take(header(true, Opcode::Ping), &mut [], Some(&mut inflater), 0);
        assert_eq!(ping, Ok(Some(Incoming::Ping(&[]))));
        let last = header(true, Opcode::Continuation);
        let mut rest = packed[3..].to_vec();
        assert_eq!(assembler.take(last, &mut rest, Some(&mut inflater), 0), Ok(Some(Incoming::Text("Hello"))));
        let mut plain = b"Hi".to_vec();
        let plain = assembler.take(header(true, Opcode::Text), &mut plain, Some(&mut inflater), 0);
        assert_eq!(plain, Ok(Some(Incoming::Text("Hi"))), "a message that is not packed is read as it is");
    }

    #[test]
    fn a_close_is_read_by_the_letter() {
        assert_eq!(parse_close(&[]), Ok(None));
        assert_eq!(parse_close(&1000u16.to_be_bytes()), Ok(Some(1000)));
        for bad in
            [&[3u8][..], &1005u16.to_be_bytes(), &1006u16.to_be_bytes(), &999u16.to_be_bytes(), &5000u16.to_be_bytes()]
        {
            assert_eq!(parse_close(bad), Err(CloseCode::Protocol));
        }
        assert_eq!(parse_close(&[0x03, 0xE8, 0xFF]), Err(CloseCode::NotUtf8));
    }
}
