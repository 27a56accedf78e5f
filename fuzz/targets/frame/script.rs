//! A stream out of the fuzzer's bytes: now and then raw, mostly frames that are nearly right, so that what lies behind the
//! first header is reached, and repeated, so that the bounds are.

/// Streams are cut here: enough for three messages of the largest size.
const STREAM_BYTES_MAX: usize = 200_000;
const REPEATS: usize = 8;

/// The fuzzer's bytes, one after the other; zeros when they are used up.
struct Dice<'a>(&'a [u8]);

impl Dice<'_> {
    fn byte(&mut self) -> u8 {
        let (first, rest) = self.0.split_first().unwrap_or((&0, &[]));
        self.0 = rest;
        *first
    }

    fn bytes(&mut self, most: usize) -> &[u8] {
        let (taken, rest) = self.0.split_at(most.min(self.0.len()));
        self.0 = rest;
        taken
    }
}

/// The stream that some bytes describe.
pub(crate) fn stream(data: &[u8]) -> Vec<u8> {
    let mut dice = Dice(data);
    let mut stream = Vec::new();
    while !dice.0.is_empty() && stream.len() < STREAM_BYTES_MAX {
        let kind = dice.byte();
        if kind & 0b11 == 0 {
            stream.extend_from_slice(dice.bytes(usize::from(kind >> 2)));
            continue;
        }
        let times = if kind & 0b11 == 1 { usize::from(dice.byte()) * REPEATS } else { 1 };
        let frame = frame(kind >> 2, &mut dice);
        for _ in 0..times.min(STREAM_BYTES_MAX / frame.len()) {
            stream.extend_from_slice(&frame);
        }
    }
    stream.truncate(STREAM_BYTES_MAX);
    stream
}

/// One frame: of the six bits three say how long it is, and of the others one in four that its length is said in too many
/// bytes.
fn frame(bits: u8, dice: &mut Dice<'_>) -> Vec<u8> {
    let first = dice.byte();
    let length = match bits & 0b111 {
        0..=3 => usize::from(dice.byte() % 126),
        4 => 120 + usize::from(dice.byte() % 12),
        5 | 6 => usize::from(dice.byte()) << 8 | usize::from(dice.byte()),
        _ => 65_536 - 4 + usize::from(dice.byte() % 8),
    };
    let mask = [dice.byte(), dice.byte(), dice.byte(), dice.byte()];
    let mut frame = vec![first];
    let wasteful = bits >> 3 & 0b11 == 0b11;
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short), _) if short < 126 && !wasteful => frame.push(0x80 | short),
        (_, Ok(medium)) if medium < 130 || !wasteful => {
            frame.push(0x80 | 126);
            frame.extend(medium.to_be_bytes());
        }
        _ => {
            frame.push(0x80 | 127);
            frame.extend((length as u64).to_be_bytes());
        }
    }
    frame.extend(mask);
    let mut said = dice.bytes(length.min(24)).to_vec();
    if let (8, [high, low, ..]) = (first & 0b1111, &mut said[..]) {
        // A code of a close, around the ones that RFC 6455 knows.
        [*high, *low] = (995 + u16::from(*low) % 32).to_be_bytes();
    }
    // Text most of the time: what is said is repeated until it is long enough, and ASCII where nothing is said.
    let payload = said.iter().cycle().copied().chain(std::iter::repeat(b'a')).take(length);
    frame.extend(payload.enumerate().map(|(place, byte)| byte ^ mask[place % 4]));
    frame
}
