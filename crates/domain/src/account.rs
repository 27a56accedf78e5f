//! What accounts are made of: handles, e-mail addresses, passwords (S25), and the house's own name.

use parlour_protocol::{ErrorCode, Refusal, limits};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use unicode_segmentation::UnicodeSegmentation;

use crate::name::{is_like_a_guest, shows_nothing, skeleton};
use crate::text::is_forbidden;

/// The passwords that are tried first, one a line, small letters.
const COMMON: &str = include_str!("common_passwords.txt");

/// What somebody signs in with: small letters, digits, hyphens, dots; unique after look-alikes are set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handle(String);

impl Handle {
    /// Takes a wished-for handle; a leading `@` is ignored.
    ///
    /// # Errors
    /// `bad_handle` with what is wrong with it.
    pub fn parse(wished: &str) -> Result<Handle, Refusal> {
        let bad = |words: &str| Refusal::new(ErrorCode::BadHandle, words).at("handle");
        let wished = wished.trim();
        let wished = wished.strip_prefix('@').unwrap_or(wished);
        // Looked at before any work is done on it: what comes may be 64 KiB long.
        if wished.len() > limits::NAME_BYTES_MAX {
            return Err(bad("A handle holds at most 32 characters."));
        }
        let small: String = wished.nfkc().collect::<String>().to_lowercase();
        let handle: String = small.nfkc().collect();
        if handle.is_empty() {
            return Err(bad("Type a handle: it is what you sign in with."));
        }
        let fits = |c: char| (c.is_alphanumeric() || is_combining_mark(c) || "-_.".contains(c)) && !shows_alone(c);
        if !handle.chars().all(fits) || !handle.starts_with(char::is_alphanumeric) {
            return Err(bad("A handle begins with a letter or digit and holds letters, digits, hyphens and dots."));
        }
        if handle.chars().count() > limits::HANDLE_CHARS_MAX {
            return Err(bad("A handle holds at most 32 characters."));
        }
        if skeleton(&handle).is_empty() || is_like_a_guest(&handle) {
            return Err(bad("Handles like that are given to nobody. Choose another."));
        }
        Ok(Handle(handle))
    }

    /// The handle.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What two handles have in common when people would take one for the other.
    #[must_use]
    pub fn skeleton(&self) -> String {
        skeleton(&self.0)
    }
}

/// A character of a handle must be seen by itself; a mark on a letter is.
fn shows_alone(c: char) -> bool {
    shows_nothing(c) && !is_combining_mark(c)
}

/// An e-mail address, in small letters. Whether it exists is not asked: nothing is sent to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// Takes an address.
    ///
    /// # Errors
    /// `bad_email`.
    pub fn parse(wished: &str) -> Result<Email, Refusal> {
        let bad =
            || Refusal::new(ErrorCode::BadEmail, "That is no e-mail address. Leave it out if you like.").at("email");
        let address = wished.trim();
        let (local, domain) = address.rsplit_once('@').ok_or_else(bad)?;
        let plain = |c: char| c.is_ascii_graphic() && !"<>()[]\\,;:\"@".contains(c);
        let labels = domain.split('.').all(|label| {
            !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte >= 0x80)
        });
        if address.len() > limits::EMAIL_BYTES_MAX || local.is_empty() || !local.chars().all(plain) || !labels {
            return Err(bad());
        }
        Ok(Email(address.to_lowercase()))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a password may be one (S25): long enough, and not among those that are tried first; nothing about which characters.
/// `known` is what anybody knows of whom it is for.
///
/// # Errors
/// `bad_password` with what is wrong with it.
pub fn check_password(password: &str, known: &[&str]) -> Result<(), Refusal> {
    let bad = |words: &str| Err(Refusal::new(ErrorCode::BadPassword, words).at("password"));
    if password.len() > limits::PASSWORD_BYTES_MAX {
        return bad("A password holds at most 1,024 bytes.");
    }
    if password.chars().count() < limits::PASSWORD_CHARS_MIN {
        return bad("A password needs at least 8 characters. A few words in a row are good.");
    }
    let small = password.to_lowercase();
    if is_common(&small) {
        return bad("That password is among those that are tried first. Choose another.");
    }
    if known.iter().any(|word| small == word.to_lowercase()) {
        return bad("A password that is your name or handle is guessed at once. Choose another.");
    }
    Ok(())
}

