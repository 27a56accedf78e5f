//! One provider: what it says of itself, where it wants people to go, and whether what it says of somebody is to be believed
//! (OpenID Connect Core 1.0, PKCE). The library looks at every token; what it is told to look at is here.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreJwsSigningAlgorithm, CoreProviderMetadata,
    CoreUserInfoClaims,
};
use openidconnect::{
    AccessToken, AsyncHttpClient, AuthType, AuthorizationCode, ClaimsVerificationError, CsrfToken, HttpRequest,
    HttpResponse, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    SignatureVerificationError, StandardErrorResponse, SubjectIdentifier, TokenResponse,
};
use parlour_protocol::limits;
use tokio::sync::Mutex;

use super::settings::Settings;
use crate::Token;
use crate::outgoing::{Hosts, NoAnswer, Outgoing};

/// How tokens may be signed: with keys that the provider alone has. `none` and a shared secret are no signature.
const SIGNED_BY: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];
/// What stands for somebody is no longer than this (OpenID Connect Core 1.0, 2).
const SUBJECT_BYTES_MAX: usize = 255;
/// Keys are not asked for again sooner than this, whatever a token names.
const KEYS_AGAIN_MS: u64 = 1_000;
/// A provider that did not answer is not asked again sooner than this: who waits for it meanwhile is told at once.
const SILENT_MS: u64 = 3_000;

/// Why a provider vouched for nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// It does not answer, or not as it should. Trying again may help.
    Silent,
    /// What it says is not to be believed, or it takes its answer back.
    Wrong,
}

/// Where to send somebody, and what comes back with them.
pub(crate) struct Way {
    pub(crate) url: String,
    pub(crate) state: Token,
    pub(crate) nonce: String,
    pub(crate) verifier: String,
}

/// Somebody for whom the provider vouches. What they are called is a suggestion and proves nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Vouched {
    pub(crate) subject: String,
    pub(crate) name: String,
    pub(crate) handle: String,
}

/// How the library asks this provider, and nobody else.
struct Asked {
    outgoing: Arc<Outgoing>,
    hosts: Hosts,
    name: String,
}

impl<'c> AsyncHttpClient<'c> for Asked {
    type Error = NoAnswer;
    type Future = BoxFuture<'c, Result<HttpResponse, NoAnswer>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let answer = self.outgoing.ask(&self.hosts, request).await;
            answer.inspect_err(|error| {
                no_answer(&self.name, error);
            })
        })
    }
}

fn no_answer(name: &str, error: &NoAnswer) -> Failure {
    tracing::warn!(provider = name, %error, "a provider of identities could not be asked");
    Failure::Silent
}

/// A provider, and what it said of itself lately.
pub(crate) struct Provider {
    pub(crate) settings: Settings,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    said: Option<CoreProviderMetadata>,
    /// When that was, or when it failed to.
    at_ms: Option<u64>,
}

impl Provider {
    pub(crate) fn new(settings: Settings) -> Provider {
        Provider { settings, known: Mutex::default() }
    }

