//! Passkeys that are being made or shown: what was asked of a browser, until it answers. In memory, few, short-lived, each
//! answered once (KEY-2).

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use parlour_protocol::{ErrorCode, Refusal, limits};
use parlour_store::{Owner, Proven, TokenHash};
use webauthn_rs::prelude::{DiscoverableAuthentication, PasskeyRegistration, Webauthn};

use crate::Token;

/// Whose it is: nobody else's answer is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
    /// Keeps one, and returns the browser's token. Of too many of one asker the oldest is over; of too many in the
    /// house, the oldest of who has most.
    pub(crate) fn begin(&self, mut ceremony: Ceremony) -> Token {
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
        let strangers = kept.values().filter(|other| matches!(other.asker, Asker::Stranger(_))).count();
        let stranger = matches!(ceremony.asker, Asker::Stranger(_));
        if kept.len() >= limits::CEREMONIES_MAX || (stranger && strangers >= limits::CEREMONIES_STRANGERS_MAX) {
            make_place(kept, stranger);
        }
        let token = Token::random();
        kept.insert(token.hash(), ceremony);
        token
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

/// Ends the oldest of whoever has most, of strangers alone for a stranger: a flood ends its own, and who has one keeps it.
fn make_place(kept: &mut HashMap<TokenHash, Ceremony>, of_strangers: bool) {
    let mut held: HashMap<Asker, (usize, Reverse<u64>, TokenHash)> = HashMap::new();
    for (token, other) in kept.iter() {
        if of_strangers && matches!(other.asker, Asker::Session(_)) {
            continue;
        }
        let (count, oldest, which) = held.entry(other.asker).or_insert((0, Reverse(other.number), *token));
        *count += 1;
        if other.number < oldest.0 {
            (*oldest, *which) = (Reverse(other.number), *token);
        }
    }
    if let Some((.., token)) = held.into_values().max_by_key(|(count, oldest, _)| (*count, *oldest)) {
        kept.remove(&token);
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
            let token = kept.begin(ceremony(asker, 1_000));
            let ended = kept.end(Some(&token), asker, 1_000 + waits_ms);
            assert_eq!(
                ended.map(drop).map_err(|refusal| refusal.code),
                if good { Ok(()) } else { Err(ErrorCode::LinkOver) }
            );
        }
    }

    #[test]
    fn key_2_a_flood_of_strangers_ends_its_own_questions_and_nobody_elses() {
        let kept = Ceremonies::default();
        let begin = |asker| kept.begin(ceremony(asker, 0));
        let (honest, inside) = (Asker::Stranger(0), Asker::Session([1; 32]));
        let (stranger, member) = (begin(honest), begin(inside));
        for number in 0..3_000 {
            begin(Asker::Stranger(1 + number / 20));
        }
        assert_eq!(kept.0.lock().unwrap().asked.len(), 900 + 1);
        // Those inside have the rest, and then the place of strangers who have more.
        for number in 0..200_u8 {
            begin(Asker::Session([number + 2; 32]));
        }
        assert_eq!(kept.0.lock().unwrap().asked.len(), 1_000);
        kept.end(Some(&stranger), honest, 1).map(drop).unwrap();
        kept.end(Some(&member), inside, 1).map(drop).unwrap();
    }
}
