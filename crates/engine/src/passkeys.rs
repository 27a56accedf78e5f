//! Passkeys: made, shown to come in or to prove again that it is oneself, named, removed (KEY). What an authenticator answers is
//! checked by webauthn-rs.

use parlour_domain::access::Action;
use parlour_domain::account::{Handle, passkey_name};
use parlour_protocol::passkey::{PasskeyAnswer, Passkeys};
use parlour_protocol::{ErrorCode, Refusal};
use parlour_store::{Held, NewPasskey, OwnPasskeys, Owner, ShownPasskey};
use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;
use webauthn_rs::WebauthnBuilder;
use webauthn_rs::prelude::{Passkey, PublicKeyCredential, RegisterPublicKeyCredential, Webauthn, WebauthnError};

use crate::accounts::{Browser, CameIn, Tokens};
use crate::ceremonies::{Asked, Asker, Ceremony};
use crate::{Actor, Engine, Token, refuse};

/// Where passkeys of this house are made and shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The name that they are bound to for ever.
    pub name: String,
    /// The one page that may ask for them.
    pub origin: String,
}

/// What a browser is asked, and the token by which its answer is known.
#[derive(Clone, Debug)]
pub struct Question {
    /// The options of `navigator.credentials`.
    pub options: Value,
    /// For the browser alone.
    pub token: Token,
}

/// What a browser answers.
#[derive(Clone, Debug)]
pub struct Answered<'a> {
    /// The token that it was given with the question.
    pub token: Option<Token>,
    /// What it says.
    pub answer: &'a PasskeyAnswer,
}

/// What somebody proves again with that it is them (ACC-8).
#[derive(Clone, Debug)]
pub struct Proofs<'a> {
    /// Their password.
    pub password: Option<&'a str>,
    /// The field that it stands in.
    pub field: &'static str,
    /// A passkey in its place.
    pub passkey: Option<Answered<'a>>,
}

impl Engine {
    /// Asks a stranger's browser for a passkey of any account: no handle is typed (KEY-3).
    ///
    /// # Errors
    /// `busy`.
    pub fn ask_for_passkey(&self, site: &Site, browser: &Browser) -> Result<Question, Refusal> {
        self.ask_to_show(site, Asker::Stranger(browser.crowd), Vec::new())
    }

    /// Comes in by a passkey. It is two factors by itself: what one has, and what unlocks it. No code is asked for beside it.
    ///
    /// # Errors
    /// `bad_credentials`, `link_over`, `bad_frame`.
    pub async fn sign_in_with_passkey(&self, answered: Answered<'_>, browser: &Browser) -> Result<CameIn, Refusal> {
        let asker = Asker::Stranger(browser.crowd);
        let shown = self.check_shown(answered, asker).await?;
        let device = browser.device.as_ref().map(Token::hash);
        let held = self.store.held(shown.kept.user, device, self.now()).await.map_err(refuse)?;
        let held = held.ok_or_else(Refusal::bad_passkey)?;
        let known = browser.device.clone().filter(|_| held.known_device);
        let tokens = Tokens::known(browser, known);
        let entered = self.store.come_in_by_passkey(shown, tokens.session.clone(), self.now()).await;
        Ok(self.came_in(entered.map_err(refuse)?, tokens))
    }

    /// Asks the browser of somebody inside for a passkey of theirs, to prove again that it is them.
    ///
    /// # Errors
    /// `not_found` without one that can be shown here.
    pub async fn ask_for_own_passkey(&self, site: &Site, actor: &Actor) -> Result<Question, Refusal> {
        self.may(Action::OwnAccount, actor.who())?;
        let own = self.store.own_passkeys(actor.user.id, site.name.clone()).await.map_err(refuse)?;
        if own.credential_ids.is_empty() {
            return Err(Refusal::new(ErrorCode::NotFound, "You have no passkey that can be shown here."));
        }
        self.ask_to_show(site, Asker::Session(session_of(actor)?), own.credential_ids)
    }

