//! Invitations, and links that admit guests to one room: made, listed, looked at, taken back, used.

use parlour_domain::access::{self, Action, Who};
use parlour_protocol::account::{Invitation, ShownInvitation};
use parlour_protocol::{ErrorCode, Refusal, Role, RoomId, RoomKind, Timestamp, UserId, limits};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::acts::{self, Act};
use super::batch::{Batch, who};
use super::{moderation, rooms, rows};
use crate::{Doer, NewLink, StoreError, TokenHash, Visitor};

/// Rows in one page of the list.
const PAGE: usize = 200;

/// An invitation that may be used now.
pub(super) struct Usable {
    pub(super) id: u64,
    pub(super) role: Role,
    /// Those that it gives now; of a guest link at least one.
    pub(super) rooms: Vec<RoomId>,
}

/// What decides whether one may be used.
struct Found {
    usable: Usable,
    by_name: String,
    made_by: Option<(UserId, Who)>,
    expires_at: Timestamp,
    used_up: bool,
    revoked: bool,
}

/// Makes one. Whoever makes it must be able to add people to its rooms themselves: no office opens a room by it.
pub(super) fn make(batch: &mut Batch<'_>, by: &Doer, new: &NewLink, now: Timestamp) -> Result<u64, StoreError> {
    moderation::may(batch, by, Action::Invite)?;
    moderation::may(batch, by, access::of_invitation(new.role))?;
    let refuse = |code, words: &str| Err(StoreError::Refused(Refusal::new(code, words)));
    if new.role == Role::Guest && new.rooms.len() != 1 {
        return Err(StoreError::Refused(
            Refusal::new(ErrorCode::TooMany, "A link for guests is to exactly one room.").at("rooms"),
        ));
    }
    for room in &new.rooms {
        may_give(batch, by, *room)?;
    }
    let sql = "select count(*) from invitation where revoked_at is null and expires_at > ?1
         and (uses_max = 0 or uses < uses_max)";
    let holding: usize = batch.connection.prepare_cached(sql)?.query_row([now.0], |row| row.get(0))?;
    if holding >= limits::INVITATIONS_MAX {
        return refuse(ErrorCode::TooMany, "There are as many invitations as there can be. Take some back first.");
    }
    let (made_by, by_name) = match by {
        Doer::Person(user) => (Some(user.id.0), user.name.as_str()),
        Doer::CommandLine => (None, acts::COMMAND_LINE),
    };
    let sql = "insert into invitation (token_hash, role, made_by, by_name, note, made_at, expires_at, uses_max)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let role = rows::role_word(new.role);
    let row = params![new.token, role, made_by, by_name, new.note, now.0, new.expires_at.0, new.uses_max];
    batch.connection.prepare_cached(sql)?.execute(row)?;
    let id = u64::try_from(batch.connection.last_insert_rowid()).unwrap_or_default();
    let sql = "insert into invitation_room (invitation, room) values (?1, ?2) on conflict do nothing";
    for room in &new.rooms {
        batch.connection.prepare_cached(sql)?.execute(params![id, room.0])?;
    }
    let note = format!("{id} {role} {}", new.note);
    acts::write(batch, by, &Act::of_the_house("invite").note(note.trim_end()), now)?;
    Ok(id)
}

fn may_give(batch: &mut Batch<'_>, by: &Doer, room: RoomId) -> Result<(), StoreError> {
    let at_rooms = |error| match error {
        StoreError::Refused(refusal) => StoreError::Refused(refusal.at("rooms")),
        other => other,
    };
    let kind = batch.room(room).map_err(at_rooms)?.kind;
    match by {
        _ if kind == RoomKind::Lobby => Ok(()),
        Doer::Person(user) => batch.may(Action::AddMember, room, user.id).map(drop).map_err(at_rooms),
        Doer::CommandLine if kind == RoomKind::Direct => Err(at_rooms(StoreError::Refused(Refusal::no_such_room()))),
        Doer::CommandLine => Ok(()),
    }
}

