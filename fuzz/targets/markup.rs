//! Markup: any text has a tree within its bounds, which leads only where it may, is sent and read the same, and has plain words.
#![no_main]

use libfuzzer_sys::fuzz_target;
use parlour_domain::markup::{plain, tree};
use parlour_domain::text::Draft;
use parlour_protocol::limits::{BODY_BYTES_MAX, TREE_DEPTH_MAX, TREE_NODES_MAX};
use parlour_protocol::markup::{Block, Inline, Tree};

fuzz_target!(|data: &[u8]| {
    // What is long is long by repetition.
    let (times, bytes) = match data.split_first() {
        Some((0xFF, bytes)) if !bytes.is_empty() => (BODY_BYTES_MAX / bytes.len(), bytes),
        _ => (1, data),
    };
    if let Ok(draft) = Draft::classic_binary(&bytes.repeat(times)) {
        check(draft.as_str());
    }
});

fn check(text: &str) {
    let Some(tree) = tree(text) else { return };
    let mut nodes = 0;
    let depth = blocks(&tree.0, &mut nodes);
    assert!(nodes <= TREE_NODES_MAX && depth <= TREE_DEPTH_MAX, "{nodes} nodes, {depth} deep");
    let json = serde_json::to_string(&tree).expect("trees always encode");
    assert_eq!(serde_json::from_str::<Tree>(&json).expect("what is sent can be read"), tree);
    let (shown, hidden) = (plain(&tree, None), plain(&tree, Some("")));
    assert!(shown.len() >= hidden.len());
}

fn blocks(of: &[Block], nodes: &mut usize) -> usize {
    of.iter().map(|block| 1 + self::block(block, nodes)).max().unwrap_or_default()
}

fn block(of: &Block, nodes: &mut usize) -> usize {
    *nodes += 1;
    match of {
        Block::Paragraph(of) | Block::Heading { of, .. } => line(of, nodes),
        Block::Quote(of) => blocks(of, nodes),
        Block::List { items, .. } => {
            *nodes += items.len();
            1 + items.iter().map(|item| blocks(&item.of, nodes)).max().unwrap_or_default()
        }
        Block::Table { head, rows, columns } => {
            assert!(head.len() == columns.len() && rows.iter().all(|row| row.len() == columns.len()));
            *nodes += rows.len() + 1 + columns.len() * (rows.len() + 1);
            2 + head.iter().chain(rows.iter().flatten()).map(|cell| line(cell, nodes)).max().unwrap_or_default()
        }
        Block::Code { .. } | Block::Rule => 0,
    }
}

fn line(of: &[Inline], nodes: &mut usize) -> usize {
    *nodes += of.len();
    of.iter().map(|piece| self::piece(piece, nodes)).max().unwrap_or_default()
}

fn piece(of: &Inline, nodes: &mut usize) -> usize {
    match of {
        Inline::Text(_) | Inline::Code(_) => 0,
        Inline::Emphasis(of) | Inline::Strong(of) | Inline::Strike(of) | Inline::Spoiler(of) => 1 + line(of, nodes),
        Inline::Link { to, of } => {
            let scheme = to.split(':').next().unwrap_or_default().to_ascii_lowercase();
            assert!(["http", "https", "mailto"].contains(&scheme.as_str()), "{to:?}");
            assert!(!of.is_empty() && !to.chars().any(char::is_whitespace), "{to:?}");
            1 + line(of, nodes)
        }
    }
}
