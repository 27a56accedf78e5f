//! People, guests and sessions.

use parlour_domain::access::{Action, Who};
use parlour_protocol::{Role, RoomId, RoomRole, Timestamp, User, UserId, limits};
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};

use super::SqliteStore;
use super::batch::Batch;
use super::membership::{closed_rooms_managed_by, first_shown, insert_member, keep_a_manager};
use super::rows;
use super::writer::Writer;
use crate::{Later, Looked, Named, People, Session, StoreError, TokenHash};

const ROW_BYTES: usize = 400;
/// A session's last use is written at most this often.
const TOUCH_EVERY_MS: i64 = 10 * 60_000;

const SELECT_ROOMS_OF: &str = "select room from member where user = ?1 and until_seq is null order by room";

/// Alive: not ended, not expired, used within the idle limit. Expects now as ?2 and the idle limit as ?3. Somebody
/// suspended holds their sessions, and their name, and is let in by none of them.
pub(super) const ALIVE: &str = "revoked_at is null and expires_at > ?2 and last_used_at > ?2 - ?3";

impl People for SqliteStore {
    fn guest(&self, name: String, skeleton: String, now: Timestamp) -> Later<User> {
        self.writer.write(ROW_BYTES, move |batch| {
            batch.may_as(Action::EnterAsGuest, Who::Stranger)?;
            if holder(batch.connection, &skeleton)?.is_some() {
                return Err(StoreError::name_taken(&name));
            }
            insert_user(batch, (&name, &skeleton), Kind::Classic, now)
        })
    }

    fn guest_gone(&self, guest: UserId, now: Timestamp) -> Later<()> {
        self.writer.write(ROW_BYTES, move |batch| release(batch, guest, now))
    }

    fn sign_out(&self, token: TokenHash, now: Timestamp) -> Later<()> {
        self.writer.write(ROW_BYTES, move |batch| end_session(batch, token, now))
    }

    fn session(&self, token: TokenHash, now: Timestamp) -> Later<Option<Session>> {
        let found = self.readers.read(move |connection| find_session(connection, token, now));
        let writer = self.clone_writer();
        Box::pin(async move {
            let Some((session, last_used_at)) = found.await? else { return Ok(None) };
            if now.0 - last_used_at > TOUCH_EVERY_MS {
                touch(&writer, vec![token], now);
            }
            Ok(Some(session))
        })
    }

    fn look_at_sessions(&self, tokens: Vec<TokenHash>, now: Timestamp) -> Later<Looked> {
        let found = self.readers.read(move |connection| {
            let (mut looked, mut stale) = (Looked::default(), Vec::new());
            for token in tokens {
                let Some((session, last_used_at)) = find_session(connection, token, now)? else {
                    looked.ended.push(token);
                    continue;
                };
                looked.holders.push(session.user);
                if now.0 - last_used_at > TOUCH_EVERY_MS {
                    stale.push(token);
                }
            }
            Ok((looked, stale))
        });
        let writer = self.clone_writer();
        Box::pin(async move {
            let (looked, stale) = found.await?;
            if !stale.is_empty() {
                touch(&writer, stale, now);
            }
            Ok(looked)
        })
    }

    fn names_taken(&self, skeletons: Vec<String>) -> Later<Vec<String>> {
        self.readers.read(move |connection| {
            let marks = vec!["?"; skeletons.len()].join(", ");
            let sql = format!(
                "select name_skeleton from user where released_at is null and name_skeleton in ({marks})
                 union select handle_skeleton from user where handle_skeleton in ({marks})"
            );
            let mut statement = connection.prepare(&sql)?;
            let both = skeletons.iter().chain(&skeletons);
            let taken = statement.query_map(params_from_iter(both), |row| row.get(0))?;
            Ok(taken.collect::<Result<Vec<String>, _>>()?)
        })
    }
}

/// Notes that sessions are used. Not waited for: a lost touch costs minutes of idle time.
fn touch(writer: &Writer, tokens: Vec<TokenHash>, now: Timestamp) {
    drop(writer.write(ROW_BYTES * tokens.len(), move |batch| {
        let sql = "update session set last_used_at = max(last_used_at, ?2) where token_hash = ?1";
        let mut statement = batch.connection.prepare_cached(sql)?;
        for token in &tokens {
            statement.execute(params![token, now.0])?;
        }
        Ok(())
    }));
}

