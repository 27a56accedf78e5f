//! Coming in by a provider of identities: sent there, back again, what is missing said; and connecting one's account (OIDC-1 to
//! OIDC-8). An account is found by issuer and subject. Nothing else that a provider says of somebody finds or changes one: no
//! address here was ever proved to be anybody's.

use parlour_domain::access::{Action, Who};
use parlour_domain::account::Handle;
use parlour_domain::name::PersonName;
use parlour_protocol::account::Secret;
use parlour_protocol::oidc::{Connected, FinishIdentity, IdentityAsks, Provider as Shown, WaitingIdentity};
use parlour_protocol::user::Door;
use parlour_protocol::{ErrorCode, Refusal, UserId};
use parlour_store::{Credentials, Held, Identity, Proof, TokenHash, Way};
use sha2::{Digest, Sha256};

use crate::accounts::{Browser, CameIn, Tokens, handle_of};
use crate::oidc::{Failure, Flow, Provider, Purpose, Vouched, Waiting};
use crate::passkeys::Proofs;
use crate::{Actor, Engine, NameRefused, Token, refuse, second_factor};

/// Somebody on their way to a provider.
#[derive(Clone, Debug)]
pub struct Started {
    /// Where the browser is to go.
    pub url: Secret,
    /// What its cookie is to hold until it is back: nobody else's browser may come back in its place.
    pub browser: Token,
}

/// What a browser brings back from a provider. Its `Debug` shows no part of it.
pub struct Answer {
    /// What stands for somebody.
    pub code: Option<String>,
    /// What was given along.
    pub state: Option<String>,
    /// Who answers, where they say so.
    pub issuer: Option<String>,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Answer(…)")
    }
}

/// What came of coming back.
#[derive(Clone, Debug)]
pub enum Back {
    /// They are in.
    In(CameIn),
    /// Their account can be entered so from now on.
    Connected,
    /// Something is missing, which the page asks for.
    Asked,
    /// Nobody waits for them: too late, twice, another browser, or never sent.
    Over,
    /// They, or the provider, said no.
    Declined,
    /// The provider does not answer.
    Silent,
    /// The provider is not believed.
    Wrong,
    /// The door is by invitation, and there was none, or it is over.
    Closed,
    /// They are let in no more.
    Refused,
    /// They are inside with another account.
    SignedIn,
    /// What they would connect is another account's, or they have one already.
    Taken,
}

impl Engine {
    /// The providers, for the page.
    pub(crate) fn provider_names(&self) -> Vec<Shown> {
        self.providers.all.iter().map(shown).collect()
    }

    /// By which of them somebody comes in; one that the house was told of no more is none.
    pub(crate) async fn connected(&self, user: UserId) -> Result<Vec<Connected>, Refusal> {
        let found = self.store.identities_of(user).await.map_err(refuse)?;
        let named = |(issuer, at): (String, _)| {
            let provider = self.providers.of_issuer(&issuer)?;
            Some(Connected { name: provider.settings.name.clone(), at })
        };
        Ok(found.into_iter().filter_map(named).collect())
    }

    /// Sends somebody to a provider, to come in by it (OIDC-1), perhaps by an invitation. `origin` is the house's own, as the browser
    /// knows it.
    ///
    /// # Errors
    /// `not_found`, `link_over`, `busy`.
    pub async fn start_at_provider(
        &self,
        name: &str,
        origin: &str,
        invitation: Option<&str>,
        browser: &Browser,
    ) -> Result<Started, Refusal> {
        self.may(Action::SignIn, Who::Stranger)?;
        let invitation = match invitation {
            Some(text) => {
                let token = Token::parse(text).ok_or_else(Refusal::no_such_link)?;
                self.store.invitation(token.hash(), browser.visitor(), self.now()).await.map_err(refuse)?;
                Some(token.hash())
            }
            None => None,
        };
        self.send(name, origin, Purpose::ComeIn(invitation), browser).await
    }