    /// Whether a passkey of somebody inside was shown; it is noted.
    pub(crate) async fn prove_by_passkey(&self, actor: &Actor, answered: Answered<'_>) -> Result<(), Refusal> {
        let shown = self.check_shown(answered, Asker::Session(session_of(actor)?)).await?;
        if shown.kept.user != actor.user.id {
            return Err(Refusal::bad_passkey());
        }
        self.store.use_passkey(shown, self.now()).await.map_err(refuse)
    }

    /// Asks a browser to make the passkey of an account that is to be made with it (KEY-4).
    ///
    /// # Errors
    /// `bad_handle`, `busy`.
    pub async fn ask_for_first_passkey(
        &self,
        site: &Site,
        handle: &str,
        browser: &Browser,
    ) -> Result<Question, Refusal> {
        let handle = Handle::parse(handle)?;
        let own = OwnPasskeys { owner: None, credential_ids: Vec::new() };
        let (options, state, owner) = self.ask_to_make(site, &own, (handle.as_str(), handle.as_str())).await?;
        let asked = Asked::First(state, owner);
        self.keep_asked(site, Asker::Stranger(browser.crowd), asked, options)
    }

    /// The passkey of an account that is being made.
    pub(crate) fn first_passkey(&self, answered: Answered<'_>, browser: &Browser) -> Result<NewPasskey, Refusal> {
        let ceremony = self.end_ceremony(answered.token.as_ref(), Asker::Stranger(browser.crowd))?;
        let Asked::First(state, owner) = &ceremony.asked else { return Err(another_question()) };
        made(&ceremony, state, *owner, answered.answer, browser.runs_on.clone())
    }

    /// Asks the browser of somebody inside to make one more passkey, once they have proved again that it is them.
    ///
    /// # Errors
    /// As in ACC-8, and `not_found` without an account.
    pub async fn ask_for_another_passkey(
        &self,
        site: &Site,
        actor: &Actor,
        proofs: Proofs<'_>,
    ) -> Result<Question, Refusal> {
        self.may(Action::OwnAccount, actor.who())?;
        let (by, held) = self.prove_again(actor, proofs).await?;
        let own = self.store.own_passkeys(actor.user.id, site.name.clone()).await.map_err(refuse)?;
        let Held { handle, user, .. } = held;
        let (options, state, owner) = self.ask_to_make(site, &own, (&handle, &user.name)).await?;
        let asker = Asker::Session(by.session);
        self.keep_asked(site, asker, Asked::Another(state, owner, by), options)
    }

    /// Keeps a passkey that was made.
    ///
    /// # Errors
    /// `link_over`, `bad_frame`, `forbidden` for one that is kept already, `too_many`.
    pub async fn add_passkey(
        &self,
        actor: &Actor,
        name: &str,
        answered: Answered<'_>,
        browser: &Browser,
    ) -> Result<Passkeys, Refusal> {
        self.may(Action::OwnAccount, actor.who())?;
        let name = passkey_name(name, &browser.runs_on)?;
        let ceremony = self.end_ceremony(answered.token.as_ref(), Asker::Session(session_of(actor)?))?;
        let Asked::Another(state, owner, by) = &ceremony.asked else { return Err(another_question()) };
        let new = made(&ceremony, state, *owner, answered.answer, name)?;
        self.store.add_passkey(by.clone(), new, self.now()).await.map_err(refuse)?;
        self.passkeys(actor).await
    }

    /// The own passkeys.
    ///
    /// # Errors
    /// `forbidden` for those who have no account by their role.
    pub async fn passkeys(&self, actor: &Actor) -> Result<Passkeys, Refusal> {
        self.may(Action::OwnAccount, actor.who())?;
        Ok(Passkeys { passkeys: self.store.passkeys(actor.user.id).await.map_err(refuse)? })
    }

    /// Calls one something else.
    ///
    /// # Errors
    /// `bad_name`, `not_found`.
    pub async fn rename_passkey(&self, actor: &Actor, passkey: u64, name: &str) -> Result<(), Refusal> {
        self.may(Action::OwnAccount, actor.who())?;
        let name = passkey_name(name, "")?;
        self.store.rename_passkey(actor.user.id, passkey, name).await.map_err(refuse)
    }

