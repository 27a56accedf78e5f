//! The house's own settings, as the database has them (DOOR-1 to DOOR-4).

use std::sync::PoisonError;

use parlour_domain::account;
use parlour_protocol::admin::SetHouse;
use parlour_protocol::user::Door;
use parlour_protocol::{ErrorCode, Refusal, limits};
use parlour_store::{HouseChange, HouseFacts};

use crate::administration::by;
use crate::{Actor, Engine, Token, refuse};

/// What was read of the house is good for this long: strangers ask for it with every page.
const READ_EVERY_MS: u64 = 1_000;
const BAD_PACE: &str = "A person may say 1 to 20 messages a second.";

impl Engine {
    /// Notes what the program was started with. The token of the link that makes the house somebody's own, while it is nobody's;
    /// a link of an earlier start is over.
    ///
    /// # Errors
    /// Only when the store cannot write.
    pub async fn begin(&self) -> Result<Option<Token>, Refusal> {
        let token = Token::random();
        let (name, door) = (self.config.house_name.clone(), self.config.door);
        let taken = self.store.begin(name, door, self.config.link_cards, token.hash()).await.map_err(refuse)?;
        self.read_house().await?;
        // The first who ask count the people anew.
        self.facts_are_due();
        Ok(taken.then_some(token))
    }

    /// Whoever asks next reads the house.
    fn facts_are_due(&self) {
        if let Some((_, read_ms)) = self.facts.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            *read_ms = None;
        }
    }

    /// Changes the house's name, who may come in, or what everybody may do there. Seen at once.
    ///
    /// # Errors
    /// `forbidden`, `bad_name`, `bad_frame`.
    pub async fn set_house(&self, actor: &Actor, change: SetHouse) -> Result<(), Refusal> {
        let SetHouse { name, door, posts_per_second, rooms_by, link_cards } = change;
        let name = name.as_deref().map(account::house_name).transpose().map_err(|refusal| refusal.at("name"))?;
        if posts_per_second.is_some_and(|posts| !(1..=limits::POSTS_PER_SECOND_MAX).contains(&posts)) {
            return Err(Refusal::new(ErrorCode::BadFrame, BAD_PACE).at("posts_per_second"));
        }
        let change = HouseChange { name, door, posts_per_second, rooms_by, link_cards };
        self.store.set_house(by(actor), change, self.now()).await.map_err(refuse)?;
        self.read_house().await.map(drop)
    }

    /// The house, read once a second at most, by one of those who ask: the others are told what is known. When everybody comes
    /// back at once, hundreds of them counted the people before the first had done it.
    pub(crate) async fn facts(&self) -> Result<HouseFacts, Refusal> {
        match self.known_facts() {
            Some(facts) => Ok(facts),
            None => self.read_house().await,
        }
    }

    /// What is known of the house; none for the one who is to read it.
    fn known_facts(&self) -> Option<HouseFacts> {
        let now_ms = self.steady_ms();
        let mut known = self.facts.lock().unwrap_or_else(PoisonError::into_inner);
        let (facts, read_ms) = known.as_mut()?;
        let is_due = read_ms.is_none_or(|read_ms| now_ms >= read_ms + READ_EVERY_MS);
        if is_due {
            *read_ms = Some(now_ms);
        }
        (!is_due).then(|| facts.clone())
    }

    /// Reads it now.
    pub(crate) async fn read_house(&self) -> Result<HouseFacts, Refusal> {
        let facts = match self.store.house().await {
            Ok(facts) => facts,
            Err(error) => {
                self.facts_are_due();
                return Err(refuse(error));
            }
        };
        self.throttle.set_pace(facts.limits.posts_per_second);
        self.cards.set_on(facts.limits.link_cards);
        *self.facts.lock().unwrap_or_else(PoisonError::into_inner) = Some((facts.clone(), Some(self.steady_ms())));
        Ok(facts)
    }

    /// Who may come in, as it was read last. What lets somebody in asks again in its transaction.
    pub(crate) fn door(&self) -> Door {
        let known = self.facts.lock().unwrap_or_else(PoisonError::into_inner);
        known.as_ref().map_or(self.config.door, |(facts, _)| facts.door)
    }
}
