//! One frame (RFC 6455 §5.2): opcodes, reserved bits, masks, lengths in each form, limits, and how the stream is cut.

use crate::raw::{BINARY, CLOSE, PING, PONG, TEXT, masked};
use crate::table::{
    Case, Step, classic, closed, command_of, echoes, ends, fragments, full, pong, replies, says, says_binary, text,
};

/// A frame whose length is said in the form of 7, 16 or 64 bits, whether that is the shortest or not.
fn frame_in_form(first: u8, bits: u8, length: u64, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match bits {
        16 => {
            frame.push(0x80 | 126);
            frame.extend_from_slice(&u16::try_from(length).unwrap().to_be_bytes());
        }
        64 => {
            frame.push(0x80 | 127);
            frame.extend_from_slice(&length.to_be_bytes());
        }
        _ => frame.push(0x80 | u8::try_from(length).unwrap()),
    }
    frame.extend_from_slice(&[0; 4]);
    frame.extend_from_slice(payload);
    frame
}

fn frame_with_mask(first: u8, mask: [u8; 4], payload: &[u8]) -> Vec<u8> {
    let head = [first, 0x80 | u8::try_from(payload.len()).unwrap()];
    let hidden = payload.iter().zip(mask.iter().cycle()).map(|(byte, key)| byte ^ key).collect();
    [head.to_vec(), mask.to_vec(), hidden].concat()
}

pub(crate) fn cases() -> Vec<Case> {
    [opcodes(), reserved_bits(), masks(), lengths(), limits(), cuts()].concat()
}

fn opcodes() -> Vec<Case> {
    let group = "opcodes";
    let mut cases = vec![
        echoes(group, "text", masked(TEXT, b"words"), "words"),
        classic(group, "binary", vec![Step::Send(masked(BINARY, b"bytes")), says_binary("bytes")]),
        full(group, "binary where text is spoken", vec![Step::Send(masked(BINARY, b"{}")), closed(1003)]),
        full(
            group,
            "a fragmented binary where text is spoken",
            vec![Step::Send(fragments(0x02, &[b"{", b"}"])), closed(1003)],
        ),
    ];
    for opcode in (0x3..=0x7).chain(0xB..=0xF) {
        cases.push(ends(group, format!("{opcode:#x}, empty"), masked(0x80 | opcode, b""), 1002));
        cases.push(ends(group, format!("{opcode:#x} with words"), masked(0x80 | opcode, b"words"), 1002));
        cases.push(ends(group, format!("{opcode:#x} as a fragment"), masked(opcode, b"words"), 1002));
        let behind = [masked(0x80 | opcode, b""), masked(PING, b"late")].concat();
        cases.push(classic(
            group,
            format!("{opcode:#x} between a text and a ping"),
            vec![text("before"), says("before"), Step::Send(behind), closed(1002)],
        ));
    }
    cases
}

fn reserved_bits() -> Vec<Case> {
    let group = "reserved bits";
    let mut cases = Vec::new();
    for bits in 1..=7u8 {
        for (name, first) in [("text", TEXT), ("binary", BINARY), ("ping", PING), ("pong", PONG), ("close", CLOSE)] {
            cases.push(ends(group, format!("{bits:03b} in a {name}"), masked(first | bits << 4, b""), 1002));
        }
        let begun = [masked(0x01, b"begun"), masked(0x80 | bits << 4, b"")].concat();
        cases.push(ends(group, format!("{bits:03b} in a continuation"), begun, 1002));
    }
    cases
}

fn masks() -> Vec<Case> {
    let group = "masks";
    let mut cases = vec![
        ends(group, "an unmasked text", vec![TEXT, 2, b'h', b'i'], 1002),
        ends(group, "an unmasked empty text", vec![TEXT, 0], 1002),
        ends(group, "an unmasked binary", vec![BINARY, 1, 0], 1002),
        ends(group, "an unmasked ping", vec![PING, 0], 1002),
        ends(group, "an unmasked pong", vec![PONG, 0], 1002),
        ends(group, "an unmasked close", vec![CLOSE, 2, 0x03, 0xE8], 1002),
        ends(group, "an unmasked continuation", [masked(0x01, b"begun"), vec![0x80, 0]].concat(), 1002),
        ends(group, "an unmasked length of 64 bits", vec![TEXT, 127, 0, 0, 0, 0, 0, 1, 0, 0], 1002),
    ];
    for (name, mask) in [
        ("of zeros", [0; 4]),
        ("of ones", [0xFF; 4]),
        ("of four bytes", [1, 2, 3, 4]),
        ("that makes zeros of it", *b"aaaa"),
        ("that looks like a frame", [0x81, 0x80, 0x88, 0x80]),
    ] {
        for words in ["a", "aaaa", "aaaaaaa", "aaaaaaaaaaaaaaaaa"] {
            let name = format!("a mask {name} over {} bytes", words.len());
            cases.push(echoes(group, name, frame_with_mask(TEXT, mask, words.as_bytes()), words));
        }
    }
    cases
}

