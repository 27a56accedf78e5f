//! Coming in by a provider of identities: there, back, and what is still to be said (OIDC-1 to OIDC-8).
//!
//! What a browser does by itself (going there, coming back) ends on a page, also when it fails; what the page asks is JSON.

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Path, Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use parlour_engine::{Back, CameIn, ProviderAnswer, Started};
use parlour_protocol::account::LinkToken;
use parlour_protocol::oidc::{FinishIdentity, ToProvider, WaitingIdentity};
use parlour_protocol::passkey::Again;
use parlour_protocol::{ErrorCode, Refusal};

use super::accounts::come_in;
use super::error::HttpError;
use super::passkeys::proofs;
use super::session::{self, SignedIn, Visitor};
use super::sign_in::read_json;
use super::{App, origin};
use crate::caller::Caller;

/// `GET /api/v1/oidc/NAME/start`: a link of the house's own page, followed by nobody else's.
pub(crate) async fn start(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    app.take_name(caller)?;
    if came_from_elsewhere(&headers) {
        return Ok(see_other("/oidc/over").into_response());
    }
    let browser = session::browser(&app.config, &headers, caller);
    Ok(match app.engine.start_at_provider(&name, &origin::own(&app.config, &headers), None, &browser).await {
        Ok(Started { url, browser }) => {
            let cookie = session::set_provider_cookie(&app.config, &headers, Some(&browser));
            (StatusCode::SEE_OTHER, [(header::LOCATION, location(&url.0)?), (header::SET_COOKIE, cookie)])
                .into_response()
        }
        Err(refusal) if refusal.code == ErrorCode::NotFound => see_other("/oidc/unknown").into_response(),
        Err(refusal) if refusal.code == ErrorCode::Busy => see_other("/oidc/silent").into_response(),
        Err(refusal) => return Err(refusal.into()),
    })
}

/// `POST /api/v1/oidc/NAME/start`: the same by an invitation.
pub(crate) async fn start_with_invitation(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
    headers: HeaderMap,
    request: Request<Body>,
) -> Result<Response, HttpError> {
    app.take_name(caller)?;
    let LinkToken { token } = read_json(request.into_body()).await?;
    let browser = session::browser(&app.config, &headers, caller);
    let own = origin::own(&app.config, &headers);
    let started = app.engine.start_at_provider(&name, &own, Some(&token.0), &browser).await?;
    Ok(sent(&app, &headers, started))
}

/// `POST /api/v1/oidc/NAME/connect`.
pub(crate) async fn connect(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    SignedIn(actor): SignedIn,
    Path(name): Path<String>,
    headers: HeaderMap,
    request: Request<Body>,
) -> Result<Response, HttpError> {
    let again: Again = read_json(request.into_body()).await?;
    let browser = session::browser(&app.config, &headers, caller);
    let own = origin::own(&app.config, &headers);
    let started = app.engine.connect_at_provider(&actor, &name, &own, proofs(&again, &browser), &browser).await?;
    Ok(sent(&app, &headers, started))
}

