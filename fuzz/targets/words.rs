//! Names, topics and texts: what was taken once is taken again and stays as it is, is within its limits, and holds no control.
#![no_main]

use libfuzzer_sys::fuzz_target;
use parlour_domain::name::{PersonName, RoomName, Topic};
use parlour_domain::text::{Draft, is_forbidden};
use parlour_protocol::limits;

/// Characters that have their ways: joiners, marks, directions, blanks, dashes, letters that change when they are folded, put
/// together or made small.
const ODD: [char; 64] = [
    '\u{A0}',
    '\u{AD}',
    '\u{85}',
    '\u{9F}',
    '\u{130}',
    '\u{131}',
    '\u{DF}',
    '\u{1E9E}',
    '\u{149}',
    '\u{3A3}',
    '\u{3C2}',
    '\u{345}',
    '\u{300}',
    '\u{301}',
    '\u{307}',
    '\u{327}',
    '\u{328}',
    '\u{34F}',
    '\u{61C}',
    '\u{5B0}',
    '\u{64B}',
    '\u{E33}',
    '\u{1100}',
    '\u{1161}',
    '\u{11A8}',
    '\u{AC00}',
    '\u{1160}',
    '\u{17B4}',
    '\u{180E}',
    '\u{2000}',
    '\u{200B}',
    '\u{200D}',
    '\u{200E}',
    '\u{2010}',
    '\u{2014}',
    '\u{2024}',
    '\u{2025}',
    '\u{2028}',
    '\u{202E}',
    '\u{203F}',
    '\u{2060}',
    '\u{2126}',
    '\u{212A}',
    '\u{212B}',
    '\u{24B6}',
    '\u{2800}',
    '\u{2ADC}',
    '\u{3000}',
    '\u{30FC}',
    '\u{3164}',
    '\u{E000}',
    '\u{F900}',
    '\u{FB03}',
    '\u{FDFA}',
    '\u{FE0F}',
    '\u{FEFF}',
    '\u{FF21}',
    '\u{FFFD}',
    '\u{FFFF}',
    '\u{16FE4}',
    '\u{1D15E}',
    '\u{1F1E6}',
    '\u{1F469}',
    '\u{E0041}',
];

fuzz_target!(|data: &[u8]| {
    if let Ok(draft) = Draft::classic_binary(data) {
        check_classic(&draft);
    }
    match data.split_first() {
        Some((0xFF, picks)) => check_words(&picked(picks)),
        // What is long is long by repetition.
        Some((0xFE, [times, picks @ ..])) if picks.len() < 128 => {
            check_words(&picked(picks).repeat(usize::from(*times) * 8))
        }
        _ => std::str::from_utf8(data).map(check_words).unwrap_or_default(),
    }
});

/// Words out of bytes: ASCII as it is, a few dozen odd characters, and any character at all by three bytes.
fn picked(mut bytes: &[u8]) -> String {
    let mut words = String::new();
    while let Some((first, rest)) = bytes.split_first() {
        bytes = rest;
        match (first, rest) {
            (0..0x80, _) => words.push(char::from(*first)),
            (0x80..0xC0, _) => words.push(ODD[usize::from(first - 0x80)]),
            (_, [high, low, rest @ ..]) => {
                let number = u32::from(first & 0x1F) << 16 | u32::from(*high) << 8 | u32::from(*low);
                words.extend(char::from_u32(number));
                bytes = rest;
            }
            _ => {}
        }
    }
    words
}

fn check_words(words: &str) {
    if let Ok(draft) = Draft::classic_text(words) {
        check_classic(&draft);
    }
    if let Ok(draft) = Draft::parse(words) {
        check(draft.as_str(), limits::BODY_BYTES_MAX);
        assert_eq!(Draft::parse(draft.as_str()).as_ref(), Ok(&draft));
    }
    if let Ok(topic) = Topic::parse(words) {
        check(topic.as_str(), limits::TOPIC_BYTES_MAX);
        assert_eq!(Topic::parse(topic.as_str()).as_ref(), Ok(&topic));
        assert!(!topic.as_str().contains('\n'), "{topic:?} is more than one line");
    }
    if let Ok(name) = PersonName::parse(words) {
        check(name.as_str(), limits::NAME_BYTES_MAX);
        check_person(&name);
        // Whoever is offered a name can have it.
        name.alternatives().take(4).for_each(|offered| check_person(&offered));
    }
    if let Ok(name) = RoomName::parse(words) {
        check(name.as_str(), limits::NAME_BYTES_MAX);
        assert_eq!(RoomName::parse(name.as_str()).as_ref(), Ok(&name));
        assert!(!name.skeleton().is_empty(), "{name:?} has no skeleton: it collides with every such name");
    }
}

fn check_person(name: &PersonName) {
    assert_eq!(PersonName::parse(name.as_str()).as_ref(), Ok(name));
    assert!(!name.skeleton().is_empty(), "{name:?} has no skeleton: it collides with every such name");
}

/// A replacement takes three bytes in place of one.
fn check_classic(draft: &Draft) {
    check(draft.as_str(), limits::BODY_BYTES_MAX * 3);
    if draft.as_str().len() <= limits::BODY_BYTES_MAX {
        assert_eq!(Draft::classic_text(draft.as_str()).as_ref(), Ok(draft));
        assert_eq!(Draft::classic_binary(draft.as_str().as_bytes()).as_ref(), Ok(draft));
    }
}

fn check(words: &str, most: usize) {
    assert!(words.len() <= most && !words.chars().any(is_forbidden), "{words:?}");
}
