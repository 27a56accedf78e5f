//! Passkeys that are being made or shown: what was asked of a browser, until it answers. In memory, few, short-lived, each
//! answered once (KEY-2).

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use parlour_protocol::{ErrorCode, Refusal, limits};
use parlour_store::{Owner, Proven, TokenHash};
use webauthn_rs::prelude::{DiscoverableAuthentication, PasskeyRegistration, Webauthn};

use crate::Token;

/// Whose it is: nobody else's answer is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asker {
    /// Somebody inside, by their session.
    Session(TokenHash),
    /// A browser of this address.
    Stranger(u128),
}

/// What a browser was asked.
pub(crate) enum Asked {
    /// To show a passkey.
    Show(Box<DiscoverableAuthentication>),
    /// To make the first one of an account.
    First(Box<PasskeyRegistration>, Owner),
    /// To make one more, for somebody who has proved to be who they are.
    Another(Box<PasskeyRegistration>, Owner, Proven),
}

/// One question.
pub(crate) struct Ceremony {
    /// What checks the answer, for the name and origin that the question was asked at.
    pub(crate) checker: Webauthn,
    /// That name.
    pub(crate) site: String,
    pub(crate) asked: Asked,
    asker: Asker,
    began_ms: u64,
}

impl Ceremony {
    pub(crate) fn new(checker: Webauthn, site: String, asked: Asked, asker: Asker, now_ms: u64) -> Ceremony {
        Ceremony { checker, site, asked, asker, began_ms: now_ms }
    }
}

/// All of them, by the hash of the token that the browser keeps.
#[derive(Default)]
pub(crate) struct Ceremonies(Mutex<HashMap<TokenHash, Ceremony>>);

impl Ceremonies {
    /// Keeps one, and returns the browser's token. Of too many of one asker the oldest is over.
    pub(crate) fn begin(&self, ceremony: Ceremony) -> Result<Token, Refusal> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now_ms = ceremony.began_ms;
        kept.retain(|_, other| now_ms < other.began_ms + limits::CEREMONY_MS);
        let own: Vec<(u64, TokenHash)> = kept
            .iter()
            .filter(|(_, other)| other.asker == ceremony.asker)
            .map(|(token, other)| (other.began_ms, *token))
            .collect();
        if own.len() >= limits::CEREMONIES_EACH_MAX
            && let Some((_, oldest)) = own.iter().min()
        {
            kept.remove(oldest);
        }
        let most = match ceremony.asker {
            Asker::Session(_) => limits::CEREMONIES_MAX,
            Asker::Stranger(_) => limits::CEREMONIES_STRANGERS_MAX,
        };
        if kept.len() >= most {
            let words = "Too many passkeys are being made or shown. Try again in a minute.";
            return Err(Refusal::later(ErrorCode::Busy, words, 60_000));
        }
        let token = Token::random();
        kept.insert(token.hash(), ceremony);
        Ok(token)
    }

    /// Takes one out: whatever becomes of the answer, there is no second. Refused when its time is over, or when it is another's.
    pub(crate) fn end(&self, token: Option<&Token>, asker: Asker, now_ms: u64) -> Result<Ceremony, Refusal> {
        let over = || {
            let words = "The time for that passkey is over. Try again.";
            Refusal::new(ErrorCode::LinkOver, words).at("passkey")
        };
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let ceremony = kept.remove(&token.ok_or_else(over)?.hash()).ok_or_else(over)?;
        let own = match (ceremony.asker, asker) {
            // A phone's address may change while its owner looks for the key; the token is the browser's alone.
            (Asker::Stranger(_), Asker::Stranger(_)) => true,
            (began, ends) => began == ends,
        };
        if own && now_ms < ceremony.began_ms + limits::CEREMONY_MS { Ok(ceremony) } else { Err(over()) }
    }
}