    /// Removes one, once its owner has proved again that it is them.
    ///
    /// # Errors
    /// As in ACC-8, `not_found`, and `forbidden` for the last thing that lets its owner in.
    pub async fn remove_passkey(
        &self,
        site: Option<&Site>,
        actor: &Actor,
        passkey: u64,
        proofs: Proofs<'_>,
    ) -> Result<(), Refusal> {
        self.may(Action::OwnAccount, actor.who())?;
        let (by, _) = self.prove_again(actor, proofs).await?;
        let site = site.map(|site| site.name.clone());
        self.store.remove_passkey(by, passkey, site, self.now()).await.map_err(refuse)
    }

    fn ask_to_show(&self, site: &Site, asker: Asker, own: Vec<Vec<u8>>) -> Result<Question, Refusal> {
        let checker = checker(site, &site.name)?;
        let (asked, state) = checker.start_discoverable_authentication().map_err(|error| fault(&error))?;
        let mut options = plain(&asked)?;
        // Nothing is done with what these would say.
        options.as_object_mut().map(|options| options.remove("extensions"));
        if !own.is_empty() {
            let each = own.iter().map(|id| json!({"type": "public-key", "id": bytes_as_text(id)}));
            options["allowCredentials"] = each.collect();
        }
        self.keep_asked(site, asker, Asked::Show(Box::new(state)), options)
    }

    async fn ask_to_make(
        &self,
        site: &Site,
        own: &OwnPasskeys,
        (handle, name): (&str, &str),
    ) -> Result<(Value, Box<webauthn_rs::prelude::PasskeyRegistration>, Owner), Refusal> {
        let owner = own.owner.map_or_else(Uuid::new_v4, Uuid::from_bytes);
        let house = self.facts().await?.name;
        let checker = checker(site, &house)?;
        let known = Some(own.credential_ids.clone());
        let begun = checker.start_passkey_registration(owner, handle, name, known);
        let (asked, state) = begun.map_err(|error| fault(&error))?;
        let mut options = plain(&asked)?;
        // One that the authenticator finds by itself: nobody types a handle to come in by it.
        options["authenticatorSelection"]["residentKey"] = json!("required");
        options["authenticatorSelection"]["requireResidentKey"] = json!(true);
        Ok((options, Box::new(state), owner.into_bytes()))
    }

    fn keep_asked(&self, site: &Site, asker: Asker, asked: Asked, options: Value) -> Result<Question, Refusal> {
        let ceremony = Ceremony::new(checker(site, &site.name)?, site.name.clone(), asked, asker, self.steady_ms());
        Ok(Question { options, token: self.ceremonies.begin(ceremony) })
    }

    fn end_ceremony(&self, token: Option<&Token>, asker: Asker) -> Result<Ceremony, Refusal> {
        self.ceremonies.end(token, asker, self.steady_ms())
    }

    /// Checks a passkey that was shown: whose it is says the store, that it was shown here and now and by its owner the library.
    async fn check_shown(&self, answered: Answered<'_>, asker: Asker) -> Result<ShownPasskey, Refusal> {
        let ceremony = self.end_ceremony(answered.token.as_ref(), asker)?;
        let Asked::Show(state) = ceremony.asked else { return Err(another_question()) };
        let answer: PublicKeyCredential = read(answered.answer)?;
        if is_framed(&answer.response.client_data_json) {
            return Err(Refusal::bad_passkey());
        }
        let kept = self.store.passkey(answer.raw_id.clone()).await.map_err(refuse)?;
        let kept = kept.filter(|kept| kept.site == ceremony.site).ok_or_else(Refusal::bad_passkey)?;
        // Who the authenticator says it belongs to must be who it is kept for; a stranger's always says it.
        let is_owner = match (answer.get_user_unique_id(), asker) {
            (Some(owner), _) => owner == kept.owner.as_slice(),
            (None, asker) => matches!(asker, Asker::Session(_)),
        };
        if !is_owner {
            return Err(Refusal::bad_passkey());
        }
        let mut passkey: Passkey = serde_json::from_str(&kept.credential).map_err(|error| unreadable(&error))?;
        let checked = ceremony.checker.finish_discoverable_authentication_v2(&answer, *state, &passkey);
        let checked = checked.ok().filter(|checked| checked.user_verified()).ok_or_else(Refusal::bad_passkey)?;
        passkey.update_credential(&checked);
        Ok(ShownPasskey { kept, credential: kept_text(&passkey)? })
    }
}

