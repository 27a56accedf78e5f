//! UTF-8 in text messages (RFC 6455 §8.1, S54): each class of well-formed and of broken sequences, whole, in fragments cut at
//! every byte, and in a close's reason. The classes are those of Markus Kuhn's stress test, which Autobahn's part 6 uses too.

use crate::raw::{BINARY, TEXT, masked};
use crate::table::{Case, Step, classic, closed, echoes, ends, fragments, full, replies, says, says_binary};

/// Well-formed; with what the lobby makes of it (a control becomes U+FFFD there, OLD-4).
const GOOD: [(&str, &[u8], &str); 18] = [
    ("Greek", b"\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5", "κ\u{1F79}σμε"),
    ("the first of one byte", b"\x00", "\u{FFFD}"),
    ("the first of two bytes that is no control", b"\xC2\xA0", "\u{A0}"),
    ("the first of two bytes", b"\xC2\x80", "\u{FFFD}"),
    ("the first of three bytes", b"\xE0\xA0\x80", "\u{800}"),
    ("the first of four bytes", b"\xF0\x90\x80\x80", "\u{10000}"),
    ("the last of one byte that is no control", b"\x7E", "~"),
    ("the last of two bytes", b"\xDF\xBF", "\u{7FF}"),
    ("the last of three bytes", b"\xEF\xBF\xBF", "\u{FFFF}"),
    ("the last of four bytes", b"\xF4\x8F\xBF\xBF", "\u{10FFFF}"),
    ("before the surrogates", b"\xED\x9F\xBF", "\u{D7FF}"),
    ("behind the surrogates", b"\xEE\x80\x80", "\u{E000}"),
    ("the replacement itself", b"\xEF\xBF\xBD", "\u{FFFD}"),
    ("no character: U+FFFE", b"\xEF\xBF\xBE", "\u{FFFE}"),
    ("no character: U+1FFFF", b"\xF0\x9F\xBF\xBF", "\u{1FFFF}"),
    ("no character: U+FDD0", b"\xEF\xB7\x90", "\u{FDD0}"),
    ("a byte order mark", b"\xEF\xBB\xBFx", "\u{FEFF}x"),
    ("a flag and a family", "🏴‍☠️👩‍👩‍👧".as_bytes(), "🏴‍☠️👩‍👩‍👧"),
];

/// Broken.
const BAD: [(&str, &[u8]); 46] = [
    ("a continuation alone", b"\x80"),
    ("the last continuation alone", b"\xBF"),
    ("two continuations", b"\x80\xBF"),
    ("seven continuations", b"\x80\xBF\x80\xBF\x80\xBF\x80"),
    ("a start of two and a space", b"\xC3 "),
    ("a start of three and a space", b"\xE2 "),
    ("a start of four and a space", b"\xF1 "),
    ("a start of five", b"\xF8\x88\x80\x80\x80"),
    ("a start of six", b"\xFC\x84\x80\x80\x80\x80"),
    ("two of two, cut", b"\xC3"),
    ("three cut after one", b"\xE0"),
    ("three cut after two", b"\xE0\xA0"),
    ("three cut after two, the last", b"\xEF\xBF"),
    ("four cut after one", b"\xF0"),
    ("four cut after two", b"\xF0\x90"),
    ("four cut after three", b"\xF0\x90\x80"),
    ("four cut after three, the last", b"\xF4\x8F\xBF"),
    ("three cut, then a letter", b"\xE2\x82a"),
    ("four cut, then a letter", b"\xF0\x9F\x8Ea"),
    ("a cut one before a whole one", b"\xE2\x82\xE2\x82\xAC"),
    ("0xFE", b"\xFE"),
    ("0xFF", b"\xFF"),
    ("0xFE 0xFE 0xFF 0xFF", b"\xFE\xFE\xFF\xFF"),
    ("a slash in two bytes", b"\xC0\xAF"),
    ("a slash in three bytes", b"\xE0\x80\xAF"),
    ("a slash in four bytes", b"\xF0\x80\x80\xAF"),
    ("a slash in five bytes", b"\xF8\x80\x80\x80\xAF"),
    ("a slash in six bytes", b"\xFC\x80\x80\x80\x80\xAF"),
    ("U+007F in two bytes", b"\xC1\xBF"),
    ("U+07FF in three bytes", b"\xE0\x9F\xBF"),
    ("U+FFFF in four bytes", b"\xF0\x8F\xBF\xBF"),
    ("U+0000 in two bytes", b"\xC0\x80"),
    ("U+0000 in three bytes", b"\xE0\x80\x80"),
    ("U+0000 in four bytes", b"\xF0\x80\x80\x80"),
    ("the first high surrogate", b"\xED\xA0\x80"),
    ("the last high surrogate", b"\xED\xAF\xBF"),
    ("the first low surrogate", b"\xED\xB0\x80"),
    ("the last low surrogate", b"\xED\xBF\xBF"),
    ("a pair of surrogates", b"\xED\xA0\x80\xED\xB0\x80"),
    ("the last pair of surrogates", b"\xED\xAF\xBF\xED\xBF\xBF"),
    ("U+110000", b"\xF4\x90\x80\x80"),
    ("U+13FFFF", b"\xF4\xBF\xBF\xBF"),
    ("a start of four above all", b"\xF5\x80\x80\x80"),
    ("the highest start of four", b"\xF7\xBF\xBF\xBF"),
    ("behind good text", b"\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5\xED\xA0\x80"),
    ("between good text", b"good \xFF text"),
];

