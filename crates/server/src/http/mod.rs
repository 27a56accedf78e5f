//! The whole HTTP edge on one screen: the routes ([`routes`]), and what stands before and behind all of them.

mod accounts;
mod admin;
mod door;
mod error;
mod extensions;
mod file_body;
mod files;
mod gate;
mod handshake;
mod headers;
mod links;
mod oidc;
mod origin;
mod passkeys;
mod qr;
mod rooms;
mod routes;
mod searching;
mod second_factor;
mod session;
mod sign_in;
mod talk;
mod upgrade;
mod web;

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
pub(crate) use handshake::first_bytes;
pub(crate) use headers::fixed as fixed_headers;
use parlour_engine::Engine;
pub use routes::{ROUTES, Route};

use crate::config::Config;
use crate::ws::Shard;

/// What every handler may reach.
#[derive(Clone)]
pub(crate) struct App {
    config: Arc<Config>,
    engine: Arc<Engine>,
    shard: Shard,
    requests: Arc<gate::Pace>,
    names: Arc<gate::Pace>,
}

impl App {
    pub(crate) fn new(config: Arc<Config>, engine: Arc<Engine>, shard: Shard) -> App {
        let (requests, names) = (Arc::new(gate::Pace::of_requests()), Arc::new(gate::Pace::of_names()));
        App { config, engine, shard, requests, names }
    }
}

/// The routes. The gate (hosts, origins, rates, request smuggling) stands before all of them, the headers behind.
pub(crate) fn router(app: App) -> Router {
    let router = routes::router();
    #[cfg(feature = "conformance")]
    let router = router.route("/conformance", axum::routing::get(upgrade::echo));
    router
        .fallback(web::file)
        .method_not_allowed_fallback(error::wrong_method)
        .layer(from_fn_with_state(app.clone(), gate::gate))
        .layer(from_fn_with_state(app.clone(), headers::add))
        .with_state(app)
}

/// That there is a house at all.
async fn alive() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// Whether the house can read its database.
async fn ready(axum::extract::State(app): axum::extract::State<App>) -> Response {
    match app.engine.house().await {
        Ok(_) => StatusCode::NO_CONTENT.into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}