/// The session of somebody inside.
fn session_of(actor: &Actor) -> Result<parlour_store::TokenHash, Refusal> {
    actor.token_hash.ok_or_else(|| Refusal::new(ErrorCode::SignedOut, "Come in first."))
}

/// What checks answers given at a site; its house is called so in the browser's dialog.
fn checker(site: &Site, house: &str) -> Result<Webauthn, Refusal> {
    let origin = Url::parse(&site.origin).map_err(|_| nameless())?;
    let builder = WebauthnBuilder::new(&site.name, &origin).map_err(|_| nameless())?;
    builder.rp_name(house).build().map_err(|error| fault(&error))
}

fn nameless() -> Refusal {
    Refusal::new(ErrorCode::Forbidden, "Passkeys are bound to a name, and this address has none.")
}

/// Checks a passkey that was made.
fn made(
    ceremony: &Ceremony,
    state: &webauthn_rs::prelude::PasskeyRegistration,
    owner: Owner,
    answer: &PasskeyAnswer,
    name: String,
) -> Result<NewPasskey, Refusal> {
    let answer: RegisterPublicKeyCredential = read(answer)?;
    let wrong =
        |_| Refusal::new(ErrorCode::BadCredentials, "That passkey was not made for this. Try again.").at("passkey");
    let passkey = ceremony.checker.finish_passkey_registration(&answer, state).map_err(wrong)?;
    let credential_id: &[u8] = passkey.cred_id().as_ref();
    let (credential_id, site) = (credential_id.to_vec(), ceremony.site.clone());
    Ok(NewPasskey { owner, credential_id, site, name, credential: kept_text(&passkey)? })
}

fn read<T: serde::de::DeserializeOwned>(answer: &PasskeyAnswer) -> Result<T, Refusal> {
    let wrong =
        |_| Refusal::new(ErrorCode::BadFrame, "That is not what a browser answers about a passkey.").at("passkey");
    serde_json::from_value(answer.0.clone()).map_err(wrong)
}

/// Whether a page of somebody else had ours inside when it asked. The library looks at this for passkeys that are made alone.
fn is_framed(client_data: &[u8]) -> bool {
    let read: Result<Value, _> = serde_json::from_slice(client_data);
    read.is_ok_and(|said| said["crossOrigin"] == Value::Bool(true))
}

/// The `publicKey` of what is asked.
fn plain(asked: &impl serde::Serialize) -> Result<Value, Refusal> {
    let mut asked = serde_json::to_value(asked).map_err(|error| unreadable(&error))?;
    Ok(asked["publicKey"].take())
}

fn kept_text(passkey: &Passkey) -> Result<String, Refusal> {
    serde_json::to_string(passkey).map_err(|error| unreadable(&error))
}

fn bytes_as_text(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

fn another_question() -> Refusal {
    Refusal::new(ErrorCode::BadCredentials, "That passkey was asked for something else. Try again.").at("passkey")
}

fn fault(error: &WebauthnError) -> Refusal {
    tracing::error!(%error, "a passkey could not be asked for");
    Refusal::later(ErrorCode::Internal, "The passkey could not be asked for. Try again.", 1_000)
}

fn unreadable(error: &serde_json::Error) -> Refusal {
    tracing::error!(%error, "a kept passkey cannot be read or written");
    Refusal::later(ErrorCode::Internal, "The passkey could not be read. Try again.", 1_000)
}
