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
    /// Which of all that were asked: several begin in one millisecond.
    number: u64,
}

impl Ceremony {
    pub(crate) fn new(checker: Webauthn, site: String, asked: Asked, asker: Asker, now_ms: u64) -> Ceremony {
        Ceremony { checker, site, asked, asker, began_ms: now_ms, number: 0 }
    }
}

/// All of them.
#[derive(Default)]
pub(crate) struct Ceremonies(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    /// By the hash of the token that the browser keeps.
    asked: HashMap<TokenHash, Ceremony>,
    /// How many were asked so far.
    count: u64,
}

impl Ceremonies {
    /// Keeps one, and returns the browser's token. Of too many of one asker the oldest is over.
    pub(crate) fn begin(&self, mut ceremony: Ceremony) -> Result<Token, Refusal> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now_ms = ceremony.began_ms;
        kept.count += 1;
        ceremony.number = kept.count;
        let kept = &mut kept.asked;
        kept.retain(|_, other| now_ms < other.began_ms + limits::CEREMONY_MS);
        let own: Vec<(u64, TokenHash)> = kept
            .iter()
            .filter(|(_, other)| other.asker == ceremony.asker)
            .map(|(token, other)| (other.number, *token))
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
        let ceremony = kept.asked.remove(&token.ok_or_else(over)?.hash()).ok_or_else(over)?;
        let own = match (ceremony.asker, asker) {
            // A phone's address may change while its owner looks for the key; the token is the browser's alone.
            (Asker::Stranger(_), Asker::Stranger(_)) => true,
            (began, ends) => began == ends,
        };
        if own && now_ms < ceremony.began_ms + limits::CEREMONY_MS { Ok(ceremony) } else { Err(over()) }
    }
}

#[cfg(test)]
mod tests {
    use webauthn_rs::WebauthnBuilder;
    use webauthn_rs::prelude::Url;

    use super::*;

    fn ceremony(asker: Asker, now_ms: u64) -> Ceremony {
        let origin = Url::parse("http://localhost").unwrap();
        let checker = WebauthnBuilder::new("localhost", &origin).unwrap().build().unwrap();
        let (_, state) = checker.start_discoverable_authentication().unwrap();
        Ceremony::new(checker, "localhost".to_owned(), Asked::Show(Box::new(state)), asker, now_ms)
    }

    #[test]
    fn key_2_a_question_is_over_after_five_minutes() {
        let (kept, asker) = (Ceremonies::default(), Asker::Stranger(1));
        for (waits_ms, good) in [(0, true), (299_999, true), (300_000, false), (900_000, false)] {
            let token = kept.begin(ceremony(asker, 1_000)).unwrap();
            let ended = kept.end(Some(&token), asker, 1_000 + waits_ms);
            assert_eq!(
                ended.map(drop).map_err(|refusal| refusal.code),
                if good { Ok(()) } else { Err(ErrorCode::LinkOver) }
            );
        }
    }

    #[test]
    fn key_2_a_flood_of_strangers_leaves_room_for_those_inside_and_is_over_after_five_minutes() {
        let kept = Ceremonies::default();
        let mut begun = 0;
        while kept.begin(ceremony(Asker::Stranger(begun / 20), 0)).is_ok() {
            begun += 1;
        }
        assert_eq!(begun, 900);
        for number in 0..100_u8 {
            kept.begin(ceremony(Asker::Session([number; 32]), 0)).map(drop).unwrap();
        }
        let full = kept.begin(ceremony(Asker::Session([200; 32]), 0)).map(drop).unwrap_err();
        assert_eq!((full.code, full.retry_after_ms), (ErrorCode::Busy, Some(60_000)));
        kept.begin(ceremony(Asker::Stranger(1_000), 300_000)).map(drop).unwrap();
    }
}
