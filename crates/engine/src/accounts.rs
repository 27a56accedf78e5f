//! Accounts: made, entered, changed by their owners; and the sessions of everyone (ACC-1 to ACC-8).

use parlour_domain::access::Action;
use parlour_domain::account::{Email, Handle, check_password, house_name};
use parlour_domain::name::PersonName;
use parlour_protocol::account::{MakeAccount, OwnAccount, OwnerSetup, Sessions};
use parlour_protocol::passkey::PasskeyAnswer;
use parlour_protocol::{ErrorCode, Notice, Refusal, Timestamp, User, limits};
use parlour_store::{Credentials, EndOf, Entered, Held, Named, NewSession, Newcomer, Proven, Session, Visitor, Way};
use sha2::{Digest, Sha256};

use crate::password_line::Asker;
use crate::passwords::Compared;
use crate::{Actor, Answered, Engine, NameRefused, Proofs, Token, TokenHash, refuse, second_factor};

/// The browser that comes in.
#[derive(Clone, Debug)]
pub struct Browser {
    /// The session it holds until now.
    pub before: Option<TokenHash>,
    /// The token by which an account may know it.
    pub device: Option<Token>,
    /// What it runs on, in words.
    pub runs_on: String,
    /// Its address as a number, for limits.
    pub crowd: u128,
    /// The token that came with the question about a passkey.
    pub asked: Option<Token>,
}

impl Browser {
    /// What it brings of before.
    pub(crate) fn visitor(&self) -> Visitor {
        Visitor { before: self.before, device: self.device.as_ref().map(Token::hash) }
    }

    /// What it answers to the question about a passkey that it was asked.
    #[must_use]
    pub fn answers<'a>(&self, answer: &'a PasskeyAnswer) -> Answered<'a> {
        Answered { token: self.asked.clone(), answer }
    }
}

/// Somebody who came in.
#[derive(Clone, Debug)]
pub struct CameIn {
    /// Who.
    pub you: User,
    /// The token of the new session; none for somebody who keeps theirs.
    pub token: Option<Token>,
    /// The token by which the account knows the browser from now on.
    pub device: Option<Token>,
}

/// The tokens of a session to be made.
pub(crate) struct Tokens {
    pub(crate) token: Token,
    pub(crate) device: Option<Token>,
    pub(crate) session: NewSession,
}

impl Tokens {
    /// For somebody with an account, which knows the browser afterwards: by the token it knows it by already, and never by one that
    /// somebody else may have put there.
    pub(crate) fn known(browser: &Browser, by: Option<Token>) -> Tokens {
        Tokens::new(browser, Some(by.unwrap_or_else(Token::random)))
    }

    /// For somebody without one, who is no guest.
    pub(crate) fn plain(browser: &Browser) -> Tokens {
        Tokens::new(browser, None)
    }

    fn new(browser: &Browser, device: Option<Token>) -> Tokens {
        let token = Token::random();
        let session = NewSession {
            token: token.hash(),
            visitor: browser.visitor(),
            device: browser.runs_on.clone(),
            known: device.as_ref().map(Token::hash),
        };
        Tokens { token, device, session }
    }
}

/// An account as a form asks for it.
pub(crate) struct Wished<'a> {
    pub(crate) handle: &'a str,
    pub(crate) password: Option<&'a str>,
    pub(crate) passkey: Option<Answered<'a>>,
    pub(crate) email: Option<&'a str>,
}

impl Engine {
    /// Makes the house somebody's own, by the link printed at its start (DOOR-3).
    ///
    /// # Errors
    /// `not_found` once the house has an owner, and what the fields may be refused for.
    pub async fn become_owner(&self, setup: &OwnerSetup, browser: &Browser) -> Result<CameIn, NameRefused> {
        let token = Token::parse(&setup.token.0).ok_or_else(Refusal::no_such_link)?;
        // Looked at before anything is hashed; the transaction looks again.
        if !self.store.is_owner_link(token.hash()).await.map_err(refuse)? {
            return Err(Refusal::no_such_link().into());
        }
        let called = house_name(&setup.house_name)?;
        let wished = Wished {
            handle: &setup.handle,
            password: setup.password.as_ref().map(|password| password.0.as_str()),
            passkey: setup.passkey.as_ref().map(|answer| browser.answers(answer)),
            email: setup.email.as_deref(),
        };
        let way = Way::OwnerLink(token.hash(), called);
        let came_in = self.make_one(Asker::OwnerLink, way, Some(&setup.name), Some(wished), browser).await?;
        self.read_house().await?;
        Ok(came_in)
    }

