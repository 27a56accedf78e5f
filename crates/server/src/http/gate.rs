//! What every request passes before a handler sees it: framing, host, origin of changes, content type, rate.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use axum::extract::{Extension, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use parlour_engine::rate::Bucket;
use parlour_protocol::{ErrorCode, Refusal, limits};

use super::App;
use super::error::HttpError;
use super::origin::{self, Origin};
use super::session;
use crate::accept::Peer;
use crate::caller::{self, Caller};
use crate::caps::Household;
use crate::failpoints;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
/// Addresses remembered before those that are quiet again are forgotten.
const ADDRESSES_KEPT: usize = 10_000;

/// How fast each address does something.
pub(crate) struct Pace {
    started: Instant,
    buckets: Mutex<HashMap<Household, Bucket>>,
    /// A full bucket at this moment.
    full: fn(u64) -> Bucket,
    words: &'static str,
}

impl Pace {
    fn new(full: fn(u64) -> Bucket, words: &'static str) -> Pace {
        Pace { started: Instant::now(), buckets: Mutex::default(), full, words }
    }

    /// Requests of any kind.
    pub(crate) fn of_requests() -> Pace {
        let full = |now_ms| Bucket::per_second(limits::REQUESTS_PER_SECOND, limits::REQUESTS_BURST, now_ms);
        Pace::new(full, "Too many requests from your address.")
    }

    /// Names that are tried.
    pub(crate) fn of_names() -> Pace {
        let full = |now_ms| Bucket::every(limits::SIGN_IN_EVERY_MS, limits::SIGN_IN_BURST, now_ms);
        Pace::new(full, "Too many names were tried from your address.")
    }

    /// Takes one, or says when there will be one.
    pub(crate) fn take(&self, household: Household) -> Result<(), Refusal> {
        let now_ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= ADDRESSES_KEPT {
            buckets.retain(|_, bucket| !bucket.is_full(now_ms));
        }
        let taken = buckets.entry(household).or_insert_with(|| (self.full)(now_ms)).take(now_ms);
        taken.map_err(|wait| Refusal::later(ErrorCode::Rate, self.words, wait.0))
    }

    /// Puts back one that was taken for what is to be counted again.
    fn give_back(&self, household: Household) {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = buckets.get_mut(&household) {
            bucket.give_back();
        }
    }
}

