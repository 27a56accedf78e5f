//! What those ask who look after the house (ADM-1 to ADM-6). Who may is decided in the store; here is how it is said.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{Request, StatusCode};
use parlour_protocol::admin::{AdminActs, AdminPeople, AdminRooms, OpenReports, SetRole, Why};
use parlour_protocol::ids::NUMBER_MAX;
use parlour_protocol::{ErrorCode, Refusal, RoomId, UserId};

use super::App;
use super::error::HttpError;
use super::rooms::{number, room_id};
use super::session::SignedIn;
use super::sign_in::read_json;

pub(crate) type Listed<T> = Result<Json<T>, HttpError>;
pub(crate) type Done = Result<StatusCode, HttpError>;

/// `GET /api/v1/admin/people?after=ID`.
pub(crate) async fn people(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    RawQuery(query): RawQuery,
) -> Listed<AdminPeople> {
    let after = place(query.as_deref(), "after")?.unwrap_or(0);
    Ok(Json(app.engine.people(&actor, UserId(after)).await?))
}

/// `POST /api/v1/admin/people/ID/role`.
pub(crate) async fn set_role(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(user): Path<String>,
    request: Request<Body>,
) -> Done {
    let SetRole { role } = read_json(request.into_body()).await?;
    app.engine.set_role(&actor, user_id(&user)?, role).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/v1/admin/people/ID/suspend`.
pub(crate) async fn suspend(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(user): Path<String>,
    request: Request<Body>,
) -> Done {
    let Why { note } = read_json(request.into_body()).await?;
    app.engine.suspend(&actor, user_id(&user)?, &note).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/v1/admin/people/ID/restore`.
pub(crate) async fn lift_suspension(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(user): Path<String>,
    request: Request<Body>,
) -> Done {
    let Why { note } = read_json(request.into_body()).await?;
    app.engine.lift_suspension(&actor, user_id(&user)?, &note).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /api/v1/admin/rooms?after=ID`.
pub(crate) async fn all_rooms(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    RawQuery(query): RawQuery,
) -> Listed<AdminRooms> {
    let after = place(query.as_deref(), "after")?.unwrap_or(0);
    Ok(Json(app.engine.all_rooms(&actor, RoomId(after)).await?))
}

/// `POST /api/v1/admin/rooms/ID/archive`.
pub(crate) async fn archive(State(app): State<App>, SignedIn(actor): SignedIn, Path(room): Path<String>) -> Done {
    app.engine.archive_by_office(&actor, room_id(&room)?, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/v1/admin/rooms/ID/restore`.
pub(crate) async fn restore(State(app): State<App>, SignedIn(actor): SignedIn, Path(room): Path<String>) -> Done {
    app.engine.archive_by_office(&actor, room_id(&room)?, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /api/v1/admin/reports?after=ID`.
pub(crate) async fn reports(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    RawQuery(query): RawQuery,
) -> Listed<OpenReports> {
    let after = place(query.as_deref(), "after")?.unwrap_or(0);
    Ok(Json(app.engine.open_reports(&actor, after).await?))
}

/// `POST /api/v1/admin/reports/ID/settle`.
pub(crate) async fn settle(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(report): Path<String>,
    request: Request<Body>,
) -> Done {
    let Why { note } = read_json(request.into_body()).await?;
    let none = || Refusal::new(ErrorCode::NotFound, "There is no such report.");
    app.engine.settle_report(&actor, number(&report).ok_or_else(none)?, &note).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /api/v1/admin/acts?before=ID`.
pub(crate) async fn acts(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    RawQuery(query): RawQuery,
) -> Listed<AdminActs> {
    let before = place(query.as_deref(), "before")?.unwrap_or(NUMBER_MAX);
    Ok(Json(app.engine.acts(&actor, before).await?))
}

/// A person that is no number is no person.
pub(crate) fn user_id(text: &str) -> Result<UserId, Refusal> {
    let nobody = || Refusal::new(ErrorCode::NotFound, "There is no such person.");
    number(text).map(UserId).ok_or_else(nobody)
}

/// Where in a list to go on: nothing, or the one word that the list takes.
pub(crate) fn place(query: Option<&str>, word: &str) -> Result<Option<u64>, HttpError> {
    let Some(query) = query.filter(|query| !query.is_empty()) else { return Ok(None) };
    let found = query.strip_prefix(word).and_then(|rest| rest.strip_prefix('=')).and_then(number);
    let wrong = || HttpError::bad_request(&format!("Ask with {word}=ID, or with nothing."));
    found.map(Some).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adm_6_a_place_in_a_list_is_read_strictly() {
        assert_eq!(place(None, "after").ok(), Some(None));
        assert_eq!(place(Some("after=7"), "after").ok(), Some(Some(7)));
        for wrong in ["before=7", "after=", "after=-1", "after=7&after=8", "after=7 ", "7", "after=9007199254740992"] {
            assert!(place(Some(wrong), "after").is_err(), "{wrong}");
        }
    }
}
