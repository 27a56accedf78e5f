//! Passkeys: asked for, shown, made, named, removed (KEY).

use axum::Json;
use axum::body::Body;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use parlour_engine::{Proofs, Question, Site};
use parlour_protocol::passkey::{
    AddPasskey, Again, FirstPasskey, PasskeyQuestion, PasskeySignIn, Passkeys, RenamePasskey,
};
use parlour_protocol::{ErrorCode, Refusal};

use super::accounts::come_in;
use super::error::HttpError;
use super::rooms::number;
use super::session::{self, SignedIn};
use super::sign_in::read_json;
use super::{App, origin};
use crate::caller::Caller;

/// A body that says nothing.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// `POST /api/v1/sign-in/passkey/begin`.
pub(crate) async fn begin_sign_in(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    request: Request<Body>,
) -> Result<Response, HttpError> {
    app.take_name(caller)?;
    let Nothing {} = read_json(request.into_body()).await?;
    let browser = session::browser(&app.config, &headers, caller);
    let question = app.engine.ask_for_passkey(&site(&app, &headers)?, &browser)?;
    Ok(asked(&app, &headers, question))
}

/// `POST /api/v1/sign-in/passkey`.
pub(crate) async fn sign_in(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    request: Request<Body>,
) -> Result<Response, HttpError> {
    app.take_name(caller)?;
    let PasskeySignIn { passkey } = read_json(request.into_body()).await?;
    let browser = session::browser(&app.config, &headers, caller);
    let came_in = app.engine.sign_in_with_passkey(browser.answers(&passkey), &browser).await?;
    Ok(come_in(&app, &headers, came_in))
}

/// `POST /api/v1/passkey/begin`.
pub(crate) async fn begin_first(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    request: Request<Body>,
) -> Result<Response, HttpError> {
    app.take_name(caller)?;
    let FirstPasskey { handle } = read_json(request.into_body()).await?;
    let browser = session::browser(&app.config, &headers, caller);
    let question = app.engine.ask_for_first_passkey(&site(&app, &headers)?, &handle, &browser).await?;
    Ok(asked(&app, &headers, question))
}

/// `POST /api/v1/account/passkeys/prove`.
pub(crate) async fn prove(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    headers: HeaderMap,
    request: Request<Body>,
) -> Result<Response, HttpError> {
    let Nothing {} = read_json(request.into_body()).await?;
    let question = app.engine.ask_for_own_passkey(&site(&app, &headers)?, &actor).await?;
    Ok(asked(&app, &headers, question))
}

/// `POST /api/v1/account/passkeys/begin`.
pub(crate) async fn begin_another(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    SignedIn(actor): SignedIn,
    headers: HeaderMap,
    request: Request<Body>,
) -> Result<Response, HttpError> {
    let again: Again = read_json(request.into_body()).await?;
    let browser = session::browser(&app.config, &headers, caller);
    let site = site(&app, &headers)?;
    let question = app.engine.ask_for_another_passkey(&site, &actor, proofs(&again, &browser)).await?;
    Ok(asked(&app, &headers, question))
}

/// `POST /api/v1/account/passkeys`.
pub(crate) async fn add(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    SignedIn(actor): SignedIn,
    headers: HeaderMap,
    request: Request<Body>,
) -> Result<Response, HttpError> {
    let AddPasskey { name, passkey } = read_json(request.into_body()).await?;
    let browser = session::browser(&app.config, &headers, caller);
    let passkeys = app.engine.add_passkey(&actor, &name, browser.answers(&passkey), &browser).await?;
    Ok((StatusCode::CREATED, Json(passkeys)).into_response())
}

/// `GET /api/v1/account/passkeys`.
pub(crate) async fn list(State(app): State<App>, SignedIn(actor): SignedIn) -> Result<Json<Passkeys>, HttpError> {
    Ok(Json(app.engine.passkeys(&actor).await?))
}

/// `POST /api/v1/account/passkeys/ID/rename`.
pub(crate) async fn rename(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(passkey): Path<String>,
    request: Request<Body>,
) -> Result<StatusCode, HttpError> {
    let RenamePasskey { name } = read_json(request.into_body()).await?;
    app.engine.rename_passkey(&actor, passkey_id(&passkey)?, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/v1/account/passkeys/ID/remove`.
pub(crate) async fn remove(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    SignedIn(actor): SignedIn,
    Path(passkey): Path<String>,
    headers: HeaderMap,
    request: Request<Body>,
) -> Result<StatusCode, HttpError> {
    let again: Again = read_json(request.into_body()).await?;
    let browser = session::browser(&app.config, &headers, caller);
    let (site, passkey) = (site(&app, &headers).ok(), passkey_id(&passkey)?);
    app.engine.remove_passkey(site.as_ref(), &actor, passkey, proofs(&again, &browser)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a body says that proves again who asks.
pub(crate) fn proofs<'a>(again: &'a Again, browser: &parlour_engine::Browser) -> Proofs<'a> {
    let password = again.password.as_ref().map(|password| password.0.as_str());
    Proofs { password, field: "password", passkey: again.passkey.as_ref().map(|answer| browser.answers(answer)) }
}

fn passkey_id(text: &str) -> Result<u64, Refusal> {
    number(text).ok_or_else(|| Refusal::new(ErrorCode::NotFound, "You have no such passkey."))
}

/// The question, and a cookie by which the answer is known to come from the same browser.
fn asked(app: &App, headers: &HeaderMap, question: Question) -> Response {
    let Question { options, token } = question;
    let cookie: HeaderValue = session::set_asked_cookie(&app.config, headers, &token);
    ([(header::SET_COOKIE, cookie)], Json(PasskeyQuestion { options })).into_response()
}

/// Where passkeys of this house are made and shown: at the name that it was given, over TLS; without one on this machine alone, and
/// there at `localhost`, since an address by number is no name to a browser (KEY-1).
fn site(app: &App, headers: &HeaderMap) -> Result<Site, Refusal> {
    let host = origin::single(headers, &header::HOST).ok().flatten().unwrap_or_default();
    let (origin, authority) = match &app.config.public_url {
        Some(url) => (url.origin.clone(), url.authority.as_str()),
        None => (format!("http://{}", host.to_ascii_lowercase()), host),
    };
    let name = origin::host_name(authority).to_ascii_lowercase();
    let is_number = name.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok();
    if !is_number && (name == "localhost" || origin.starts_with("https://")) {
        return Ok(Site { name, origin });
    }
    let port = authority.rsplit_once(':').map_or("", |(_, port)| port).trim_end_matches(']');
    let words = match &app.config.public_url {
        None if origin::is_loopback_name(&name) => {
            let colon = if port.is_empty() { "" } else { ":" };
            format!("Passkeys are bound to a name, and {name} is a number. Open http://localhost{colon}{port} instead.")
        }
        None => "Passkeys need a house with a name: start it with --public-url https://….".to_owned(),
        Some(_) => {
            format!("Passkeys need a name over TLS, and this house is {origin}. Give it --public-url https://….")
        }
    };
    Err(Refusal::new(ErrorCode::Forbidden, words).at("passkey"))
}
