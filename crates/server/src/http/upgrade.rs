//! `/ws`: the opening handshake (RFC 6455 §4), who may open what, and the handing over of the socket.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Version, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use parlour_engine::Token;
use parlour_protocol::{ErrorCode, Refusal, SUBPROTOCOL};
use sha1::{Digest, Sha1};

use super::App;
use super::error::HttpError;
use super::extensions;
use super::origin::{self, Origin};
use super::session;
use crate::accept::Peer;
use crate::caller::Caller;
use crate::caps::{Guard, Household};
use crate::framing::Watched;
use crate::ws::{Entry, Socket};

/// RFC 6455 §1.3.
const KEY_SUFFIX: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/// Place for every header of an answer, those of all answers included.
const ANSWER_HEADERS: usize = 16;

/// What a handshake asks for.
pub(super) struct Asked {
    accept: HeaderValue,
    pub(super) full: bool,
}

/// A handshake that was taken: what is answered, and what the shard is told besides the socket.
pub(super) struct Taken {
    pub(super) answer: HeaderMap,
    entry: Entry,
    packs: bool,
    household: Household,
    guard: Arc<Guard>,
}

impl Taken {
    /// The socket for the shard, with the bytes that came right behind the handshake.
    pub(super) fn with(self, stream: std::net::TcpStream, early: Bytes) -> Socket {
        let Taken { entry, packs, household, guard, .. } = self;
        Socket { stream, early, entry, packs, crowd: household.number(), guard }
    }
}

/// Answers an upgrade, or says why not: 426 to a plain GET, 403 to a foreign page, 401 without a session.
pub(crate) async fn upgrade(
    State(app): State<App>,
    Extension(peer): Extension<Peer>,
    Extension(caller): Extension<Caller>,
    request: Request<Body>,
) -> Result<Response, HttpError> {
    let Some(asked) = asked(&request)? else { return Ok(upgrade_required()) };
    let token = counting_token(&app, caller, request.headers(), asked.full)?;
    let entry = enter(&app, token, asked.full).await?;
    open(app, peer, caller, request, asked, entry)
}

/// The echo that the Autobahn suite talks to: whatever a message says is said back, by the same reader of frames.
#[cfg(feature = "conformance")]
pub(crate) async fn echo(
    State(app): State<App>,
    Extension(peer): Extension<Peer>,
    Extension(caller): Extension<Caller>,
    request: Request<Body>,
) -> Result<Response, HttpError> {
    let Some(asked) = asked(&request)? else { return Ok(upgrade_required()) };
    open(app, peer, caller, request, asked, Entry::Echo)
}

/// Answers with 101 and lets the socket go to the shard.
fn open(
    app: App,
    peer: Peer,
    caller: Caller,
    mut request: Request<Body>,
    asked: Asked,
    entry: Entry,
) -> Result<Response, HttpError> {
    let mut taken = take(&app, &peer, caller, request.headers(), asked, entry)?;
    let mut response = StatusCode::SWITCHING_PROTOCOLS.into_response();
    *response.headers_mut() = std::mem::take(&mut taken.answer);
    tokio::spawn(hand_over(app, hyper::upgrade::on(&mut request), taken));
    Ok(response)
}

/// Counts the connection for whom it is, and says what the handshake is answered with.
pub(super) fn take(
    app: &App,
    peer: &Peer,
    caller: Caller,
    headers: &HeaderMap,
    asked: Asked,
    entry: Entry,
) -> Result<Taken, HttpError> {
    let full = matches!(entry, Entry::Full { .. });
    let household = Household::of(caller.address);
    if !peer.guard.settle(household, full) {
        return Err(Refusal::later(ErrorCode::Busy, "Too many connections from your address.", 5_000).into());
    }
    // The tutorial's wire stays what it was.
    let offers = app.config.compression && !matches!(entry, Entry::Classic);
    let extension = if offers { extensions::agree(headers) } else { None };
    let packs = extension.is_some();
    let mut answer = HeaderMap::with_capacity(ANSWER_HEADERS);
    answer.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    answer.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    answer.insert(header::SEC_WEBSOCKET_ACCEPT, asked.accept);
    if let Some(extension) = extension {
        answer.insert(header::SEC_WEBSOCKET_EXTENSIONS, extension);
    }
    if full {
        answer.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL));
    }
    Ok(Taken { answer, entry, packs, household, guard: Arc::clone(&peer.guard) })
}

fn upgrade_required() -> Response {
    let words = "This address speaks WebSocket.";
    let mut response = HttpError::new(StatusCode::UPGRADE_REQUIRED, ErrorCode::BadFrame, words).into_response();
    response.headers_mut().insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    response.headers_mut().insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
    response
}

