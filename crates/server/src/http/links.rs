//! Links into the house as those use them who were given one, and asking to be let in (LINK-2 to LINK-5, DOOR-5).

use axum::Json;
use axum::body::Body;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, Request, StatusCode};
use axum::response::{IntoResponse, Response};
use parlour_protocol::account::{Join, Knock, KnockEnter, Knocked, LinkToken, Reset, Secret, ShownInvitation, Waiting};

use super::App;
use super::accounts::come_in;
use super::error::HttpError;
use super::session;
use super::sign_in::read_json;
use crate::caller::Caller;
use crate::caps::Household;

/// `POST /api/v1/invitation`.
pub(crate) async fn look(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    request: Request<Body>,
) -> Result<Json<ShownInvitation>, HttpError> {
    app.take_name(caller)?;
    let LinkToken { token } = read_json(request.into_body()).await?;
    let browser = session::browser(&app.config, &headers, caller);
    Ok(Json(app.engine.look_at_invitation(&token.0, &browser).await?))
}

/// `POST /api/v1/join`.
pub(crate) async fn join(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    request: Request<Body>,
) -> Result<Response, HttpError> {
    app.take_name(caller)?;
    let join: Join = read_json(request.into_body()).await?;
    let browser = session::browser(&app.config, &headers, caller);
    Ok(come_in(&app, &headers, app.engine.join(&join, &browser).await?))
}

/// `POST /api/v1/reset`.
pub(crate) async fn reset(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    request: Request<Body>,
) -> Result<Response, HttpError> {
    app.take_name(caller)?;
    let Reset { token, password, code } = read_json(request.into_body()).await?;
    let browser = session::browser(&app.config, &headers, caller);
    let code = code.as_ref().map(|code| code.0.as_str());
    Ok(come_in(&app, &headers, app.engine.reset(&token.0, &password.0, code, &browser).await?))
}

/// `POST /api/v1/knock`.
pub(crate) async fn knock(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    request: Request<Body>,
) -> Result<Response, HttpError> {
    app.take_name(caller)?;
    let Knock { name, note } = read_json(request.into_body()).await?;
    let crowd = Household::of(caller.address).number();
    let (token, expires_at) = app.engine.knock(&name, &note, crowd).await?;
    let knocked = Knocked { token: Secret(token.to_text()), expires_at };
    Ok((StatusCode::CREATED, Json(knocked)).into_response())
}

/// `POST /api/v1/knock/enter`.
pub(crate) async fn enter_after_knock(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    request: Request<Body>,
) -> Result<Response, HttpError> {
    let KnockEnter { token, name } = read_json(request.into_body()).await?;
    let browser = session::browser(&app.config, &headers, caller);
    Ok(match app.engine.enter_after_knock(&token.0, name.as_deref(), &browser).await? {
        Some(came_in) => come_in(&app, &headers, came_in),
        None => (StatusCode::ACCEPTED, Json(Waiting { waiting: true })).into_response(),
    })
}
