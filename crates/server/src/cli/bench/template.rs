//! Texts with holes in them: `{id}` and `{room}` of the client, its `{token}`, a message's `{seq}`, its `{marker}` and
//! the marker's `{len}`.

use std::io::Write as _;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hole {
    Id,
    Room,
    Token,
    Seq,
    Marker,
    Length,
}

impl Hole {
    const ALL: [(&'static str, Hole); 6] = [
        ("{id}", Hole::Id),
        ("{room}", Hole::Room),
        ("{token}", Hole::Token),
        ("{seq}", Hole::Seq),
        ("{marker}", Hole::Marker),
        ("{len}", Hole::Length),
    ];
}

/// What goes into the holes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Filling<'a> {
    pub(super) id: usize,
    pub(super) room: usize,
    pub(super) token: &'a str,
    pub(super) seq: u32,
    pub(super) marker: &'a [u8],
}

/// A text with holes: each piece of words is followed by a hole, but for the last.
#[derive(Clone, Debug, Default)]
pub(super) struct Template {
    pieces: Vec<(Vec<u8>, Hole)>,
    rest: Vec<u8>,
}

impl Template {
    /// Reads one from text in UTF-8.
    pub(super) fn text(text: &str) -> Template {
        Template::read(text, false)
    }

    /// Reads one; with `latin1` each sign up to U+00FF stands for one byte.
    pub(super) fn read(mut text: &str, latin1: bool) -> Template {
        let bytes = |words: &str| -> Vec<u8> {
            if latin1 { words.chars().map(|sign| u32::from(sign) as u8).collect() } else { words.as_bytes().to_vec() }
        };
        let mut pieces = Vec::new();
        let first_hole = |text: &str| {
            let found = Hole::ALL.iter().filter_map(|(name, hole)| Some((text.find(name)?, name.len(), *hole)));
            found.min_by_key(|(at, ..)| *at)
        };
        while let Some((at, length, hole)) = first_hole(text) {
            pieces.push((bytes(&text[..at]), hole));
            text = &text[at + length..];
        }
        Template { pieces, rest: bytes(text) }
    }

    /// Whether it has such a hole.
    pub(super) fn has(&self, hole: Hole) -> bool {
        self.pieces.iter().any(|piece| piece.1 == hole)
    }

    /// Appends the text with its holes filled.
    pub(super) fn fill(&self, out: &mut Vec<u8>, with: &Filling) {
        for (words, hole) in &self.pieces {
            out.extend_from_slice(words);
            // Writing into memory does not fail.
            let _ = match hole {
                Hole::Id => write!(out, "{}", with.id),
                Hole::Room => write!(out, "{}", with.room),
                Hole::Seq => write!(out, "{}", with.seq),
                Hole::Length => write!(out, "{}", with.marker.len()),
                Hole::Token => out.write_all(with.token.as_bytes()),
                Hole::Marker => out.write_all(with.marker),
            };
        }
        out.extend_from_slice(&self.rest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_filled_and_other_braces_left() {
        let template = Template::text(r#"{"id":{id},"r":"{room}-{token}","n":{seq},"t":"{marker}","l":{len}}"#);
        let filling = Filling { id: 3, room: 4, token: "tok", seq: 5, marker: b"~mark" };
        let mut out = Vec::new();
        template.fill(&mut out, &filling);
        assert_eq!(String::from_utf8_lossy(&out), r#"{"id":3,"r":"4-tok","n":5,"t":"~mark","l":5}"#);
        assert!(template.has(Hole::Marker) && !Template::text("{ id }").has(Hole::Id));
    }

    #[test]
    fn in_latin_1_a_sign_is_a_byte() {
        let mut out = Vec::new();
        Template::read("\u{30}\u{ff}{seq}", true).fill(&mut out, &Filling { seq: 1, ..Filling::default() });
        assert_eq!(out, [0x30, 0xff, b'1']);
    }
}