    /// Makes an account: of somebody inside, who keeps what they are and said, or of a stranger where the door is open (ACC-2).
    ///
    /// # Errors
    /// `forbidden`, and what the fields may be refused for.
    pub async fn make_account(
        &self,
        actor: Option<&Actor>,
        wished: &MakeAccount,
        browser: &Browser,
    ) -> Result<CameIn, NameRefused> {
        self.may(Action::MakeAccount, actor.map_or(parlour_domain::access::Who::Stranger, Actor::who))?;
        let account = Wished {
            handle: &wished.handle,
            password: wished.password.as_ref().map(|password| password.0.as_str()),
            passkey: wished.passkey.as_ref().map(|answer| browser.answers(answer)),
            email: wished.email.as_deref(),
        };
        // Whoever comes by the open door with a name alone is no better known than before.
        self.make_one(Asker::Stranger, Way::Open, wished.name.as_deref(), Some(account), browser).await
    }

    /// Lets somebody in by a way, with a name, an account, or both.
    pub(crate) async fn make_one(
        &self,
        asker: Asker,
        way: Way,
        name: Option<&str>,
        wished: Option<Wished<'_>>,
        browser: &Browser,
    ) -> Result<CameIn, NameRefused> {
        let name = name.map(PersonName::parse).transpose().map_err(|refusal| refusal.at("name"))?;
        let credentials = match wished {
            Some(wished) => Some(self.credentials(asker, wished, name.as_ref(), browser).await?),
            None => None,
        };
        self.enter_as(way, name, credentials, browser).await
    }

    /// The same with an account whose proof was looked at already.
    pub(crate) async fn enter_as(
        &self,
        way: Way,
        name: Option<PersonName>,
        credentials: Option<Credentials>,
        browser: &Browser,
    ) -> Result<CameIn, NameRefused> {
        // A guest's browser is known as well: to the room that they may be removed from (LINK-4).
        let is_known = credentials.is_some() || matches!(way, Way::Invitation(_));
        let tokens = if is_known { Tokens::known(browser, None) } else { Tokens::plain(browser) };
        let named = name.as_ref().map(named);
        let newcomer = Newcomer { name: named, credentials, session: tokens.session.clone() };
        match self.store.enter(way, newcomer, self.now()).await.map_err(refuse) {
            Ok(entered) => Ok(self.came_in(entered, tokens)),
            Err(refusal) => Err(self.with_suggestion(refusal, name.as_ref()).await),
        }
    }

    async fn credentials(
        &self,
        asker: Asker,
        wished: Wished<'_>,
        name: Option<&PersonName>,
        browser: &Browser,
    ) -> Result<Credentials, Refusal> {
        let handle = Handle::parse(wished.handle)?;
        let email = wished.email.filter(|email| !email.trim().is_empty()).map(Email::parse).transpose()?;
        // Something must let them in next time; a passkey is enough.
        let password = match (wished.password, &wished.passkey) {
            (None, Some(_)) => None,
            (password, _) => Some(password.unwrap_or_default()),
        };
        if let Some(password) = password {
            check_password(password, &[handle.as_str(), name.map_or("", PersonName::as_str)])?;
        }
        let passkey = wished.passkey.map(|answered| self.first_passkey(answered, browser)).transpose()?;
        let password = match password {
            Some(password) => Some(self.passwords.hash(asker, password.to_owned()).await?),
            None => None,
        };
        let email = email.map(|email| email.as_str().to_owned());
        Ok(Credentials { handle: handle_of(&handle), email, password, passkey, identity: None })
    }

    /// Tells everyone whom it concerns that somebody came in.
    pub(crate) fn came_in(&self, entered: Entered, tokens: Tokens) -> CameIn {
        let Entered { user, new_session, ended, told } = entered;
        self.close_sessions_of(ended);
        if new_session {
            let (began_at, expires_at) = (self.now(), self.session_end());
            let session = Session { user: user.clone(), began_at, expires_at };
            self.remembered.remember(self.remembered.asking(), tokens.session.token, &session, self.steady_ms());
        } else {
            // Somebody who keeps their session may be something else than they were.
            self.remembered.forget_all();
        }
        for state in told {
            self.tell(user.id, Notice::RoomAdded { state: self.with_presence(state) });
        }
        let (token, device) = if new_session { (Some(tokens.token), tokens.device) } else { (None, None) };
        CameIn { you: user, token, device }
    }