pub(super) fn find_session(
    connection: &Connection,
    token: TokenHash,
    now: Timestamp,
) -> Result<Option<(Session, i64)>, StoreError> {
    let sql = format!(
        "select u.id, u.name, u.role, s.created_at, s.expires_at, s.last_used_at from session s join user u on u.id = s.user
         where s.token_hash = ?1 and u.suspended_at is null and {ALIVE}"
    );
    let found = connection.prepare_cached(&sql)?.query_row(params![token, now.0, limits::SESSION_IDLE_MS], |row| {
        let role = rows::role(&row.get::<_, String>(2)?);
        let user = User { id: UserId(row.get(0)?), name: row.get(1)?, guest: false, role };
        let (began_at, expires_at) = (Timestamp(row.get(3)?), Timestamp(row.get(4)?));
        Ok((Session { user, began_at, expires_at }, row.get(5)?))
    });
    Ok(found.optional()?)
}

/// Ends a session. Whoever came with a name alone and has no other is nobody's any more.
pub(super) fn end_session(batch: &mut Batch<'_>, token: TokenHash, now: Timestamp) -> Result<(), StoreError> {
    let sql = "update session set revoked_at = ?2 where token_hash = ?1 and revoked_at is null returning user";
    let ended = batch.connection.prepare_cached(sql)?.query_row(params![token, now.0], |row| row.get(0));
    match ended.optional()?.map(UserId) {
        Some(user) => release_if_nobody(batch, user, now),
        None => Ok(()),
    }
}

/// Lets go of somebody who has neither an account nor a session, and is not suspended.
pub(super) fn release_if_nobody(batch: &mut Batch<'_>, user: UserId, now: Timestamp) -> Result<(), StoreError> {
    let sql = "select handle is not null or suspended_at is not null from user where id = ?1";
    let keeps: bool = batch.connection.prepare_cached(sql)?.query_row([user.0], |row| row.get(0))?;
    if keeps || has_live_session(batch.connection, user, now)? { Ok(()) } else { release(batch, user, now) }
}

fn has_live_session(connection: &Connection, user: UserId, now: Timestamp) -> Result<bool, StoreError> {
    let sql = format!("select 1 from session where user = ?1 and {ALIVE}");
    Ok(connection.prepare_cached(&sql)?.exists(params![user.0, now.0, limits::SESSION_IDLE_MS])?)
}

/// Who holds a name, and whether it stays theirs without a session: a guest's while they are here, that of an account and a
/// suspended person's always.
fn holder(connection: &Connection, skeleton: &str) -> Result<Option<(UserId, bool)>, StoreError> {
    let sql = "select id, guest or suspended_at is not null or handle is not null from user
         where name_skeleton = ?1 and released_at is null";
    let found = connection.prepare_cached(sql)?.query_row([skeleton], |row| Ok((UserId(row.get(0)?), row.get(1)?)));
    Ok(found.optional()?)
}

/// Whether a handle is what somebody else is called.
pub(super) fn is_another_s_name(
    batch: &Batch<'_>,
    handle: &Named,
    own: Option<UserId>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    match holder(batch.connection, &handle.skeleton)? {
        Some((user, keeps)) if own != Some(user) => Ok(keeps || has_live_session(batch.connection, user, now)?),
        _ => Ok(false),
    }
}

/// Who has a name now and must let go of it, since they have neither an account nor a session; refused when they do not have to.
/// Nothing is written yet.
pub(super) fn may_take_name(
    batch: &Batch<'_>,
    named: &Named,
    own: Option<UserId>,
    now: Timestamp,
) -> Result<Option<UserId>, StoreError> {
    // A handle is as much somebody as a name is: nobody goes by what somebody else signs in with.
    let sql = "select 1 from user where handle_skeleton = ?1 and id is not ?2";
    let own_number = own.map(|own| own.0);
    if batch.connection.prepare_cached(sql)?.exists(params![named.skeleton, own_number])? {
        return Err(StoreError::name_taken(&named.shown));
    }
    match holder(batch.connection, &named.skeleton)? {
        Some((user, _)) if own == Some(user) => Ok(None),
        None => Ok(None),
        Some((user, keeps)) if keeps || has_live_session(batch.connection, user, now)? => {
            Err(StoreError::name_taken(&named.shown))
        }
        Some((user, _)) => Ok(Some(user)),
    }
}

