//! What in a message may name somebody: candidates, to be looked up by who knows the names (MEN-1).

use parlour_protocol::limits;
use parlour_protocol::markup::{Block, Inline, Tree};

use crate::name::skeleton;

/// Candidates of one message that are looked at; what is behind them is text.
pub const CANDIDATES_MAX: usize = 2 * limits::MENTIONS_MAX;

/// Words of one name at most.
const WORDS_MAX: usize = 4;

/// By what sign something is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// `@`: people.
    At,
    /// `#`: rooms.
    Hash,
}

/// A place that may name something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Its sign.
    pub sign: Sign,
    /// What may be meant, with the sign and as it was written, each with what the name is told apart by; the longest first.
    pub readings: Vec<(String, String)>,
}

/// The places of a message that may name something, in order. Code names nobody, and neither do the words of a link.
#[must_use]
pub fn candidates(text: &str, tree: Option<&Tree>) -> Vec<Candidate> {
    let mut found = Vec::new();
    // Nearly every message has neither sign, and this is all it costs.
    if !(text.as_bytes().contains(&b'@') || text.as_bytes().contains(&b'#')) {
        return found;
    }
    match tree {
        Some(tree) => in_blocks(&tree.0, &mut found),
        None => in_words(text, &mut found),
    }
    found
}

fn in_blocks(blocks: &[Block], found: &mut Vec<Candidate>) {
    for block in blocks {
        match block {
            Block::Paragraph(of) | Block::Heading { of, .. } => in_line(of, found),
            // Who is quoted by hand was named by somebody else.
            Block::Quote(_) | Block::Code { .. } | Block::Rule => {}
            Block::List { items, .. } => items.iter().for_each(|item| in_blocks(&item.of, found)),
            Block::Table { head, rows, .. } => {
                head.iter().chain(rows.iter().flatten()).for_each(|cell| in_line(cell, found));
            }
        }
    }
}

fn in_line(pieces: &[Inline], found: &mut Vec<Candidate>) {
    for piece in pieces {
        match piece {
            Inline::Text(words) => in_words(words, found),
            Inline::Emphasis(of) | Inline::Strong(of) | Inline::Strike(of) | Inline::Spoiler(of) => in_line(of, found),
            Inline::Code(_) | Inline::Link { .. } => {}
        }
    }
}

fn in_words(words: &str, found: &mut Vec<Candidate>) {
    let mut before = None;
    for (place, c) in words.char_indices() {
        let sign = match c {
            '@' => Some(Sign::At),
            '#' => Some(Sign::Hash),
            _ => None,
        };
        // Within a word it is an address, or nothing.
        let begins = before.is_none_or(|c: char| !c.is_alphanumeric() && !"@#/_".contains(c));
        before = Some(c);
        let Some(sign) = sign.filter(|_| begins) else { continue };
        if found.len() == CANDIDATES_MAX {
            return;
        }
        let readings = readings(&words[place..]);
        if !readings.is_empty() {
            found.push(Candidate { sign, readings });
        }
    }
}

/// What may be named at the beginning of these words, which begin with the sign.
fn readings(words: &str) -> Vec<(String, String)> {
    let line = words.lines().next().unwrap_or_default();
    // A name begins with a letter, a digit or a picture.
    if !line.chars().nth(1).is_some_and(|c| c.is_alphanumeric() || u32::from(c) > 0x2000) {
        return Vec::new();
    }
    let mut end = line.len().min(limits::NAME_BYTES_MAX + 1);
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    let line = &line[..end];
    let mut ends = Vec::new();
    let mut from = 1;
    for word in line[1..].split(' ').take(WORDS_MAX) {
        if word.is_empty() {
            break;
        }
        // With all that clings to it, without what ends a sentence, and up to the first sign that is in no name.
        let bare = word.trim_end_matches(|c: char| !c.is_alphanumeric());
        let start = word.find(|c: char| !(c.is_alphanumeric() || "-_.".contains(c))).unwrap_or(word.len());
        let start = word[..start].trim_end_matches(['.', '-']).len();
        ends.push(from + word.len());
        ends.extend([bare.len(), start].into_iter().filter(|length| *length > 0).map(|length| from + length));
        from += word.len() + 1;
    }
    ends.sort_unstable();
    ends.dedup();
    let named = ends.into_iter().rev().filter(|end| *end > 1).map(|end| &line[..end]);
    named.map(|words| (words.to_owned(), skeleton(&words[1..]))).filter(|(_, skeleton)| !skeleton.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Vec<String>> {
        let tree = crate::markup::tree(text);
        let words = |candidate: Candidate| candidate.readings.into_iter().map(|(words, _)| words).collect();
        candidates(text, tree.as_ref()).into_iter().map(words).collect()
    }

    #[test]
    fn men_1_a_sign_at_the_beginning_of_a_word_may_name_somebody_and_the_longest_is_tried_first() {
        assert_eq!(read("so @ada, yes"), [["@ada, yes", "@ada,", "@ada"]]);
        assert_eq!(read("@Ada Lovelace's"), [["@Ada Lovelace's", "@Ada Lovelace", "@Ada"]]);
        assert_eq!(read("(@ada)"), [["@ada)", "@ada"]]);
        assert_eq!(read("#engineering."), [["#engineering.", "#engineering"]]);
        assert_eq!(read("@ada\nand"), [["@ada"]]);
        assert_eq!(read("*@ada*"), [["@ada"]]);
    }

    #[test]
    fn men_1_addresses_code_links_and_quotations_name_nobody() {
        for text in
            ["a@b.example", "`@ada`", "```\n@ada\n```", "[@ada](https://a.example)", "> @ada", "@", "@ ada", "##x @"]
        {
            assert_eq!(read(text), Vec::<Vec<String>>::new(), "{text}");
        }
    }

    #[test]
    fn men_1_a_message_of_signs_alone_is_read_in_bounded_time() {
        let text = "@a ".repeat(5_000);
        assert_eq!(candidates(&text, None).len(), CANDIDATES_MAX);
        assert!(candidates(&"@".repeat(16_000), None).is_empty());
        let long = format!("@{}", "é".repeat(8_000));
        assert!(candidates(&long, None)[0].readings[0].0.len() <= limits::NAME_BYTES_MAX + 1);
    }
}
