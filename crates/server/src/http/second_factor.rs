//! Second factors, as their owners make and remove them (ACC-7).

use axum::Json;
use axum::body::Body;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, Request, StatusCode};
use axum::response::{IntoResponse, Response};
use parlour_protocol::account::{ConfirmSecondFactor, NewSecondFactor, RecoveryCodes, Secret};
use parlour_protocol::passkey::Again;

use super::error::HttpError;
use super::passkeys::proofs;
use super::session::{self, SignedIn};
use super::sign_in::read_json;
use super::{App, qr};
use crate::caller::Caller;

/// `POST /api/v1/account/second-factor`.
pub(crate) async fn begin(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    SignedIn(actor): SignedIn,
    headers: HeaderMap,
    request: Request<Body>,
) -> Result<Response, HttpError> {
    let again: Again = read_json(request.into_body()).await?;
    let browser = session::browser(&app.config, &headers, caller);
    let begun = app.engine.begin_second_factor(&actor, proofs(&again, &browser)).await?;
    let qr = Secret(qr::svg(&begun.url.0));
    let answer = NewSecondFactor { secret: begun.secret, url: begun.url, qr };
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

/// `POST /api/v1/account/second-factor/confirm`.
pub(crate) async fn confirm(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    request: Request<Body>,
) -> Result<Json<RecoveryCodes>, HttpError> {
    let ConfirmSecondFactor { code } = read_json(request.into_body()).await?;
    Ok(Json(app.engine.confirm_second_factor(&actor, &code.0).await?))
}

/// `POST /api/v1/account/second-factor/recovery-codes`.
pub(crate) async fn renew_codes(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    SignedIn(actor): SignedIn,
    headers: HeaderMap,
    request: Request<Body>,
) -> Result<Json<RecoveryCodes>, HttpError> {
    let again: Again = read_json(request.into_body()).await?;
    let browser = session::browser(&app.config, &headers, caller);
    Ok(Json(app.engine.renew_recovery_codes(&actor, proofs(&again, &browser)).await?))
}

/// `POST /api/v1/account/second-factor/remove`.
pub(crate) async fn remove(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    SignedIn(actor): SignedIn,
    headers: HeaderMap,
    request: Request<Body>,
) -> Result<StatusCode, HttpError> {
    let again: Again = read_json(request.into_body()).await?;
    let browser = session::browser(&app.config, &headers, caller);
    app.engine.remove_second_factor(&actor, proofs(&again, &browser)).await?;
    Ok(StatusCode::NO_CONTENT)
}
