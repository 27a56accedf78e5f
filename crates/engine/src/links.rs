//! Links into the house: invitations, guest links, resets; and those who wait at its door (LINK-1 to LINK-6, DOOR-5).

use parlour_domain::access::{self, Action, Who};
use parlour_domain::account::check_password;
use parlour_domain::name::PersonName;
use parlour_domain::text;
use parlour_protocol::account::{Invitations, Join, Knocks, NewInvitation, ShownInvitation};
use parlour_protocol::{ErrorCode, Refusal, Role, Timestamp, UserId, limits};
use parlour_store::{KnockState, NewLink, Proof, Way};

use crate::accounts::{Browser, CameIn, Tokens, Wished, named};
use crate::administration::by;
use crate::password_line::Asker;
use crate::throttle::Attempt;
use crate::{Actor, Engine, NameRefused, Token, refuse, second_factor};

/// A link that was made: what it is found by later, its token, and how long it holds.
#[derive(Clone, Debug)]
pub struct Made {
    /// Which invitation; none for a reset link.
    pub id: Option<u64>,
    /// The secret.
    pub token: Token,
    /// When it is over.
    pub expires_at: Timestamp,
}

impl Engine {
    /// Makes an invitation or a guest link (LINK-1).
    ///
    /// # Errors
    /// `forbidden`, `not_found` about its rooms, `too_many`.
    pub async fn invite(&self, actor: &Actor, wished: &NewInvitation) -> Result<Made, Refusal> {
        let role = wished.role.unwrap_or(Role::Member);
        self.may(access::of_invitation(role), actor.who())?;
        let token = Token::random();
        let new = new_link(wished, &token, self.now())?;
        let expires_at = new.expires_at;
        let id = self.store.invite(by(actor), new, self.now()).await.map_err(refuse)?;
        Ok(Made { id: Some(id), token, expires_at })
    }

    /// Takes an invitation back.
    ///
    /// # Errors
    /// `forbidden`, `not_found`.
    pub async fn revoke_invitation(&self, actor: &Actor, invitation: u64, note: &str) -> Result<(), Refusal> {
        let note = text::note(note)?;
        self.store.revoke_invitation(by(actor), invitation, note, self.now()).await.map_err(refuse)
    }

    /// The invitations before one.
    ///
    /// # Errors
    /// `forbidden`.
    pub async fn invitations(&self, actor: &Actor, before: u64) -> Result<Invitations, Refusal> {
        Ok(Invitations { invitations: self.store.invitations(actor.user.id, before).await.map_err(refuse)? })
    }

    /// What a link gives (LINK-2).
    ///
    /// # Errors
    /// `not_found`, `link_over`, and `forbidden` for a guest link where somebody was removed from its room in this browser.
    pub async fn look_at_invitation(&self, token: &str, browser: &Browser) -> Result<ShownInvitation, Refusal> {
        let token = Token::parse(token).ok_or_else(Refusal::no_such_link)?;
        self.store.invitation(token.hash(), browser.visitor(), self.now()).await.map_err(refuse)
    }

    /// Comes in by an invitation or a guest link (LINK-3, LINK-4).
    ///
    /// # Errors
    /// `not_found`, `link_over`, and what the fields may be refused for.
    pub async fn join(&self, join: &Join, browser: &Browser) -> Result<CameIn, NameRefused> {
        let token = Token::parse(&join.token.0).ok_or_else(Refusal::no_such_link)?;
        // Looked at before anything is hashed; the transaction looks again.
        let shown = self.store.invitation(token.hash(), browser.visitor(), self.now()).await.map_err(refuse)?;
        let handle = join.handle.as_deref().filter(|_| shown.role != Role::Guest);
        let password = join.password.as_ref().map(|password| password.0.as_str());
        let passkey = join.passkey.as_ref().map(|answer| browser.answers(answer));
        let wished = handle.map(|handle| Wished { handle, password, passkey, email: join.email.as_deref() });
        let (asker, way) = (Asker::Link(token.hash()), Way::Invitation(token.hash()));
        self.make_one(asker, way, join.name.as_deref(), wished, browser).await
    }

    /// Makes a link by which somebody chooses a new password (LINK-5).
    ///
    /// # Errors
    /// `forbidden`, `not_found`.
    pub async fn make_reset_link(&self, actor: &Actor, whom: UserId, clears: bool) -> Result<Made, Refusal> {
        let token = Token::random();
        let made = self.store.make_reset_link(by(actor), whom, token.hash(), clears, self.now());
        Ok(Made { id: None, expires_at: made.await.map_err(refuse)?, token })
    }

    /// Chooses a new password by a link; every session of the account ends, and one begins.
    ///
    /// # Errors
    /// `not_found`, `link_over`, `bad_password`, `code_needed`, `rate`.
    pub async fn reset(
        &self,
        token: &str,
        password: &str,
        code: Option<&str>,
        browser: &Browser,
    ) -> Result<CameIn, Refusal> {
        let token = Token::parse(token).ok_or_else(Refusal::no_such_link)?;
        let held = self.store.look_at_reset(token.hash(), self.now()).await.map_err(refuse)?;
        check_password(password, &[&held.handle, &held.user.name])?;
        let proof = second_factor::proof_of(&held, code, self.now());
        // Codes are guessed by a link no more often than by a password.
        let attempt = match proof {
            Proof::Nothing => None,
            _ => Some(self.begin_attempt(token.hash(), None, browser.crowd)?),
        };
        // Who holds the link stands where the account's known browsers do.
        let password = self.passwords.hash(Asker::known(&held.user), password.to_owned()).await?;
        let tokens = Tokens::known(browser, None);
        let entered = self.store.reset(token.hash(), password, proof, tokens.session.clone(), self.now()).await;
        let came_in = self.came_in(entered.map_err(refuse)?, tokens);
        attempt.into_iter().for_each(Attempt::came_to_nothing_bad);
        Ok(came_in)
    }

