//! A tree as plain words: for a notice, a quote, a search, a voice.

use std::fmt::Write as _;

use parlour_protocol::markup::{Block, Inline, Tree};

/// The words, block under block. Where `hidden` is given it stands for what a spoiler hides.
#[must_use]
pub fn plain(tree: &Tree, hidden: Option<&str>) -> String {
    let mut words = String::new();
    blocks(&tree.0, hidden, &mut words);
    words
}

fn blocks(of: &[Block], hidden: Option<&str>, into: &mut String) {
    for (at, block) in of.iter().enumerate() {
        if at > 0 {
            into.push('\n');
        }
        match block {
            Block::Paragraph(of) | Block::Heading { of, .. } => line(of, hidden, into),
            Block::Quote(of) => {
                let from = into.len();
                blocks(of, hidden, into);
                let quoted = into.split_off(from).replace('\n', "\n> ");
                into.push_str("> ");
                into.push_str(&quoted);
            }
            Block::List { start, items } => {
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        into.push('\n');
                    }
                    match (start, item.done) {
                        (_, Some(done)) => into.push_str(if done { "☑ " } else { "☐ " }),
                        // Writing into a String cannot fail.
                        (Some(start), None) => drop(write!(into, "{}. ", u64::from(*start) + at as u64)),
                        (None, None) => into.push_str("• "),
                    }
                    blocks(&item.of, hidden, into);
                }
            }
            Block::Code { text, .. } => into.push_str(text),
            Block::Table { head, rows, .. } => {
                row(head, hidden, into);
                for cells in rows {
                    into.push('\n');
                    row(cells, hidden, into);
                }
            }
            Block::Rule => into.push('—'),
        }
    }
}

fn row(cells: &[Vec<Inline>], hidden: Option<&str>, into: &mut String) {
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            into.push_str(" | ");
        }
        line(cell, hidden, into);
    }
}

fn line(of: &[Inline], hidden: Option<&str>, into: &mut String) {
    for piece in of {
        match (piece, hidden) {
            (Inline::Text(words) | Inline::Code(words), _) => into.push_str(words),
            (Inline::Spoiler(_), Some(hidden)) => into.push_str(hidden),
            (Inline::Emphasis(of) | Inline::Strong(of) | Inline::Strike(of) | Inline::Spoiler(of), _) => {
                line(of, hidden, into);
            }
            (Inline::Link { of, .. }, _) => line(of, hidden, into),
        }
    }
}
