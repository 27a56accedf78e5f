//! What somebody asks for: words, phrases in quotation marks, operators, and each of these with a minus before it.

use parlour_protocol::{ErrorCode, Refusal, Timestamp, limits};

use super::days::Day;
use super::fold::fold;
use super::grams::find;
use crate::name::skeleton;

/// Minutes in front of universal time that the asker's clock is, between the ends of the earth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Zone(i64);

impl Zone {
    /// The zone of a clock that is so many minutes in front.
    #[must_use]
    pub fn minutes(minutes: i32) -> Zone {
        Zone(i64::from(minutes).clamp(-14 * 60, 14 * 60))
    }

    fn at(self, local_ms: i64) -> Timestamp {
        Timestamp(local_ms - self.0 * 60_000)
    }
}

/// A word or phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// As texts are compared; never empty.
    pub folded: String,
    /// Messages that have it are left out.
    pub not: bool,
}

/// What a message has beside its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Has {
    /// A link.
    Link,
    /// Code.
    Code,
    /// A file.
    File,
    /// A picture.
    Image,
}

/// What a message is to the asker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Is {
    /// Their own.
    Mine,
    /// An answer to another.
    Reply,
    /// Of a thread, or what one is about.
    Thread,
    /// Edited.
    Edited,
    /// Pinned to its room.
    Pinned,
    /// Saved by the asker.
    Saved,
}

/// An operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Said by whoever goes by this name or handle, told apart as names are. Several of them: by any.
    From(String),
    /// Said in the room that goes by this name. Several of them: in any.
    In(String),
    /// Said before this moment.
    Before(Timestamp),
    /// Said at this moment or later.
    Since(Timestamp),
    /// Having this.
    Has(Has),
    /// Being this.
    Is(Is),
}

/// A whole question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Its words and phrases.
    pub terms: Vec<Term>,
    /// Its operators, each with whether it stands behind a minus.
    pub filters: Vec<(Filter, bool)>,
}

impl Query {
    /// Reads what was typed. An operator that nothing stands behind yet is passed over, as when it is being typed.
    ///
    /// # Errors
    /// `too_big`, `too_many`, `empty`, or `bad_query` with what the operator takes.
    pub fn parse(typed: &str, zone: Zone) -> Result<Query, Refusal> {
        if typed.len() > limits::SEARCH_BYTES_MAX {
            return Err(refused(ErrorCode::TooBig, "A search holds at most 1,024 bytes. Look for less at once."));
        }
        let mut query = Query::default();
        let mut rest = typed;
        while let Some(part) = next_part(&mut rest) {
            match part.operator {
                Some(_) if part.value.trim().is_empty() => {}
                Some(operator) => query.filters.extend(filters(operator, &part, zone)?),
                None => {
                    let folded = fold(&part.value);
                    if !folded.is_empty() {
                        query.terms.push(Term { folded, not: part.not });
                    }
                }
            }
            if query.terms.len() + query.filters.len() > limits::SEARCH_PARTS_MAX {
                return Err(refused(
                    ErrorCode::TooMany,
                    "A search holds at most 24 words and operators. Leave some out.",
                ));
            }
        }
        if query.terms.is_empty() && query.filters.is_empty() {
            return Err(refused(ErrorCode::Empty, "Type what to look for."));
        }
        Ok(query)
    }

    /// The words that a message must have.
    pub fn wanted(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().filter(|term| !term.not).map(|term| term.folded.as_str())
    }

    /// Whether a folded text has every word that it must have, and none that it must not.
    #[must_use]
    pub fn suits(&self, folded: &str) -> bool {
        self.terms.iter().all(|term| find(folded, &term.folded, 0).is_some() != term.not)
    }

    /// How well a folded text answers: whole words before beginnings of words before parts, many before few, short texts before
    /// long ones. Of texts that suit.
    #[must_use]
    pub fn weight(&self, folded: &str) -> u64 {
        let ends = |at: usize| !folded[at..].chars().next().is_some_and(char::is_alphanumeric);
        let begins = |at: usize| !folded[..at].chars().next_back().is_some_and(char::is_alphanumeric);
        let mut weight = 0;
        for term in self.wanted() {
            let (mut from, mut found) = (0, 0);
            while let Some(at) = find(folded, term, from).filter(|_| found < 8) {
                let end = at + term.len();
                weight += match (begins(at), ends(end)) {
                    (true, true) => 400,
                    (true, false) => 200,
                    _ => 100,
                } / (1 + found);
                (from, found) = (end, found + 1);
            }
        }
        weight * 1_000 / (200 + folded.len().min(4_000) as u64)
    }
}