    /// Ends every session of somebody by office (ADM-7).
    ///
    /// # Errors
    /// `forbidden`, `not_found`.
    pub async fn sign_out_everywhere(&self, actor: &Actor, whom: UserId, note: &str) -> Result<(), Refusal> {
        let note = text::note(note)?;
        let ended = self.store.sign_out_everywhere(by(actor), whom, note, self.now()).await.map_err(refuse)?;
        self.close_sessions_of(ended);
        Ok(())
    }

    /// Asks to be let in (DOOR-5). The token is what the answer is asked with.
    ///
    /// # Errors
    /// `forbidden` at another door, `bad_name`, `name_taken`, `rate`, `too_many`.
    pub async fn knock(&self, name: &str, note: &str, crowd: u128) -> Result<(Token, Timestamp), NameRefused> {
        self.may(Action::Knock, Who::Stranger)?;
        let name = PersonName::parse(name).map_err(|refusal| refusal.at("name"))?;
        let note = text::note(note).map_err(|refusal| refusal.at("note"))?;
        if self.config.limits {
            self.throttle.knock(crowd, self.steady_ms())?;
        }
        let token = Token::random();
        match self.store.knock(token.hash(), named(&name), note, self.now()).await.map_err(refuse) {
            Ok(expires_at) => Ok((token, expires_at)),
            Err(refusal) => Err(self.with_suggestion(refusal, Some(&name)).await),
        }
    }

    /// Comes in after having asked; none while nobody has decided.
    ///
    /// # Errors
    /// `forbidden` when one was not let in, `not_found`, `link_over`, `name_taken`.
    pub async fn enter_after_knock(
        &self,
        token: &str,
        name: Option<&str>,
        browser: &Browser,
    ) -> Result<Option<CameIn>, NameRefused> {
        let token = Token::parse(token).ok_or_else(Refusal::no_such_link)?;
        match self.store.knock_state(token.hash(), self.now()).await.map_err(refuse)? {
            KnockState::Waiting => Ok(None),
            KnockState::Admitted => {
                let asker = Asker::Link(token.hash());
                self.make_one(asker, Way::Knock(token.hash()), name, None, browser).await.map(Some)
            }
        }
    }

    /// The next who wait after one.
    ///
    /// # Errors
    /// `forbidden`.
    pub async fn knocks(&self, actor: &Actor, after: u64) -> Result<Knocks, Refusal> {
        Ok(Knocks { knocks: self.store.knocks(actor.user.id, after, self.now()).await.map_err(refuse)? })
    }

    /// Lets somebody in who waits, or not.
    ///
    /// # Errors
    /// `forbidden`, `not_found`.
    pub async fn settle_knock(&self, actor: &Actor, knock: u64, admitted: bool, note: &str) -> Result<(), Refusal> {
        let note = text::note(note)?;
        self.store.settle_knock(by(actor), knock, admitted, note, self.now()).await.map_err(refuse)
    }

    /// Declines everyone who waits.
    ///
    /// # Errors
    /// `forbidden`.
    pub async fn decline_knocks(&self, actor: &Actor, note: &str) -> Result<(), Refusal> {
        let note = text::note(note)?;
        self.store.decline_knocks(by(actor), note, self.now()).await.map_err(refuse)
    }
}

/// A wished-for invitation with everything it leaves out, held to the limits.
///
/// # Errors
/// `too_big`, `too_many`, `bad_text`, `bad_frame`.
pub fn new_link(wished: &NewInvitation, token: &Token, now: Timestamp) -> Result<NewLink, Refusal> {
    let refuse = |code, words: &str, field| Err(Refusal::new(code, words).at(field));
    let role = wished.role.unwrap_or(Role::Member);
    if role == Role::Owner {
        return refuse(ErrorCode::Forbidden, "Nobody becomes an owner by an invitation.", "role");
    }
    let life_s = wished.expires_s.unwrap_or(limits::INVITATION_LIFE_S);
    if life_s == 0 || life_s > limits::INVITATION_LIFE_S_MAX {
        return refuse(ErrorCode::TooBig, "An invitation holds for a second at least and a year at most.", "expires_s");
    }
    let uses_max = wished.uses.unwrap_or(1);
    if uses_max > limits::INVITATION_USES_MAX {
        return refuse(ErrorCode::TooMany, "Say 0 for as many as come, or at most 100,000.", "uses");
    }
    let mut rooms = wished.rooms.clone();
    rooms.sort_unstable();
    rooms.dedup();
    if rooms.len() > limits::INVITATION_ROOMS_MAX {
        return refuse(ErrorCode::TooMany, "An invitation gives at most 50 rooms.", "rooms");
    }
    let note = text::note(&wished.note).map_err(|refusal| refusal.at("note"))?;
    let expires_at = Timestamp(now.0 + i64::from(life_s) * 1_000);
    Ok(NewLink { token: token.hash(), role, rooms, expires_at, uses_max, note })
}
