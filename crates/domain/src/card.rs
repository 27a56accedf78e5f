//! Link cards: which links of a message have one (CARD-2), and what of a page's words may stand on it (CARD-3).

use parlour_protocol::limits;
use parlour_protocol::markup::{Block, Inline, Tree};
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use crate::name::{is_bidi_control, is_invisible};

/// Marks that one letter may carry: a pile of them hangs over what is above (S58).
const MARKS_MAX: usize = 4;

/// The addresses of a message that have a card, in their order: its first links to the web that everybody sees. What is in code, in a
/// quote, or hidden by a spoiler has none, and neither has an address that is written `<so>` somewhere.
#[must_use]
pub fn links(text: &str, tree: Option<&Tree>) -> Vec<String> {
    let mut links = Vec::new();
    if let Some(tree) = tree {
        blocks(&tree.0, text, &mut links);
    }
    links
}

fn blocks(of: &[Block], text: &str, into: &mut Vec<String>) {
    for block in of {
        match block {
            Block::Paragraph(of) | Block::Heading { of, .. } => line(of, text, into),
            Block::List { items, .. } => items.iter().for_each(|item| blocks(&item.of, text, into)),
            Block::Table { head, rows, .. } => {
                head.iter().chain(rows.iter().flatten()).for_each(|cell| line(cell, text, into));
            }
            Block::Quote(_) | Block::Code { .. } | Block::Rule => {}
        }
    }
}

fn line(of: &[Inline], text: &str, into: &mut Vec<String>) {
    for piece in of {
        match piece {
            Inline::Emphasis(of) | Inline::Strong(of) | Inline::Strike(of) => line(of, text, into),
            Inline::Link { to, .. } if into.len() < limits::CARDS_PER_MESSAGE_MAX && has_card(to, text) => {
                if !into.contains(to) {
                    into.push(to.clone());
                }
            }
            Inline::Link { .. } | Inline::Spoiler(_) | Inline::Code(_) | Inline::Text(_) => {}
        }
    }
}

fn has_card(to: &str, text: &str) -> bool {
    let scheme = to.split_once(':').map_or("", |(scheme, _)| scheme);
    let is_web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    is_web && to.len() <= limits::CARD_ADDRESS_BYTES_MAX && !text.contains(&format!("<{to}>"))
}

/// Words of a stranger's page as one line: no controls, nothing that turns the order of reading, nothing that does not show, at most
/// so many graphemes, with an ellipsis where it was cut.
#[must_use]
pub fn line_of(words: &str, graphemes_max: usize) -> String {
    let kept: String = words
        .nfc()
        .map(|c| if c.is_control() || c == '\u{2028}' || c == '\u{2029}' { ' ' } else { c })
        // What joins letters and pictures stays: it hides nothing, and without it Persian is spelt wrong.
        .filter(|c| matches!(c, '\u{200C}' | '\u{200D}') || !(is_bidi_control(*c) || is_invisible(*c)))
        .collect();
    let kept = kept.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut line = String::new();
    for (place, cluster) in kept.graphemes(true).enumerate() {
        // What one sees as one may be long.
        if place == graphemes_max || line.len() > 4 * graphemes_max {
            line.truncate(line.trim_end().len());
            line.push('…');
            break;
        }
        line.extend(cluster.chars().take(1 + MARKS_MAX));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::tree;

    fn of(text: &str) -> Vec<String> {
        links(text, tree(text).as_ref())
    }

    #[test]
    fn card_2_the_first_three_links_that_everybody_sees_have_a_card() {
        assert_eq!(
            of("see https://a.example/x, **http://b.example** and [c](https://c.example/?q=1#part)"),
            ["https://a.example/x", "http://b.example", "https://c.example/?q=1#part"]
        );
        assert_eq!(
            of("https://a.example https://a.example https://b.example"),
            ["https://a.example", "https://b.example"]
        );
        assert_eq!(of("- https://a.example\n- https://b.example\n- https://c.example\n- https://d.example").len(), 3);
        assert_eq!(of("www.example.org"), ["http://www.example.org"]);
        let long = format!("https://a.example/{}", "x".repeat(2_048));
        for none in [
            "no link",
            "`https://a.example`",
            "```\nhttps://a.example\n```",
            "||https://a.example||",
            "> https://a.example",
            "mailto:a@b.example",
            "a@b.example",
            "<https://a.example>",
            "<https://a.example> is https://a.example",
            &long,
        ] {
            assert_eq!(of(none), Vec::<String>::new(), "{none}");
        }
    }

    #[test]
    fn card_3_and_s87_words_of_a_page_are_one_short_line_that_turns_and_hides_nothing() {
        assert_eq!(line_of(" Tea \n\t in\u{0} the\u{85}harbour ", 99), "Tea in the harbour");
        assert_eq!(line_of("evil\u{202e}txt.exe\u{200f}\u{2066}", 99), "eviltxt.exe");
        assert_eq!(line_of("a\u{ad}\u{2060}b\u{feff}", 99), "ab");
        assert_eq!(line_of("Grüße aus dem Hafen", 9), "Grüße aus…");
        assert_eq!(line_of("Grüße aus", 9), "Grüße aus");
        assert_eq!(line_of(&format!("Z{}algo", "\u{301}".repeat(400)), 99).chars().count(), 9);
        assert_eq!(line_of("\u{200b}\u{202e} \n", 9), "");
        assert_eq!(line_of("<script>alert(1)</script>", 99), "<script>alert(1)</script>", "text is text");
    }
}
