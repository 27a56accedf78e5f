//! The mark in each text that is sent: who sent it, its number, and when it was due. It is found by its first sign wherever
//! the server puts the text, and read eight letters at a time, so nothing else of a frame has to be understood.
//!
//! `~`, then 32 letters from `a` to `p`, four bits each: sender (32), number (32), run (16), due in ns (48).

use memchr::memchr;

const SIGN: u8 = b'~';
/// What a text is filled up with: no letter of a mark.
const FILL: u8 = b'.';
/// A mark's length, and so the shortest text.
pub(super) const LENGTH: usize = 33;
const DUE_BITS: u32 = 48;

/// What a mark says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// The client that sent it.
    pub(super) sender: u32,
    /// Its number among those of this sender, from 1.
    pub(super) number: u32,
    /// Which run of which generator.
    pub(super) run: u16,
    /// When it was due, in ns of the run's clock; three days at most.
    pub(super) due: u64,
}

impl Mark {
    /// Writes a text of `size` bytes with the mark at its beginning.
    pub(super) fn write(self, text: &mut Vec<u8>, size: usize) {
        text.clear();
        text.push(SIGN);
        letters(text, self.sender);
        letters(text, self.number);
        let last = u64::from(self.run) << DUE_BITS | self.due & ((1 << DUE_BITS) - 1);
        letters(text, (last >> 32) as u32);
        letters(text, last as u32);
        text.resize(size.max(LENGTH), FILL);
    }
}

/// The next mark in some bytes, and what follows it.
#[inline]
pub(super) fn find(mut bytes: &[u8]) -> Option<(Mark, &[u8])> {
    loop {
        let at = memchr(SIGN, bytes)?;
        bytes = &bytes[at + 1..];
        if let Some(mark) = bytes.first_chunk::<{ LENGTH - 1 }>().and_then(read) {
            return Some((mark, &bytes[LENGTH - 1..]));
        }
    }
}

#[inline]
fn read(letters: &[u8; LENGTH - 1]) -> Option<Mark> {
    let (sender, rest) = letters.split_first_chunk::<8>()?;
    let (number, rest) = rest.split_first_chunk::<8>()?;
    let (high, rest) = rest.split_first_chunk::<8>()?;
    let last = u64::from(word(high)?) << 32 | u64::from(word(rest.first_chunk()?)?);
    let (run, due) = ((last >> DUE_BITS) as u16, last & ((1 << DUE_BITS) - 1));
    Some(Mark { sender: word(sender)?, number: word(number)?, run, due })
}

fn letters(text: &mut Vec<u8>, word: u32) {
    text.extend((0..8).map(|index| b'a' + (word >> (28 - 4 * index) & 0xf) as u8));
}

/// Eight letters as the number they stand for; none when there is another sign among them.
#[inline]
fn word(letters: &[u8; 8]) -> Option<u32> {
    let fours = u64::from_be_bytes(*letters).wrapping_sub(0x6161_6161_6161_6161);
    // A sign before `a` borrows from the one before it, and leaves high bits itself; one after `p` has them too.
    if fours & 0xf0f0_f0f0_f0f0_f0f0 != 0 {
        return None;
    }
    let eights = (fours | fours >> 4) & 0x00ff_00ff_00ff_00ff;
    let sixteens = (eights | eights >> 8) & 0x0000_ffff_0000_ffff;
    Some((sixteens | sixteens >> 16) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARK: Mark = Mark { sender: 0xdead_beef, number: 7, run: 0xfedc, due: 0xabcd_1234_5678 };

    #[test]
    fn what_is_written_is_found_wherever_it_stands() {
        let mut text = Vec::new();
        MARK.write(&mut text, 128);
        assert_eq!(text.len(), 128);
        for (before, after) in [("", ""), ("{\"text\":\"", "\"}"), ("~ab~", "~"), ("~~", "\u{fffd}")] {
            let whole = [before.as_bytes(), &text, after.as_bytes(), &text].concat();
            let (first, rest) = find(&whole).expect("it is there");
            let (second, rest) = find(rest).expect("so is the second");
            assert_eq!((first, second, find(rest)), (MARK, MARK, None));
        }
        MARK.write(&mut text, 1);
        assert_eq!((text.len(), find(&text).map(|found| found.0)), (LENGTH, Some(MARK)));
    }

    #[test]
    fn no_other_sign_is_taken_for_a_letter() {
        let mut text = Vec::new();
        MARK.write(&mut text, LENGTH);
        for place in 1..LENGTH {
            for sign in (0..=255u8).filter(|sign| !(b'a'..=b'p').contains(sign)) {
                let mut spoilt = text.clone();
                spoilt[place] = sign;
                assert_eq!(find(&spoilt), None, "sign {sign} at {place}");
            }
        }
        assert_eq!(find(&text[..LENGTH - 1]), None, "cut off");
    }
}
