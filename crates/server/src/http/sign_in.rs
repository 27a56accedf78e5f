//! Coming in by name, and going out (HTTP-1).

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_body_util::LengthLimitError;
use parlour_protocol::http::SignIn;
use parlour_protocol::{ErrorCode, limits};

use super::App;
use super::accounts::come_in;
use super::error::HttpError;
use super::session;
use crate::caller::Caller;

/// A small body is here within this time, or is not meant seriously.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// `POST /api/v1/sign-in`.
pub(crate) async fn sign_in(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    request: Request<Body>,
) -> Result<Response, HttpError> {
    app.take_name(caller)?;
    let headers = request.headers().clone();
    let body: SignIn = read_json(request.into_body()).await?;
    // A session planted before signing in must not be the one afterwards (S16): there is always a new token, and the old
    // session ends.
    let browser = session::browser(&app.config, &headers, caller);
    Ok(come_in(&app, &headers, app.engine.sign_in(&body.name, &browser).await?))
}

/// `POST /api/v1/sign-out`. Signing out twice is signing out.
pub(crate) async fn sign_out(State(app): State<App>, headers: HeaderMap) -> Result<Response, HttpError> {
    let token = session::bearer_token(&headers).or_else(|| session::cookie_token(&app.config, &headers));
    if let Some(token) = token {
        app.engine.sign_out(token.hash()).await?;
    }
    let cookie = session::set_cookie(&app.config, &headers, None);
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

/// A small JSON body, or what is wrong with it.
pub(crate) async fn read_json<T: serde::de::DeserializeOwned>(body: Body) -> Result<T, HttpError> {
    let read = tokio::time::timeout(BODY_TIMEOUT, to_bytes(body, limits::HTTP_BODY_BYTES_MAX)).await;
    let too_slow =
        |_| HttpError::new(StatusCode::REQUEST_TIMEOUT, ErrorCode::BadFrame, "The body did not come in time.");
    let bytes = read.map_err(too_slow)?.map_err(|error| {
        if error.into_inner().is::<LengthLimitError>() {
            HttpError::new(StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::TooBig, "The body is too large.")
        } else {
            HttpError::bad_request("The body cannot be read.")
        }
    })?;
    serde_json::from_slice(&bytes).map_err(|_| HttpError::bad_request("The body is not what this address takes."))
}
