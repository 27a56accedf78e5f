//! Coming in: by the open door, a link, an admission or a provider; and making an account of oneself from inside.
//!
//! What may be refused is asked first: a refusal leaves nothing behind in the batch it shares with others.

use parlour_domain::access::{Action, Who};
use parlour_protocol::{Change, ErrorCode, Refusal, Role, RoomId, RoomRole, RoomState, Timestamp, User, UserId};
use rusqlite::{OptionalExtension, params};

use super::batch::Batch;
use super::membership::{author, enter as enter_room, refuse_too_many};
use super::people::{self, Kind};
use super::rooms::batch_state;
use super::{houses, identities, invitations, knocks, passkeys, rows, sessions};
use crate::{Credentials, Entered, Named, Newcomer, StoreError, TokenHash, Visitor, Way};

/// What a way gives.
struct Pass {
    role: Role,
    rooms: Vec<RoomId>,
    /// The name asked with, where another is not given.
    name: Option<Named>,
    used: Used,
}

/// What is used up by coming in.
enum Used {
    Nothing,
    OwnerLink(String),
    Invitation(u64),
    Knock(u64),
}

/// Somebody who is inside already.
struct Inside {
    user: User,
    has_account: bool,
}

/// Lets somebody in, or makes an account of somebody inside.
pub(super) fn enter(
    batch: &mut Batch<'_>,
    way: Way,
    newcomer: Newcomer,
    now: Timestamp,
) -> Result<Entered, StoreError> {
    let visitor = newcomer.session.visitor;
    let inside = inside(batch, visitor.before, now)?;
    // Whoever types a name at the open door is somebody new, whoever they were before.
    let by_name_alone = matches!(way, Way::Open) && newcomer.credentials.is_none();
    let inside = inside.filter(|_| !by_name_alone);
    let pass = pass(batch, way, (visitor, inside.as_ref()), newcomer.credentials.is_some(), now)?;
    match inside {
        Some(inside) if inside.has_account || (newcomer.credentials.is_none() && pass.role == Role::Guest) => {
            lead_on(batch, inside, pass, now)
        }
        inside => become_one(batch, inside.map(|inside| inside.user), pass, newcomer, now),
    }
}

fn inside(batch: &Batch<'_>, token: Option<TokenHash>, now: Timestamp) -> Result<Option<Inside>, StoreError> {
    let Some(token) = token else { return Ok(None) };
    let Some((session, _)) = people::find_session(batch.connection, token, now)? else { return Ok(None) };
    let sql = "select handle is not null from user where id = ?1";
    let has_account = batch.connection.prepare_cached(sql)?.query_row([session.user.id.0], |row| row.get(0))?;
    Ok(Some(Inside { user: session.user, has_account }))
}

/// Whether the way is open, and what it gives.
fn pass(
    batch: &mut Batch<'_>,
    way: Way,
    (visitor, inside): (Visitor, Option<&Inside>),
    with_account: bool,
    now: Timestamp,
) -> Result<Pass, StoreError> {
    let who = inside.map_or(Who::Stranger, |inside| Who::Inside(inside.user.role));
    let plain = |used| Pass { role: Role::Member, rooms: Vec::new(), name: None, used };
    match way {
        Way::Open => {
            batch.may_as(if with_account { Action::MakeAccount } else { Action::EnterByName }, who)?;
            Ok(plain(Used::Nothing))
        }
        Way::OwnerLink(token, house_name) => {
            if !houses::is_owner_link(batch.connection, token)? {
                return Err(StoreError::Refused(Refusal::no_such_link()));
            }
            Ok(Pass { role: Role::Owner, ..plain(Used::OwnerLink(house_name)) })
        }
        Way::Invitation(token) => {
            let found = invitations::usable(batch.connection, token, now)?;
            invitations::refuse_who_was_removed(batch.connection, &found, visitor)?;
            Ok(Pass { role: found.role, rooms: found.rooms, name: None, used: Used::Invitation(found.id) })
        }
        Way::Knock(token) => {
            let (id, name) = knocks::admitted(batch, token, now)?;
            Ok(Pass { name: Some(name), ..plain(Used::Knock(id)) })
        }
    }
}

