//! From a cookie or a bearer token to an actor, and back (S14, S31).

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use parlour_engine::{Actor, Browser, Token, device};
use parlour_protocol::{ErrorCode, Refusal, limits};

use super::App;
use super::error::HttpError;
use crate::accept::Peer;
use crate::caller::Caller;
use crate::caps::Household;
use crate::config::Config;

/// The cookie where the browser keeps `Secure` ones: over TLS, and on a loopback address in most browsers.
const HOST_COOKIE: &str = "__Host-parlour";
/// The cookie on plain HTTP that was explicitly allowed, and on loopback in a browser that wants TLS there too.
const PLAIN_COOKIE: &str = "parlour";
/// The same two for the token by which an account knows a browser (S23). It lets nobody in.
const HOST_DEVICE: &str = "__Host-parlour-device";
const PLAIN_DEVICE: &str = "parlour-device";
/// The same two for the question about a passkey that a browser is answering (KEY-2).
const HOST_ASKED: &str = "__Host-parlour-asked";
const PLAIN_ASKED: &str = "parlour-asked";

/// The same two for a browser that was sent to a provider of identities and is waited for.
const HOST_PROVIDER: &str = "__Host-parlour-provider";
const PLAIN_PROVIDER: &str = "parlour-provider";

/// The token in a request's cookies: under the one name that [`set_cookie`] would use, since the plain one can be planted by
/// any page of this host, on whatever port (S16).
pub(crate) fn cookie_token(config: &Config, headers: &HeaderMap) -> Option<Token> {
    cookie(headers, if keeps_secure(config, headers) { HOST_COOKIE } else { PLAIN_COOKIE })
}

fn cookie(headers: &HeaderMap, wanted: &str) -> Option<Token> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == wanted).and_then(|(_, value)| Token::parse(value))
}

/// The browser that asks to come in.
pub(crate) fn browser(config: &Config, headers: &HeaderMap, caller: Caller) -> Browser {
    let before = bearer_token(headers).or_else(|| cookie_token(config, headers));
    let secure = keeps_secure(config, headers);
    let device = cookie(headers, if secure { HOST_DEVICE } else { PLAIN_DEVICE });
    let asked = cookie(headers, if secure { HOST_ASKED } else { PLAIN_ASKED });
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Browser {
        before: before.as_ref().map(Token::hash),
        device,
        runs_on: device::words(agent),
        crowd: Household::of(caller.address).number(),
        asked,
    }
}

/// The token after `Authorization: Bearer`.
pub(crate) fn bearer_token(headers: &HeaderMap) -> Option<Token> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") { Token::parse(token.trim()) } else { None }
}

/// The `Set-Cookie` that keeps somebody signed in, or out with no token.
pub(crate) fn set_cookie(config: &Config, headers: &HeaderMap, token: Option<&Token>) -> HeaderValue {
    let (value, age) = match token {
        Some(token) => (token.to_text(), limits::SESSION_LIFE_MS / 1_000),
        None => (String::new(), 0),
    };
    written(config, headers, (HOST_COOKIE, PLAIN_COOKIE), &value, age)
}

/// The `Set-Cookie` by which an account knows the browser next time.
pub(crate) fn set_device_cookie(config: &Config, headers: &HeaderMap, device: &Token) -> HeaderValue {
    let age = limits::KNOWN_DEVICE_LIFE_MS / 1_000;
    written(config, headers, (HOST_DEVICE, PLAIN_DEVICE), &device.to_text(), age)
}

/// The `Set-Cookie` by which the answer to a question about a passkey is known.
pub(crate) fn set_asked_cookie(config: &Config, headers: &HeaderMap, asked: &Token) -> HeaderValue {
    let age = i64::try_from(limits::CEREMONY_MS / 1_000).unwrap_or_default();
    written(config, headers, (HOST_ASKED, PLAIN_ASKED), &asked.to_text(), age)
}

/// What a browser holds that was sent to a provider of identities: only it may come back.
pub(crate) fn provider_cookie(config: &Config, headers: &HeaderMap) -> Option<Token> {
    cookie(headers, if keeps_secure(config, headers) { HOST_PROVIDER } else { PLAIN_PROVIDER })
}

/// The `Set-Cookie` of it, or of its end.
pub(crate) fn set_provider_cookie(config: &Config, headers: &HeaderMap, token: Option<&Token>) -> HeaderValue {
    // It comes back after at most one life, and has another one to say what is missing.
    let life = i64::try_from(2 * limits::OIDC_FLOW_LIFE_MS / 1_000).unwrap_or(i64::MAX);
    let (value, age) = token.map_or((String::new(), 0), |token| (token.to_text(), life));
    written(config, headers, (HOST_PROVIDER, PLAIN_PROVIDER), &value, age)
}

fn written(config: &Config, headers: &HeaderMap, (host, plain): (&str, &str), value: &str, age: i64) -> HeaderValue {
    let (name, attribute) = if keeps_secure(config, headers) { (host, "; Secure") } else { (plain, "") };
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{attribute}");
    HeaderValue::from_str(&cookie).expect("a base64 token and fixed words make a header")
}

/// Whether the browser that asks keeps `Secure` cookies of this house.
fn keeps_secure(config: &Config, headers: &HeaderMap) -> bool {
    match &config.public_url {
        Some(url) => url.secure,
        None => config.listen.ip().is_loopback() && keeps_secure_on_loopback(headers),
    }
}

/// Chromium and Firefox take `http://127.0.0.1` for secure; Safari does not and would drop the cookie.
fn keeps_secure_on_loopback(headers: &HeaderMap) -> bool {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    !(agent.contains("Safari/") && !agent.contains("Chrome/") && !agent.contains("Chromium/"))
}

/// Somebody with a session, by cookie or bearer token; otherwise the request is answered 401.
pub(crate) struct SignedIn(pub(crate) Actor);

/// Somebody with a session, or a stranger.
pub(crate) struct Visitor(pub(crate) Option<Actor>);

impl FromRequestParts<App> for Visitor {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Visitor, HttpError> {
        let Some(token) = bearer_token(&parts.headers).or_else(|| cookie_token(&app.config, &parts.headers)) else {
            return Ok(Visitor(None));
        };
        let actor = app.engine.session(&token).await?;
        if let (Some(_), Some(peer), Some(caller)) =
            (&actor, parts.extensions.get::<Peer>(), parts.extensions.get::<Caller>())
        {
            // A school behind one address reads with many connections; over even that allowance it goes on as it is.
            peer.guard.sign_in(Household::of(caller.address));
        }
        Ok(Visitor(actor))
    }
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<SignedIn, HttpError> {
        match Visitor::from_request_parts(parts, app).await? {
            Visitor(Some(actor)) => Ok(SignedIn(actor)),
            Visitor(None) => Err(Refusal::new(ErrorCode::SignedOut, "Come in first.").into()),
        }
    }
}
