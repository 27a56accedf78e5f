//! What stands within a line: words joined, spoilers closed, addresses made links.

use parlour_protocol::markup::Inline;

use super::addresses;

/// A piece of a line while it is read.
#[derive(Debug)]
pub(super) enum Piece {
    Words(String),
    /// `||`, which may begin or end a spoiler.
    Pipes,
    Node(Inline),
}

/// Adds words; those that stand side by side are one piece.
pub(super) fn push_words(pieces: &mut Vec<Piece>, words: &str) {
    match pieces.last_mut() {
        _ if words.is_empty() => {}
        Some(Piece::Words(before)) => before.push_str(words),
        _ => pieces.push(Piece::Words(words.to_owned())),
    }
}

/// The same for words in which spoilers may begin and end.
pub(super) fn push_written(pieces: &mut Vec<Piece>, words: &str) {
    for (at, part) in words.split("||").enumerate() {
        if at > 0 {
            pieces.push(Piece::Pipes);
        }
        push_words(pieces, part);
    }
}

/// The line as it is shown, and how many nodes were made for it. `||` opens a spoiler before what is no blank, and closes it
/// behind what is none; alone it is text. None when a spoiler goes deeper than `room`.
pub(super) fn finish(pieces: Vec<Piece>, with_links: bool, room: usize) -> Option<(Vec<Inline>, usize)> {
    let mut line = Line { done: Vec::with_capacity(pieces.len()), begun: 0, nodes: 0, with_links };
    // Where the spoiler that is open began.
    let mut open: Option<usize> = None;
    let mut pieces = pieces.into_iter().peekable();
    let mut touches = false;
    while let Some(piece) = pieces.next() {
        let touched = std::mem::replace(&mut touches, !ends_blank(&piece));
        match piece {
            Piece::Words(words) => line.words(&words),
            Piece::Node(node) => line.node(node),
            Piece::Pipes => match open {
                Some(from) if touched && line.done.len() > from => {
                    let hidden = line.done.split_off(from);
                    if height(&hidden) >= room {
                        return None;
                    }
                    line.node(Inline::Spoiler(hidden));
                    open = None;
                }
                None if pieces.peek().is_some_and(begins_filled) => {
                    line.begun = line.done.len();
                    open = Some(line.begun);
                }
                _ => line.text("||"),
            },
        }
    }
    if let Some(from) = open {
        let after = line.done.split_off(from);
        line.begun = 0;
        line.text("||");
        for node in after {
            match node {
                Inline::Text(words) => line.text(&words),
                node => line.done.push(node),
            }
        }
    }
    Some((line.done, line.nodes))
}

/// How deep pieces of a line are nested.
fn height(of: &[Inline]) -> usize {
    let of_piece = |piece: &Inline| match piece {
        Inline::Text(_) | Inline::Code(_) => 0,
        Inline::Emphasis(of) | Inline::Strong(of) | Inline::Strike(of) | Inline::Spoiler(of) => 1 + height(of),
        Inline::Link { of, .. } => 1 + height(of),
    };
    of.iter().map(of_piece).max().unwrap_or_default()
}

fn ends_blank(piece: &Piece) -> bool {
    match piece {
        Piece::Words(words) => words.ends_with(char::is_whitespace),
        Piece::Pipes => true,
        Piece::Node(_) => false,
    }
}

fn begins_filled(piece: &Piece) -> bool {
    match piece {
        Piece::Words(words) => !words.starts_with(char::is_whitespace),
        Piece::Pipes => false,
        Piece::Node(_) => true,
    }
}

struct Line {
    done: Vec<Inline>,
    /// Words are not joined to those before this place.
    begun: usize,
    nodes: usize,
    with_links: bool,
}

impl Line {
    /// Adds words with the links in them.
    fn words(&mut self, words: &str) {
        let mut from = 0;
        while self.with_links
            && let Some(found) = addresses::find(words, from)
        {
            let address = &words[found.start..found.end];
            let to = format!("{}{address}", found.prefix);
            if addresses::may_lead(&to) {
                self.text(&words[from..found.start]);
                self.node(Inline::Link { to, of: vec![Inline::Text(address.to_owned())] });
                self.nodes += 1;
            } else {
                self.text(&words[from..found.end]);
            }
            from = found.end;
        }
        self.text(&words[from..]);
    }

    fn text(&mut self, words: &str) {
        match self.done[self.begun..].last_mut() {
            _ if words.is_empty() => {}
            Some(Inline::Text(before)) => before.push_str(words),
            _ => self.node(Inline::Text(words.to_owned())),
        }
    }

    fn node(&mut self, node: Inline) {
        self.done.push(node);
        self.nodes += 1;
    }
}
