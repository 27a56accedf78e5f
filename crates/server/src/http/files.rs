//! Files: brought part by part (FILE-1 to FILE-4), and given out to those who may read the message that carries them (FILE-6,
//! FILE-7), so that nothing in them ever runs in the house's own page (S75).

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use parlour_engine::{Actor, Form, Part, Stored, file};
use parlour_protocol::file::{NewUpload, Upload};
use parlour_protocol::{ErrorCode, FileId, Refusal, limits};
use tokio::time::{Duration, Instant, timeout_at};

use super::App;
use super::error::HttpError;
use super::file_body::FileBody;
use super::rooms::{number, room_id};
use super::session::SignedIn;
use super::sign_in::read_json;

/// What a browser may do with bytes that somebody brought: nothing but show them.
const SANDBOX: &str = "default-src 'none'; sandbox; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";
/// The bytes of an id never change. They are kept by the browser of who was let to see them, and by nothing in between.
const KEPT: &str = "private, max-age=31536000, immutable";

/// `POST /api/v1/rooms/ROOM/files`.
pub(crate) async fn begin(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(room): Path<String>,
    request: Request<Body>,
) -> Result<Response, HttpError> {
    let new: NewUpload = read_json(request.into_body()).await?;
    let upload = app.engine.begin_file(&actor, room_id(&room)?, new).await?;
    Ok((StatusCode::CREATED, Json(upload)).into_response())
}

/// `GET /api/v1/files/ID`.
pub(crate) async fn look(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(upload): Path<String>,
) -> Result<Json<Upload>, HttpError> {
    Ok(Json(app.engine.upload(&actor, file_id(&upload)?).await?))
}

/// `POST /api/v1/files/ID/part?at=N`, with bytes as its body.
pub(crate) async fn part(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(upload): Path<String>,
    RawQuery(query): RawQuery,
    request: Request<Body>,
) -> Result<Response, HttpError> {
    let at = query.as_deref().and_then(|query| query.strip_prefix("at=")).and_then(number);
    let at = at.ok_or_else(|| HttpError::bad_request("Say with at= where the part begins."))?;
    let mut part = app.engine.open_part(&actor, file_id(&upload)?, at).await?;
    match receive(&mut part, request.into_body()).await {
        Ok(()) => Ok(Json(part.end().await?).into_response()),
        Err(Cut::Refused(refusal)) => Err(refusal.into()),
        // What has come is kept: the next part goes on behind it.
        Err(Cut::Slow) => {
            part.end().await?;
            let words = "The part came too slowly. Go on where it ended.";
            let slow = HttpError::new(StatusCode::REQUEST_TIMEOUT, ErrorCode::Rate, words);
            Ok(([(header::CONNECTION, "close")], slow).into_response())
        }
        Err(Cut::Gone) => {
            part.end().await?;
            Err(HttpError::bad_request("The part ended early."))
        }
    }
}

/// Why a part was not all taken.
enum Cut {
    Refused(Refusal),
    Slow,
    Gone,
}

/// Takes a body as it comes, and cuts one that is too slow (S82).
async fn receive(part: &mut Part, mut body: Body) -> Result<(), Cut> {
    let window = Duration::from_millis(limits::FILE_SLOW_MS);
    let (mut until, mut came) = (Instant::now() + window, 0);
    loop {
        let frame = timeout_at(until, body.frame()).await;
        if Instant::now() >= until {
            if came < limits::FILE_BYTES_PER_SECOND_MIN * limits::FILE_SLOW_MS / 1_000 {
                return Err(Cut::Slow);
            }
            (until, came) = (Instant::now() + window, 0);
        }
        match frame {
            Err(_) => {}
            Ok(None) => return Ok(()),
            Ok(Some(Err(_))) => return Err(Cut::Gone),
            Ok(Some(Ok(frame))) => {
                let Ok(bytes) = frame.into_data() else { continue };
                came += bytes.len() as u64;
                part.take(&bytes).await.map_err(Cut::Refused)?;
            }
        }
    }
}

