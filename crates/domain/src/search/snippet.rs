//! What is shown of a message that was found: a line of it, with the words that were looked for marked.

use parlour_protocol::Attachment;
use parlour_protocol::markup::Tree;
use parlour_protocol::search::Piece;

use super::fold::Folded;
use super::grams::find;
use super::words::shown;

/// Characters of a message that are shown.
const SHOWN_CHARS: usize = 240;
/// Characters before the first word found that are shown with it.
const BEFORE_CHARS: usize = 60;
/// Characters of the messages before and after it.
const LINE_CHARS: usize = 160;

/// The part of a message around the first of these folded terms, its white space single spaces.
#[must_use]
pub fn snippet<'a>(
    (text, tree, files): (&str, Option<&Tree>, &[Attachment]),
    terms: impl Iterator<Item = &'a str>,
) -> Vec<Piece> {
    let words = flat(&shown(text, tree, files));
    let folded = Folded::of(&words);
    let mut marks = Vec::new();
    for term in terms {
        let mut from = 0;
        while let Some(at) = find(&folded.text, term, from) {
            from = at + term.len();
            let written = folded.written(at..from);
            marks.push((written.start, written.end));
        }
    }
    marks.sort_unstable();
    let first = marks.first().map_or(0, |(from, _)| *from);
    let start = back(&words, first, BEFORE_CHARS);
    let end = forth(&words, start, SHOWN_CHARS);
    let mut pieces = Vec::new();
    let mut say = |text: &str, mark: bool| match pieces.last_mut() {
        _ if text.is_empty() => {}
        Some(Piece { text: before, mark: same }) if *same == mark => before.push_str(text),
        _ => pieces.push(Piece { text: text.to_owned(), mark }),
    };
    if start > 0 {
        say("…", false);
    }
    let mut at = start;
    for (from, until) in marks {
        let (from, until) = (from.clamp(at, end), until.clamp(at, end));
        say(&words[at..from], false);
        say(&words[from..until], true);
        at = until;
    }
    say(&words[at..end], false);
    if end < words.len() {
        say("…", false);
    }
    pieces
}

/// The beginning of a message, its white space single spaces.
#[must_use]
pub fn line(text: &str, tree: Option<&Tree>, files: &[Attachment]) -> String {
    let words = flat(&shown(text, tree, files));
    let end = forth(&words, 0, LINE_CHARS);
    if end < words.len() { format!("{}…", &words[..end]) } else { words }
}

fn flat(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// So many characters before a place, or the beginning of the word there.
fn back(text: &str, place: usize, chars: usize) -> usize {
    let before = &text[..place];
    let Some((at, _)) = before.char_indices().rev().nth(chars) else { return 0 };
    before[at..].find(' ').map_or(at, |space| at + space + 1)
}

fn forth(text: &str, place: usize, chars: usize) -> usize {
    text[place..].char_indices().nth(chars).map_or(text.len(), |(at, _)| place + at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::tree;

    fn marked(text: &str, terms: &[&str]) -> String {
        let pieces = snippet((text, tree(text).as_ref(), &[]), terms.iter().copied());
        pieces.iter().map(|piece| if piece.mark { format!("[{}]", piece.text) } else { piece.text.clone() }).collect()
    }

    #[test]
    fn srch_6_what_was_looked_for_is_marked_as_it_was_written() {
        assert_eq!(
            marked("Das ist die **Straße** nach Rom,\n\nstrasse!", &["strasse"]),
            "Das ist die [Straße] nach Rom, [strasse]!"
        );
        assert_eq!(marked("abcabc", &["bca", "abc"]), "[abcabc]");
        assert_eq!(marked("nothing of it", &["other"]), "nothing of it");
        assert_eq!(marked("it was ||the butler||", &["butler"]), "it was ▒▒▒");
        assert_eq!(marked("今日の会議は", &["会議"]), "今日の[会議]は");
    }

    #[test]
    fn srch_6_of_a_long_message_the_part_is_shown_where_the_words_are() {
        let long = format!("{} needle {}", "hay ".repeat(100), "straw ".repeat(100));
        let shown = marked(&long, &["needle"]);
        assert!(shown.starts_with("…hay ") && shown.contains("hay [needle] straw") && shown.ends_with('…'), "{shown}");
        assert!(shown.chars().count() <= SHOWN_CHARS + 4, "{shown}");
        assert_eq!(line(&long, None, &[]).chars().count(), LINE_CHARS + 1);
        assert_eq!(line("a\n\nb", None, &[]), "a b");
    }
}
