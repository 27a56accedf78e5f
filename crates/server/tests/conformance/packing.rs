//! Packed messages (RFC 7692), where they were agreed to: read whole, bounded unpacked, and refused by the letter (CON-11, S13).

use crate::packed::{PACKED, packed, stored};
use crate::raw::{BINARY, CLOSE, PING, PONG, TEXT, masked};
use crate::table::{Case, Start, Step, closed, command_of, fragments, ping, pong, replies};

/// Text, packed, and not the last frame of its message.
const BEGINS: u8 = 0x01 | PACKED;

fn agreed(name: impl Into<String>, steps: Vec<Step>) -> Case {
    Case { group: "packed", name: name.into(), start: Start::Agreed, steps }
}

/// Something is sent that ends in a close.
fn ends(name: impl Into<String>, bytes: Vec<u8>, code: u16) -> Case {
    agreed(name, vec![Step::Send(bytes), closed(code)])
}

/// This packed message is taken for the command `ping` with the number 7.
fn reads(name: impl Into<String>, message: &[u8]) -> Case {
    agreed(name, vec![Step::Send(masked(TEXT | PACKED, message)), replies(7)])
}

pub(crate) fn cases() -> Vec<Case> {
    [read(), cut(), bounded(), refused(), reserved()].concat()
}

fn read() -> Vec<Case> {
    let command = command_of(60, 7);
    let (first, second) = command.split_at(20);
    let blocks = [&stored(first, 20)[..], &[0, 0, 0xFF, 0xFF], &packed(second)].concat();
    let last_first = [&packed(first)[..], &[0, 0, 0xFF, 0xFF], &stored(second, 9)].concat();
    let mut cases = vec![
        reads("by a compressor", &packed(&command)),
        reads("stored", &stored(&command, 60)),
        reads("stored byte by byte", &stored(&command, 1)),
        reads("stored, then by a compressor", &blocks),
        reads("a last block with more behind it", &last_first),
        agreed("a message that is not", vec![Step::Send(masked(TEXT, &command)), replies(7)]),
        agreed(
            "by turns",
            vec![
                Step::Send(masked(TEXT, &command_of(40, 1))),
                Step::Send(masked(TEXT | PACKED, &packed(&command_of(40, 2)))),
                Step::Send(masked(TEXT, &command_of(40, 3))),
                Step::Send(masked(TEXT | PACKED, &stored(&command_of(40, 4), 40))),
                replies(1),
                replies(2),
                replies(3),
                replies(4),
            ],
        ),
    ];
    for size in [200, 1_000, 32_768, 40_000, 65_535, 65_536] {
        cases.push(reads(format!("{size} bytes by a compressor"), &packed(&command_of(size, 7))));
        if size < 60_000 {
            cases.push(reads(format!("{size} bytes stored"), &stored(&command_of(size, 7), 10_000)));
        }
    }
    cases
}

fn cut() -> Vec<Case> {
    let message = packed(&command_of(60, 7));
    let mut cases = Vec::new();
    for size in [1, 2, 3, 7, 20] {
        let parts: Vec<&[u8]> = message.chunks(size).collect();
        let name = format!("in fragments of {size} bytes");
        cases.push(agreed(name, vec![Step::Send(fragments(BEGINS, &parts)), replies(7)]));
    }
    let (first, rest) = message.split_at(11);
    cases.push(agreed(
        "with empty fragments",
        vec![Step::Send(fragments(BEGINS, &[b"", first, b"", rest, b""])), replies(7)],
    ));
    cases.push(agreed(
        "with a ping between",
        vec![
            Step::Send(masked(BEGINS, first)),
            ping(b"between"),
            pong(b"between"),
            Step::Send(masked(0x80, rest)),
            replies(7),
        ],
    ));
    let bytes = masked(TEXT | PACKED, &message).chunks(1).map(<[u8]>::to_vec).collect();
    cases.push(agreed("byte by byte", vec![Step::SendCut(bytes), replies(7)]));
    let many: Vec<u8> = (1..=50).flat_map(|number| masked(TEXT | PACKED, &packed(&command_of(40, number)))).collect();
    let mut steps = vec![Step::Send(many)];
    steps.extend((1..=50).map(replies));
    cases.push(agreed("fifty in one segment", steps));
    cases
}