/// Takes one back; twice is once.
pub(super) fn revoke(
    batch: &mut Batch<'_>,
    by: &Doer,
    invitation: u64,
    note: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    moderation::may(batch, by, Action::Invite)?;
    let sql = "select role, revoked_at is not null from invitation where id = ?1";
    let found = batch
        .connection
        .prepare_cached(sql)?
        .query_row([invitation], |row| Ok((rows::role(&row.get::<_, String>(0)?), row.get::<_, bool>(1)?)));
    let none = || StoreError::Refused(Refusal::new(ErrorCode::NotFound, "There is no such invitation."));
    let (role, revoked) = found.optional()?.ok_or_else(none)?;
    moderation::may(batch, by, access::of_invitation(role))?;
    if revoked {
        return Ok(());
    }
    let sql = "update invitation set revoked_at = ?2 where id = ?1";
    batch.connection.prepare_cached(sql)?.execute(params![invitation, now.0])?;
    let note = format!("{invitation} {note}");
    acts::write(batch, by, &Act::of_the_house("revoke_invitation").note(note.trim_end()), now)
}

/// The one of a token, if it may be used now (S27): its maker may still make such, and is not suspended (S28).
pub(super) fn usable(connection: &Connection, token: TokenHash, now: Timestamp) -> Result<Usable, StoreError> {
    Ok(holding(connection, token, now)?.usable)
}

fn holding(connection: &Connection, token: TokenHash, now: Timestamp) -> Result<Found, StoreError> {
    let mut found = find(connection, token)?;
    judge(&found, now)?;
    for room in rooms_of(connection, found.usable.id)? {
        if gives_still(connection, room, found.made_by.map(|(maker, _)| maker))? {
            found.usable.rooms.push(room);
        }
    }
    if found.usable.role == Role::Guest && found.usable.rooms.is_empty() {
        return Err(StoreError::Refused(Refusal::link_over("This link leads nowhere any more.")));
    }
    Ok(found)
}