    /// Sends somebody inside, who proves again that it is them, to connect their account (OIDC-6).
    ///
    /// # Errors
    /// `not_found`, `bad_credentials`, `prove_again`, `rate`, `busy`.
    pub async fn connect_at_provider(
        &self,
        actor: &Actor,
        name: &str,
        origin: &str,
        proofs: Proofs<'_>,
        browser: &Browser,
    ) -> Result<Started, Refusal> {
        self.may(Action::OwnAccount, actor.who())?;
        self.providers.named(name).ok_or_else(no_such_provider)?;
        let (by, _) = self.prove_again(actor, proofs).await?;
        self.send(name, origin, Purpose::Connect(by), browser).await
    }

    async fn send(&self, name: &str, origin: &str, purpose: Purpose, browser: &Browser) -> Result<Started, Refusal> {
        let (place, provider) = self.providers.named(name).ok_or_else(no_such_provider)?;
        let redirect = format!("{origin}/api/v1/oidc/{name}/callback");
        let way = provider.way(&self.providers.outgoing, &redirect, self.steady_ms()).await;
        let way = way.map_err(|_| silent(provider))?;
        // Another with each start: one that somebody else put into the browser would let them come back in its place.
        let binding = Token::random();
        let (nonce, verifier) = (way.nonce, way.verifier);
        let flow = Flow { provider: place, browser: binding.hash(), nonce, verifier, redirect, purpose };
        self.providers.flows.begin(way.state.hash(), flow, browser.crowd, self.steady_ms());
        Ok(Started { url: Secret(way.url), browser: binding })
    }

    /// Takes what a browser brings back (OIDC-2 to OIDC-5). `binding` is what its cookie holds; `actor` who it is signed in as.
    ///
    /// # Errors
    /// Only when the store cannot be asked.
    pub async fn come_back(
        &self,
        name: &str,
        answer: &Answer,
        (binding, actor): (Option<&Token>, Option<&Actor>),
        browser: &Browser,
    ) -> Result<Back, Refusal> {
        let Some((place, provider)) = self.providers.named(name) else { return Ok(Back::Over) };
        let state = answer.state.as_deref().and_then(Token::parse);
        let (Some(binding), Some(state)) = (binding, state) else { return Ok(Back::Over) };
        let flow = self.providers.flows.end(state.hash(), binding.hash(), place, self.steady_ms());
        let Some(flow) = flow else { return Ok(Back::Over) };
        if let Err(failure) = provider.is_from(answer.issuer.as_deref()) {
            return Ok(failed(failure));
        }
        let Some(code) = answer.code.as_deref() else { return Ok(Back::Declined) };
        let sent = (flow.redirect.as_str(), flow.verifier.as_str(), flow.nonce.as_str());
        let vouched = match provider.vouched(&self.providers.outgoing, code, sent, self.steady_ms()).await {
            Ok(vouched) => vouched,
            Err(failure) => return Ok(failed(failure)),
        };
        let identity = Identity { issuer: provider.settings.issuer().to_owned(), subject: vouched.subject.clone() };
        match flow.purpose {
            Purpose::ComeIn(invitation) => {
                let waiting = waiting(place, identity, vouched, invitation);
                self.come_in_as(waiting, binding.hash(), actor, browser).await
            }
            // Somebody else may be signed in by now: nobody's account is connected to what another brings back. Whether the
            // session that proved it is alive is looked at in the transaction.
            Purpose::Connect(by) if actor.is_none_or(|actor| actor.user.id != by.user) => Ok(Back::Over),
            Purpose::Connect(by) => match self.store.connect(by, identity, self.now()).await.map_err(refuse) {
                Ok(()) => Ok(Back::Connected),
                Err(refusal) if refusal.code == ErrorCode::Forbidden => Ok(Back::Taken),
                Err(refusal) if refusal.code == ErrorCode::SignedOut => Ok(Back::Over),
                Err(refusal) => Err(refusal),
            },
        }
    }