/// One word, phrase or operator as it was typed.
struct Part<'a> {
    not: bool,
    operator: Option<&'a str>,
    value: String,
}

const OPERATORS: [&str; 7] = ["from", "in", "before", "after", "on", "has", "is"];

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„')
}

/// Takes the next part off what is left.
fn next_part<'a>(rest: &mut &'a str) -> Option<Part<'a>> {
    let mut text = rest.trim_start();
    if text.is_empty() {
        return None;
    }
    let not = text.strip_prefix('-').filter(|behind| behind.chars().next().is_some_and(|c| !c.is_whitespace()));
    text = not.unwrap_or(text);
    let operator = text.split_once(':').and_then(|(name, behind)| {
        let known = OPERATORS.into_iter().any(|operator| name.eq_ignore_ascii_case(operator));
        known.then_some((name, behind))
    });
    if let Some((_, behind)) = operator {
        text = behind;
    }
    // `from:@"Ada L."`
    let signed = text.strip_prefix(['@', '#']).filter(|behind| operator.is_some() && behind.starts_with(is_quote));
    text = signed.unwrap_or(text);
    let value = if text.starts_with(is_quote) {
        let inside = text.trim_start_matches(is_quote);
        let (value, behind) = inside.split_once(is_quote).unwrap_or((inside, ""));
        text = behind;
        value
    } else {
        let end = text.find(char::is_whitespace).unwrap_or(text.len());
        let (value, behind) = text.split_at(end);
        text = behind;
        value
    };
    *rest = text;
    Some(Part { not: not.is_some(), operator: operator.map(|(name, _)| name), value: value.to_owned() })
}

fn filters(operator: &str, part: &Part<'_>, zone: Zone) -> Result<Vec<(Filter, bool)>, Refusal> {
    let (value, not) = (part.value.trim(), part.not);
    let day = || {
        Day::parse(value).ok_or_else(|| {
            refused(ErrorCode::BadQuery, format!("{operator}: takes a day, month or year, such as 2026-11-05."))
        })
    };
    let word = value.to_lowercase();
    let filter = match operator.to_ascii_lowercase().as_str() {
        "from" if word == "me" => Filter::Is(Is::Mine),
        "from" => Filter::From(skeleton(value.trim_start_matches('@'))),
        "in" => Filter::In(skeleton(value.trim_start_matches('#'))),
        "before" => Filter::Before(zone.at(day()?.from)),
        "after" => Filter::Since(zone.at(day()?.until)),
        "on" if not => return Err(refused(ErrorCode::BadQuery, "on: takes no minus. Use before: or after:.")),
        "on" => {
            let day = day()?;
            return Ok(vec![(Filter::Since(zone.at(day.from)), false), (Filter::Before(zone.at(day.until)), false)]);
        }
        "has" => Filter::Has(match word.as_str() {
            "link" | "links" => Has::Link,
            "code" => Has::Code,
            "file" | "files" => Has::File,
            "image" | "images" | "picture" | "pictures" => Has::Image,
            _ => return Err(refused(ErrorCode::BadQuery, "has: takes link, code, file or image.")),
        }),
        _ => Filter::Is(match word.as_str() {
            "mine" => Is::Mine,
            "reply" => Is::Reply,
            "thread" => Is::Thread,
            "edited" => Is::Edited,
            "pinned" => Is::Pinned,
            "saved" => Is::Saved,
            _ => {
                let words = "is: takes mine, reply, thread, edited, pinned or saved.";
                return Err(refused(ErrorCode::BadQuery, words));
            }
        }),
    };
    Ok(vec![(filter, not)])
}