/// Whether a room can be given now: it is not archived, and whoever made the invitation could still add people to it. A room that
/// they left, or were removed from, is theirs no more to give.
fn gives_still(connection: &Connection, room: RoomId, maker: Option<UserId>) -> Result<bool, StoreError> {
    let sql = "select kind, archived_at is not null from room where id = ?1";
    let (kind, archived): (String, bool) =
        connection.prepare_cached(sql)?.query_row([room.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    match (rows::room_kind(&kind), maker) {
        (RoomKind::Direct, _) => Ok(false),
        (_, _) if archived => Ok(false),
        (RoomKind::Lobby, _) | (_, None) => Ok(true),
        (_, Some(maker)) => match rooms::may(connection, Action::AddMember, room, maker) {
            Ok(()) => Ok(true),
            Err(StoreError::Refused(_)) => Ok(false),
            Err(error) => Err(error),
        },
    }
}

/// Counts one use. The writer is alone, and a refusal came before: two never take the same one.
pub(super) fn use_up(batch: &Batch<'_>, invitation: u64) -> Result<(), StoreError> {
    let sql = "update invitation set uses = uses + 1 where id = ?1";
    batch.connection.prepare_cached(sql)?.execute([invitation])?;
    Ok(())
}

/// What a link gives, for the page it leads to.
pub(super) fn shown(
    connection: &Connection,
    token: TokenHash,
    visitor: Visitor,
    now: Timestamp,
) -> Result<ShownInvitation, StoreError> {
    let Found { usable, by_name, expires_at, .. } = holding(connection, token, now)?;
    refuse_who_was_removed(connection, &usable, visitor)?;
    let Usable { role, rooms: given, .. } = usable;
    let mut names = connection.prepare_cached("select name from room where id = ?1")?;
    let mut rooms = Vec::new();
    for room in &given {
        rooms.extend(names.query_row([room.0], |row| row.get::<_, String>(0)).optional()?);
    }
    Ok(ShownInvitation { by: by_name, role, rooms, expires_at })
}

/// Refuses a link for guests in a browser from which somebody was removed from its room, by the session it holds or by what it is
/// known by: nothing but a name is asked of a guest, and whoever was removed has another one. Who adds them lets them in again.
pub(super) fn refuse_who_was_removed(
    connection: &Connection,
    usable: &Usable,
    visitor: Visitor,
) -> Result<(), StoreError> {
    if usable.role != Role::Guest {
        return Ok(());
    }
    let sql = "select 1 from member where room = ?1 and removed = 1 and user in (select user from session where token_hash = ?2
         union select user from known_device where token_hash = ?3)";
    let mut statement = connection.prepare_cached(sql)?;
    for room in &usable.rooms {
        if statement.exists(params![room.0, visitor.before, visitor.device])? {
            let words = "Somebody was removed from this room in this browser. The link does not lead there again: ask whoever looks \
                         after the room.";
            return Err(StoreError::Refused(Refusal::new(ErrorCode::Forbidden, words).at("token")));
        }
    }
    Ok(())
}

fn find(connection: &Connection, token: TokenHash) -> Result<Found, StoreError> {
    let sql = "select i.id, i.role, i.by_name, i.expires_at, i.uses_max > 0 and i.uses >= i.uses_max,
         i.revoked_at is not null, i.made_by is not null, u.role, u.suspended_at is not null or u.released_at is not null, u.id
         from invitation i left join user u on u.id = i.made_by where i.token_hash = ?1";
    let found = connection.prepare_cached(sql)?.query_row([token], |row| {
        let made_by = match row.get(6)? {
            true => Some((UserId(row.get(9)?), who(&row.get::<_, String>(7)?, row.get(8)?))),
            false => None,
        };
        Ok(Found {
            usable: Usable { id: row.get(0)?, role: rows::role(&row.get::<_, String>(1)?), rooms: Vec::new() },
            by_name: row.get(2)?,
            made_by,
            expires_at: Timestamp(row.get(3)?),
            used_up: row.get(4)?,
            revoked: row.get(5)?,
        })
    });
    found.optional()?.ok_or_else(|| StoreError::Refused(Refusal::no_such_link()))
}

fn judge(found: &Found, now: Timestamp) -> Result<(), StoreError> {
    let over = |why| Err(StoreError::Refused(Refusal::link_over(why)));
    let may_still =
        |who| access::check(access::of_invitation(found.usable.role), &super::batch::facts(who, None)).is_ok();
    match found {
        Found { revoked: true, .. } => over("This invitation was taken back."),
        Found { used_up: true, .. } => over("This invitation was used already."),
        Found { expires_at, .. } if expires_at.0 <= now.0 => over("The time of this invitation is over."),
        Found { made_by: Some((_, who)), .. } if !may_still(*who) => over("This invitation was taken back."),
        _ => Ok(()),
    }
}

fn rooms_of(connection: &Connection, invitation: u64) -> Result<Vec<RoomId>, StoreError> {
    let sql = "select room from invitation_room where invitation = ?1 order by room";
    let mut statement = connection.prepare_cached(sql)?;
    let rooms = statement.query_map([invitation], |row| row.get(0).map(RoomId))?;
    Ok(rooms.collect::<Result<Vec<_>, _>>()?)
}

/// A page of the list, for those who may see it.
pub(super) fn listed(connection: &Connection, asker: UserId, before: u64) -> Result<Vec<Invitation>, StoreError> {
    moderation::may_read(connection, Action::Invite, asker)?;
    all(connection, before)
}

/// The same for the command line.
pub(super) fn all(connection: &Connection, before: u64) -> Result<Vec<Invitation>, StoreError> {
    let sql = "select id, by_name, role, note, made_at, expires_at, uses_max, uses, revoked_at from invitation
         where id < ?1 order by id desc limit ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let before = i64::try_from(before).unwrap_or(i64::MAX);
    let found = statement.query_map(params![before, PAGE], read)?.collect::<Result<Vec<_>, _>>()?;
    let with_rooms = |invitation: Invitation| {
        let rooms = rooms_of(connection, invitation.id)?;
        Ok(Invitation { rooms, ..invitation })
    };
    found.into_iter().map(with_rooms).collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Invitation> {
    Ok(Invitation {
        id: row.get(0)?,
        by: row.get(1)?,
        role: rows::role(&row.get::<_, String>(2)?),
        rooms: Vec::new(),
        note: row.get(3)?,
        made_at: Timestamp(row.get(4)?),
        expires_at: Timestamp(row.get(5)?),
        uses_max: row.get(6)?,
        uses: row.get(7)?,
        revoked_at: row.get::<_, Option<i64>>(8)?.map(Timestamp),
    })
}