pub(crate) fn cases() -> Vec<Case> {
    [good(), bad(), elsewhere()].concat()
}

fn good() -> Vec<Case> {
    let group = "UTF-8";
    let mut cases = Vec::new();
    for (name, bytes, words) in GOOD {
        cases.push(echoes(group, name, masked(TEXT, bytes), words));
        for cut in 1..bytes.len() {
            let parts = fragments(0x01, &[&bytes[..cut], &bytes[cut..]]);
            cases.push(echoes(group, format!("{name}, in fragments cut at byte {cut}"), parts, words));
        }
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        cases.push(echoes(group, format!("{name}, in fragments of a byte"), fragments(0x01, &single), words));
    }
    cases
}

fn bad() -> Vec<Case> {
    let group = "broken UTF-8";
    let mut cases = Vec::new();
    for (name, bytes) in BAD {
        cases.push(ends(group, name, masked(TEXT, bytes), 1007));
        let behind = [b"edited".as_slice(), bytes].concat();
        cases.push(ends(group, format!("{name}, behind text"), masked(TEXT, &behind), 1007));
        for cut in 1..bytes.len() {
            let parts = fragments(0x01, &[&bytes[..cut], &bytes[cut..]]);
            cases.push(ends(group, format!("{name}, in fragments cut at byte {cut}"), parts, 1007));
        }
    }
    cases
}

/// Where it counts and where it does not.
fn elsewhere() -> Vec<Case> {
    let group = "UTF-8 elsewhere";
    let mut command = br#"{"t":"ping","ref":1,"x":"?"}"#.to_vec();
    let at = command.iter().position(|byte| *byte == b'?').expect("it is there");
    command[at] = 0xC3;
    vec![
        full(group, "broken in a command", vec![Step::Send(masked(TEXT, &command)), closed(1007)]),
        full(
            group,
            "whole in a command",
            vec![Step::Send(masked(TEXT, r#"{"t":"ping","ref":1,"x":"κόσμε"}"#.as_bytes())), replies(1)],
        ),
        full(
            group,
            "a code point cut by fragments in a command",
            vec![
                Step::Send(fragments(0x01, &[b"{\"t\":\"ping\",\"ref\":1,\"x\":\"\xE2", b"\x82", b"\xAC\"}"])),
                replies(1),
            ],
        ),
        classic(
            group,
            "broken in a binary becomes U+FFFD",
            vec![Step::Send(masked(BINARY, b"a\xFFb")), says_binary("a\u{FFFD}b")],
        ),
        classic(
            group,
            "each byte of a cut code point in a binary becomes one",
            vec![Step::Send(masked(BINARY, b"a\xE2\x82")), says_binary("a\u{FFFD}\u{FFFD}")],
        ),
        classic(
            group,
            "a text whose halves are broken and whose whole is not",
            vec![Step::Send(masked(0x01, b"\xF0\x9F")), Step::Send(masked(0x80, b"\x8E\x89")), says("🎉")],
        ),
        ends(
            group,
            "a text that ends within a code point though more follows in the next",
            [masked(TEXT, b"\xF0\x9F"), masked(TEXT, b"\x8E\x89")].concat(),
            1007,
        ),
    ]
}
