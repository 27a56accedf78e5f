//! Accounts: made, entered, looked at and changed by their owners; and where one is signed in (ACC-1 to ACC-6, DOOR-3).

use axum::Json;
use axum::body::Body;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use parlour_engine::{CameIn, Proofs};
use parlour_protocol::account::{ChangePassword, MakeAccount, OwnAccount, OwnerSetup, PasswordSignIn, Sessions};
use parlour_protocol::http::SignedIn as Inside;

use super::App;
use super::error::HttpError;
use super::session::{self, SignedIn, Visitor};
use super::sign_in::read_json;
use crate::caller::Caller;
use crate::caps::Household;

/// `POST /api/v1/owner`.
pub(crate) async fn become_owner(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    request: Request<Body>,
) -> Result<Response, HttpError> {
    app.take_name(caller)?;
    let setup: OwnerSetup = read_json(request.into_body()).await?;
    let browser = session::browser(&app.config, &headers, caller);
    Ok(come_in(&app, &headers, app.engine.become_owner(&setup, &browser).await?))
}

/// `POST /api/v1/account`.
pub(crate) async fn make(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Visitor(actor): Visitor,
    headers: HeaderMap,
    request: Request<Body>,
) -> Result<Response, HttpError> {
    app.take_name(caller)?;
    let wished: MakeAccount = read_json(request.into_body()).await?;
    let browser = session::browser(&app.config, &headers, caller);
    Ok(come_in(&app, &headers, app.engine.make_account(actor.as_ref(), &wished, &browser).await?))
}

/// `POST /api/v1/sign-in/password`.
pub(crate) async fn sign_in(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    request: Request<Body>,
) -> Result<Response, HttpError> {
    let PasswordSignIn { login, password, code } = read_json(request.into_body()).await?;
    let browser = session::browser(&app.config, &headers, caller);
    let code = code.as_ref().map(|code| code.0.as_str());
    let came_in = app.engine.sign_in_with_password(&login, &password.0, code, &browser).await?;
    Ok(come_in(&app, &headers, came_in))
}

/// `GET /api/v1/account`.
pub(crate) async fn own(State(app): State<App>, SignedIn(actor): SignedIn) -> Result<Json<OwnAccount>, HttpError> {
    Ok(Json(app.engine.own_account(&actor).await?))
}

/// `POST /api/v1/account/password`.
pub(crate) async fn change_password(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    SignedIn(actor): SignedIn,
    headers: HeaderMap,
    request: Request<Body>,
) -> Result<StatusCode, HttpError> {
    let ChangePassword { old, passkey, new } = read_json(request.into_body()).await?;
    let browser = session::browser(&app.config, &headers, caller);
    let old = Proofs {
        password: old.as_ref().map(|old| old.0.as_str()),
        field: "old",
        passkey: passkey.as_ref().map(|answer| browser.answers(answer)),
    };
    app.engine.change_password(&actor, old, &new.0, &browser).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /api/v1/sessions`.
pub(crate) async fn sessions(State(app): State<App>, SignedIn(actor): SignedIn) -> Result<Json<Sessions>, HttpError> {
    Ok(Json(app.engine.sessions(&actor).await?))
}

/// `POST /api/v1/sessions/ID/end`.
pub(crate) async fn end_session(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(session): Path<String>,
) -> Result<StatusCode, HttpError> {
    app.engine.end_sessions(&actor, Some(session)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/v1/sessions/end-others`.
pub(crate) async fn end_others(State(app): State<App>, SignedIn(actor): SignedIn) -> Result<StatusCode, HttpError> {
    app.engine.end_sessions(&actor, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// 201 with a session's cookies; 200 for somebody who keeps theirs.
pub(crate) fn come_in(app: &App, headers: &HeaderMap, came_in: CameIn) -> Response {
    let CameIn { you, token, device } = came_in;
    let status = if token.is_some() { StatusCode::CREATED } else { StatusCode::OK };
    let session = token.map(|token| session::set_cookie(&app.config, headers, Some(&token)));
    let device = device.map(|device| session::set_device_cookie(&app.config, headers, &device));
    let cookies: Vec<_> = session.into_iter().chain(device).map(|cookie| (header::SET_COOKIE, cookie)).collect();
    (status, AppendHeaders(cookies), Json(Inside { you })).into_response()
}

impl App {
    /// Counts one more name, account or link that is tried by an address.
    pub(crate) fn take_name(&self, caller: Caller) -> Result<(), HttpError> {
        if self.config.rate_limits {
            self.names.take(Household::of(caller.address))?;
        }
        Ok(())
    }
}