/// `POST /api/v1/oidc/NAME/disconnect`.
pub(crate) async fn disconnect(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    SignedIn(actor): SignedIn,
    Path(name): Path<String>,
    headers: HeaderMap,
    request: Request<Body>,
) -> Result<StatusCode, HttpError> {
    let again: Again = read_json(request.into_body()).await?;
    let browser = session::browser(&app.config, &headers, caller);
    app.engine.disconnect(&actor, &name, proofs(&again, &browser)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /api/v1/oidc/NAME/callback`.
pub(crate) async fn callback(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Visitor(actor): Visitor,
    Path(name): Path<String>,
    query: Result<Query<Vec<(String, String)>>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let Some(answer) = query.ok().and_then(|Query(said)| read_answer(said)) else {
        return Ok(see_other("/oidc/over").into_response());
    };
    let browser = session::browser(&app.config, &headers, caller);
    let binding = session::provider_cookie(&app.config, &headers);
    let came_back = app.engine.come_back(&name, &answer, (binding.as_ref(), actor.as_ref()), &browser).await;
    Ok(match came_back {
        Ok(Back::In(came_in)) => go_in(&app, &headers, came_in),
        Ok(Back::Asked) => see_other("/oidc/finish").into_response(),
        Ok(Back::Connected) => end(&app, &headers, "/me/connected"),
        Ok(Back::Over) => see_other("/oidc/over").into_response(),
        Ok(Back::Declined) => end(&app, &headers, "/oidc/declined"),
        Ok(Back::Silent) => end(&app, &headers, "/oidc/silent"),
        Ok(Back::Wrong) => end(&app, &headers, "/oidc/wrong"),
        Ok(Back::Closed) => end(&app, &headers, "/oidc/closed"),
        Ok(Back::Refused) => end(&app, &headers, "/oidc/refused"),
        Ok(Back::SignedIn) => end(&app, &headers, "/oidc/inside"),
        Ok(Back::Taken) => end(&app, &headers, "/oidc/taken"),
        Err(_) => end(&app, &headers, "/oidc/failed"),
    })
}

/// `GET /api/v1/oidc/waiting`.
pub(crate) async fn waiting(State(app): State<App>, headers: HeaderMap) -> Result<Json<WaitingIdentity>, HttpError> {
    let binding = session::provider_cookie(&app.config, &headers);
    Ok(Json(app.engine.waiting_identity(binding.as_ref())?))
}

/// `POST /api/v1/oidc/finish`.
pub(crate) async fn finish(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    request: Request<Body>,
) -> Result<Response, HttpError> {
    app.take_name(caller)?;
    let said: FinishIdentity = read_json(request.into_body()).await?;
    let browser = session::browser(&app.config, &headers, caller);
    let binding = session::provider_cookie(&app.config, &headers);
    let came_in = app.engine.finish_identity(binding.as_ref(), &said, &browser).await?;
    let gone = session::set_provider_cookie(&app.config, &headers, None);
    Ok((AppendHeaders([(header::SET_COOKIE, gone)]), come_in(&app, &headers, came_in)).into_response())
}

/// Whether another site's page sent the browser here: who signs in begins it in the house.
fn came_from_elsewhere(headers: &HeaderMap) -> bool {
    let site = headers.get(HeaderName::from_static("sec-fetch-site"));
    site.is_some_and(|site| site != "same-origin" && site != "none")
}

/// Reads what a provider sent along; nothing when it is not to be read, or a part stands there twice.
fn read_answer(said: Vec<(String, String)>) -> Option<ProviderAnswer> {
    let mut answer = ProviderAnswer { code: None, state: None, issuer: None };
    for (name, value) in said {
        let place = match name.as_str() {
            "code" => &mut answer.code,
            "state" => &mut answer.state,
            "iss" => &mut answer.issuer,
            _ => continue,
        };
        if place.replace(value).is_some() {
            return None;
        }
    }
    Some(answer)
}

/// 201 with where the page is to go, and the cookie that the browser is known by when it is back.
fn sent(app: &App, headers: &HeaderMap, Started { url, browser }: Started) -> Response {
    let cookie = session::set_provider_cookie(&app.config, headers, Some(&browser));
    (StatusCode::CREATED, [(header::SET_COOKIE, cookie)], Json(ToProvider { url })).into_response()
}

/// Inside, by the cookies of the session.
fn go_in(app: &App, headers: &HeaderMap, came_in: CameIn) -> Response {
    let gone = session::set_provider_cookie(&app.config, headers, None);
    let mut cookies = vec![(header::SET_COOKIE, gone)];
    if let Some(token) = &came_in.token {
        cookies.push((header::SET_COOKIE, session::set_cookie(&app.config, headers, Some(token))));
    }
    if let Some(device) = &came_in.device {
        cookies.push((header::SET_COOKIE, session::set_device_cookie(&app.config, headers, device)));
    }
    (AppendHeaders(cookies), see_other("/")).into_response()
}

/// A page of the house that says what happened, and the browser is not waited for any more. The pages are these alone: nothing
/// that came with the request leads anywhere.
fn end(app: &App, headers: &HeaderMap, path: &'static str) -> Response {
    let gone = session::set_provider_cookie(&app.config, headers, None);
    (AppendHeaders([(header::SET_COOKIE, gone)]), see_other(path)).into_response()
}

fn see_other(path: &'static str) -> impl IntoResponse {
    (StatusCode::SEE_OTHER, [(header::LOCATION, HeaderValue::from_static(path))])
}

fn location(url: &str) -> Result<HeaderValue, HttpError> {
    let wrong = |_| Refusal::new(ErrorCode::Internal, "The provider's address cannot be followed.");
    Ok(HeaderValue::from_str(url).map_err(wrong)?)
}
