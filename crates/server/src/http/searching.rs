//! Looking for what was said (SRCH). The words travel in a body: an address would leave them in histories and logs, and could be asked
//! for by another site, which would learn from the time it takes.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::Request;
use parlour_protocol::search::{Search, SearchPage};

use super::App;
use super::error::HttpError;
use super::session::SignedIn;
use super::sign_in::read_json;

/// `POST /api/v1/search`.
pub(crate) async fn search(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    request: Request<Body>,
) -> Result<Json<SearchPage>, HttpError> {
    let search: Search = read_json(request.into_body()).await?;
    Ok(Json(app.engine.search(&actor, &search).await?))
}
