//! What an index keeps of a text: short runs of its characters. A message that holds a term holds every run of the term, so the
//! few messages that hold them all are looked at one by one.
//!
//! Kept are all runs of three characters within a word, and runs of one and two where a word begins.

use std::collections::BTreeSet;

/// Runs asked for at most, for one term: more make an answer no smaller.
const ASKED_MAX: usize = 8;

/// The runs of a folded text, each once.
#[must_use]
pub fn grams_of(folded: &str) -> BTreeSet<&str> {
    let mut grams = BTreeSet::new();
    let mut before = None;
    for (at, c) in folded.char_indices() {
        if c != ' ' {
            let rest = &folded[at..];
            for length in 1..=3 {
                let Some(run) = run(rest, length) else { break };
                if length == 3 || begins(before, c) {
                    grams.insert(run);
                }
            }
        }
        before = Some(c);
    }
    grams
}

/// Runs that every text with this folded term has, at most so many; none when nothing is known of such a text.
#[must_use]
pub fn grams_to_ask(term: &str, most: usize) -> Vec<&str> {
    let most = most.clamp(1, ASKED_MAX);
    let mut grams = Vec::new();
    for (number, word) in term.split(' ').enumerate() {
        match word.chars().count() {
            0 => {}
            // Behind a space a word begins; a first one may be the end of a longer word, where more than it is asked for.
            1 | 2 if number > 0 || word.len() == term.len() => grams.push(word),
            1 | 2 => {}
            length => grams.extend((0..length - 2).step_by(3).chain([length - 3]).filter_map(|at| {
                let from = word.char_indices().nth(at).map_or(0, |(from, _)| from);
                run(&word[from..], 3)
            })),
        }
    }
    grams.dedup();
    if grams.len() > most {
        // From everywhere in the term, the last ones among them: addresses begin alike.
        let length = grams.len();
        grams = (0..most).map(|n| grams[length - 1 - n * length / most]).collect();
    }
    grams
}

/// Whether a folded text holds a folded term.
#[must_use]
pub(super) fn find(text: &str, term: &str, from: usize) -> Option<usize> {
    let is_short = term.chars().nth(2).is_none();
    let mut from = from;
    loop {
        let at = from + text.get(from..)?.find(term)?;
        let first = text[at..].chars().next()?;
        if !is_short || begins(text[..at].chars().next_back(), first) {
            return Some(at);
        }
        from = at + first.len_utf8();
    }
}

/// Whether a word begins with this character behind that one.
fn begins(before: Option<char>, c: char) -> bool {
    let Some(before) = before else { return true };
    !before.is_alphanumeric() || !c.is_alphanumeric() || writes_no_spaces(c) || writes_no_spaces(before)
}

/// Characters of scripts that write words without spaces between them, or grow their words at the end: Han, kana, Hangul, Thai, Lao,
/// Burmese, Khmer.
fn writes_no_spaces(c: char) -> bool {
    matches!(c, '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1100}'..='\u{11FF}' | '\u{1780}'..='\u{17FF}'
        | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' | '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// The first so many characters, when they are of one word.
fn run(text: &str, length: usize) -> Option<&str> {
    let mut end = 0;
    let mut chars = text.chars();
    for _ in 0..length {
        let c = chars.next().filter(|c| *c != ' ')?;
        end += c.len_utf8();
    }
    text.get(..end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::fold;
    use proptest::prelude::*;

    #[test]
    fn srch_2_a_short_term_is_found_where_a_word_begins_and_a_long_one_anywhere() {
        for (text, term) in [
            ("we reload it", "eloa"),
            ("we reload it", "re"),
            ("(ok)", "ok"),
            ("今日の会議は", "会議"),
            ("今日の会議は", "議"),
            ("팀회의록", "회의"),
            ("hello:)", ":)"),
            ("foo.rs", "rs"),
            ("c++ and c", "c++"),
            ("exact phrase", "act phr"),
        ] {
            assert!(find(text, term, 0).is_some(), "{term} in {text}");
        }
        for (text, term) in [("reload", "lo"), ("the", "h"), ("exact phrase", "phrase exact")] {
            assert_eq!(find(text, term, 0), None, "{term} in {text}");
        }
    }

    fn talk() -> impl Strategy<Value = String> {
        let pieces = prop::sample::select(vec![
            "a", "b", "ab", "ba", " ", "  ", ".", "-", ":)", "é", "ß", "会", "議", "の", "회의", "ก", "м", "й", "1",
            "\u{301}", "ø",
        ]);
        prop::collection::vec(pieces, 0..24).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        #[test]
        fn srch_2_whatever_holds_a_term_has_the_runs_that_are_asked_for(text in talk(), term in talk(), most in 1usize..9) {
            let (text, term) = (fold(&text), fold(&term));
            if !term.is_empty() && find(&text, &term, 0).is_some() {
                let kept = grams_of(&text);
                for run in grams_to_ask(&term, most) {
                    prop_assert!(kept.contains(run), "{run:?} of {term:?} in {text:?}");
                }
            }
        }
    }
}