/// In the list, or one character again and again.
fn is_common(small: &str) -> bool {
    let mut characters = small.chars();
    let first = characters.next();
    COMMON.lines().any(|common| common == small) || characters.all(|c| Some(c) == first)
}

/// What a house is called.
///
/// # Errors
/// `bad_name`.
pub fn house_name(wished: &str) -> Result<String, Refusal> {
    let bad = |words: &str| Refusal::new(ErrorCode::BadName, words).at("house_name");
    let name = wished.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.chars().all(shows_nothing) {
        return Err(bad("Type a name for the house."));
    }
    if name.chars().any(is_forbidden) {
        return Err(bad("A name cannot hold control characters."));
    }
    if name.len() > 4 * limits::NAME_BYTES_MAX || name.graphemes(true).count() > limits::HOUSE_NAME_GRAPHEMES_MAX {
        return Err(bad("A house's name holds at most 60 characters."));
    }
    Ok(name)
}

/// What somebody calls a passkey of theirs; `else_called` where they type nothing.
///
/// # Errors
/// `bad_name`.
pub fn passkey_name(wished: &str, else_called: &str) -> Result<String, Refusal> {
    let bad = |words: &str| Refusal::new(ErrorCode::BadName, words).at("name");
    let name = wished.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = if name.chars().all(shows_nothing) { else_called.to_owned() } else { name };
    if name.is_empty() {
        return Err(bad("Type a name for the passkey."));
    }
    if name.chars().any(is_forbidden) {
        return Err(bad("A name cannot hold control characters."));
    }
    if name.len() > limits::NAME_BYTES_MAX || name.graphemes(true).count() > limits::NAME_GRAPHEMES_MAX {
        return Err(bad("A passkey's name holds at most 32 characters."));
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acc_1_a_handle_is_small_and_plain_and_look_alikes_are_one() {
        let handle = |wished: &str| Handle::parse(wished).map(|handle| handle.0);
        assert_eq!(handle(" @Ada.Lovelace "), Ok("ada.lovelace".to_owned()));
        assert_eq!(handle("ＡＤＡ"), Ok("ada".to_owned()), "wide letters are letters");
        let skeleton = |wished: &str| Handle::parse(wished).unwrap().skeleton();
        assert_eq!(skeleton("ada"), skeleton("аdа"), "Cyrillic");
        for wrong in ["", "@", "ada lovelace", "ada@x", "-ada", ".", "a\u{200B}b", "a/b", "guest-4f2a", &"a".repeat(33)]
        {
            assert_eq!(handle(wrong).unwrap_err().code, ErrorCode::BadHandle, "{wrong:?}");
        }
    }

    #[test]
    fn acc_1_an_address_has_one_shape_and_is_kept_small() {
        assert_eq!(Email::parse(" Ada@Example.org ").unwrap().as_str(), "ada@example.org");
        for wrong in ["", "ada", "@x.org", "ada@", "a b@x.org", "ada@x..org", "ada@x.org\n", "a@b@c.org, x@y"] {
            let long = wrong.trim() != wrong;
            assert!(Email::parse(wrong).is_err() || long, "{wrong:?}");
        }
    }

    #[test]
    fn s25_passwords_are_long_enough_and_not_the_first_that_are_tried_and_nothing_else_is_asked() {
        for good in ["correct horse", "ｐａｓｓ wörd ☃", &"x1".repeat(64), &"a b".repeat(300)] {
            assert_eq!(check_password(good, &["Ada"]), Ok(()), "{good:?}");
        }
        for bad in ["", "short", "1234567", "password123", "PassWord123", "12345678", "qwertyuiop", "aaaaaaaaaa"] {
            assert_eq!(check_password(bad, &[]).unwrap_err().code, ErrorCode::BadPassword, "{bad:?}");
        }
        assert!(check_password("Ada Lovelace", &["ada lovelace"]).is_err());
        assert!(check_password(&"x1".repeat(513), &[]).is_err());
        let listed: Vec<&str> = COMMON.lines().collect();
        assert!(listed.iter().all(|common| common.to_lowercase() == **common && common.len() >= 8));
    }

    #[test]
    fn door_4_a_house_s_name_is_seen_and_has_an_end() {
        assert_eq!(house_name("  The   Red House "), Ok("The Red House".to_owned()));
        for wrong in ["", " ", "\u{200B}\u{200B}", "a\u{7}b", &"x".repeat(61)] {
            assert_eq!(house_name(wrong).unwrap_err().code, ErrorCode::BadName, "{wrong:?}");
        }
    }
}
