//! What one may react with (TALK-5): one emoji.

use parlour_protocol::{ErrorCode, Refusal, limits};
use unicode_segmentation::UnicodeSegmentation;

/// One emoji, as it is drawn: a picture, a flag, a keycap, or pictures that are joined to one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Emoji(String);

impl Emoji {
    /// Takes what somebody reacts with.
    ///
    /// # Errors
    /// `bad_text` for anything but one emoji.
    pub fn parse(text: &str) -> Result<Emoji, Refusal> {
        let is_one = text.len() <= limits::EMOJI_BYTES_MAX && text.graphemes(true).count() == 1;
        if is_one && is_picture(text) {
            return Ok(Emoji(text.to_owned()));
        }
        Err(Refusal::new(ErrorCode::BadText, "React with one emoji."))
    }

    /// The emoji, owned.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

/// Whether a cluster begins with a picture and has nothing in it that is none.
fn is_picture(cluster: &str) -> bool {
    let mut chars = cluster.chars();
    let first = chars.next().unwrap_or_default();
    if matches!(first, '0'..='9' | '#' | '*') {
        return chars.as_str().ends_with('\u{20E3}') && chars.all(|c| matches!(c, '\u{FE0F}' | '\u{20E3}'));
    }
    is_drawn(first) && chars.all(|c| is_drawn(c) || joins(c))
}

/// Characters of the blocks that Unicode draws its emoji from (UTS 51).
fn is_drawn(c: char) -> bool {
    matches!(c, '\u{A9}' | '\u{AE}' | '\u{203C}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2190}'..='\u{21FF}'
        | '\u{2300}'..='\u{23FF}' | '\u{24C2}' | '\u{25A0}'..='\u{27BF}' | '\u{2934}' | '\u{2935}' | '\u{2B00}'..='\u{2BFF}'
        | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}' | '\u{1F000}'..='\u{1FAFF}')
}

/// What makes one picture of several, or says which kind: the joiner, the selector, and the letters of flags of regions.
fn joins(c: char) -> bool {
    matches!(c, '\u{200D}' | '\u{FE0F}' | '\u{E0020}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn talk_5_one_emoji_is_taken_and_nothing_else() {
        for one in ["👏", "❤️", "❤", "👩‍👩‍👧", "👋🏽", "🇩🇪", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "1️⃣", "#⃣", "©️", "✅", "🫠"]
        {
            assert!(Emoji::parse(one).is_ok(), "{one}");
        }
        for other in [
            "",
            " ",
            "a",
            "1",
            "ab",
            "👏👏",
            "👏a",
            "a👏",
            "\u{200D}",
            "\u{FE0F}",
            "<b>",
            "é",
            "元",
            "1\u{FE0F}",
            "👏\u{301}",
        ] {
            assert_eq!(Emoji::parse(other).map_err(|refusal| refusal.code), Err(ErrorCode::BadText), "{other}");
        }
        assert!(Emoji::parse(&format!("👏{}", "\u{200D}👏".repeat(50))).is_err());
    }
}
