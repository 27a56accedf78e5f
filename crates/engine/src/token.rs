//! Session tokens: 256 random bits in the browser, their SHA-256 in the store (S15).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use parlour_store::TokenHash;
use sha2::{Digest, Sha256};

const TOKEN_BYTES: usize = 32;

/// A session's secret. It is printed nowhere: its `Debug` shows no part of it.
#[derive(Clone)]
pub struct Token([u8; TOKEN_BYTES]);

impl Token {
    /// A new one from the system's random source.
    ///
    /// # Panics
    /// When the system has no random source; nothing safe can be done then.
    #[must_use]
    pub fn random() -> Token {
        let mut bytes = [0; TOKEN_BYTES];
        getrandom::fill(&mut bytes).expect("the system's random source answers");
        Token(bytes)
    }

    /// Reads one as a cookie carries it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Token> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        Some(Token(bytes.try_into().ok()?))
    }

    /// As a cookie carries it: 43 characters of `A-Za-z0-9_-`.
    #[must_use]
    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What the store keeps. Looking a hash up leaks nothing about the token through timing (S26).
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        Sha256::digest(self.0).into()
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}
