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
    /// It holds a link.
    Link,
    /// It holds code.
    Code,
    /// It carries a file.
    File,
    /// It carries a picture.
    Image,
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
    for (holds, run) in
        [(marks.link, Run::Link), (marks.code, Run::Code), (marks.file, Run::File), (marks.image, Run::Image)]
    {
        if holds {
            write(&mut text, room, run);
        }
    }
    text
}

/// Appends one token.
pub(super) fn write(text: &mut String, room: u64, run: Run<'_>) {
    let kind = match run {
        Run::Gram(_) => 'g',
        Run::By(_) => 'b',
        Run::Link => 'l',
        Run::Code => 'c',
        Run::File => 'f',
        Run::Image => 'i',
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
        Run::Link | Run::Code | Run::File | Run::Image | Run::Any => {}
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

/// Which marks, as the index keeps them.
pub(super) fn bits(marks: Marks) -> i64 {
    i64::from(marks.link) | i64::from(marks.code) << 1 | i64::from(marks.file) << 2 | i64::from(marks.image) << 3
}

/// And back.
pub(super) fn marks(bits: i64) -> Marks {
    Marks { link: bits & 1 != 0, code: bits & 2 != 0, file: bits & 4 != 0, image: bits & 8 != 0 }
}
