//! Markdown: from the text of a message to its tree (MSG-7), and from the tree to plain words.
//!
//! CommonMark with the tables, strikethrough, bare addresses and task lists of GFM, and spoilers (`||so||`). Other than there:
//! a line break is kept as it was typed; HTML is text; what defines a reference (`[Ada]: yes`) is text, or it would vanish; a
//! picture is a link to it; where an address is neither `http`, `https` nor `mailto`, its markup is text; and an opening fence
//! that is followed by more than the name of a language is followed by code.
//!
//! [`scan`] whether there may be markup at all · [`reading`] the tree, out of the events of `pulldown-cmark` · [`lines`] what
//! stands within a line: spoilers · [`addresses`] which words are addresses · [`plain`].

mod addresses;
mod lines;
mod plain;
mod reading;
mod scan;

use std::borrow::Cow;

use parlour_protocol::markup::{Block, Inline, Tree};

pub use plain::plain;

/// How often a text is read at most. It is read anew when something in it was taken for markup that is none of ours.
const READINGS_MAX: usize = 4;

/// The tree of a message; none when it has no markup, and when it would have more than
/// [`parlour_protocol::limits::TREE_NODES_MAX`] nodes or be nested deeper than [`parlour_protocol::limits::TREE_DEPTH_MAX`]
/// (S60): then it is shown as it was typed.
#[must_use]
pub fn tree(text: &str) -> Option<Tree> {
    if scan::may_have_markup(text) && !scan::is_excessive(text) { read(text) } else { None }
}

fn read(text: &str) -> Option<Tree> {
    let mut source = Cow::Borrowed(text);
    for _ in 0..READINGS_MAX {
        let reading = reading::read(&source)?;
        if reading.escape.is_empty() {
            let says_more = shows_something(&reading.blocks) && !is_as_typed(&reading.blocks, text);
            return says_more.then_some(Tree(reading.blocks));
        }
        source = Cow::Owned(escaped(&source, &reading.escape));
    }
    None
}

/// The text with a backslash before each of these places, which ascend.
fn escaped(text: &str, places: &[usize]) -> String {
    let mut longer = String::with_capacity(text.len() + places.len());
    let mut from = 0;
    for place in places {
        longer.push_str(&text[from..*place]);
        longer.push('\\');
        from = *place;
    }
    longer.push_str(&text[from..]);
    longer
}

/// Whether the blocks are the words of the text and nothing else.
fn is_as_typed(blocks: &[Block], text: &str) -> bool {
    let mut typed = text.chars().filter(|c| !c.is_whitespace());
    for block in blocks {
        let Block::Paragraph(of) = block else { return false };
        for piece in of {
            let Inline::Text(words) = piece else { return false };
            if !words.chars().filter(|c| !c.is_whitespace()).all(|c| typed.next() == Some(c)) {
                return false;
            }
        }
    }
    typed.next().is_none()
}

/// Whether a reader would see anything. `-` alone is an empty list, and was meant as it was typed.
fn shows_something(blocks: &[Block]) -> bool {
    blocks.iter().any(|block| match block {
        Block::Paragraph(of) | Block::Heading { of, .. } => says_something(of),
        Block::Quote(of) => shows_something(of),
        Block::List { items, .. } => items.iter().any(|item| shows_something(&item.of)),
        Block::Code { text, .. } => !text.trim().is_empty(),
        Block::Table { head, rows, .. } => head.iter().chain(rows.iter().flatten()).any(|cell| says_something(cell)),
        Block::Rule => true,
    })
}

fn says_something(of: &[Inline]) -> bool {
    of.iter().any(|piece| match piece {
        Inline::Text(words) | Inline::Code(words) => !words.trim().is_empty(),
        Inline::Emphasis(of) | Inline::Strong(of) | Inline::Strike(of) | Inline::Spoiler(of) => says_something(of),
        Inline::Link { .. } => true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Draft;
    use proptest::prelude::*;

    /// Texts full of what markup is made of.
    fn marked() -> impl Strategy<Value = String> {
        let pieces = prop::sample::select(vec![
            "*",
            "**",
            "_",
            "__",
            "~",
            "~~",
            "`",
            "```",
            "|",
            "||",
            "[",
            "](",
            ")",
            "![",
            "]: ",
            "<",
            ">",
            "&amp;",
            "&",
            "\\",
            "#",
            "# ",
            "- ",
            "+ ",
            "1. ",
            "2) ",
            "> ",
            "    ",
            "\t",
            " ",
            "\n",
            "\n\n",
            "---",
            "===",
            "| a | b |\n",
            "|-|-|\n",
            ":-:",
            "- [ ] ",
            "- [x] ",
            "https://",
            "http://a.example/b_c",
            "www.",
            "@",
            "a@b.example",
            "mailto:",
            "javascript:",
            "<b>",
            "</div>",
            "<!--",
            "a",
            "word",
            "é",
            "日本",
            "\u{202e}",
            "\u{200d}",
            ".",
            ",",
            ":",
            "!",
            "'",
            "\"",
            "=",
            "-",
        ]);
        prop::collection::vec(pieces, 0..60).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        #[test]
        fn msg_7_where_the_scan_sees_no_markup_there_is_none(text in prop_oneof![marked(), any::<String>()]) {
            let draft = Draft::classic_text(&text).expect("it is short");
            let text = draft.as_str();
            prop_assert!(scan::may_have_markup(text) || read(text).is_none(), "{text:?}: {:?}", read(text));
        }
    }
}
