//! What the page reads of messages one by one, of threads, pins, what is saved, and what is unread (TALK, THR, UNR).

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use parlour_engine::PageOf;
use parlour_protocol::http::{Edits, MessageList, ThreadList, ThreadPage};
use parlour_protocol::ids::NUMBER_MAX;
use parlour_protocol::{Seq, limits};

use super::App;
use super::error::HttpError;
use super::rooms::{number, parse_query, room_id};
use super::session::SignedIn;

/// `GET /api/v1/rooms/ROOM/messages?seqs=1,2,3`.
pub(crate) async fn messages(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(room): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<MessageList>, HttpError> {
    let room = room_id(&room)?;
    let wrong = || HttpError::bad_request("Ask with seqs, 1 to 100 numbers with commas between them.");
    let query = query.unwrap_or_default();
    let list = if query.is_empty() { "" } else { query.strip_prefix("seqs=").ok_or_else(wrong)? };
    let seqs: Option<Vec<Seq>> =
        list.split(',').filter(|text| !text.is_empty()).map(|text| number(text).map(Seq)).collect();
    let seqs = seqs.filter(|seqs| seqs.len() <= limits::PAGE_MESSAGES_MAX).ok_or_else(wrong)?;
    Ok(Json(app.engine.messages(&actor, room, seqs).await?))
}

/// `GET /api/v1/rooms/ROOM/messages/SEQ/edits`.
pub(crate) async fn edits(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path((room, seq)): Path<(String, String)>,
) -> Result<Json<Edits>, HttpError> {
    Ok(Json(app.engine.edits(&actor, room_id(&room)?, seq_of(&seq)).await?))
}

/// `GET /api/v1/rooms/ROOM/threads/SEQ`.
pub(crate) async fn thread(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path((room, seq)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Json<ThreadPage>, HttpError> {
    let (which, limit): (PageOf, usize) = parse_query(query.as_deref().unwrap_or_default())?;
    Ok(Json(app.engine.thread(&actor, room_id(&room)?, seq_of(&seq), which, limit).await?))
}

/// `GET /api/v1/rooms/ROOM/pins`.
pub(crate) async fn pins(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(room): Path<String>,
) -> Result<Json<MessageList>, HttpError> {
    Ok(Json(app.engine.pins(&actor, room_id(&room)?).await?))
}

/// `GET /api/v1/rooms/ROOM/unread`.
pub(crate) async fn unread(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(room): Path<String>,
) -> Result<Json<MessageList>, HttpError> {
    Ok(Json(app.engine.unread(&actor, room_id(&room)?).await?))
}

/// `GET /api/v1/saved?before=ID`.
pub(crate) async fn saved(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    RawQuery(query): RawQuery,
) -> Result<Json<MessageList>, HttpError> {
    let before = match before(query.as_deref())? {
        None => NUMBER_MAX,
        Some(text) => number(text).ok_or_else(wrong_before)?,
    };
    Ok(Json(app.engine.saved(&actor, before).await?))
}

/// `GET /api/v1/threads?before=NEXT`.
pub(crate) async fn threads(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    RawQuery(query): RawQuery,
) -> Result<Json<ThreadList>, HttpError> {
    let place = |text: &str| {
        let mut parts = text.split('.').map(number);
        let place = (i64::try_from(parts.next()??).ok()?, parts.next()??, parts.next()??);
        parts.next().is_none().then_some(place)
    };
    let before = match before(query.as_deref())? {
        None => None,
        Some(text) => Some(place(text).ok_or_else(wrong_before)?),
    };
    Ok(Json(app.engine.threads(&actor, before).await?))
}

/// A seq that is no number is that of no message.
fn seq_of(text: &str) -> Seq {
    Seq(number(text).unwrap_or_default())
}

fn before(query: Option<&str>) -> Result<Option<&str>, HttpError> {
    match query.filter(|query| !query.is_empty()) {
        None => Ok(None),
        Some(query) => query.strip_prefix("before=").map(Some).ok_or_else(wrong_before),
    }
}

fn wrong_before() -> HttpError {
    HttpError::bad_request("Ask with before, and what the page before named as next.")
}
