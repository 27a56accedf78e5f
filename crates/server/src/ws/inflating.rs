//! Messages that come packed (RFC 7692): each is read by itself, and never more of it than a message may be (S13).

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress, inflate_flags};
use parlour_protocol::close::CloseCode;

use super::bounds;

/// What a sender leaves off the end of each message (§7.2.1), and a last block with nothing in it: only what was whole gets
/// that far.
const TAIL: [u8; 9] = [0x00, 0x00, 0xFF, 0xFF, 0x01, 0x00, 0x00, 0xFF, 0xFF];
/// Blocks of one packed message. A compressor begins another after thousands of signs or at a flush; each may bring tables
/// that are dear to make, and say nothing (ADR 8).
const BLOCKS_MAX: usize = 128;
/// The whole output lies in one buffer, so that nothing refers to what was there before the message.
const FLAGS: u32 = inflate_flags::TINFL_FLAG_HAS_MORE_INPUT
    | inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF
    | inflate_flags::TINFL_FLAG_STOP_ON_BLOCK_BOUNDARY;

/// Reads packed messages, one after the other, whoever sent them: nothing is kept from one to the next.
pub(crate) struct Inflater {
    state: DecompressorOxide,
    /// One byte more than a message may have.
    out: Vec<u8>,
}

impl Inflater {
    pub(crate) fn new() -> Inflater {
        Inflater { state: DecompressorOxide::new(), out: vec![0; bounds::FRAME_BYTES_MAX + 1] }
    }

    /// What a packed message says.
    ///
    /// # Errors
    /// `TooBig` as soon as it says more than [`bounds::FRAME_BYTES_MAX`] bytes; `Policy` as soon as it has more than
    /// [`BLOCKS_MAX`] blocks; `NotDeflate`.
    pub(crate) fn inflate(&mut self, packed: &[u8]) -> Result<&[u8], CloseCode> {
        self.state.init();
        let (mut begin, mut end, mut blocks, mut is_whole) = (0, 0, 0, false);
        for mut rest in [packed, &TAIL] {
            while !rest.is_empty() {
                let (status, taken, given) =
                    decompress(&mut self.state, rest, &mut self.out[begin..], end - begin, FLAGS);
                rest = &rest[taken..];
                end += given;
                is_whole = status == TINFLStatus::Done;
                blocks += usize::from(is_whole || status == TINFLStatus::BlockBoundary);
                match status {
                    // Besides ours.
                    _ if blocks > BLOCKS_MAX + 1 => return Err(CloseCode::Policy),
                    TINFLStatus::NeedsMoreInput if rest.is_empty() => {}
                    TINFLStatus::BlockBoundary => {}
                    // A message may have last blocks in it, with more behind them (§7.2.3.5).
                    TINFLStatus::Done => {
                        self.state.init();
                        begin = end;
                    }
                    TINFLStatus::HasMoreOutput => return Err(CloseCode::TooBig),
                    _ => return Err(CloseCode::NotDeflate),
                }
            }
        }
        match end {
            _ if !is_whole => Err(CloseCode::NotDeflate),
            bytes if bytes > bounds::FRAME_BYTES_MAX => Err(CloseCode::TooBig),
            bytes => Ok(&self.out[..bytes]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of RFC 7692 §7.2.3, each of which says "Hello".
    const HELLO: [&[u8]; 4] = [
        &[0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00],
        &[0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00],
        &[0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00],
        &[0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00],
    ];

    #[test]
    fn the_examples_of_the_rfc_are_read_in_any_order() {
        let mut inflater = Inflater::new();
        for packed in HELLO.iter().chain(HELLO.iter().rev()) {
            assert_eq!(inflater.inflate(packed), Ok(&b"Hello"[..]), "{packed:02x?}");
        }
        assert_eq!(inflater.inflate(&[0x00]), Ok(&b""[..]), "§7.2.3.6");
    }

    #[test]
    fn a_message_that_refers_to_the_one_before_is_none() {
        let mut inflater = Inflater::new();
        inflater.inflate(HELLO[0]).unwrap();
        // §7.2.3.2: the second "Hello" of a sender that takes its window over.
        assert_eq!(inflater.inflate(&[0xF2, 0x00, 0x11, 0x00, 0x00]), Err(CloseCode::NotDeflate));
        assert_eq!(inflater.inflate(HELLO[0]), Ok(&b"Hello"[..]));
    }

    #[test]
    fn a_message_that_was_cut_is_none() {
        let mut inflater = Inflater::new();
        for packed in HELLO {
            for cut in 0..packed.len() {
                assert_ne!(inflater.inflate(&packed[..cut]), Ok(&b"Hello"[..]), "{packed:02x?} cut at {cut}");
            }
        }
        for none in [&[][..], &[0xF2, 0x48, 0xCD], &[0x07], &[0xFF; 40]] {
            assert_eq!(inflater.inflate(none), Err(CloseCode::NotDeflate), "{none:02x?}");
        }
    }
}
