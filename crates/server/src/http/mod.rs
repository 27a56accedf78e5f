//! The whole HTTP edge on one screen: routes, and what stands before and behind all of them.

mod error;
mod extensions;
mod gate;
mod headers;
mod origin;
mod rooms;
mod session;
mod sign_in;
mod upgrade;
mod web;

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use parlour_engine::Engine;

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

/// The routes. The gate (hosts, origins, rates, request smuggling) stands before all of them, the headers behind.
pub(crate) fn app(config: Arc<Config>, engine: Arc<Engine>, shard: Shard) -> Router {
    let (requests, names) = (Arc::new(gate::Pace::of_requests()), Arc::new(gate::Pace::of_names()));
    let app = App { config, engine, shard, requests, names };
    let router = Router::new();
    #[cfg(feature = "conformance")]
    let router = router.route("/conformance", get(upgrade::echo));
    router
        .route("/ws", get(upgrade::upgrade))
        .route("/api/v1/sign-in", post(sign_in::sign_in))
        .route("/api/v1/sign-out", post(sign_in::sign_out))
        .route("/api/v1/boot", get(rooms::boot))
        .route("/api/v1/rooms", get(rooms::list))
        .route("/api/v1/rooms/{room}/history", get(rooms::history))
        .route("/api/v1/rooms/{room}/members", get(rooms::members))
        .route("/healthz", get(|| async { StatusCode::NO_CONTENT }))
        .route("/readyz", get(ready))
        .route("/assets/{file}", get(web::asset))
        .route("/", get(web::page))
        .route("/r/{room}", get(web::room_page))
        .route("/r/{room}/m/{seq}", get(web::message_page))
        .route("/rooms", get(web::page))
        .fallback(web::file)
        .method_not_allowed_fallback(error::wrong_method)
        .layer(from_fn_with_state(app.clone(), gate::gate))
        .layer(from_fn_with_state(app.clone(), headers::add))
        .with_state(app)
}

/// Whether the house can read its database.
async fn ready(axum::extract::State(app): axum::extract::State<App>) -> Response {
    match app.engine.house().await {
        Ok(_) => StatusCode::NO_CONTENT.into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}
