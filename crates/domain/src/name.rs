//! Names of people and rooms: what may be one, and which two are too alike (S56, S57, S58, ROOM-2).

use parlour_protocol::limits;
use parlour_protocol::{ErrorCode, Refusal};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use unicode_segmentation::UnicodeSegmentation;

use crate::text::is_forbidden;

/// Joins emoji into one picture; the only format character a name may hold, and only between pictures.
const ZERO_WIDTH_JOINER: char = '\u{200D}';

/// How the names of classic clients begin.
const GUEST: &str = "guest-";

/// A person's name as shown: NFC, single spaces, no invisible characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonName(String);

impl PersonName {
    /// Takes a wished-for name.
    ///
    /// # Errors
    /// `bad_name` with what is wrong with it.
    pub fn parse(wished: &str) -> Result<PersonName, Refusal> {
        let name = tidy(wished)?;
        check_length(&name, "Type a name.")?;
        if is_like_a_guest(&name) {
            return Err(bad("Names like guest-4f2a are given to guests. Choose another."));
        }
        Ok(PersonName(name))
    }

    /// The name of a classic client, made from a number: `guest-4f2a`.
    #[must_use]
    pub fn guest(number: u32) -> PersonName {
        if number <= 0xFFFF {
            PersonName(format!("guest-{number:04x}"))
        } else {
            PersonName(format!("guest-{number:08x}"))
        }
    }

    /// A name made by [`PersonName::guest`], read back.
    #[must_use]
    pub fn guest_again(shown: &str) -> Option<PersonName> {
        let number = u32::from_str_radix(shown.strip_prefix(GUEST)?, 16).ok()?;
        Some(PersonName::guest(number)).filter(|name| name.0 == shown)
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What two names have in common when people would take one for the other.
    #[must_use]
    pub fn skeleton(&self) -> String {
        skeleton(&self.0)
    }

    /// Names that begin like this one, in the order they should be offered: "Ada L." and so on through the alphabet, then
    /// "Ada 2", "Ada 3" … Some may be taken.
    pub fn alternatives(&self) -> impl Iterator<Item = PersonName> + use<> {
        let stem: String = self.0.graphemes(true).take(limits::NAME_GRAPHEMES_MAX - 4).collect();
        let again = stem.clone();
        let letters = "LMABCDEFGHJKNPQRSTUVWXYZ".chars().map(move |letter| format!("{stem} {letter}."));
        let numbers = (2..978).map(move |number| format!("{again} {number}"));
        // Not each is a name: it may be too long in bytes, or be like a guest's.
        letters.chain(numbers).filter_map(|wished| PersonName::parse(&wished).ok())
    }
}

/// A room's name without its `#`: lower case, words joined by hyphens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomName(String);

impl RoomName {
    /// Takes a wished-for name; a leading `#` is ignored and spaces become hyphens.
    ///
    /// # Errors
    /// `bad_name` with what is wrong with it.
    pub fn parse(wished: &str) -> Result<RoomName, Refusal> {
        // Made small a letter may fall into parts that stand in another order (İ with a cedilla), so it is put together again.
        let small = tidy(wished.trim().trim_start_matches('#'))?.to_lowercase();
        let name = small.nfc().collect::<String>().replace(' ', "-");
        check_length(&name, "Type a name for the room.")?;
        if let Some(odd) = name.chars().find(|c| !(c.is_alphanumeric() || is_combining_mark(*c) || "-_.".contains(*c)))
        {
            return Err(bad(format!("A room's name holds letters, digits and hyphens, but not “{odd}”.")));
        }
        Ok(RoomName(name))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What two names have in common when people would take one for the other.
    #[must_use]
    pub fn skeleton(&self) -> String {
        skeleton(&self.0)
    }
}

/// One line about a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic(String);

impl Topic {
    /// Takes a topic; line breaks become spaces, empty is allowed.
    ///
    /// # Errors
    /// `too_big` or `bad_text`.
    pub fn parse(wished: &str) -> Result<Topic, Refusal> {
        let topic = wished.split_whitespace().collect::<Vec<_>>().join(" ");
        if topic.chars().any(is_forbidden) {
            return Err(Refusal::new(ErrorCode::BadText, "The topic holds control characters. Remove them."));
        }
        if topic.len() > limits::TOPIC_BYTES_MAX || topic.graphemes(true).count() > limits::TOPIC_GRAPHEMES_MAX {
            return Err(Refusal::new(ErrorCode::TooBig, "A topic holds at most 250 characters."));
        }
        Ok(Topic(topic))
    }

