//! What the page reads: the boot, history, lists (HTTP-2 to HTTP-4).

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use parlour_engine::PageOf;
use parlour_protocol::admin::Blocks;
use parlour_protocol::http::{Boot, HistoryPage, MemberList, RoomList};
use parlour_protocol::ids::NUMBER_MAX;
use parlour_protocol::{Refusal, RoomId, Seq, limits};

use super::App;
use super::error::HttpError;
use super::session::{SignedIn, Visitor};

/// `GET /api/v1/boot`.
pub(crate) async fn boot(State(app): State<App>, Visitor(actor): Visitor) -> Result<Json<Boot>, HttpError> {
    Ok(Json(app.engine.boot(actor.as_ref(), None).await?))
}

/// `GET /api/v1/rooms`.
pub(crate) async fn list(State(app): State<App>, SignedIn(actor): SignedIn) -> Result<Json<RoomList>, HttpError> {
    Ok(Json(app.engine.list_rooms(&actor).await?))
}

/// `GET /api/v1/blocks`.
pub(crate) async fn blocks(State(app): State<App>, SignedIn(actor): SignedIn) -> Result<Json<Blocks>, HttpError> {
    Ok(Json(app.engine.blocks(&actor).await?))
}

/// `GET /api/v1/rooms/ROOM/members`.
pub(crate) async fn members(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(room): Path<String>,
) -> Result<Json<MemberList>, HttpError> {
    Ok(Json(app.engine.members(&actor, room_id(&room)?).await?))
}

/// `GET /api/v1/rooms/ROOM/history`.
pub(crate) async fn history(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(room): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<HistoryPage>, HttpError> {
    let (which, limit) = parse_query(query.as_deref().unwrap_or_default())?;
    Ok(Json(app.engine.history(&actor, room_id(&room)?, which, limit).await?))
}

/// A room that is no number is no room.
pub(crate) fn room_id(text: &str) -> Result<RoomId, Refusal> {
    number(text).map(RoomId).ok_or_else(Refusal::no_such_room)
}

/// A number as an address writes it.
pub(crate) fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|number| digits && *number <= NUMBER_MAX)
}

pub(crate) fn parse_query(query: &str) -> Result<(PageOf, usize), HttpError> {
    let wrong = || HttpError::bad_request("Ask with one of before, after or around, and with limit from 1 to 200.");
    let (mut which, mut limit) = (None, None);
    for (name, value) in query.split('&').filter(|pair| !pair.is_empty()).filter_map(|pair| pair.split_once('=')) {
        let value = number(value).ok_or_else(wrong)?;
        let page = match name {
            "before" => PageOf::Before(Seq(value)),
            "after" => PageOf::After(Seq(value)),
            "around" => PageOf::Around(Seq(value)),
            "limit" if limit.is_none() => {
                limit = Some(usize::try_from(value).map_err(|_| wrong())?);
                continue;
            }
            _ => return Err(wrong()),
        };
        if which.replace(page).is_some() {
            return Err(wrong());
        }
    }
    let limit = limit.unwrap_or(limits::PAGE_EVENTS);
    if !(1..=limits::PAGE_EVENTS_MAX).contains(&limit) {
        return Err(wrong());
    }
    Ok((which.unwrap_or(PageOf::Newest), limit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn http_3_a_history_query_is_read_strictly() {
        assert!(matches!(parse_query("before=5&limit=200"), Ok((PageOf::Before(Seq(5)), 200))));
        assert!(matches!(parse_query(""), Ok((PageOf::Newest, limits::PAGE_EVENTS))));
        for wrong in [
            "limit=0",
            "limit=201",
            "before=1&after=2",
            "before=-1",
            "before=x",
            "before=+1",
            "limit=1&limit=2",
            "before=9007199254740992",
            "q=1",
        ] {
            assert!(parse_query(wrong).is_err(), "{wrong}");
        }
    }
}