/// Somebody inside follows a link: they become a member of its rooms and stay who they are.
fn lead_on(batch: &mut Batch<'_>, inside: Inside, pass: Pass, now: Timestamp) -> Result<Entered, StoreError> {
    let Used::Invitation(id) = pass.used else {
        let words = match pass.used {
            Used::OwnerLink(_) => {
                "You are signed in with an account already. Make it an owner on the machine of the house: parlour user role HANDLE owner"
            }
            _ => "You are signed in with an account already. Sign out first.",
        };
        return Err(StoreError::Refused(Refusal::new(ErrorCode::Forbidden, words)));
    };
    let told = into_rooms(batch, &inside.user, &pass.rooms, now)?;
    if !told.is_empty() {
        invitations::use_up(batch, id)?;
    }
    Ok(Entered { user: inside.user, new_session: false, ended: Vec::new(), told })
}

/// Somebody new, or somebody inside without an account who gets one or becomes more than a guest.
fn become_one(
    batch: &mut Batch<'_>,
    before: Option<User>,
    pass: Pass,
    newcomer: Newcomer,
    now: Timestamp,
) -> Result<Entered, StoreError> {
    let Newcomer { name, credentials, session } = newcomer;
    let own = before.as_ref().map(|user| user.id);
    let name = name.or(pass.name);
    if before.is_none() && name.is_none() {
        return Err(StoreError::Refused(Refusal::new(ErrorCode::BadName, "Type a name.").at("name")));
    }
    if credentials.is_none() && matches!(pass.used, Used::Invitation(_)) && pass.role != Role::Guest {
        let words = "Type a handle and a password: they are what you come in with next time.";
        return Err(StoreError::Refused(Refusal::new(ErrorCode::BadHandle, words).at("handle")));
    }
    if let Some(credentials) = &credentials {
        may_take(batch, credentials, own, now)?;
    }
    let gone = name.as_ref().map(|name| people::may_take_name(batch, name, own, now)).transpose()?.flatten();
    // From here on everything is written.
    if let Some(gone) = gone {
        people::release(batch, gone, now)?;
    }
    let user = match (before, name) {
        (Some(user), name) => grow(batch, user, name, pass.role)?,
        (None, Some(name)) => {
            let kind = if pass.role == Role::Guest { Kind::OneRoom } else { Kind::Inside(pass.role) };
            people::insert_user(batch, (&name.shown, &name.skeleton), kind, now)?
        }
        (None, None) => return Err(StoreError::Fault("a name was asked for above".to_owned())),
    };
    if let Some(credentials) = credentials.filter(|_| user.role != Role::Guest) {
        write_credentials(batch, user.id, &credentials, now)?;
    }
    into_rooms(batch, &user, &pass.rooms, now)?;
    use_up(batch, pass.used, now)?;
    let mut ended = sessions::end_all_but(batch, user.id, None, now)?;
    ended.extend(sessions::begin(batch, user.id, &session, now)?);
    Ok(Entered { user, new_session: true, ended, told: Vec::new() })
}

fn may_take(
    batch: &Batch<'_>,
    credentials: &Credentials,
    own: Option<UserId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let sql = "select 1 from user where handle_skeleton = ?1";
    let taken = batch.connection.prepare_cached(sql)?.exists([&credentials.handle.skeleton])?;
    if taken || people::is_another_s_name(batch, &credentials.handle, own, now)? {
        return Err(StoreError::handle_taken(&credentials.handle.shown));
    }
    let sql = "select 1 from user where email = ?1";
    if let Some(email) = &credentials.email
        && batch.connection.prepare_cached(sql)?.exists([email])?
    {
        let words = "Another account has that e-mail address. Leave it out, or sign in to that one.";
        return Err(StoreError::Refused(Refusal::new(ErrorCode::BadEmail, words).at("email")));
    }
    credentials.passkey.iter().try_for_each(|passkey| passkeys::may_keep(batch, own, passkey))?;
    if let Some(identity) = &credentials.identity
        && identities::owner(batch.connection, identity)?.is_some()
    {
        return Err(identities::another_s());
    }
    Ok(())
}