    async fn come_in_as(
        &self,
        waiting: Waiting,
        binding: TokenHash,
        actor: Option<&Actor>,
        browser: &Browser,
    ) -> Result<Back, Refusal> {
        let held = self.store.held_by_identity(waiting.identity.clone()).await.map_err(refuse)?;
        let who = actor.map_or(Who::Stranger, Actor::who);
        let came_in = match &held {
            Some(held) => self.enter_account(held, &waiting, None, browser).await,
            None if waiting.invitation.is_none() && self.may(Action::MakeAccount, who).is_err() => {
                return match self.door() {
                    Door::Approval => Ok(self.ask(waiting, IdentityAsks::Knock, binding, browser)),
                    _ => Ok(Back::Closed),
                };
            }
            None => {
                let (name, handle) = (waiting.name.clone(), waiting.handle.clone());
                let name = Some(name.as_str()).filter(|_| actor.is_none());
                self.make_account_by_identity(&waiting, name, &handle, browser).await.map_err(|refused| refused.refusal)
            }
        };
        let refusal = match came_in {
            Ok(came_in) => return Ok(Back::In(came_in)),
            Err(refusal) => refusal,
        };
        let asks = match (refusal.code, &held) {
            (ErrorCode::CodeNeeded, _) => IdentityAsks::Code,
            (ErrorCode::BadCredentials, _) => return Ok(Back::Refused),
            (ErrorCode::LinkOver | ErrorCode::NotFound, None) => return Ok(Back::Closed),
            (ErrorCode::Forbidden, None) if actor.is_some() => return Ok(Back::SignedIn),
            (ErrorCode::Forbidden, None) => return Ok(Back::Closed),
            (code, None) if !code.may_retry() => IdentityAsks::Account,
            _ => return Err(refusal),
        };
        Ok(self.ask(waiting, asks, binding, browser))
    }

    fn ask(&self, waiting: Waiting, asks: IdentityAsks, binding: TokenHash, browser: &Browser) -> Back {
        self.providers.flows.keep(binding, Waiting { asks, ..waiting }, browser.crowd, self.steady_ms());
        Back::Asked
    }

    /// Who came back with this browser and has something left to say.
    ///
    /// # Errors
    /// `link_over` when nobody did, or it was too long ago.
    pub fn waiting_identity(&self, binding: Option<&Token>) -> Result<WaitingIdentity, Refusal> {
        let waiting = self.waiting(binding)?;
        let provider = self.providers.all.get(waiting.provider).ok_or_else(over)?;
        let Waiting { name, handle, asks, .. } = waiting;
        let name = PersonName::parse(&name).map_or_else(|_| String::new(), |name| name.as_str().to_owned());
        let handle = Handle::parse(&handle).map_or_else(|_| String::new(), |handle| handle.as_str().to_owned());
        Ok(WaitingIdentity { provider: shown(provider), asks, name, handle })
    }

    /// Takes what was missing (OIDC-5).
    ///
    /// # Errors
    /// `link_over`, `code_needed`, `rate`, and what the fields may be refused for.
    pub async fn finish_identity(
        &self,
        binding: Option<&Token>,
        said: &FinishIdentity,
        browser: &Browser,
    ) -> Result<CameIn, NameRefused> {
        let waiting = self.waiting(binding)?;
        let held = self.store.held_by_identity(waiting.identity.clone()).await.map_err(refuse)?;
        let came_in = match held {
            Some(held) => {
                let code = said.code.as_ref().map(|code| code.0.as_str());
                self.enter_account(&held, &waiting, code, browser).await?
            }
            None => {
                let handle = said.handle.as_deref().unwrap_or_default();
                self.make_account_by_identity(&waiting, said.name.as_deref(), handle, browser).await?
            }
        };
        if let Some(binding) = binding {
            self.providers.flows.done(binding.hash(), self.steady_ms());
        }
        Ok(came_in)
    }