    /// Where somebody goes who is to come back to `redirect`.
    pub(crate) async fn way(&self, outgoing: &Arc<Outgoing>, redirect: &str, now_ms: u64) -> Result<Way, Failure> {
        let said = self.said(outgoing, limits::OIDC_KNOWN_MS, now_ms).await?;
        // The browser is sent to no other host than the house would ask itself.
        self.settings
            .hosts
            .allow(said.authorization_endpoint().url())
            .map_err(|error| no_answer(&self.settings.name, &error))?;
        let redirect = RedirectUrl::new(redirect.to_owned()).map_err(|_| Failure::Wrong)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (state, nonce) = (Token::random(), Token::random());
        let client = CoreClient::from_provider_metadata(said, self.settings.client_id.clone(), None);
        let (state_text, nonce_text) = (state.to_text(), nonce.to_text());
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let (url, ..) = client
            .set_redirect_uri(redirect)
            .authorize_url(flow, move || CsrfToken::new(state_text), move || Nonce::new(nonce_text))
            .add_scope(Scope::new("profile".to_owned()))
            .add_scope(Scope::new("email".to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        Ok(Way { url: url.into(), state, nonce: nonce.to_text(), verifier: verifier.into_secret() })
    }

    /// Whether an answer names this provider where it names any (RFC 9207): a code of another's is given to nobody.
    pub(crate) fn is_from(&self, named: Option<&str>) -> Result<(), Failure> {
        match named {
            Some(named) if named != self.settings.issuer() => Err(self.wrong("the answer names another issuer")),
            _ => Ok(()),
        }
    }

    /// Gives a code back and hears for whom it stands.
    pub(crate) async fn vouched(
        &self,
        outgoing: &Arc<Outgoing>,
        code: &str,
        (redirect, verifier, nonce): (&str, &str, &str),
        now_ms: u64,
    ) -> Result<Vouched, Failure> {
        let said = self.said(outgoing, limits::OIDC_KNOWN_MS, now_ms).await?;
        let redirect = RedirectUrl::new(redirect.to_owned()).map_err(|_| Failure::Wrong)?;
        let (id, secret) = (self.settings.client_id.clone(), self.settings.client_secret.clone());
        let client = CoreClient::from_provider_metadata(said.clone(), id, secret);
        let client = client.set_redirect_uri(redirect).set_auth_type(auth_type(&said));
        let asked = self.asked(outgoing);
        let answer = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|_| self.wrong("it names no address for codes"))?
            .set_pkce_verifier(PkceCodeVerifier::new(verifier.to_owned()))
            .request_async(&asked)
            .await
            .map_err(|error| self.not_exchanged(&error))?;
        let token = answer.id_token().ok_or_else(|| self.wrong("it gives no identity token"))?;
        let nonce = Nonce::new(nonce.to_owned());
        let claims = match token.claims(&client.id_token_verifier().set_allowed_algs(SIGNED_BY), &nonce) {
            Err(ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey)) => {
                // Keys change; they are asked for once more, unless they just were.
                let said = self.said(outgoing, KEYS_AGAIN_MS, now_ms).await?;
                let (id, secret) = (self.settings.client_id.clone(), self.settings.client_secret.clone());
                let client = CoreClient::from_provider_metadata(said, id, secret);
                token.claims(&client.id_token_verifier().set_allowed_algs(SIGNED_BY), &nonce).cloned()
            }
            claims => claims.cloned(),
        };
        let claims = claims.map_err(|error| self.not_believed(&error))?;
        if claims.authorized_party().is_some_and(|party| *party != self.settings.client_id) {
            return Err(self.wrong("its token is for another"));
        }
        let subject = claims.subject().as_str();
        if subject.is_empty() || subject.len() > SUBJECT_BYTES_MAX {
            return Err(self.wrong("its token is of nobody"));
        }
        let name = claims.name().and_then(|name| name.get(None)).map(|name| name.to_string());
        let mut vouched = Vouched {
            subject: claims.subject().to_string(),
            name: name.unwrap_or_default(),
            handle: handle_like(
                claims.preferred_username().map(|name| name.as_str()),
                claims.email().map(|email| email.as_str()),
            ),
        };
        if vouched.name.is_empty() || vouched.handle.is_empty() {
            self.ask_who(outgoing, &said, answer.access_token().clone(), claims.subject().clone(), &mut vouched).await;
        }
        Ok(vouched)
    }

    /// Asks what somebody is called, where the token did not say. No answer is no harm.
    async fn ask_who(
        &self,
        outgoing: &Arc<Outgoing>,
        said: &CoreProviderMetadata,
        access: AccessToken,
        subject: SubjectIdentifier,
        vouched: &mut Vouched,
    ) {
        let client = CoreClient::from_provider_metadata(said.clone(), self.settings.client_id.clone(), None);
        let Ok(question) = client.user_info(access, Some(subject)) else { return };
        let asked = self.asked(outgoing);
        let Ok(claims) = question.request_async(&asked).await else { return };
        let claims: CoreUserInfoClaims = claims;
        if let Some(name) = claims.name().and_then(|name| name.get(None))
            && vouched.name.is_empty()
        {
            vouched.name = name.to_string();
        }
        if vouched.handle.is_empty() {
            let (username, email) = (claims.preferred_username(), claims.email());
            vouched.handle = handle_like(username.map(|name| name.as_str()), email.map(|email| email.as_str()));
        }
    }