/// The value of `Sec-WebSocket-Accept`; none when this is no upgrade at all.
fn accept_key(headers: &HeaderMap) -> Result<Option<HeaderValue>, HttpError> {
    let has_token = |name, token: &str| {
        let values = headers.get_all(name).iter().filter_map(|value: &HeaderValue| value.to_str().ok());
        values.flat_map(|value| value.split(',')).any(|part| part.trim().eq_ignore_ascii_case(token))
    };
    if !has_token(header::UPGRADE, "websocket") || !has_token(header::CONNECTION, "upgrade") {
        return Ok(None);
    }
    match origin::single(headers, &header::SEC_WEBSOCKET_VERSION) {
        Ok(Some("13")) => {}
        _ => return Ok(None),
    }
    let key = origin::single(headers, &header::SEC_WEBSOCKET_KEY).ok().flatten().unwrap_or_default();
    if STANDARD.decode(key).map_or(0, |bytes| bytes.len()) != 16 {
        return Err(HttpError::bad_request("Sec-WebSocket-Key is not 16 bytes of base64."));
    }
    let digest = Sha1::new().chain_update(key).chain_update(KEY_SUFFIX).finalize();
    let accept = HeaderValue::from_str(&STANDARD.encode(digest)).map_err(|_| HttpError::bad_request("bad key"))?;
    Ok(Some(accept))
}

/// Whether the full protocol is asked for; none at all is the classic wire, others only are refused.
fn wants_full(headers: &HeaderMap) -> Result<bool, HttpError> {
    let values = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter().map(|value| value.to_str().unwrap_or("?"));
    let asked: Vec<&str> = values.flat_map(|value| value.split(',')).map(str::trim).collect();
    match asked.as_slice() {
        [] => Ok(false),
        asked if asked.contains(&SUBPROTOCOL) => Ok(true),
        _ => Err(HttpError::bad_request("The subprotocol spoken here is parlour.v1.")),
    }
}

/// What a request asks for; none when it is no handshake at all.
pub(super) fn asked<B>(request: &Request<B>) -> Result<Option<Asked>, HttpError> {
    // In HTTP/1.0 an Upgrade means nothing (RFC 9110 §7.8), and a HEAD is no handshake (RFC 6455 §4.2.1).
    if *request.method() != Method::GET || request.version() < Version::HTTP_11 {
        return Ok(None);
    }
    let Some(accept) = accept_key(request.headers())? else { return Ok(None) };
    Ok(Some(Asked { accept, full: wants_full(request.headers())? }))
}

/// The token that counts, by origin and cookie (S01, S02, CON-1, OLD-7).
pub(super) fn counting_token(
    app: &App,
    caller: Caller,
    headers: &HeaderMap,
    full: bool,
) -> Result<Option<Token>, HttpError> {
    let forbidden = |words| HttpError::new(StatusCode::FORBIDDEN, ErrorCode::Forbidden, words);
    let bearer = session::bearer_token(headers);
    match origin::judge(&app.config, headers, caller.local) {
        Origin::Foreign => Err(forbidden("Pages of other addresses may not connect.")),
        Origin::Loopback if full => Err(forbidden("Pages of other addresses may speak the classic wire only.")),
        Origin::Loopback => Ok(None),
        Origin::Absent if full && bearer.is_none() && session::cookie_token(&app.config, headers).is_some() => {
            Err(forbidden("A cookie counts only with the house's own Origin."))
        }
        Origin::Absent => Ok(bearer),
        Origin::Own => Ok(bearer.or_else(|| session::cookie_token(&app.config, headers))),
    }
}

/// Who comes in, by token and door.
pub(super) async fn enter(app: &App, token: Option<Token>, full: bool) -> Result<Entry, HttpError> {
    if !full {
        app.engine.admit_guest()?;
        return Ok(Entry::Classic);
    }
    let actor = match token {
        Some(token) => app.engine.session_for_socket(&token).await?,
        None => None,
    };
    let actor = actor.ok_or_else(|| Refusal::new(ErrorCode::SignedOut, "Come in first."))?;
    Ok(Entry::Full { actor })
}

async fn hand_over(app: App, upgrade: OnUpgrade, taken: Taken) {
    let Ok(upgraded) = upgrade.await else { return };
    let Some((stream, early)) = take_apart(upgraded) else { return };
    // A shard that has ended is on its way down, and so is the socket.
    let _ = app.shard.adopt(taken.with(stream, early)).await;
}

/// The bare socket, leaving this runtime's event loop for the shard's own.
fn take_apart(upgraded: Upgraded) -> Option<(std::net::TcpStream, Bytes)> {
    let parts = upgraded.downcast::<TokioIo<Watched>>().ok()?;
    let stream = parts.io.into_inner().into_inner().into_std().ok()?;
    Some((stream, parts.read_buf))
}