    /// The topic.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn bad(message: impl Into<String>) -> Refusal {
    Refusal::new(ErrorCode::BadName, message)
}

fn tidy(wished: &str) -> Result<String, Refusal> {
    // Checked before any work is done on it: what comes may be 64 KiB long.
    if wished.len() > limits::NAME_BYTES_MAX * 4 {
        return Err(too_long());
    }
    let visible: String = wished.chars().filter(|c| !is_bidi_control(*c)).collect();
    let name: String = visible.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect();
    if name.chars().any(is_forbidden) {
        return Err(bad("A name cannot hold control characters."));
    }
    if name.chars().any(|c| (is_invisible(c) && c != ZERO_WIDTH_JOINER) || is_nobody_s(c)) || has_loose_joiner(&name) {
        return Err(bad("A name cannot hold invisible characters."));
    }
    Ok(name)
}

fn check_length(name: &str, empty: &str) -> Result<(), Refusal> {
    let is_seen = |c: char| c.is_alphanumeric() || (u32::from(c) > 0x2000 && !is_blank(c));
    // Of dashes and dots alone nothing is left to tell one such name from another.
    if !name.chars().any(is_seen) || skeleton(name).is_empty() {
        return Err(bad(if name.is_empty() { empty } else { "A name needs at least one letter or digit." }));
    }
    if name.len() > limits::NAME_BYTES_MAX || name.graphemes(true).count() > limits::NAME_GRAPHEMES_MAX {
        return Err(too_long());
    }
    let crowded = |cluster: &str| cluster.nfd().filter(|c| is_combining_mark(*c)).count() > limits::NAME_MARKS_MAX;
    if name.graphemes(true).any(crowded) {
        return Err(bad("A letter of this name carries too many marks."));
    }
    Ok(())
}

fn too_long() -> Refusal {
    bad("A name holds at most 32 characters.")
}

/// Characters that turn the writing direction of what follows; taken out, so that a name cannot reorder its neighbours.
pub(crate) fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Characters that take no room and show nothing.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{034F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200D}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// A joiner is at home only between two pictures.
fn has_loose_joiner(name: &str) -> bool {
    let is_picture = |c: Option<&char>| c.is_some_and(|c| u32::from(*c) >= 0x2190);
    let chars: Vec<char> = name.chars().collect();
    chars.iter().enumerate().any(|(index, c)| {
        *c == ZERO_WIDTH_JOINER
            && !(is_picture(index.checked_sub(1).and_then(|before| chars.get(before)))
                && is_picture(chars.get(index + 1)))
    })
}

/// Characters that no script has (yet), or that are anybody's to draw: each machine shows something else, often nothing.
fn is_nobody_s(c: char) -> bool {
    use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};
    matches!(c.general_category(), GeneralCategory::Unassigned | GeneralCategory::PrivateUse)
        || matches!(c, '\u{16FE4}' | '\u{1D159}')
}

/// Characters that are symbols by their class and yet show nothing: marks, variation selectors, the Braille blank.
fn is_blank(c: char) -> bool {
    is_combining_mark(c) || matches!(c, '\u{2800}' | '\u{FE00}'..='\u{FE0F}' | '\u{1D159}' | '\u{16FE4}')
}

/// Whether a character alone leaves nothing to see.
pub(crate) fn shows_nothing(c: char) -> bool {
    is_invisible(c) || is_blank(c)
}

/// Whether people would take a name for one made by [`PersonName::guest`]. A skeleton writes 0 as o and 1 as l.
pub(crate) fn is_like_a_guest(name: &str) -> bool {
    let skeleton = skeleton(name);
    let number = skeleton.strip_prefix("guest").unwrap_or_default();
    matches!(number.len(), 4 | 8) && number.chars().all(|c| c.is_ascii_hexdigit() || "ol".contains(c))
}

/// UTS 39 skeleton of the case-folded compatibility form, without spaces, hyphens and dots.
pub(crate) fn skeleton(name: &str) -> String {
    // Capitals first: В is alike to B and н to no Latin letter, so the small form alone would hide what is plain to see;
    // and a small i becomes I, which is alike to l.
    use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};
    // Dashes of any length are no difference, and a long one is alike to a Japanese vowel.
    let seen = name.nfkc().filter(|c| c.general_category() != GeneralCategory::DashPunctuation);
    let capitals: String = seen.flat_map(char::to_uppercase).collect();
    let alike: String = unicode_security::skeleton(&capitals).flat_map(char::to_lowercase).collect();
    // A second pass for what only small letters are alike to (m and rn).
    unicode_security::skeleton(&alike)
        .filter(|c| !c.is_whitespace() && !"_.".contains(*c) && !is_invisible(*c))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &str) -> PersonName {
        PersonName::parse(name).unwrap()
    }

    #[test]
    fn s57_nobody_can_be_called_like_a_guest() {
        for alike in ["guest-4f2a", "Guest 4F2A", "gue\u{0455}t-l0ca", "guest\u{2014}4f2a"] {
            assert!(PersonName::parse(alike).is_err(), "{alike}");
        }
        for fine in ["Guestavo", "guest", "guest-house", "the guest"] {
            assert!(PersonName::parse(fine).is_ok(), "{fine}");
        }
        let guest = PersonName::guest(0x4f2a);
        assert_eq!(PersonName::guest_again(guest.as_str()), Some(guest));
        assert_eq!(PersonName::guest_again("guest-00004f2a"), None);
    }

    #[test]
    fn s57_a_name_that_shows_nothing_is_refused() {
        for blank in [
            "Ada\u{16FE4}",
            "Ada\u{1D159}",
            "Ada\u{0378}",
            "Ada\u{E000}",
            "\u{FE0F}",
            "\u{2800}\u{2800}",
            "\u{3164}",
            "\u{FE0E}\u{2800}",
            "!?",
            "\u{2014}",
            ".\u{2024}",
            "\u{2E3A}",
        ] {
            assert!(PersonName::parse(blank).is_err(), "{}", blank.escape_unicode());
        }
        assert!(PersonName::parse("\u{1F984}\u{FE0F}").is_ok());
    }

    #[test]
    fn s57_names_that_look_alike_are_one_name() {
        let admin = person("admin").skeleton();
        for alike in ["аdmin", "ADMIN", "ａｄｍｉｎ", "a d m i n", "Admin.", "ADMlN", "adrnin"] {
            assert_eq!(person(alike).skeleton(), admin, "{alike}");
        }
        let pairs = [
            ("Вob", "Bob"),
            ("Βob", "bob"),
            ("Нelen", "Helen"),
            ("Ηelen", "helen"),
            ("Тom", "Tom"),
            ("Мary", "mary"),
            ("Μary", "Mary"),
            ("Кate", "kate"),
            ("Ζoe", "Zoe"),
            ("Ian", "lan"),
            ("AIice", "alice"),
            ("Нина", "нина"),
        ];
        for (one, other) in pairs {
            assert_eq!(person(one).skeleton(), person(other).skeleton(), "{one} {other}");
        }
        assert_ne!(person("Adam").skeleton(), admin);
        assert_ne!(person("Ada").skeleton(), person("Ada L.").skeleton());
    }

    #[test]
    fn s57_invisible_characters_are_refused_and_s56_bidi_controls_taken_out() {
        for hidden in ["admin\u{200B}", "ad\u{2060}min", "\u{FEFF}admin", "ad\u{200D}min", "\u{3164}"] {
            assert_eq!(PersonName::parse(hidden).unwrap_err().code, ErrorCode::BadName, "{hidden:?}");
        }
        assert_eq!(person("ab\u{202E}cd").as_str(), "abcd");
        assert_eq!(person("👩‍👩‍👧 Kim").as_str(), "👩‍👩‍👧 Kim");
    }

    #[test]
    fn s58_a_pile_of_marks_is_refused_and_length_counts_what_one_sees() {
        let zalgo = format!("a{}", "\u{0301}".repeat(9));
        assert_eq!(PersonName::parse(&zalgo).unwrap_err().code, ErrorCode::BadName);
        assert!(PersonName::parse(&"é".repeat(32)).is_ok());
        assert!(PersonName::parse(&"e\u{301}".repeat(32)).is_ok());
        assert!(PersonName::parse(&"a".repeat(33)).is_err());
        assert!(PersonName::parse(&"a".repeat(100_000)).is_err());
        for empty in ["", "   ", "\t\n", "--"] {
            assert_eq!(PersonName::parse(empty).unwrap_err().code, ErrorCode::BadName);
        }
        assert_eq!(person("  Ada \n Lovelace ").as_str(), "Ada Lovelace");
    }

    #[test]
    fn a_taken_name_has_alternatives_that_are_names() {
        let ada: Vec<PersonName> = person("Ada").alternatives().collect();
        assert_eq!((ada[0].as_str(), ada[1].as_str(), ada.len()), ("Ada L.", "Ada M.", 1_000));
        let long = person(&"é".repeat(32)).alternatives().next().unwrap();
        assert!(PersonName::parse(long.as_str()).is_ok());
        // 28 characters are kept, and the last of them is a space.
        let spaced = person(&format!("{} bcd", "a".repeat(27))).alternatives().next().unwrap();
        assert_eq!(spaced.as_str(), format!("{} L.", "a".repeat(27)));
    }

    #[test]
    fn s57_nobody_is_offered_a_name_like_a_guest_s() {
        let offered: Vec<PersonName> = person("guest-123").alternatives().collect();
        let refused: Vec<&PersonName> = offered.iter().filter(|name| is_like_a_guest(name.as_str())).collect();
        assert_eq!((refused, offered.first().map(PersonName::as_str)), (vec![], Some("guest-123 M.")));
    }

    #[test]
    fn room_2_rooms_are_lower_case_words_with_hyphens() {
        assert_eq!(RoomName::parse("#Book Club").unwrap().as_str(), "book-club");
        assert_eq!(RoomName::parse("読書会").unwrap().as_str(), "読書会");
        for odd in ["", "#", "a/b", "a#b", "<b>", "a\u{0}b", "🎉"] {
            assert_eq!(RoomName::parse(odd).unwrap_err().code, ErrorCode::BadName, "{odd:?}");
        }
        assert_eq!(RoomName::parse("book_club").unwrap().skeleton(), RoomName::parse("BOOK club").unwrap().skeleton());
    }

    #[test]
    fn room_2_a_name_that_was_taken_stays_as_it_is_when_it_is_taken_again() {
        let room = RoomName::parse("\u{130}\u{327}a").unwrap();
        assert_eq!(room.as_str(), "i\u{327}\u{307}a");
        assert_eq!(RoomName::parse(room.as_str()), Ok(room));
    }

    #[test]
    fn a_topic_is_one_line() {
        assert_eq!(Topic::parse(" a\r\n b ").unwrap().as_str(), "a b");
        assert!(Topic::parse(&"x".repeat(251)).is_err());
        assert!(Topic::parse("a\u{7}b").is_err());
    }
}