    /// What it says of itself, no older than this. One asks at a time, and the others take what was answered.
    async fn said(&self, outgoing: &Arc<Outgoing>, age_ms: u64, now_ms: u64) -> Result<CoreProviderMetadata, Failure> {
        let mut known = self.known.lock().await;
        let fresh = |age_ms| known.at_ms.is_some_and(|at_ms| now_ms < at_ms.saturating_add(age_ms));
        match &known.said {
            Some(said) if fresh(age_ms) => return Ok(said.clone()),
            None if fresh(SILENT_MS) => return Err(Failure::Silent),
            _ => {}
        }
        let asked = self.asked(outgoing);
        let found = CoreProviderMetadata::discover_async(self.settings.issuer.clone(), &asked).await;
        known.at_ms = Some(now_ms);
        known.said = match found {
            Ok(said) => Some(said),
            Err(error) => {
                tracing::warn!(
                    provider = self.settings.name,
                    why = discovery_word(&error),
                    "a provider of identities does not say what it is"
                );
                None
            }
        };
        known.said.clone().ok_or(Failure::Silent)
    }

    fn asked(&self, outgoing: &Arc<Outgoing>) -> Asked {
        Asked { outgoing: Arc::clone(outgoing), hosts: self.settings.hosts.clone(), name: self.settings.name.clone() }
    }

    /// Notes what is wrong. Nothing that the provider or a browser said is written down: it might be a token.
    fn wrong(&self, why: &'static str) -> Failure {
        tracing::warn!(provider = self.settings.name, why, "a provider of identities is not believed");
        Failure::Wrong
    }

    fn not_exchanged<E: std::error::Error + 'static>(
        &self,
        error: &openidconnect::RequestTokenError<E, StandardErrorResponse<openidconnect::core::CoreErrorResponseType>>,
    ) -> Failure {
        use openidconnect::RequestTokenError::{Other, Parse, Request, ServerResponse};
        match error {
            ServerResponse(_) => self.wrong("it does not take the code, or does not know this house"),
            Parse(..) | Other(_) => self.wrong("its answer to the code cannot be read"),
            Request(_) => Failure::Silent,
        }
    }

    fn not_believed(&self, error: &ClaimsVerificationError) -> Failure {
        use ClaimsVerificationError::{Expired, InvalidAudience, InvalidIssuer, InvalidNonce, SignatureVerification};
        self.wrong(match error {
            Expired(_) => "its token is over",
            InvalidAudience(_) => "its token is for another",
            InvalidIssuer(_) => "its token is from another",
            InvalidNonce(_) => "its token is of another signing in",
            SignatureVerification(_) => "its token is not signed, or by no key of its own",
            _ => "its token is not right",
        })
    }
}

fn discovery_word<E: std::error::Error + 'static>(error: &openidconnect::DiscoveryError<E>) -> &'static str {
    use openidconnect::DiscoveryError::{Parse, Request, Response, Validation};
    match error {
        Request(_) => "it does not answer",
        Response(..) => "it answers with an error",
        Parse(_) => "its answer cannot be read",
        Validation(_) => "it calls itself by another issuer",
        _ => "its answer is not right",
    }
}

/// How the house says who it is when it gives a code back: in the header, which all should take, or where it says so in the body.
fn auth_type(said: &CoreProviderMetadata) -> AuthType {
    let takes = |method: &CoreClientAuthMethod| {
        said.token_endpoint_auth_methods_supported().is_some_and(|methods| methods.contains(method))
    };
    let only_body = takes(&CoreClientAuthMethod::ClientSecretPost) && !takes(&CoreClientAuthMethod::ClientSecretBasic);
    if only_body { AuthType::RequestBody } else { AuthType::BasicAuth }
}

/// What could be a handle: what they are called there, up to an @.
fn handle_like(username: Option<&str>, email: Option<&str>) -> String {
    let whole = username.filter(|name| !name.is_empty()).or(email).unwrap_or_default();
    whole.split('@').next().unwrap_or_default().to_lowercase()
}