fn refused(code: ErrorCode, words: impl Into<String>) -> Refusal {
    Refusal::new(code, words).at("q")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(typed: &str) -> Query {
        Query::parse(typed, Zone::default()).unwrap()
    }

    fn terms(typed: &str) -> Vec<(String, bool)> {
        query(typed).terms.into_iter().map(|term| (term.folded, term.not)).collect()
    }

    #[test]
    fn srch_3_words_phrases_and_what_stands_behind_a_minus() {
        let said =
            |pairs: &[(&str, bool)]| pairs.iter().map(|(text, not)| ((*text).to_owned(), *not)).collect::<Vec<_>>();
        assert_eq!(terms("Two  WORDS"), said(&[("two", false), ("words", false)]));
        assert_eq!(
            terms("“a Phrase” -not -\"that one\""),
            said(&[("a phrase", false), ("not", true), ("that one", true)])
        );
        assert_eq!(terms("a-b - c"), said(&[("a-b", false), ("-", false), ("c", false)]));
        assert_eq!(terms("\"not closed"), said(&[("not closed", false)]));
        assert_eq!(
            terms("https://a.example/x?y=1 note:this"),
            said(&[("https://a.example/x?y=1", false), ("note:this", false)])
        );
        assert_eq!(terms("word\"s"), said(&[("word\"s", false)]));
    }

    #[test]
    fn srch_4_operators_are_read_in_any_case_and_with_quotation_marks() {
        let filters = |typed: &str| query(typed).filters;
        assert_eq!(filters("FROM:@Ada"), [(Filter::From("ada".to_owned()), false)]);
        assert_eq!(filters("-from:\"Ada L.\""), [(Filter::From(skeleton("Ada L.")), true)]);
        assert_eq!(filters("from:@“Ada L.”"), [(Filter::From(skeleton("Ada L.")), false)]);
        assert_eq!(filters("in:#tea from:me"), [(Filter::In("tea".to_owned()), false), (Filter::Is(Is::Mine), false)]);
        assert_eq!(filters("has:Link -is:mine"), [(Filter::Has(Has::Link), false), (Filter::Is(Is::Mine), true)]);
        let day = 20_787 * 24 * 3_600_000;
        let hour = 3_600_000;
        let berlin = Query::parse("before:2026-11-30 after:2026-11-30", Zone::minutes(60)).unwrap().filters;
        assert_eq!(
            berlin,
            [(Filter::Before(Timestamp(day - hour)), false), (Filter::Since(Timestamp(day + 23 * hour)), false)]
        );
        assert_eq!(filters("on:2026-11-30")[0], (Filter::Since(Timestamp(day)), false));
        assert_eq!(terms("from: x"), [("x".to_owned(), false)]);
    }

    #[test]
    fn srch_5_what_is_no_question_is_refused_with_what_to_do() {
        let code = |typed: &str| Query::parse(typed, Zone::default()).unwrap_err().code;
        for empty in ["", "  ", "\u{200B}", "from:", "\"\""] {
            assert_eq!(code(empty), ErrorCode::Empty, "{empty:?}");
        }
        for wrong in ["before:soon", "after:2026-13", "has:gold", "is:fine", "-on:2026"] {
            assert_eq!(code(wrong), ErrorCode::BadQuery, "{wrong}");
        }
        assert_eq!(code(&"x".repeat(limits::SEARCH_BYTES_MAX + 1)), ErrorCode::TooBig);
        assert_eq!(code(&"a ".repeat(limits::SEARCH_PARTS_MAX + 1)), ErrorCode::TooMany);
        assert_eq!(code(&"has:link ".repeat(limits::SEARCH_PARTS_MAX + 1)), ErrorCode::TooMany);
    }

    #[test]
    fn s61_no_sign_of_a_search_language_is_anything_but_text() {
        for hostile in [
            "\" OR 1=1",
            "NEAR(a b)",
            "*",
            "a* OR b",
            "rowid:1",
            "^x",
            "{a b}:c",
            "'; drop table said; --",
            "a AND NOT b",
        ] {
            assert!(query(hostile).filters.is_empty() && !query(hostile).terms.is_empty(), "{hostile}");
        }
    }

    #[test]
    fn srch_7_a_whole_word_weighs_more_than_a_part_and_a_short_text_more_than_a_long_one() {
        let weight = |text: &str| query("relay").weight(text);
        assert!(weight("the relay works") > weight("the relays work"));
        assert!(weight("the relays work") > weight("the xrelayx work"));
        assert!(weight("relay relay") > weight("relay other"));
        assert!(weight("relay") > weight(&format!("relay {}", "x".repeat(500))));
    }
}
