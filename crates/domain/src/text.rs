//! What may be said: a message's text, checked before anything is queued, so that nobody can poison a batch (H17).

use crate::name::shows_nothing;
use parlour_protocol::limits::{BODY_BYTES_MAX, NOTE_BYTES_MAX};
use parlour_protocol::{ErrorCode, Refusal};

/// A text that may be stored: UTF-8, LF line ends, no control characters but newline and tab, at most 16 KiB.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft(String);

impl Draft {
    /// Takes the text of a `post` (MSG-2, MSG-3).
    ///
    /// # Errors
    /// `too_big`, `bad_text` or `empty`.
    pub fn parse(text: &str) -> Result<Draft, Refusal> {
        let draft = Draft::parse_beside_files(text)?;
        if draft.0.chars().all(|c| c.is_whitespace() || shows_nothing(c)) {
            return Err(Refusal::new(ErrorCode::Empty, "There is nothing in this message."));
        }
        Ok(draft)
    }

    /// The same for a message that carries files, which may have nothing else to say (FILE-5).
    ///
    /// # Errors
    /// `too_big` or `bad_text`.
    pub fn parse_beside_files(text: &str) -> Result<Draft, Refusal> {
        let text = line_ends(text);
        if text.len() > BODY_BYTES_MAX {
            return Err(Refusal::new(ErrorCode::TooBig, "A message holds at most 16 KiB of text. Send it in parts."));
        }
        if text.chars().any(is_forbidden) {
            return Err(Refusal::new(ErrorCode::BadText, "The text holds control characters. Remove them."));
        }
        Ok(Draft(text))
    }

    /// Takes a text frame of the classic wire as it is: controls become U+FFFD, the empty text is a message (OLD-4).
    ///
    /// # Errors
    /// When it is above the limit; the wire has no refusal, so the connection closes with 1009.
    pub fn classic_text(text: &str) -> Result<Draft, TooBig> {
        // Measured as it came: a replacement may be longer than what it replaces.
        if text.len() > BODY_BYTES_MAX { Err(TooBig) } else { Ok(Draft(replace_controls(text))) }
    }

    /// Takes a binary frame of the classic wire: each byte that is not part of valid UTF-8 becomes U+FFFD, as the
    /// tutorial's server encoded it.
    ///
    /// # Errors
    /// When it is above the limit.
    pub fn classic_binary(bytes: &[u8]) -> Result<Draft, TooBig> {
        if bytes.len() > BODY_BYTES_MAX {
            return Err(TooBig);
        }
        let mut text = String::with_capacity(bytes.len());
        for chunk in bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            text.extend(chunk.invalid().iter().map(|_| '\u{FFFD}'));
        }
        Ok(Draft(replace_controls(&text)))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, owned.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

/// A note to an administrator, or of one for the log: a line or a few, perhaps none.
///
/// # Errors
/// `too_big` or `bad_text`.
pub fn note(text: &str) -> Result<String, Refusal> {
    let text = line_ends(text.trim());
    if text.len() > NOTE_BYTES_MAX {
        return Err(Refusal::new(ErrorCode::TooBig, "A note holds at most 1,000 bytes. Say it shorter."));
    }
    if text.chars().any(is_forbidden) {
        return Err(Refusal::new(ErrorCode::BadText, "The note holds control characters. Remove them."));
    }
    Ok(text)
}

fn replace_controls(text: &str) -> String {
    line_ends(text).chars().map(|c| if is_forbidden(c) { '\u{FFFD}' } else { c }).collect()
}

/// A classic message above the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooBig;

/// C0 and C1 controls but newline and tab (S55).
#[must_use]
pub fn is_forbidden(c: char) -> bool {
    c.is_control() && c != '\n' && c != '\t'
}

/// CRLF and CR become LF.
fn line_ends(text: &str) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn msg_2_line_ends_become_lf_and_all_65_controls_are_told_apart() {
        assert_eq!(Draft::parse("a\r\nb\rc\td").unwrap().as_str(), "a\nb\nc\td");
        let controls = (0..=0x1Fu32).chain(0x7F..=0x9F).filter_map(char::from_u32);
        for c in controls.filter(|c| !['\n', '\t', '\r'].contains(c)) {
            let refused = Draft::parse(&format!("a{c}b")).unwrap_err();
            assert_eq!(refused.code, ErrorCode::BadText, "{:#x}", u32::from(c));
            assert_eq!(Draft::classic_text(&format!("a{c}b")).unwrap().as_str(), "a\u{FFFD}b");
        }
    }

    #[test]
    fn msg_3_white_space_is_empty_and_16_kib_is_the_end() {
        assert_eq!(Draft::parse(" \n\t ").unwrap_err().code, ErrorCode::Empty);
        assert!(Draft::parse(&"x".repeat(BODY_BYTES_MAX)).is_ok());
        assert_eq!(Draft::parse(&"x".repeat(BODY_BYTES_MAX + 1)).unwrap_err().code, ErrorCode::TooBig);
        // CRLF counts as the one byte that is kept.
        assert!(Draft::parse(&format!("{}\r\n", "x".repeat(BODY_BYTES_MAX - 1))).is_ok());
    }

    #[test]
    fn old_4_the_empty_frame_is_a_message_and_each_bad_byte_is_one_replacement() {
        assert_eq!(Draft::classic_text("").unwrap().as_str(), "");
        assert_eq!(Draft::classic_binary(&[b'a', 0xFF, 0xFE, 0xE2, 0x82, b'b']).unwrap().as_str(), "a����b");
        assert_eq!(Draft::classic_text(&"x".repeat(BODY_BYTES_MAX + 1)), Err(TooBig));
        assert_eq!(Draft::classic_binary(&[0xFF; BODY_BYTES_MAX + 1]), Err(TooBig));
    }
}