/// A person without a session, or a guest who went, is nobody's any more: the name is free, what they said stays theirs,
/// and they are counted in no room. No event tells it: it is not a leaving that anyone decided, and their sockets are gone.
pub(super) fn release(batch: &mut Batch<'_>, user: UserId, now: Timestamp) -> Result<(), StoreError> {
    let sql = "update user set released_at = ?2 where id = ?1 and released_at is null";
    batch.connection.prepare_cached(sql)?.execute(params![user.0, now.0])?;
    batch.forget_person(user);
    let managed = closed_rooms_managed_by(batch, user)?;
    let rooms = {
        let mut statement = batch.connection.prepare_cached(SELECT_ROOMS_OF)?;
        let rooms = statement.query_map([user.0], |row| row.get(0).map(RoomId))?;
        rooms.collect::<Result<Vec<_>, _>>()?
    };
    for room in rooms {
        let end = batch.room(room)?;
        end.members = end.members.saturating_sub(1);
        let head = end.head;
        batch.change(room);
        let sql = "update member set until_seq = ?3 where room = ?1 and user = ?2";
        batch.connection.prepare_cached(sql)?.execute(params![room.0, user.0, head.0])?;
        batch.forget_member(room, user);
    }
    managed.into_iter().try_for_each(|room| keep_a_manager(batch, room, now))
}

/// Lets go of every guest that was here when the last process ended: nobody else will.
pub(super) fn release_guests(batch: &mut Batch<'_>, now: Timestamp) -> Result<(), StoreError> {
    let guests = {
        let sql = "select id from user where guest = 1 and released_at is null order by id";
        let mut statement = batch.connection.prepare(sql)?;
        let guests = statement.query_map([], |row| row.get(0).map(UserId))?;
        guests.collect::<Result<Vec<_>, _>>()?
    };
    guests.into_iter().try_for_each(|guest| release(batch, guest, now))
}

/// What somebody comes in as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A guest of the classic wire.
    Classic,
    /// A guest of one room, which is not the lobby.
    OneRoom,
    /// One of the house, as this.
    Inside(Role),
}

/// Makes somebody; all but the guests of one room are in the lobby.
pub(super) fn insert_user(
    batch: &mut Batch<'_>,
    (name, skeleton): (&str, &str),
    kind: Kind,
    now: Timestamp,
) -> Result<User, StoreError> {
    let guest = kind == Kind::Classic;
    let role = match kind {
        Kind::Classic | Kind::OneRoom => Role::Guest,
        Kind::Inside(role) => role,
    };
    let sql = "insert into user (name, name_skeleton, guest, role, created_at) values (?1, ?2, ?3, ?4, ?5)";
    batch.connection.prepare_cached(sql)?.execute(params![name, skeleton, guest, rows::role_word(role), now.0])?;
    let id = UserId(u64::try_from(batch.connection.last_insert_rowid()).unwrap_or_default());
    if kind != Kind::OneRoom {
        into_the_lobby(batch, id)?;
    }
    Ok(User { id, name: name.to_owned(), guest, role })
}

/// Makes somebody a member of the lobby. No event tells it: presence does.
pub(super) fn into_the_lobby(batch: &mut Batch<'_>, user: UserId) -> Result<(), StoreError> {
    if batch.member(RoomId::LOBBY, user)?.is_some() {
        return Ok(());
    }
    let lobby = batch.room(RoomId::LOBBY)?;
    lobby.members += 1;
    let head = lobby.head;
    batch.change(RoomId::LOBBY);
    let since = first_shown(batch, RoomId::LOBBY, head.next())?;
    insert_member(batch, RoomId::LOBBY, user, RoomRole::Member, (since, head))
}