fn bounded() -> Vec<Case> {
    let bomb = packed(&vec![b' '; 60_000_000]);
    let halves: Vec<&[u8]> = bomb.chunks(32_000).collect();
    let noise: Vec<u8> = (0..65_600u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let wide = stored(&noise, 60_000);
    let thirds: Vec<&[u8]> = wide.chunks(30_000).collect();
    vec![
        ends("64 KiB and a byte", masked(TEXT | PACKED, &packed(&command_of(65_537, 1))), 1009),
        ends("64 KiB and a byte of a binary", masked(BINARY | PACKED, &packed(&[0; 65_537])), 1009),
        ends("a bomb of 60 MB", masked(TEXT | PACKED, &bomb), 1009),
        ends("a bomb in fragments", fragments(BEGINS, &halves), 1009),
        ends("more than 64 KiB packed", masked(TEXT | PACKED, &wide), 1009),
        ends("more than 64 KiB packed in fragments", fragments(BEGINS, &thirds), 1009),
        reads("128 blocks", &stored(&command_of(127, 7), 1)),
        ends("129 blocks", masked(TEXT | PACKED, &stored(&command_of(128, 7), 1)), 1008),
        ends(
            "64 KiB of blocks that say nothing",
            masked(TEXT | PACKED, &[0x00, 0x00, 0x00, 0xFF, 0xFF].repeat(13_000)),
            1008,
        ),
        ends("1,025 fragments", fragments(BEGINS, &vec![&b""[..]; 1_025]), 1008),
    ]
}

fn refused() -> Vec<Case> {
    let message = packed(&command_of(60, 7));
    let stored_wrong = [&[0x00, 0x05, 0x00, 0x00, 0x00][..], b"hello", &[0x00]].concat();
    let mut cases = vec![
        ends("nothing at all", masked(TEXT | PACKED, b""), 1007),
        ends("what is not packed", masked(TEXT | PACKED, &command_of(60, 7)), 1007),
        ends("a block of no kind", masked(TEXT | PACKED, &[0x07, 0x00]), 1007),
        ends("a stored block whose lengths disagree", masked(TEXT | PACKED, &stored_wrong), 1007),
        ends("a stored block that is cut", masked(TEXT | PACKED, &[0x00, 0x50, 0x00, 0xAF, 0xFF, b'h', b'i']), 1007),
        // RFC 7692 §7.2.3.2: the second "Hello" of a sender that takes its window over.
        ends("a word of the message before", masked(TEXT | PACKED, &[0xF2, 0x00, 0x11, 0x00, 0x00]), 1007),
        ends("text that is not UTF-8", masked(TEXT | PACKED, &packed(b"\"\xFF\"")), 1007),
        ends("a binary where text is spoken", masked(BINARY | PACKED, &packed(b"{}")), 1003),
    ];
    for length in [1, message.len() / 2, message.len() - 2] {
        let name = format!("the first {length} of {} bytes", message.len());
        cases.push(ends(name, masked(TEXT | PACKED, &message[..length]), 1007));
    }
    cases
}

fn reserved() -> Vec<Case> {
    let command = packed(&command_of(60, 7));
    let mut cases = Vec::new();
    for (name, first) in [("ping", PING), ("pong", PONG), ("close", CLOSE)] {
        cases.push(ends(format!("a {name}"), masked(first | PACKED, b""), 1002));
    }
    for bits in [0x10, 0x20, 0x30] {
        for packed in [0, PACKED] {
            let name = format!("the reserved bits {:03b}", (bits | packed) >> 4);
            cases.push(ends(name, masked(TEXT | bits | packed, &command), 1002));
        }
    }
    let (first, rest) = command.split_at(9);
    for (name, begins) in [("packed", BEGINS), ("plain", 0x01)] {
        let continued = [masked(begins, first), masked(0x80 | PACKED, rest)].concat();
        cases.push(ends(format!("a continuation of a {name} message that says it again"), continued, 1002));
    }
    let twice = [masked(BEGINS, first), masked(TEXT | PACKED, &command)].concat();
    cases.push(ends("a message within a message", twice, 1002));
    cases
}
