//! Coming in and going out: names, sessions, guests.

use std::time::Duration;

use parlour_domain::access::{Action, Who};
use parlour_domain::name::PersonName;
use parlour_protocol::{ErrorCode, Refusal};
use parlour_store::{Looked, StoreError, Way};

use crate::password_line::Asker;
use crate::{Actor, Browser, CameIn, Engine, Token, TokenHash, refuse};

/// Names tried for a guest before giving up; each is taken with a chance of guests / 65,536 at first.
const GUEST_NAMES_TRIED: u32 = 8;
/// How often and how far apart a busy store is asked to let a guest go; after that the next start does it.
const GUEST_GONE_TRIED: u32 = 20;
const GUEST_GONE_AGAIN: Duration = Duration::from_millis(250);
/// Alternatives asked about when a name is taken.
const ALTERNATIVES_TRIED: usize = 60;

/// A refused name, with one that is free.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameRefused {
    /// Why.
    pub refusal: Refusal,
    /// A name that begins like it and is free.
    pub suggestion: Option<String>,
}

impl From<Refusal> for NameRefused {
    fn from(refusal: Refusal) -> NameRefused {
        NameRefused { refusal, suggestion: None }
    }
}

impl Engine {
    /// Comes in with a name alone, where the door is open (HTTP-1). The session that the browser had ends.
    ///
    /// # Errors
    /// `forbidden` at another door, `bad_name`, or `name_taken` with a suggestion.
    pub async fn sign_in(&self, wished: &str, browser: &Browser) -> Result<CameIn, NameRefused> {
        self.may(Action::EnterByName, Who::Stranger)?;
        self.make_one(Asker::Stranger, Way::Open, Some(wished), None, browser).await
    }

    /// Ends a session; its sockets close within a second (CON-7).
    ///
    /// # Errors
    /// Only when the store cannot write.
    pub async fn sign_out(&self, token_hash: TokenHash) -> Result<(), Refusal> {
        self.store.sign_out(token_hash, self.now()).await.map_err(refuse)?;
        self.close_sessions_of(vec![token_hash]);
        Ok(())
    }

    /// Who holds a token; none when its session has ended.
    ///
    /// # Errors
    /// Only when the store cannot read.
    pub async fn session(&self, token: &Token) -> Result<Option<Actor>, Refusal> {
        let token_hash = token.hash();
        let asked = self.remembered.asking();
        let session = self.store.session(token_hash, self.now()).await.map_err(refuse)?;
        if let Some(session) = &session {
            self.remembered.remember(asked, token_hash, session, self.steady_ms());
        }
        Ok(session.map(|session| Actor { user: session.user, token_hash: Some(token_hash) }))
    }

    /// The same for a socket, whose `hello` looks again: who was seen a moment ago is not looked up.
    ///
    /// # Errors
    /// Only when the store cannot read.
    pub async fn session_for_socket(&self, token: &Token) -> Result<Option<Actor>, Refusal> {
        let token_hash = token.hash();
        if let Some(user) = self.remembered.take(token_hash, self.now(), self.steady_ms()) {
            return Ok(Some(Actor { user, token_hash: Some(token_hash) }));
        }
        let session = self.store.session(token_hash, self.now()).await.map_err(refuse)?;
        Ok(session.map(|session| Actor { user: session.user, token_hash: Some(token_hash) }))
    }

    /// Somebody was changed by a way that this does not know of: the command line's.
    pub fn forget_sessions(&self) {
        self.remembered.forget_all();
    }

    /// Which of these sessions have ended, and who holds the others, which are noted as used. Nothing while the store cannot say.
    pub async fn look_at_sessions(&self, sessions: Vec<TokenHash>) -> Looked {
        let looked = self.store.look_at_sessions(sessions, self.now()).await;
        looked.unwrap_or_else(|error| {
            tracing::warn!(%error, "sessions could not be looked up");
            Looked::default()
        })
    }

    /// Whether a classic client may come in.
    ///
    /// # Errors
    /// `forbidden` where the door is not open.
    pub fn admit_guest(&self) -> Result<(), Refusal> {
        self.may(Action::EnterAsGuest, Who::Stranger).map(drop)
    }

    /// A name for a classic client, not yet anybody's row. The short names fill up, the long ones do not: after some that
    /// were `tried` a long one is made.
    #[must_use]
    pub fn guest_name(&self, tried: u32) -> String {
        let number = if tried < GUEST_NAMES_TRIED { random_number() & 0xFFFF } else { random_number() | 0x1_0000 };
        PersonName::guest(number).as_str().to_owned()
    }

    /// Gives a classic client a row when it first speaks, under the name it is shown by if that is still free.
    ///
    /// # Errors
    /// When the store cannot write.
    pub async fn make_guest(&self, shown: &str) -> Result<Actor, Refusal> {
        self.admit_guest()?;
        let mut name = PersonName::guest_again(shown).unwrap_or_else(|| PersonName::guest(random_number()));
        for tried in 1.. {
            let made = self.store.guest(name.as_str().to_owned(), name.skeleton(), self.now()).await;
            match made.map_err(refuse) {
                Ok(user) => return Ok(Actor { user, token_hash: None }),
                Err(refusal) if refusal.code != ErrorCode::NameTaken || tried == GUEST_NAMES_TRIED => {
                    return Err(refusal);
                }
                // The short names fill up; the long ones do not.
                Err(_) => name = PersonName::guest(random_number() | 0x1_0000),
            }
        }
        Err(Refusal::new(ErrorCode::Internal, "No name could be made."))
    }

    /// Lets a classic client's row go when its connection has ended: its name is free again.
    pub async fn guest_gone(&self, guest: &Actor) {
        for _ in 0..GUEST_GONE_TRIED {
            match self.store.guest_gone(guest.user.id, self.now()).await {
                Err(StoreError::Busy) => tokio::time::sleep(GUEST_GONE_AGAIN).await,
                Err(error) => return tracing::warn!(%error, "a guest's name could not be freed; the next start will"),
                Ok(()) => return,
            }
        }
    }

    /// A refusal, with a free name where the one wished for is taken.
    pub(crate) async fn with_suggestion(&self, refusal: Refusal, name: Option<&PersonName>) -> NameRefused {
        let suggestion = match name {
            Some(name) if refusal.code == ErrorCode::NameTaken => self.free_name_like(name).await,
            _ => None,
        };
        NameRefused { refusal, suggestion }
    }

    async fn free_name_like(&self, name: &PersonName) -> Option<String> {
        let alternatives: Vec<PersonName> = name.alternatives().take(ALTERNATIVES_TRIED).collect();
        let skeletons = alternatives.iter().map(PersonName::skeleton).collect();
        let taken = self.store.names_taken(skeletons).await.ok()?;
        let free = alternatives.into_iter().find(|name| !taken.contains(&name.skeleton()))?;
        Some(free.as_str().to_owned())
    }
}

fn random_number() -> u32 {
    getrandom::u32().unwrap_or(0x4f2a)
}