fn lengths() -> Vec<Case> {
    let group = "lengths";
    let mut cases = Vec::new();
    for length in [0, 1, 2, 124, 125, 126, 127, 128, 255, 256, 4_095, 4_096, 16_383, 16_384] {
        let words = "x".repeat(length);
        cases.push(echoes(group, format!("{length} bytes"), masked(TEXT, words.as_bytes()), &words));
    }
    for length in [125, 126, 32_767, 32_768, 65_534, 65_535, 65_536] {
        let steps = vec![Step::Send(masked(TEXT, &command_of(length, 1))), replies(1)];
        cases.push(full(group, format!("a command of {length} bytes"), steps));
    }
    for (bits, length) in [(16, 0), (16, 1), (16, 125), (64, 0), (64, 1), (64, 125), (64, 126), (64, 65_535)] {
        let payload = vec![b'x'; usize::try_from(length).unwrap()];
        let frame = frame_in_form(TEXT, bits, length, &payload);
        cases.push(ends(group, format!("{length} bytes said in {bits} bits"), frame, 1002));
    }
    for (name, length) in [("the top bit", 1 << 63), ("all bits", u64::MAX), ("the top bit and a few", (1 << 63) | 5)] {
        cases.push(ends(group, format!("a length with {name} set"), frame_in_form(TEXT, 64, length, b""), 1002));
    }
    for (name, first) in [("ping", PING), ("pong", PONG), ("close", CLOSE)] {
        for (bits, length) in [(16, 5), (16, 126), (64, 5), (64, 65_536)] {
            let frame = frame_in_form(first, bits, length, b"\x03\xE8xyz");
            cases.push(ends(group, format!("a {name} of {length} bytes said in {bits} bits"), frame, 1002));
        }
    }
    cases
}

fn limits() -> Vec<Case> {
    let group = "limits";
    let mut cases = vec![
        ends(group, "a text of 16 KiB and a byte", masked(TEXT, &[b'x'; 16_385]), 1009),
        ends(group, "a binary of 16 KiB and a byte", masked(BINARY, &[b'x'; 16_385]), 1009),
        ends(group, "fragments of 16 KiB and a byte", fragments(0x01, &[&[b'x'; 16_384], b"x"]), 1009),
        echoes(group, "fragments of 16 KiB", fragments(0x01, &[&[b'x'; 16_000], &[b'x'; 384]]), &"x".repeat(16_384)),
        full(
            group,
            "a command of 64 KiB and a byte",
            vec![Step::Send(masked(TEXT, &command_of(65_537, 1))), closed(1009)],
        ),
    ];
    let whole = command_of(65_536, 1);
    let halves: Vec<&[u8]> = whole.chunks(32_768).collect();
    cases.push(full(group, "fragments of 64 KiB", vec![Step::Send(fragments(0x01, &halves)), replies(1)]));
    let over = command_of(65_537, 1);
    let halves: Vec<&[u8]> = over.chunks(32_769).collect();
    cases.push(full(group, "fragments of 64 KiB and a byte", vec![Step::Send(fragments(0x01, &halves)), closed(1009)]));
    for length in [65_537, 65_600, 1 << 20, 1 << 31, 1 << 32, (1 << 32) + 5, (1 << 63) - 1] {
        // Not a byte of it is sent: the length is enough.
        cases.push(ends(group, format!("a text that says {length} bytes"), frame_in_form(TEXT, 64, length, b""), 1009));
    }
    let thousand: Vec<&[u8]> = vec![b"x"; 1_024];
    cases.push(echoes(group, "1,024 fragments", fragments(0x01, &thousand), &"x".repeat(1_024)));
    let more: Vec<&[u8]> = vec![b"x"; 1_025];
    cases.push(ends(group, "1,025 fragments", fragments(0x01, &more), 1008));
    let empty: Vec<&[u8]> = vec![b""; 1_025];
    cases.push(ends(group, "1,025 empty fragments", fragments(0x01, &empty), 1008));
    cases
}

fn cuts() -> Vec<Case> {
    let group = "cuts";
    let long = "x".repeat(130);
    let talk = [
        (masked(TEXT, "first €".as_bytes()), says("first €")),
        (masked(PING, b"second"), pong(b"second")),
        (fragments(0x01, &[b"th", b"", b"ird"]), says("third")),
        (masked(TEXT, long.as_bytes()), says(&long)),
    ];
    let bytewise = talk.into_iter().flat_map(|(frames, heard)| {
        let pieces = frames.chunks(1).map(<[u8]>::to_vec).collect();
        [Step::SendCut(pieces), heard]
    });
    let mut cases = vec![classic(group, "a talk byte by byte", bytewise.collect())];
    for length in [5usize, 125, 126, 300] {
        let words = "y".repeat(length);
        let frame = masked(TEXT, words.as_bytes());
        // At every byte of the header and a few of the payload.
        for cut in (1..frame.len().min(16)).chain((frame.len() > 20).then_some(frame.len() - 1)) {
            let pieces = vec![frame[..cut].to_vec(), frame[cut..].to_vec()];
            let name = format!("a frame of {length} bytes cut at byte {cut}");
            cases.push(classic(group, name, vec![Step::SendCut(pieces), says(&words)]));
        }
    }
    let many: Vec<u8> = (0..100).flat_map(|number| masked(TEXT, format!("{number}").as_bytes())).collect();
    let mut steps = vec![Step::Send(many)];
    steps.extend((0..100).map(|number| says(&number.to_string())));
    cases.push(classic(group, "a hundred texts in one segment", steps));
    let pings: Vec<u8> = (0..50u8).flat_map(|number| masked(PING, &[number])).collect();
    let mut steps = vec![Step::Send(pings)];
    steps.extend((0..50u8).map(|number| pong(&[number])));
    cases.push(classic(group, "fifty pings in one segment", steps));
    let commands: Vec<u8> = (1..=50).flat_map(|number| masked(TEXT, &command_of(40, number))).collect();
    let mut steps = vec![Step::Send(commands)];
    steps.extend((1..=50).map(replies));
    cases.push(full(group, "fifty commands in one segment", steps));
    let straddling: Vec<u8> = (0..40).flat_map(|_| masked(TEXT, &[b'z'; 9_000])).collect();
    let mut steps = vec![Step::Send(straddling)];
    steps.extend((0..40).map(|_| says(&"z".repeat(9_000))));
    cases.push(classic(group, "forty frames over the edges of the read buffer", steps));
    cases
}