/// `POST /api/v1/files/ID/cancel`.
pub(crate) async fn cancel(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(upload): Path<String>,
) -> Result<StatusCode, HttpError> {
    app.engine.cancel_file(&actor, file_id(&upload)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /files/ROOM/ID`.
pub(crate) async fn whole(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path((room, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    serve(&app, &actor, (&room, &file), Form::Whole, &headers).await
}

/// `GET /files/ROOM/ID/thumb`.
pub(crate) async fn thumb(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path((room, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    serve(&app, &actor, (&room, &file), Form::Thumb, &headers).await
}

async fn serve(
    app: &App,
    actor: &Actor,
    (room, id): (&str, &str),
    form: Form,
    asked: &HeaderMap,
) -> Result<Response, HttpError> {
    // Whoever may not have it learns nothing from the rest (S36).
    let mut stored = app.engine.open_file(actor, room_id(room)?, file_id(id)?, form).await?;
    let etag = etag(&stored, form);
    let is_known = asked.get(header::IF_NONE_MATCH).is_some_and(|known| *known == etag);
    let whole = 0..stored.bytes;
    let range = match asked.get(header::RANGE).filter(|_| is_same(asked, &etag)).and_then(|range| range.to_str().ok()) {
        Some(range) => parse_range(range, stored.bytes),
        None => Range::All,
    };
    let (status, range) = match range {
        _ if is_known => (StatusCode::NOT_MODIFIED, 0..0),
        Range::All => (StatusCode::OK, whole),
        Range::Part(from, to) => (StatusCode::PARTIAL_CONTENT, from..to),
        Range::Nowhere => (StatusCode::RANGE_NOT_SATISFIABLE, 0..0),
    };
    let mut answer = HeaderMap::new();
    let mut say = |name, value: String| answer.insert(name, HeaderValue::try_from(value).expect("it is plain ASCII"));
    let bytes = stored.bytes;
    match status {
        StatusCode::PARTIAL_CONTENT => {
            drop(say(header::CONTENT_RANGE, format!("bytes {}-{}/{bytes}", range.start, range.end - 1)))
        }
        StatusCode::RANGE_NOT_SATISFIABLE => drop(say(header::CONTENT_RANGE, format!("bytes */{bytes}"))),
        _ => {}
    }
    if status != StatusCode::NOT_MODIFIED {
        say(header::CONTENT_LENGTH, (range.end - range.start).to_string());
        say(header::CONTENT_TYPE, stored.kind.clone());
        say(header::CONTENT_DISPOSITION, disposition(&stored, form));
    }
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, SANDBOX),
        (header::CACHE_CONTROL, KEPT),
        (header::VARY, "cookie, authorization"),
        (header::ACCEPT_RANGES, "bytes"),
    ] {
        answer.insert(name, HeaderValue::from_static(value));
    }
    answer.insert(header::ETAG, etag);
    if range.start > 0 && stored.go_to(range.start).is_err() {
        return Err(Refusal::no_such_file().into());
    }
    let left = range.end - range.start;
    let body = if left == 0 { Body::empty() } else { Body::new(FileBody::new(stored, left)) };
    Ok((status, answer, body).into_response())
}

/// What a browser is to do with it: show what a page shows, and keep anything else away from itself.
fn disposition(stored: &Stored, form: Form) -> String {
    let is_shown = form == Form::Thumb || file::is_shown(&stored.kind, stored.file.width.is_some());
    let way = if is_shown { "inline" } else { "attachment" };
    // As RFC 8187 writes a name beyond ASCII; the plain one is for programs that know no other.
    let plain: String = stored.file.name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    let exact: String = stored.file.name.bytes().map(percent).collect();
    format!("{way}; filename=\"{plain}\"; filename*=UTF-8''{exact}")
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || " -_.()".contains(c)
}

fn percent(byte: u8) -> String {
    match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    }
}

fn etag(stored: &Stored, form: Form) -> HeaderValue {
    let ending = if form == Form::Thumb { "-thumb" } else { "" };
    HeaderValue::try_from(format!("\"{}{ending}\"", stored.file.id.0.simple())).expect("it is plain ASCII")
}

/// Whether a range is asked of what is held already (`If-Range`), or of nothing in particular.
fn is_same(asked: &HeaderMap, etag: &HeaderValue) -> bool {
    asked.get(header::IF_RANGE).is_none_or(|held| held == etag)
}

/// Which bytes are asked for.
#[derive(Debug, PartialEq, Eq)]
enum Range {
    /// All of them; also where several pieces were asked for, which may be answered so (RFC 9110 §14.2).
    All,
    /// From the first up to but without the second.
    Part(u64, u64),
    /// None that there are.
    Nowhere,
}

fn parse_range(text: &str, bytes: u64) -> Range {
    let Some((first, last)) = text.strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Range::All;
    };
    match (first, number(first), last, number(last)) {
        ("", _, _, Some(0)) => Range::Nowhere,
        ("", _, _, Some(last)) => Range::Part(bytes.saturating_sub(last), bytes),
        (_, Some(first), "", _) if first < bytes => Range::Part(first, bytes),
        (_, Some(first), _, Some(last)) if first <= last && first < bytes => Range::Part(first, bytes.min(last + 1)),
        (_, Some(first), "", _) | (_, Some(first), _, Some(_)) if first >= bytes => Range::Nowhere,
        _ => Range::All,
    }
}

/// A file whose id is none is no file.
fn file_id(text: &str) -> Result<FileId, Refusal> {
    text.parse().map(FileId).map_err(|_| Refusal::no_such_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_7_a_range_is_read_as_it_was_meant_or_not_at_all() {
        for (asked, read) in [
            ("bytes=0-", Range::Part(0, 10)),
            ("bytes=0-0", Range::Part(0, 1)),
            ("bytes=3-5", Range::Part(3, 6)),
            ("bytes=3-999", Range::Part(3, 10)),
            ("bytes=-4", Range::Part(6, 10)),
            ("bytes=-400", Range::Part(0, 10)),
            ("bytes=10-", Range::Nowhere),
            ("bytes=10-12", Range::Nowhere),
            ("bytes=-0", Range::Nowhere),
            ("bytes=5-3", Range::All),
            ("bytes=0-1,3-4", Range::All),
            ("bytes=-", Range::All),
            ("bytes=a-b", Range::All),
            ("pages=1-2", Range::All),
            ("bytes=9007199254740993-", Range::All),
        ] {
            assert_eq!(parse_range(asked, 10), read, "{asked}");
        }
    }
}