    /// When a session that begins now ends at the latest.
    fn session_end(&self) -> Timestamp {
        Timestamp(self.now().0 + limits::SESSION_LIFE_MS)
    }

    /// Comes in with a handle or an e-mail address, and a password (ACC-3).
    ///
    /// # Errors
    /// `bad_credentials`, `code_needed`, `rate`, `busy`.
    pub async fn sign_in_with_password(
        &self,
        login: &str,
        password: &str,
        code: Option<&str>,
        browser: &Browser,
    ) -> Result<CameIn, Refusal> {
        let handle = Handle::parse(login).ok().map(|handle| handle.skeleton());
        let email = login.trim().to_lowercase();
        let key: TokenHash = Sha256::digest(handle.as_deref().unwrap_or(&email)).into();
        let device = browser.device.as_ref().map(Token::hash);
        let held = self.store.held_by(handle, email, device, self.now()).await.map_err(refuse)?;
        let known = device.filter(|_| held.as_ref().is_some_and(|held| held.known_device));
        let attempt = self.begin_attempt(key, known, browser.crowd)?;
        let asker = match &held {
            Some(held) if known.is_some() && !held.suspended => Asker::known(&held.user),
            _ => Asker::Stranger,
        };
        let kept = held.as_ref().and_then(|held| held.password.clone());
        let compared = match self.compare(asker, password, kept).await {
            Ok(compared) => compared,
            Err(busy) => {
                // Nothing was compared, and so nothing was guessed.
                attempt.came_to_nothing_bad();
                return Err(busy);
            }
        };
        // One answer after one time, whether there is no such account, another password, or they are let in no more (S24).
        let held = held.filter(|held| compared != Compared::Wrong && !held.suspended);
        let held = held.ok_or_else(Refusal::bad_credentials)?;
        let came_in = self.come_in(asker, &held, compared, (password, code), browser).await;
        if !came_in.as_ref().is_err_and(|_| code.is_some()) {
            attempt.came_to_nothing_bad();
        }
        came_in
    }

    async fn compare(&self, asker: Asker, password: &str, kept: Option<String>) -> Result<Compared, Refusal> {
        if password.len() > limits::PASSWORD_BYTES_MAX {
            // No account has such a password, and it is not worth hashing; the time is that of any other.
            return self.passwords.compare(asker, String::new(), None).await;
        }
        self.passwords.compare(asker, password.to_owned(), kept).await
    }

    async fn come_in(
        &self,
        asker: Asker,
        held: &Held,
        compared: Compared,
        (password, code): (&str, Option<&str>),
        browser: &Browser,
    ) -> Result<CameIn, Refusal> {
        let rehashed = match compared {
            Compared::RightButOld => Some(self.passwords.hash(asker, password.to_owned()).await?),
            _ => None,
        };
        let proof = second_factor::proof_of(held, code, self.now());
        let tokens = Tokens::known(browser, browser.device.clone().filter(|_| held.known_device));
        let password = (held.password.clone().unwrap_or_default(), rehashed);
        let entered = self.store.come_in(held.user.id, password, proof, tokens.session.clone(), self.now());
        Ok(self.came_in(entered.await.map_err(refuse)?, tokens))
    }

    /// Changes the own password, and ends every other session (ACC-6).
    ///
    /// # Errors
    /// `bad_credentials` about the old one, `bad_password` about the new one.
    pub async fn change_password(
        &self,
        actor: &Actor,
        old: Proofs<'_>,
        new: &str,
        browser: &Browser,
    ) -> Result<(), Refusal> {
        self.may(Action::OwnAccount, actor.who())?;
        let (by, held) = self.prove_again(actor, old).await?;
        check_password(new, &[&held.handle, &held.user.name]).map_err(|refusal| refusal.at("new"))?;
        let password = self.passwords.hash(Asker::known(&actor.user), new.to_owned()).await?;
        let known = browser.device.as_ref().map(Token::hash);
        let ended = self.store.set_password(by, password, known, self.now()).await.map_err(refuse)?;
        self.close_sessions_of(ended);
        Ok(())
    }

