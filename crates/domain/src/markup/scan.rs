//! Whether a text may have markup at all: one look at each byte, so that a plain message costs hardly more than before. It may
//! say yes where there is none; it never says no where there is some.
//!
//! And whether a text is one whose tree would be out of bounds, but dear to read before that is seen (S60).

use parlour_protocol::limits::{TREE_DEPTH_MAX, TREE_NODES_MAX};

/// Shorter texts are never dear.
const CHEAP_BYTES_MAX: usize = 1_024;
/// Cells that a table may seem to have. A row that is short is filled up with cells that nobody wrote.
const SEEMING_CELLS_MAX: usize = 10 * TREE_NODES_MAX;

/// Bytes that markup cannot do without, wherever it stands.
const TELLING: [bool; 256] = {
    let mut telling = [false; 256];
    let bytes = b"*_~`|]<&\\\n\r:.@\0";
    let mut at = 0;
    while at < bytes.len() {
        telling[bytes[at] as usize] = true;
        at += 1;
    }
    telling
};

pub(super) fn may_have_markup(text: &str) -> bool {
    let bytes = text.as_bytes();
    begins_block(bytes) || bytes.iter().enumerate().any(|(at, byte)| TELLING[usize::from(*byte)] && tells(bytes, at))
}

/// Whether the telling byte at a place is where it would have to be.
fn tells(bytes: &[u8], at: usize) -> bool {
    let next = bytes.get(at + 1).copied();
    let before = at.checked_sub(1).and_then(|before| bytes.get(before)).copied();
    match bytes[at] {
        // Inside a word it is part of it.
        b'_' if before.is_some_and(is_word) && next.is_some_and(is_word) => false,
        // What opens wants to be closed: `~5 minutes`, `3 * 4`.
        b'_' | b'`' | b'~' => has_another(bytes, at),
        b'*' => has_another(bytes, at) || may_begin_item(&bytes[..at]),
        b'|' => next == Some(b'|'),
        b']' => next == Some(b'('),
        b'<' => next.is_some_and(|next| next.is_ascii_alphabetic() || b"/!?".contains(&next)),
        b'&' => next.is_some_and(|next| next.is_ascii_alphanumeric() || next == b'#'),
        b'\\' => next.is_some_and(|next| next.is_ascii_punctuation() || next == b'\n' || next == b'\r'),
        b'\n' | b'\r' => begins_block(&bytes[at + 1..]),
        b':' => bytes[at + 1..].starts_with(b"//"),
        b'.' => at >= 3 && bytes[at - 3..at].eq_ignore_ascii_case(b"www"),
        b'@' => next.is_some_and(|next| next.is_ascii_alphanumeric()) && before.is_some(),
        _ => true,
    }
}

/// Whether the same byte stands elsewhere.
fn has_another(bytes: &[u8], at: usize) -> bool {
    let (before, after) = (&bytes[..at], &bytes[at + 1..]);
    after.contains(&bytes[at]) || before.contains(&bytes[at])
}

/// Whether what follows may be the sign of a list's item: nothing is before it in its line but other signs that begin blocks.
fn may_begin_item(before: &[u8]) -> bool {
    let line = before.rsplit(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    line.iter().all(|byte| b"> \t-+.)0123456789".contains(byte))
}

/// What is above ASCII may be a letter or not.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

/// Whether a line may begin something else than a paragraph: a heading, a quote, a list, a line across, a table's second row,
/// indented code.
fn begins_block(line: &[u8]) -> bool {
    let indent = line.iter().take_while(|byte| **byte == b' ').count();
    let rest = &line[indent..];
    match rest.first() {
        Some(b'#' | b'>' | b'-' | b'+' | b'=' | b':' | b'|' | b'\t') => true,
        Some(b'0'..=b'9') => {
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            matches!(rest.get(digits), Some(b'.' | b')'))
        }
        Some(_) => indent >= 4,
        None => false,
    }
}

/// Whether reading this would be dear and the tree out of bounds.
pub(super) fn is_excessive(text: &str) -> bool {
    text.len() > CHEAP_BYTES_MAX
        && (text.matches("](").count() > TREE_NODES_MAX / 2
            || seeming_cells(text) > SEEMING_CELLS_MAX
            || text.lines().any(|line| seeming_depth(line.as_bytes()) > TREE_DEPTH_MAX))
}

/// How many quotes and items a line may begin.
fn seeming_depth(line: &[u8]) -> usize {
    let before = line.iter().take_while(|byte| b"> \t-+*.)0123456789".contains(byte)).count();
    let begins = |(at, byte): (usize, &u8)| match byte {
        b'>' => true,
        b'-' | b'+' | b'*' | b'.' | b')' => matches!(line.get(at + 1), Some(b' ' | b'\t')),
        _ => false,
    };
    line[..before].iter().enumerate().filter(|marker| begins(*marker)).count()
}

/// The most cells that tables can have here: lines that may be a table's second row, times the lines below each up to one that is
/// empty.
fn seeming_cells(text: &str) -> usize {
    let (mut columns, mut cells) = (0, 0);
    for line in text.lines() {
        if line.bytes().all(|byte| b" \t>".contains(&byte)) {
            columns = 0;
        } else if line.contains('|') && line.bytes().all(|byte| b"|-: \t>+*.)0123456789".contains(&byte)) {
            columns = columns.max(line.matches('|').count() + 1);
        }
        cells += columns;
    }
    cells
}
