//! Frames of a client, found in place; frames of a server, written (RFC 6455 §5). Fragments are refused: the load
//! generators send none, and putting them together is no part of what fan-out costs.

/// The largest message taken; with its header it fits into the read buffer of the thread.
const PAYLOAD_BYTES_MAX: usize = 128 * 1024;

pub(crate) const CLOSE: u8 = 8;
pub(crate) const PING: u8 = 9;
pub(crate) const PONG: u8 = 10;

/// One step through what has come in.
pub(crate) enum Step<'a> {
    /// A whole frame, its payload unmasked in place, and how many bytes it took.
    Frame { opcode: u8, payload: &'a [u8], taken: usize },
    /// The rest has to come.
    Partial,
    /// Broken, fragmented or too large.
    Refused,
}

/// Reads the frame at the beginning of `input`.
pub(crate) fn step(input: &mut [u8]) -> Step<'_> {
    let [first, second, rest @ ..] = &*input else { return Step::Partial };
    let (first, second) = (*first, *second);
    // FIN set, no extension, and masked, as every frame of a client is.
    if first & 0xf0 != 0x80 || second & 0x80 == 0 {
        return Step::Refused;
    }
    let (length, length_bytes) = match second & 0x7f {
        126 if rest.len() < 2 => return Step::Partial,
        126 => (usize::from(u16::from_be_bytes([rest[0], rest[1]])), 2),
        127 if rest.len() < 8 => return Step::Partial,
        127 => {
            let Some(eight) = rest.first_chunk() else { return Step::Partial };
            (usize::try_from(u64::from_be_bytes(*eight)).unwrap_or(usize::MAX), 8)
        }
        short => (usize::from(short), 0),
    };
    if length > PAYLOAD_BYTES_MAX {
        return Step::Refused;
    }
    let mask_at = 2 + length_bytes;
    let taken = mask_at + 4 + length;
    if input.len() < taken {
        return Step::Partial;
    }
    let mask = [input[mask_at], input[mask_at + 1], input[mask_at + 2], input[mask_at + 3]];
    let payload = &mut input[mask_at + 4..taken];
    unmask(payload, mask);
    Step::Frame { opcode: first & 0x0f, payload, taken }
}

/// Eight bytes at a time, so that large messages cost no more than their copy.
fn unmask(payload: &mut [u8], mask: [u8; 4]) {
    let word = u32::from_ne_bytes(mask);
    let word = u64::from(word) << 32 | u64::from(word);
    let (eights, rest) = payload.as_chunks_mut::<8>();
    for eight in eights {
        *eight = (u64::from_ne_bytes(*eight) ^ word).to_ne_bytes();
    }
    for (byte, key) in rest.iter_mut().zip(mask.iter().cycle()) {
        *byte ^= key;
    }
}

/// Appends a server's frame: it is unmasked, so it is the same for everyone.
pub(crate) fn append(out: &mut Vec<u8>, opcode: u8, payload: &[u8]) {
    out.push(0x80 | opcode);
    match payload.len() {
        short @ ..126 => out.push(short as u8),
        medium @ ..0x1_0000 => {
            out.push(126);
            out.extend_from_slice(&(medium as u16).to_be_bytes());
        }
        long => {
            out.push(127);
            out.extend_from_slice(&(long as u64).to_be_bytes());
        }
    }
    out.extend_from_slice(payload);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(opcode: u8, payload: &[u8]) -> Vec<u8> {
        let mask = [7, 77, 177, 200];
        let mut plain = Vec::new();
        append(&mut plain, opcode, payload);
        plain[1] |= 0x80;
        let header = plain.len() - payload.len();
        plain.splice(header..header, mask);
        unmask(&mut plain[header + 4..], mask);
        plain
    }

    #[test]
    fn a_frame_of_each_length_is_read_as_it_was_written() {
        for length in [0, 1, 7, 8, 125, 126, 4096, 65535, 65536, PAYLOAD_BYTES_MAX] {
            let payload: Vec<u8> = (0..length).map(|at| at as u8).collect();
            let mut input = masked(1, &payload);
            let whole = input.len();
            let mut cut = input[..whole - 1].to_vec();
            assert!(matches!(step(&mut cut), Step::Partial), "{length}");
            let Step::Frame { opcode: 1, payload: read, taken } = step(&mut input) else { panic!("{length}") };
            assert_eq!((read, taken), (&payload[..], whole));
        }
    }

    #[test]
    fn what_no_client_may_send_is_refused() {
        assert!(matches!(step(&mut [0x81, 0x01, b'x']), Step::Refused), "unmasked");
        assert!(matches!(step(&mut [0x01, 0x81, 0, 0, 0, 0, b'x']), Step::Refused), "a fragment");
        assert!(matches!(step(&mut [0x81, 0xff, 0, 0, 0, 0, 1, 0, 0, 0]), Step::Refused), "16 MiB");
    }
}