    /// Has somebody inside prove again that it is them, before what would outlast a session that was left open: by their password or
    /// a passkey, or by having come in just now where the account has neither (ACC-8).
    pub(crate) async fn prove_again(&self, actor: &Actor, proofs: Proofs<'_>) -> Result<(Proven, Held), Refusal> {
        let session = actor.token_hash.ok_or_else(|| Refusal::new(ErrorCode::SignedOut, "Come in first."))?;
        let held = self.store.held(actor.user.id, None, self.now()).await.map_err(refuse)?;
        let none = || Refusal::new(ErrorCode::NotFound, "You have no account: make one first.");
        let held = held.ok_or_else(none)?;
        let mut by = Proven { user: actor.user.id, session, password: None };
        if let Some(answered) = proofs.passkey {
            self.prove_by_passkey(actor, answered).await?;
            return Ok((by, held));
        }
        by.password.clone_from(&held.password);
        if held.password.is_none() {
            if held.has_passkey {
                let words = "Show a passkey of yours, to say that it is you.";
                return Err(Refusal::new(ErrorCode::ProveAgain, words).at("passkey"));
            }
            self.came_in_lately(session).await?;
            return Ok((by, held));
        }
        let field = proofs.field;
        let attempt = self.begin_attempt(session, Some(session), 0).map_err(|refusal| refusal.at(field))?;
        let wrong = || Refusal::new(ErrorCode::BadCredentials, "That is not your password.").at(field);
        let asker = Asker::known(&actor.user);
        let compared = self.compare(asker, proofs.password.ok_or_else(wrong)?, held.password.clone()).await;
        if compared == Ok(Compared::Wrong) {
            return Err(wrong());
        }
        // Right, or not compared at all.
        attempt.came_to_nothing_bad();
        compared?;
        Ok((by, held))
    }

    /// Refuses a session that may have been left open since its owner came in.
    pub(crate) async fn came_in_lately(&self, session: TokenHash) -> Result<(), Refusal> {
        let found = self.store.session(session, self.now()).await.map_err(refuse)?;
        let found = found.ok_or_else(|| Refusal::new(ErrorCode::SignedOut, "Come in first."))?;
        if (0..=limits::PROVEN_MS).contains(&(self.now().0 - found.began_at.0)) {
            return Ok(());
        }
        let words = "You came in more than ten minutes ago. Sign out, come in again, and do this then.";
        Err(Refusal::new(ErrorCode::ProveAgain, words))
    }

    /// The own account (ACC-4).
    ///
    /// # Errors
    /// `forbidden` for those who have none by their role.
    pub async fn own_account(&self, actor: &Actor) -> Result<OwnAccount, Refusal> {
        self.may(Action::OwnAccount, actor.who())?;
        let account = self.store.own_account(actor.user.id).await.map_err(refuse)?;
        Ok(OwnAccount { connected: self.connected(actor.user.id).await?, ..account })
    }

    /// Where one is signed in (ACC-5).
    ///
    /// # Errors
    /// `forbidden` for those who have no account by their role.
    pub async fn sessions(&self, actor: &Actor) -> Result<Sessions, Refusal> {
        self.may(Action::OwnAccount, actor.who())?;
        let this = actor.token_hash.unwrap_or_default();
        Ok(Sessions { sessions: self.store.sessions(actor.user.id, this, self.now()).await.map_err(refuse)? })
    }

    /// Ends one of the own sessions by its id, or all others; their sockets close within a second.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn end_sessions(&self, actor: &Actor, one: Option<String>) -> Result<(), Refusal> {
        self.may(Action::OwnAccount, actor.who())?;
        let which = one.map_or(EndOf::AllBut(actor.token_hash.unwrap_or_default()), EndOf::One);
        let ended = self.store.end_sessions(actor.user.id, which, self.now()).await.map_err(refuse)?;
        self.close_sessions_of(ended);
        Ok(())
    }
}

/// A handle as the store takes it.
pub(crate) fn handle_of(handle: &Handle) -> Named {
    Named { shown: handle.as_str().to_owned(), skeleton: handle.skeleton() }
}

/// A name as the store takes it.
pub(crate) fn named(name: &PersonName) -> Named {
    Named { shown: name.as_str().to_owned(), skeleton: name.skeleton() }
}