    /// Lets an account be entered by a provider no more (OIDC-7).
    ///
    /// # Errors
    /// `not_found`, `forbidden` when it is the only way in, `bad_credentials`, `prove_again`, `rate`.
    pub async fn disconnect(&self, actor: &Actor, name: &str, proofs: Proofs<'_>) -> Result<(), Refusal> {
        self.may(Action::OwnAccount, actor.who())?;
        let (_, provider) = self.providers.named(name).ok_or_else(no_such_provider)?;
        let (by, _) = self.prove_again(actor, proofs).await?;
        let issuers = self.providers.all.iter().map(|provider| provider.settings.issuer().to_owned()).collect();
        let issuer = provider.settings.issuer().to_owned();
        self.store.disconnect(by, issuer, issuers, self.now()).await.map_err(refuse)
    }

    fn waiting(&self, binding: Option<&Token>) -> Result<Waiting, Refusal> {
        binding.and_then(|binding| self.providers.flows.waiting(binding.hash(), self.steady_ms())).ok_or_else(over)
    }

    /// Begins a session of the account of an identity; its second factor is asked for as with a password.
    async fn enter_account(
        &self,
        held: &Held,
        waiting: &Waiting,
        code: Option<&str>,
        browser: &Browser,
    ) -> Result<CameIn, Refusal> {
        let proof = second_factor::proof_of(held, code, self.now());
        let attempt = match proof {
            Proof::Nothing => None,
            _ => {
                let Identity { issuer, subject } = &waiting.identity;
                let key: TokenHash = Sha256::digest(format!("{issuer} {subject}")).into();
                Some(self.begin_attempt(key, None, browser.crowd).map_err(|refusal| refusal.at("code"))?)
            }
        };
        let tokens = Tokens::known(browser, None);
        let session = tokens.session.clone();
        let entered = self.store.come_in_by_identity(waiting.identity.clone(), proof, session, self.now()).await;
        let came_in = self.came_in(entered.map_err(refuse)?, tokens);
        if let Some(attempt) = attempt {
            attempt.came_to_nothing_bad();
        }
        Ok(came_in)
    }

    /// Makes an account of somebody for whom a provider vouches: at the open door, or by the invitation they brought along.
    async fn make_account_by_identity(
        &self,
        waiting: &Waiting,
        name: Option<&str>,
        handle: &str,
        browser: &Browser,
    ) -> Result<CameIn, NameRefused> {
        let way = waiting.invitation.map_or(Way::Open, Way::Invitation);
        let name = name.map(PersonName::parse).transpose().map_err(|refusal| refusal.at("name"))?;
        let handle = handle_of(&Handle::parse(handle)?);
        let identity = Some(waiting.identity.clone());
        let credentials = Credentials { handle, email: None, password: None, passkey: None, identity };
        self.enter_as(way, name, Some(credentials), browser).await
    }
}

fn waiting(provider: usize, identity: Identity, vouched: Vouched, invitation: Option<TokenHash>) -> Waiting {
    let Vouched { name, handle, .. } = vouched;
    let name = if name.is_empty() { handle.clone() } else { name };
    Waiting { provider, identity, name, handle, invitation, asks: IdentityAsks::Account }
}

fn shown(provider: &Provider) -> Shown {
    Shown { name: provider.settings.name.clone(), title: provider.settings.title.clone() }
}

fn failed(failure: Failure) -> Back {
    match failure {
        Failure::Silent => Back::Silent,
        Failure::Wrong => Back::Wrong,
    }
}

fn no_such_provider() -> Refusal {
    Refusal::new(ErrorCode::NotFound, "There is no such way to come in.")
}

fn over() -> Refusal {
    Refusal::link_over("That took too long. Begin again.")
}

fn silent(provider: &Provider) -> Refusal {
    let words = format!("{} does not answer. Try again in a moment.", provider.settings.title);
    Refusal::later(ErrorCode::Busy, words, 5_000)
}
