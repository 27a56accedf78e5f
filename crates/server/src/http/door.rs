//! What those ask who look after the house's door: its settings, invitations, resets, and who waits (DOOR-4, DOOR-5, LINK-1,
//! LINK-5, ADM-7).

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, Request, StatusCode};
use axum::response::{IntoResponse, Response};
use parlour_engine::Made;
use parlour_protocol::account::{Invitations, Knocks, MadeLink, NewInvitation, NewResetLink, Secret};
use parlour_protocol::admin::{SetHouse, Why};
use parlour_protocol::ids::NUMBER_MAX;
use parlour_protocol::{ErrorCode, Refusal};

use super::admin::{Done, Listed, place, user_id};
use super::error::HttpError;
use super::rooms::number;
use super::session::SignedIn;
use super::sign_in::read_json;
use super::{App, origin, qr};

/// `POST /api/v1/admin/house`.
pub(crate) async fn set_house(State(app): State<App>, SignedIn(actor): SignedIn, request: Request<Body>) -> Done {
    let change: SetHouse = read_json(request.into_body()).await?;
    app.engine.set_house(&actor, change).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /api/v1/admin/invitations?before=ID`.
pub(crate) async fn invitations(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    RawQuery(query): RawQuery,
) -> Listed<Invitations> {
    let before = place(query.as_deref(), "before")?.unwrap_or(NUMBER_MAX);
    Ok(Json(app.engine.invitations(&actor, before).await?))
}

/// `POST /api/v1/admin/invitations`.
pub(crate) async fn invite(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    headers: HeaderMap,
    request: Request<Body>,
) -> Result<Response, HttpError> {
    let wished: NewInvitation = read_json(request.into_body()).await?;
    let made = app.engine.invite(&actor, &wished).await?;
    Ok(made_link(&app, &headers, "join", made))
}

/// `POST /api/v1/admin/invitations/ID/revoke`.
pub(crate) async fn revoke(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(invitation): Path<String>,
    request: Request<Body>,
) -> Done {
    let Why { note } = read_json(request.into_body()).await?;
    let none = || Refusal::new(ErrorCode::NotFound, "There is no such invitation.");
    app.engine.revoke_invitation(&actor, number(&invitation).ok_or_else(none)?, &note).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/v1/admin/people/ID/reset-link`.
pub(crate) async fn reset_link(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(user): Path<String>,
    headers: HeaderMap,
    request: Request<Body>,
) -> Result<Response, HttpError> {
    let NewResetLink { clears_second_factor } = read_json(request.into_body()).await?;
    let made = app.engine.make_reset_link(&actor, user_id(&user)?, clears_second_factor).await?;
    Ok(made_link(&app, &headers, "reset", made))
}

/// `POST /api/v1/admin/people/ID/sign-out`.
pub(crate) async fn sign_out(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(user): Path<String>,
    request: Request<Body>,
) -> Done {
    let Why { note } = read_json(request.into_body()).await?;
    app.engine.sign_out_everywhere(&actor, user_id(&user)?, &note).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /api/v1/admin/knocks?after=ID`.
pub(crate) async fn knocks(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    RawQuery(query): RawQuery,
) -> Listed<Knocks> {
    let after = place(query.as_deref(), "after")?.unwrap_or(0);
    Ok(Json(app.engine.knocks(&actor, after).await?))
}

/// `POST /api/v1/admin/knocks/ID/admit`.
pub(crate) async fn admit(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(knock): Path<String>,
    request: Request<Body>,
) -> Done {
    let Why { note } = read_json(request.into_body()).await?;
    app.engine.settle_knock(&actor, knock_id(&knock)?, true, &note).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/v1/admin/knocks/ID/decline`.
pub(crate) async fn decline(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(knock): Path<String>,
    request: Request<Body>,
) -> Done {
    let Why { note } = read_json(request.into_body()).await?;
    app.engine.settle_knock(&actor, knock_id(&knock)?, false, &note).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/v1/admin/knocks/decline`.
pub(crate) async fn decline_all(State(app): State<App>, SignedIn(actor): SignedIn, request: Request<Body>) -> Done {
    let Why { note } = read_json(request.into_body()).await?;
    app.engine.decline_knocks(&actor, &note).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn knock_id(text: &str) -> Result<u64, Refusal> {
    number(text).ok_or_else(|| Refusal::new(ErrorCode::NotFound, "Nobody like that waits at the door."))
}

/// The whole address, under the name by which the house was asked: the one that works for whoever made it.
fn made_link(app: &App, headers: &HeaderMap, page: &str, made: Made) -> Response {
    let Made { id, token, expires_at } = made;
    let url = format!("{}/{page}/{}", origin::own(&app.config, headers), token.to_text());
    let qr = qr::svg(&url);
    (StatusCode::CREATED, Json(MadeLink { id, url: Secret(url), qr, expires_at })).into_response()
}
