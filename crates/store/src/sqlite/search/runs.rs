//! What the index keeps of a message, and what it is asked for: tokens, each with the room it is in.
//!
//! A token begins with its room, so that a search touches nothing of any other room: what is said where one may not read changes
//! neither what is found nor how long it takes (S35).

use parlour_domain::search::{Marks, grams_of};

/// Ends the number of a room in a token; a character that is nobody's.
const END: char = '\u{E000}';
/// Signs of ASCII are written this much further up, or the tokenizer would take them for spaces.
const SIGNS: u32 = 0xE100;

/// One thing to be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Run<'a> {
    /// Characters of a folded text.
    Gram(&'a str),
    /// Who said it.
    By(u64),
    /// It has this mark: one of [`bits`].
    Mark(i64),
    /// Anything that was said.
    Any,
}

/// Every token of a message, as a text for the tokenizer.
pub(super) fn all(room: u64, actor: u64, marks: Marks, folded: &str) -> String {
    let mut text = String::with_capacity(folded.len() * 8);
    for gram in grams_of(folded) {
        write(&mut text, room, Run::Gram(gram));
    }
    write(&mut text, room, Run::By(actor));
    write(&mut text, room, Run::Any);
    for bit in each(bits(marks)) {
        write(&mut text, room, Run::Mark(bit));
    }
    text
}

/// Appends one token.
pub(super) fn write(text: &mut String, room: u64, run: Run<'_>) {
    let kind = match run {
        Run::Gram(_) => 'g',
        Run::By(_) => 'b',
        Run::Mark(_) => 'm',
        Run::Any => 'a',
    };
    if !text.is_empty() && !text.ends_with('"') {
        text.push(' ');
    }
    text.push(kind);
    number(text, room);
    text.push(END);
    match run {
        Run::Gram(gram) => text.extend(gram.chars().map(written)),
        Run::By(actor) => number(text, actor),
        Run::Mark(bit) => number(text, bit.unsigned_abs()),
        Run::Any => {}
    }
}

fn written(c: char) -> char {
    if c.is_ascii() && !c.is_ascii_alphanumeric() { char::from_u32(SIGNS + u32::from(c)).unwrap_or(c) } else { c }
}

fn number(text: &mut String, number: u64) {
    use std::fmt::Write as _;
    // Writing into a String cannot fail.
    let _ = write!(text, "{number:x}");
}

/// A link.
pub(super) const LINK: i64 = 1;
/// Code.
pub(super) const CODE: i64 = 2;
/// An answer.
pub(super) const REPLY: i64 = 4;
/// Of a thread.
pub(super) const THREAD: i64 = 8;
/// Edited.
pub(super) const EDITED: i64 = 16;
/// With a file.
pub(super) const FILE: i64 = 32;
/// With a picture.
pub(super) const IMAGE: i64 = 64;

/// Which marks, as the index keeps them.
pub(super) fn bits(marks: Marks) -> i64 {
    let Marks { link, code, reply, thread, edited, file, image } = marks;
    let all =
        [(link, LINK), (code, CODE), (reply, REPLY), (thread, THREAD), (edited, EDITED), (file, FILE), (image, IMAGE)];
    all.into_iter().filter(|(has, _)| *has).map(|(_, bit)| bit).sum()
}

/// And back.
pub(super) fn marks(bits: i64) -> Marks {
    let has = |bit: i64| bits & bit != 0;
    Marks {
        link: has(LINK),
        code: has(CODE),
        reply: has(REPLY),
        thread: has(THREAD),
        edited: has(EDITED),
        file: has(FILE),
        image: has(IMAGE),
    }
}

/// One by one.
pub(super) fn each(bits: i64) -> impl Iterator<Item = i64> {
    [LINK, CODE, REPLY, THREAD, EDITED, FILE, IMAGE].into_iter().filter(move |bit| bits & bit != 0)
}
