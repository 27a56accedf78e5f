//! Texts as they are compared: without case, accents, width, invisible characters and kinds of quotation marks.
//!
//! A mark that makes another letter of it is kept (が is not か, й not и), one that is a hint how to read it is not (é, ё, vowel
//! points of Hebrew and Arabic).

use std::ops::Range;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::name::shows_nothing;

/// A text as it is compared, and where each of its characters comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    /// The text: white space is single spaces, none at the ends.
    pub text: String,
    /// For each byte of it, the bytes of the text as it was written that it stands for.
    places: Vec<(u32, u32)>,
}

impl Folded {
    /// Folds a text and remembers where its parts were.
    #[must_use]
    pub fn of(text: &str) -> Folded {
        let mut folded = Folded::default();
        folded.places.reserve(text.len());
        each(text, |c, from| {
            folded.text.push(c);
            let place = (number(from.start), number(from.end));
            folded.places.resize(folded.text.len(), place);
        });
        folded
    }

    /// The bytes of the text as it was written that a part of the folded one stands for.
    #[must_use]
    pub fn written(&self, part: Range<usize>) -> Range<usize> {
        let place = |at: usize| self.places.get(at).copied().unwrap_or_default();
        if part.is_empty() {
            return 0..0;
        }
        place(part.start).0 as usize..place(part.end - 1).1 as usize
    }
}

/// A text as it is compared.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    each(text, |c, _| folded.push(c));
    folded
}

/// Gives each character of the folded text with the bytes of the written one that it comes from.
fn each(text: &str, mut give: impl FnMut(char, Range<usize>)) {
    let (mut said, mut space) = (false, None);
    let mut give = |c: char, from: Range<usize>| {
        if c.is_whitespace() {
            space.get_or_insert(from);
            return;
        }
        if let Some(from) = space.take()
            && said
        {
            give(' ', from);
        }
        said = true;
        give(c, from);
    };
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        // What stands alone is by far the most of what is said: ASCII without a mark behind it.
        if byte.is_ascii() && bytes.get(at + 1).is_none_or(u8::is_ascii) {
            give(char::from(byte.to_ascii_lowercase()), at..at + 1);
            at += 1;
            continue;
        }
        let cluster = cluster(&text[at..]);
        let from = at..at + cluster.len();
        at = from.end;
        fold_cluster(cluster, |c| give(c, from.clone()));
    }
}

/// A letter with its marks, or a syllable of Hangul in parts.
fn cluster(text: &str) -> &str {
    let follows = |c: char| is_combining_mark(c) || matches!(c, '\u{1160}'..='\u{11FF}' | '\u{FF9E}' | '\u{FF9F}');
    let end = text.char_indices().skip(1).find(|(_, c)| !follows(*c)).map_or(text.len(), |(at, _)| at);
    &text[..end]
}

fn fold_cluster(cluster: &str, mut give: impl FnMut(char)) {
    let mut before = ' ';
    let kept = cluster.nfkd().filter(|c| {
        let kept = !is_hint(*c, before) && (is_combining_mark(*c) || !shows_nothing(*c));
        before = *c;
        kept
    });
    // Capitals first: ß is SS, and a final sigma is a sigma.
    for c in kept.flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfc() {
        match c {
            'ø' => give('o'),
            'đ' | 'ð' => give('d'),
            'ł' => give('l'),
            'ħ' => give('h'),
            'æ' => ['a', 'e'].into_iter().for_each(&mut give),
            'œ' => ['o', 'e'].into_iter().for_each(&mut give),
            '‘' | '’' | 'ʼ' | '‛' => give('\''),
            '“' | '”' | '„' | '«' | '»' => give('"'),
            '‐' | '‑' | '–' | '—' | '−' => give('-'),
            _ => give(c),
        }
    }
}

/// Whether a mark says how its letter sounds, and is no part of which letter it is.
fn is_hint(c: char, before: char) -> bool {
    match c {
        '\u{306}' => !matches!(before, 'и' | 'И'),
        '\u{300}'..='\u{36F}' | '\u{483}'..='\u{487}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' => true,
        '\u{591}'..='\u{5BD}' | '\u{5BF}' | '\u{5C1}' | '\u{5C2}' | '\u{5C4}' | '\u{5C5}' | '\u{5C7}' => true,
        '\u{640}' | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{6D6}'..='\u{6ED}' => true,
        '\u{20D0}'..='\u{20FF}' | '\u{FE00}'..='\u{FE0F}' | '\u{FE20}'..='\u{FE2F}' => true,
        _ => false,
    }
}

fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn srch_2_what_is_no_difference_to_a_reader_is_none_to_the_search() {
        for (written, folded) in [
            ("Café CAFE\u{301} cafe", "cafe cafe cafe"),
            ("Straße STRASSE", "strasse strasse"),
            ("ΣΊΣΥΦΟΣ σίσυφος", "σισυφοσ σισυφοσ"),
            ("Ёлка елка", "елка елка"),
            ("мой мои", "мой мои"),
            ("ｆｕｌｌ　ＷＩＤＴＨ", "full width"),
            ("ｶﾞ が か", "ガ が か"),
            ("שָׁלוֹם", "שלום"),
            ("مُحَمَّد أحمد", "محمد احمد"),
            ("İstanbul ISTANBUL ısı", "istanbul istanbul isi"),
            ("Ærøskøbing, Łódź", "aeroskobing, lodz"),
            ("soft\u{AD}hyphen ze\u{200B}ro", "softhyphen zero"),
            ("it’s “so” – yes", "it's \"so\" - yes"),
            ("  a \n\t b  ", "a b"),
            ("\u{1112}\u{1161}\u{11AB} 한", "한 한"),
            ("ﬁne ①", "fine 1"),
        ] {
            assert_eq!(fold(written), folded, "{written}");
        }
    }

    #[test]
    fn srch_6_a_part_of_the_folded_text_is_found_again_in_the_written_one() {
        let written = "Ça, Straße";
        let folded = Folded::of(written);
        let at = folded.text.find("strasse").unwrap();
        assert_eq!(&written[folded.written(at..at + 7)], "Straße");
        assert_eq!(&written[folded.written(at + 5..at + 6)], "ß");
        assert_eq!(&written[folded.written(0..2)], "Ça");
        assert_eq!(folded.written(0..0), 0..0);
    }

    proptest! {
        #[test]
        fn srch_2_what_was_folded_is_folded_no_further_and_its_places_are_in_the_text(text in any::<String>()) {
            let folded = Folded::of(&text);
            prop_assert_eq!(&fold(&text), &folded.text);
            prop_assert_eq!(&fold(&folded.text), &folded.text);
            for (at, c) in folded.text.char_indices() {
                let from = folded.written(at..at + c.len_utf8());
                prop_assert!(text.is_char_boundary(from.start) && text.is_char_boundary(from.end) && !from.is_empty());
            }
        }
    }
}
