//! Any text has a tree within its bounds (S60), and no tree leads anywhere but to the web and the post (S59).

use parlour_domain::markup::{plain, tree};
use parlour_protocol::limits::{BODY_BYTES_MAX, TREE_DEPTH_MAX, TREE_NODES_MAX};
use parlour_protocol::markup::{Block, Inline, Tree};
use proptest::prelude::*;

/// What a tree is made of.
#[derive(Default)]
struct Measure {
    nodes: usize,
    depth: usize,
    bytes: usize,
    links: Vec<String>,
}

impl Measure {
    fn of(tree: &Tree) -> Measure {
        let mut measure = Measure::default();
        measure.blocks(&tree.0, 1);
        measure
    }

    fn blocks(&mut self, blocks: &[Block], depth: usize) {
        for block in blocks {
            self.node(depth);
            match block {
                Block::Paragraph(of) | Block::Heading { of, .. } => self.line(of, depth + 1),
                Block::Quote(of) => self.blocks(of, depth + 1),
                Block::List { items, .. } => {
                    for item in items {
                        self.node(depth + 1);
                        self.blocks(&item.of, depth + 2);
                    }
                }
                Block::Code { text, .. } => self.bytes += text.len(),
                Block::Table { columns, head, rows } => {
                    for row in std::iter::once(head).chain(rows) {
                        assert_eq!(row.len(), columns.len(), "a row has a cell in each column");
                        self.node(depth + 1);
                        row.iter().for_each(|cell| {
                            self.node(depth + 2);
                            self.line(cell, depth + 3);
                        });
                    }
                }
                Block::Rule => {}
            }
        }
    }

    fn line(&mut self, of: &[Inline], depth: usize) {
        for piece in of {
            self.nodes += 1;
            match piece {
                Inline::Text(words) | Inline::Code(words) => self.bytes += words.len(),
                Inline::Emphasis(of) | Inline::Strong(of) | Inline::Strike(of) | Inline::Spoiler(of) => {
                    self.depth = self.depth.max(depth);
                    self.line(of, depth + 1);
                }
                Inline::Link { to, of } => {
                    self.depth = self.depth.max(depth);
                    self.bytes += to.len();
                    self.links.push(to.clone());
                    assert!(!of.is_empty(), "a link without words");
                    let links = self.links.len();
                    self.line(of, depth + 1);
                    assert_eq!(self.links.len(), links, "a link within a link");
                }
            }
        }
    }

    fn node(&mut self, depth: usize) {
        self.nodes += 1;
        self.depth = self.depth.max(depth);
    }
}

fn check(text: &str) -> Option<Tree> {
    let tree = tree(text)?;
    let Measure { nodes, depth, bytes, links } = Measure::of(&tree);
    assert!(nodes <= TREE_NODES_MAX && depth <= TREE_DEPTH_MAX, "{nodes} nodes, {depth} deep");
    // An address is said and led to; `&ngE;` is five bytes long and six when it is read.
    assert!(bytes <= 3 * text.len() + 64, "{bytes} bytes out of {}", text.len());
    for to in links {
        let scheme = to.split(':').next().unwrap_or_default().to_ascii_lowercase();
        assert!(["http", "https", "mailto"].contains(&scheme.as_str()), "{to:?}");
        assert!(!to.chars().any(|c| c.is_control() || c.is_whitespace()), "{to:?}");
    }
    let json = serde_json::to_string(&tree).unwrap();
    assert_eq!(serde_json::from_str::<Tree>(&json).unwrap(), tree, "what is sent can be read");
    assert!(plain(&tree, None).len() <= 4 * bytes + 40 * nodes);
    Some(tree)
}

/// Pieces that markup is made of, each as often as the next.
const PIECES: [&str; 56] = [
    "*",
    "**",
    "_",
    "__",
    "~~",
    "`",
    "```",
    "```rust\n",
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
    "&ngE;",
    "\\",
    "#",
    "# ",
    "- ",
    "+ ",
    "1. ",
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
    "- [ ] ",
    "https://",
    "http://a.example/b_c",
    "www.a.example",
    "a@b.example",
    "mailto:",
    "javascript:",
    "data:",
    "<b>",
    "</div>",
    "<!--",
    "<a href=\"",
    "\"",
    "a",
    "word ",
    "é",
    "日本",
    "\u{202e}",
    "\u{200d}",
    ".",
    "🎉",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn s60_any_text_has_a_tree_within_its_bounds(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn s59_any_markup_leads_only_where_it_may(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..80)) {
        check(&pieces.concat());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn s60_any_pattern_repeated_to_16_kib_has_a_tree_within_its_bounds(
        pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 1..6)
    ) {
        let pattern = pieces.concat();
        check(&pattern.repeat(BODY_BYTES_MAX / pattern.len()));
    }
}

#[test]
fn s60_a_tree_is_as_large_and_as_deep_as_it_may_be_and_no_larger() {
    let items = |count: usize| "- a\n".repeat(count);
    // A list, and for each item an item, a paragraph and its words.
    let most = (TREE_NODES_MAX - 1) / 3;
    assert_eq!(check(&items(most)).map(|tree| Measure::of(&tree).nodes), Some(1 + 3 * most));
    assert_eq!(check(&items(most + 1)), None);
    // Quotes, and in the innermost a paragraph.
    let quotes = |depth: usize| format!("{}a", "> ".repeat(depth));
    assert_eq!(check(&quotes(TREE_DEPTH_MAX - 2)).map(|tree| Measure::of(&tree).depth), Some(TREE_DEPTH_MAX - 1));
    assert_eq!(check(&quotes(TREE_DEPTH_MAX)), None);
    // Spoilers count as deep as anything else.
    let spoilers = |depth: usize| format!("{}x{}", "||a *b ".repeat(depth), " c* d||".repeat(depth));
    assert!(check(&spoilers(7)).is_some_and(|tree| Measure::of(&tree).depth == 15));
    assert_eq!(check(&spoilers(8)), None);
    // So do the links that addresses become, behind emphasis of every depth.
    let addressed = |depth: usize| {
        let (open, close) = ("*a **b ".repeat(depth / 2), " c** d*".repeat(depth / 2));
        format!("{}{open}www.example.org{close}", "> ".repeat(depth % 2))
    };
    for depth in 0..=2 * TREE_DEPTH_MAX {
        check(&addressed(depth));
        check(&format!("{}https://example.org", "> ".repeat(depth)));
    }
}

#[test]
fn s60_a_table_that_would_be_filled_up_is_shown_as_it_was_typed() {
    let head = "|a".repeat(600) + "\n" + &"|-".repeat(600) + "\n";
    let text = head.clone() + &"b\n".repeat((BODY_BYTES_MAX - head.len()) / 2);
    assert_eq!(check(&text), None);
    assert!(check("|a|b|\n|-|-|\n|c|").is_some());
}