/// Lets a request through, or says why not.
pub(crate) async fn gate(
    State(app): State<App>,
    Extension(peer): Extension<Peer>,
    mut request: Request,
    next: Next,
) -> Response {
    failpoints::reach(failpoints::Place::Request, request.uri().path());
    let caller = caller::caller(&app.config.trusted_proxies, peer.address.ip(), request.headers());
    request.extensions_mut().insert(caller);
    // What follows an upgrade that was refused, or a body without a length, is not looked at by `framing`.
    let unwatched =
        [header::UPGRADE, header::TRANSFER_ENCODING].iter().any(|name| request.headers().contains_key(name));
    let checked = match check(&app, &peer, caller, &request) {
        Ok(()) if peer.guard.is_unproven() => prove(&app, &peer, caller, request.headers()).await,
        checked => checked,
    };
    match checked {
        Ok(()) => {
            let mut response = next.run(request).await;
            if unwatched && response.status() != StatusCode::SWITCHING_PROTOCOLS {
                response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            response
        }
        Err((error, hang_up)) => {
            let mut response = error.into_response();
            if hang_up {
                // What follows on this connection may not be what it seems (S09).
                response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            response
        }
    }
}

/// What is asked of every request.
pub(super) fn check<B>(
    app: &App,
    peer: &Peer,
    caller: Caller,
    request: &http::Request<B>,
) -> Result<(), (HttpError, bool)> {
    let headers = request.headers();
    check_framing(peer, headers).map_err(|error| (error, true))?;
    check_host(app, caller, request).map_err(|error| (error, true))?;
    if app.config.rate_limits {
        app.requests.take(Household::of(caller.address)).map_err(|refusal| (refusal.into(), false))?;
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD | Method::POST) {
        return Err((super::error::wrong_method_here(), false));
    }
    if *request.method() == Method::POST {
        check_change(app, caller, headers, body_type(request.uri().path())).map_err(|error| (error, false))?;
    }
    Ok(())
}

/// A request that [`check`] let through is about to be looked at once more, and is to be counted once.
pub(super) fn count_again(app: &App, caller: Caller) {
    if app.config.rate_limits {
        app.requests.give_back(Household::of(caller.address));
    }
}

/// Above what an address may hold without a session, only a request with one is answered (S93).
async fn prove(app: &App, peer: &Peer, caller: Caller, headers: &HeaderMap) -> Result<(), (HttpError, bool)> {
    let token = session::bearer_token(headers).or_else(|| session::cookie_token(&app.config, headers));
    let actor = match token {
        Some(token) => app.engine.session(&token).await.map_err(|refusal| (refusal.into(), true))?,
        None => None,
    };
    if actor.is_some() && peer.guard.sign_in(Household::of(caller.address)) {
        return Ok(());
    }
    let words = "Too many connections from your address.";
    Err((Refusal::later(ErrorCode::Busy, words, 5_000).into(), true))
}

/// One length, said in one way (S09). hyper refuses what cannot be parsed; this refuses what can be read in two ways.
fn check_framing(peer: &Peer, headers: &HeaderMap) -> Result<(), HttpError> {
    if peer.framing.is_ambiguous() {
        return Err(HttpError::bad_request("The request says its length in two ways, or ends a line in another."));
    }
    match headers.get(header::TRANSFER_ENCODING) {
        Some(encoding) if !encoding.as_bytes().eq_ignore_ascii_case(b"chunked") => {
            Err(HttpError::bad_request("The only transfer encoding taken here is chunked."))
        }
        _ => Ok(()),
    }
}

fn check_host<B>(app: &App, caller: Caller, request: &http::Request<B>) -> Result<(), HttpError> {
    if request.uri().authority().is_some() {
        return Err(HttpError::bad_request("This is not a proxy."));
    }
    match origin::single(request.headers(), &header::HOST) {
        Ok(Some(host)) if origin::is_our_host(&app.config, host, caller.local) => Ok(()),
        Ok(Some(_)) => Err(HttpError::new(
            StatusCode::MISDIRECTED_REQUEST,
            ErrorCode::NotFound,
            "This house does not go by that name. Start it with --public-url to give it one.",
        )),
        _ => Err(HttpError::bad_request("The request names no host, or two.")),
    }
}

/// A change must come from our own page, or from a program that no browser drives (S03, S05, HTTP-6).
fn check_change(app: &App, caller: Caller, headers: &HeaderMap, body_type: &str) -> Result<(), HttpError> {
    let elsewhere =
        || HttpError::new(StatusCode::FORBIDDEN, ErrorCode::Forbidden, "This must come from the house's own page.");
    match origin::single(headers, &SEC_FETCH_SITE) {
        Ok(None | Some("same-origin")) => {}
        _ => return Err(elsewhere()),
    }
    match origin::judge(&app.config, headers, caller.local) {
        Origin::Own => {}
        // A browser that sends a cookie with a change says where the change comes from.
        Origin::Absent if headers.contains_key(SEC_FETCH_SITE) || !headers.contains_key(header::COOKIE) => {}
        Origin::Absent | Origin::Loopback | Origin::Foreign => return Err(elsewhere()),
    }
    let kind = origin::single(headers, &header::CONTENT_TYPE).ok().flatten().unwrap_or_default();
    if kind.split(';').next().map(str::trim) != Some(body_type) {
        let words = format!("Send {body_type}.");
        return Err(HttpError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, ErrorCode::BadFrame, &words));
    }
    Ok(())
}

/// What an address takes: JSON, and a part of a file its bytes. Neither is what a form of another page can send (S05).
fn body_type(path: &str) -> &'static str {
    match path.starts_with("/api/v1/files/") && path.ends_with("/part") {
        true => "application/octet-stream",
        false => "application/json",
    }
}
