//! What a message says once its Markdown is read: a small typed tree. It travels with the text, which stays the truth; a text
//! without markup has none. Nothing in it is HTML, and every address is `http`, `https` or `mailto` (S59).
//!
//! A text is a bare string in JSON, and a line that was broken in it is `\n`, so that most of a tree is its words.

use serde::{Deserialize, Serialize};

/// The whole message, block under block.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Tree(pub Vec<Block>);

/// One block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// Lines of words.
    Paragraph(Vec<Inline>),
    /// A heading.
    Heading {
        /// 1 to 6.
        level: u8,
        /// Its words.
        of: Vec<Inline>,
    },
    /// What somebody else said.
    Quote(Vec<Block>),
    /// A list.
    List {
        /// The first number; absent where the items have none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "typescript", ts(optional))]
        start: Option<u32>,
        /// Its items.
        items: Vec<Item>,
    },
    /// Code, as it was written.
    Code {
        /// What it is written in, as the writer called it; absent when not said.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        #[cfg_attr(feature = "typescript", ts(optional, as = "Option<String>"))]
        language: String,
        /// The code.
        text: String,
    },
    /// A table. Each row has as many cells as the head.
    Table {
        /// How each column is set.
        columns: Vec<Align>,
        /// Its first row.
        head: Vec<Cell>,
        /// The others.
        rows: Vec<Vec<Cell>>,
    },
    /// A line across.
    Rule,
}

/// One item of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Item {
    /// Whether the task is done; absent where the item is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub done: Option<bool>,
    /// What is in it.
    pub of: Vec<Block>,
}

/// One cell of a table.
pub type Cell = Vec<Inline>;

/// How a column is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Align {
    /// As the words run.
    None,
    /// To the left.
    Left,
    /// In the middle.
    Center,
    /// To the right.
    Right,
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Inline {
    /// `*so*`.
    Emphasis(Vec<Inline>),
    /// `**so**`.
    Strong(Vec<Inline>),
    /// `~~so~~`.
    Strike(Vec<Inline>),
    /// `||so||`: not shown before it is asked for.
    Spoiler(Vec<Inline>),
    /// Code within a line.
    Code(String),
    /// A link. There is none inside another.
    Link {
        /// Where to: `http:`, `https:` or `mailto:`.
        to: String,
        /// Its words; never empty.
        of: Vec<Inline>,
    },
    /// Words, and `\n` where a line was broken.
    #[serde(untagged)]
    Text(String),
}
