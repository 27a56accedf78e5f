//! Which words a message has, and what else one may look for in it.

use parlour_protocol::markup::{Block, Inline, Tree};
use parlour_protocol::{Attachment, Change};

use crate::markup::plain;

/// What a message holds besides words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// A link.
    pub link: bool,
    /// Code, in a line or as a block.
    pub code: bool,
    /// It answers another message.
    pub reply: bool,
    /// It is of a thread, or a thread is about it.
    pub thread: bool,
    /// It was edited.
    pub edited: bool,
    /// It carries a file.
    pub file: bool,
    /// It carries a picture.
    pub image: bool,
}

/// The words one may find a message by: what a reader sees of it, what its spoilers hide, where its links lead, and what its files
/// are called.
#[must_use]
pub fn words_of(text: &str, tree: Option<&Tree>, files: &[Attachment]) -> String {
    with_names(all(text, tree, None), files)
}

/// The same as shown among others: what a spoiler hides stays hidden.
#[must_use]
pub(super) fn shown(text: &str, tree: Option<&Tree>, files: &[Attachment]) -> String {
    with_names(all(text, tree, Some("▒▒▒")), files)
}

fn with_names(mut words: String, files: &[Attachment]) -> String {
    for file in files {
        words.push('\n');
        words.push_str(&file.name);
    }
    words
}

fn all(text: &str, tree: Option<&Tree>, hidden: Option<&str>) -> String {
    let Some(tree) = tree else { return text.to_owned() };
    let mut words = plain(tree, hidden);
    each(tree, &mut |piece, in_spoiler| {
        if let Inline::Link { to, .. } = piece
            && !(in_spoiler && hidden.is_some())
            && !words.contains(to.as_str())
        {
            words.push('\n');
            words.push_str(to);
        }
    });
    words
}

/// What a message holds and is, besides its words.
#[must_use]
pub fn marks_of(message: &Change) -> Marks {
    let Change::Message { tree, answers, edited, files, .. } = message else { return Marks::default() };
    let of = answers.unwrap_or_default();
    let (reply, thread) = (of.quote.is_some() || of.thread.is_some(), of.thread.is_some());
    let image = files.iter().any(|file| file.kind.starts_with("image/") && file.width.is_some());
    Marks { reply, thread, edited: edited.is_some(), file: !files.is_empty(), image, ..held(tree.as_ref()) }
}

fn held(tree: Option<&Tree>) -> Marks {
    let mut marks = Marks::default();
    let Some(tree) = tree else { return marks };
    marks.code = has_code_block(&tree.0);
    each(tree, &mut |piece, _| match piece {
        Inline::Link { .. } => marks.link = true,
        Inline::Code(_) => marks.code = true,
        _ => {}
    });
    marks
}

fn has_code_block(of: &[Block]) -> bool {
    of.iter().any(|block| match block {
        Block::Code { .. } => true,
        Block::Quote(of) => has_code_block(of),
        Block::List { items, .. } => items.iter().any(|item| has_code_block(&item.of)),
        _ => false,
    })
}

/// Every piece of every line, with whether it stands in a spoiler. A tree is no deeper than `limits::TREE_DEPTH_MAX`.
fn each(tree: &Tree, see: &mut impl FnMut(&Inline, bool)) {
    blocks(&tree.0, see);
}

fn blocks(of: &[Block], see: &mut impl FnMut(&Inline, bool)) {
    for block in of {
        match block {
            Block::Paragraph(of) | Block::Heading { of, .. } => lines(of, false, see),
            Block::Quote(of) => blocks(of, see),
            Block::List { items, .. } => items.iter().for_each(|item| blocks(&item.of, see)),
            Block::Table { head, rows, .. } => {
                head.iter().chain(rows.iter().flatten()).for_each(|cell| lines(cell, false, see));
            }
            Block::Code { .. } | Block::Rule => {}
        }
    }
}

fn lines(of: &[Inline], in_spoiler: bool, see: &mut impl FnMut(&Inline, bool)) {
    for piece in of {
        see(piece, in_spoiler);
        match piece {
            Inline::Spoiler(of) => lines(of, true, see),
            Inline::Emphasis(of) | Inline::Strong(of) | Inline::Strike(of) | Inline::Link { of, .. } => {
                lines(of, in_spoiler, see);
            }
            Inline::Text(_) | Inline::Code(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::tree;

    #[test]
    fn srch_2_a_message_has_the_words_one_reads_and_the_addresses_of_its_links() {
        for (text, words) in [
            ("an **ex**act *phrase*", "an exact phrase"),
            ("see [the notes](https://notes.example/a?b=1)", "see the notes\nhttps://notes.example/a?b=1"),
            ("https://a.example/x", "https://a.example/x"),
            ("it was ||the butler||", "it was the butler"),
            ("plain", "plain"),
        ] {
            assert_eq!(words_of(text, tree(text).as_ref(), &[]), words, "{text}");
        }
        let hidden = "it was ||the [butler](https://b.example)||";
        assert_eq!(shown(hidden, tree(hidden).as_ref(), &[]), "it was ▒▒▒");
    }

    #[test]
    fn srch_4_links_and_code_are_found_wherever_they_stand() {
        let marks = |text: &str| held(tree(text).as_ref());
        for text in ["> - see https://a.example", "**[a](https://a.example)**", "|a|\n|-|\n|https://a.example|"] {
            assert!(marks(text).link && !marks(text).code, "{text}");
        }
        for text in ["`x`", "- a\n\n  ```\n  x\n  ```", "> ~~`x`~~"] {
            assert!(marks(text).code && !marks(text).link, "{text}");
        }
        assert_eq!(marks("neither"), Marks::default());
    }
}