/// Somebody inside, by a new name or in a greater role; what they said stays theirs.
fn grow(batch: &mut Batch<'_>, before: User, name: Option<Named>, role: Role) -> Result<User, StoreError> {
    let role = before.role.max(role);
    let (name, skeleton) = name.map_or((before.name, None), |name| (name.shown, Some(name.skeleton)));
    let sql = "update user set name = ?2, name_skeleton = coalesce(?3, name_skeleton), role = ?4 where id = ?1";
    batch.connection.prepare_cached(sql)?.execute(params![before.id.0, name, skeleton, rows::role_word(role)])?;
    batch.forget_person(before.id);
    if role != Role::Guest {
        people::into_the_lobby(batch, before.id)?;
    }
    Ok(User { id: before.id, name, guest: false, role })
}

fn write_credentials(
    batch: &Batch<'_>,
    user: UserId,
    credentials: &Credentials,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Credentials { handle, email, password, passkey, identity } = credentials;
    let sql = "update user set handle = ?2, handle_skeleton = ?3, email = ?4, password = ?5 where id = ?1";
    let row = params![user.0, handle.shown, handle.skeleton, email, password];
    batch.connection.prepare_cached(sql)?.execute(row)?;
    passkey.iter().try_for_each(|passkey| passkeys::keep(batch, user, passkey, now))?;
    identity.as_ref().map_or(Ok(()), |identity| identities::write(batch, user, identity, now))
}

/// Makes somebody a member of the rooms of a link. One that they were removed from is left out: they do not come back by
/// themselves.
fn into_rooms(
    batch: &mut Batch<'_>,
    user: &User,
    rooms: &[RoomId],
    now: Timestamp,
) -> Result<Vec<RoomState>, StoreError> {
    let mut told = Vec::new();
    for room in rooms {
        if batch.member(*room, user.id)?.is_some() || batch.was_removed(*room, user.id)? {
            continue;
        }
        if refuse_too_many(batch, user.id, "").is_err() {
            break;
        }
        if *room == RoomId::LOBBY {
            people::into_the_lobby(batch, user.id)?;
        } else {
            enter_room(batch, *room, &author(user), Change::MemberJoined, (&author(user), RoomRole::Member), now)?;
        }
        told.push(batch_state(batch, *room, user.id)?);
    }
    Ok(told)
}

fn use_up(batch: &mut Batch<'_>, used: Used, now: Timestamp) -> Result<(), StoreError> {
    match used {
        Used::Nothing => Ok(()),
        Used::OwnerLink(name) => {
            let sql = "update house set owner_link = null, name = ?1";
            batch.connection.prepare_cached(sql)?.execute([name])?;
            Ok(())
        }
        Used::Invitation(id) => invitations::use_up(batch, id),
        Used::Knock(id) => knocks::entered(batch, id, now),
    }
}

/// Somebody's row, for those who come in again.
pub(super) fn user(batch: &Batch<'_>, user: UserId) -> Result<Option<User>, StoreError> {
    let sql = "select id, name, role from user where id = ?1 and suspended_at is null and released_at is null";
    let found = batch.connection.prepare_cached(sql)?.query_row([user.0], |row| {
        let role = rows::role(&row.get::<_, String>(2)?);
        Ok(User { id: UserId(row.get(0)?), name: row.get(1)?, guest: false, role })
    });
    Ok(found.optional()?)
}
