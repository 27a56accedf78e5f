//! Acts on people and what was reported: roles, suspension, reports, blocks, and the reading of all that.

use parlour_domain::access::{self, Action, Who};
use parlour_protocol::admin::{AdminAct, AdminPerson, AdminRoom, OpenReport};
use parlour_protocol::push::Author;
use parlour_protocol::{ErrorCode, Refusal, Role, RoomId, Seq, Timestamp, User, UserId};
use rusqlite::types::FromSql;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::acts::{self, Act};
use super::batch::{Batch, facts, who};
use super::membership::{closed_rooms_managed_by, keep_a_manager};
use super::{SqliteStore, blocks, people, rows};
use crate::{Doer, Later, Moderation, StoreError, TokenHash};

const ROW_BYTES: usize = 400;
/// Rows in one page of an administrator's list.
const PAGE: usize = 200;

impl Moderation for SqliteStore {
    fn set_role(&self, by: Doer, whom: UserId, role: Role, now: Timestamp) -> Later<Option<User>> {
        self.writer.write(ROW_BYTES, move |batch| set_role(batch, &by, whom, role, now))
    }

    fn suspend(&self, by: Doer, whom: UserId, note: String, now: Timestamp) -> Later<Vec<TokenHash>> {
        self.writer.write(ROW_BYTES, move |batch| suspend(batch, &by, whom, &note, now))
    }

    fn lift_suspension(&self, by: Doer, whom: UserId, note: String, now: Timestamp) -> Later<()> {
        self.writer.write(ROW_BYTES, move |batch| lift(batch, &by, whom, &note, now))
    }

    fn report(&self, room: RoomId, seq: Seq, by: User, note: String, now: Timestamp) -> Later<()> {
        self.writer.write(ROW_BYTES + note.len(), move |batch| report(batch, room, seq, (&by, &note), now))
    }

    fn settle_report(&self, report: u64, by: Doer, note: String, now: Timestamp) -> Later<()> {
        self.writer.write(ROW_BYTES, move |batch| settle(batch, report, &by, &note, now))
    }

    fn set_blocked(&self, by: UserId, whom: UserId, blocked: bool, now: Timestamp) -> Later<()> {
        self.writer.write(ROW_BYTES, move |batch| blocks::set(batch, by, whom, blocked, now))
    }

    fn blocked_by(&self, user: UserId) -> Later<Vec<Author>> {
        self.readers.read(move |connection| blocks::of(connection, user))
    }

    fn people(&self, asker: UserId, after: UserId) -> Later<Vec<AdminPerson>> {
        let sql = "select id, name, role, suspended_at, created_at, handle from user
             where id > ?1 and guest = 0 and released_at is null order by id limit ?2";
        self.listed(Action::ListPeople, asker, sql, after.0, read_admin_person)
    }

    fn all_rooms(&self, asker: UserId, after: RoomId) -> Later<Vec<AdminRoom>> {
        let sql = "select id, name, kind, members, archived_at, created_at from room
             where id > ?1 and kind <> 'direct' order by id limit ?2";
        self.listed(Action::ListAllRooms, asker, sql, after.0, read_admin_room)
    }

    fn open_reports(&self, asker: UserId, after: u64) -> Later<Vec<OpenReport>> {
        let sql = "select id, room, seq, author, author_name, body, by, by_name, note, at from report
             where id > ?1 and settled_at is null order by id limit ?2";
        self.listed(Action::Reports, asker, sql, after, |row| {
            Ok(OpenReport {
                id: row.get(0)?,
                room: RoomId(row.get(1)?),
                seq: Seq(row.get(2)?),
                author: Author { id: UserId(row.get(3)?), name: row.get(4)? },
                text: row.get(5)?,
                by: Author { id: UserId(row.get(6)?), name: row.get(7)? },
                note: row.get(8)?,
                at: Timestamp(row.get(9)?),
            })
        })
    }

    fn errands(&self) -> Later<i64> {
        self.readers.read(|connection| {
            Ok(connection.prepare_cached("select errands from meta")?.query_row([], |row| row.get(0))?)
        })
    }

    fn acts(&self, asker: UserId, before: u64) -> Later<Vec<AdminAct>> {
        let sql = "select id, actor, actor_name, act, whom, whom_name, room, note, at from admin_act
             where id < ?1 order by id desc limit ?2";
        self.listed(Action::ReadActs, asker, sql, before, |row| {
            Ok(AdminAct {
                id: row.get(0)?,
                by: row.get::<_, Option<u64>>(1)?.map(UserId),
                by_name: row.get(2)?,
                act: row.get(3)?,
                whom: row.get::<_, Option<u64>>(4)?.map(UserId),
                whom_name: row.get(5)?,
                room: row.get::<_, Option<u64>>(6)?.map(RoomId),
                note: row.get(7)?,
                at: Timestamp(row.get(8)?),
            })
        })
    }
}

impl SqliteStore {
    /// A page of a list that an office opens, asked for in the snapshot that is read.
    pub(super) fn listed<T: Send + 'static>(
        &self,
        action: Action,
        asker: UserId,
        sql: &'static str,
        from: u64,
        read: fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Later<Vec<T>> {
        self.readers.read(move |connection| {
            may_read(connection, action, asker)?;
            let mut statement = connection.prepare_cached(sql)?;
            let found = statement.query_map(params![i64::try_from(from).unwrap_or(i64::MAX), PAGE], read)?;
            Ok(found.collect::<Result<Vec<_>, _>>()?)
        })
    }
}

/// Everyone of the house, for the command line.
pub(super) fn people_of_the_house(connection: &Connection) -> rusqlite::Result<Vec<AdminPerson>> {
    let sql = "select id, name, role, suspended_at, created_at, handle from user
         where guest = 0 and released_at is null order by id";
    connection.prepare(sql)?.query_map([], read_admin_person)?.collect()
}

fn read_admin_person(row: &Row<'_>) -> rusqlite::Result<AdminPerson> {
    Ok(AdminPerson {
        id: UserId(row.get(0)?),
        name: row.get(1)?,
        handle: row.get(5)?,
        role: rows::role(&row.get::<_, String>(2)?),
        suspended_at: row.get::<_, Option<i64>>(3)?.map(Timestamp),
        since: Timestamp(row.get(4)?),
    })
}

/// The rooms of the house by name and kind, for the command line. Direct ones are nobody else's business.
pub(super) fn rooms_of_the_house(connection: &Connection) -> rusqlite::Result<Vec<AdminRoom>> {
    let sql = "select id, name, kind, members, archived_at, created_at from room where kind <> 'direct' order by id";
    connection.prepare(sql)?.query_map([], read_admin_room)?.collect()
}

fn read_admin_room(row: &Row<'_>) -> rusqlite::Result<AdminRoom> {
    Ok(AdminRoom {
        id: RoomId(row.get(0)?),
        name: row.get(1)?,
        kind: rows::room_kind(&row.get::<_, String>(2)?),
        members: row.get(3)?,
        archived_at: row.get::<_, Option<i64>>(4)?.map(Timestamp),
        since: Timestamp(row.get(5)?),
    })
}

pub(super) fn may_read(connection: &Connection, action: Action, asker: UserId) -> Result<(), StoreError> {
    let sql = "select role, suspended_at is not null from user where id = ?1";
    let found =
        connection.prepare_cached(sql)?.query_row([asker.0], |row| Ok(who(&row.get::<_, String>(0)?, row.get(1)?)));
    let facts = facts(found.optional()?.unwrap_or(Who::Stranger), None);
    access::check(action, &facts).map(drop).map_err(StoreError::Refused)
}

/// Somebody an act is about.
pub(super) struct Person {
    pub(super) name: Author,
    pub(super) role: Role,
    suspended: bool,
}

pub(super) fn person(batch: &Batch<'_>, whom: UserId) -> Result<Person, StoreError> {
    let sql = "select id, name, role, suspended_at is not null from user
         where id = ?1 and guest = 0 and released_at is null";
    let found = batch.connection.prepare_cached(sql)?.query_row([whom.0], |row| {
        let name = Author { id: UserId(row.get(0)?), name: row.get(1)? };
        Ok(Person { name, role: rows::role(&row.get::<_, String>(2)?), suspended: row.get(3)? })
    });
    let nobody = || StoreError::Refused(Refusal::new(ErrorCode::NotFound, "There is no such person."));
    found.optional()?.ok_or_else(nobody)
}

/// Whether the doer may, before anything is said of the person: who may not learns nothing.
pub(super) fn may(batch: &mut Batch<'_>, by: &Doer, least: Action) -> Result<(), StoreError> {
    match by {
        Doer::Person(user) => batch.may_in_house(least, user.id).map(drop),
        Doer::CommandLine => Ok(()),
    }
}

pub(super) fn set_role(
    batch: &mut Batch<'_>,
    by: &Doer,
    whom: UserId,
    role: Role,
    now: Timestamp,
) -> Result<Option<User>, StoreError> {
    may(batch, by, Action::SetRole)?;
    let person = person(batch, whom)?;
    may(batch, by, access::of_role(person.role, role))?;
    if person.role == role {
        return Ok(None);
    }
    if person.role == Role::Owner {
        refuse_without_an_owner(batch, whom)?;
    }
    if role >= Role::Administrator {
        refuse_without_an_account(batch, whom)?;
    }
    let sql = "update user set role = ?2 where id = ?1";
    batch.connection.prepare_cached(sql)?.execute(params![whom.0, rows::role_word(role)])?;
    if person.role == Role::Guest {
        // A guest of one room is one of the house from here on.
        people::into_the_lobby(batch, whom)?;
    }
    hand_on(batch, whom, now)?;
    acts::write(batch, by, &Act::on("set_role", &person.name).note(rows::role_word(role)), now)?;
    Ok(Some(User { id: whom, name: person.name.name, guest: false, role }))
}

pub(super) fn suspend(
    batch: &mut Batch<'_>,
    by: &Doer,
    whom: UserId,
    note: &str,
    now: Timestamp,
) -> Result<Vec<TokenHash>, StoreError> {
    may(batch, by, Action::Suspend)?;
    let person = person(batch, whom)?;
    may(batch, by, access::of_suspension(person.role))?;
    if !person.suspended {
        if person.role == Role::Owner {
            refuse_without_an_owner(batch, whom)?;
        }
        let sql = "update user set suspended_at = ?2 where id = ?1";
        batch.connection.prepare_cached(sql)?.execute(params![whom.0, now.0])?;
        hand_on(batch, whom, now)?;
        acts::write(batch, by, &Act::on("suspend", &person.name).note(note), now)?;
    }
    let mut statement = batch.connection.prepare_cached("select token_hash from session where user = ?1")?;
    let sessions =
        statement.query_map([whom.0], |row| TokenHash::column_result(row.get_ref(0)?).map_err(Into::into))?;
    Ok(sessions.collect::<Result<Vec<_>, _>>()?)
}

pub(super) fn lift(
    batch: &mut Batch<'_>,
    by: &Doer,
    whom: UserId,
    note: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    may(batch, by, Action::Suspend)?;
    let person = person(batch, whom)?;
    may(batch, by, access::of_suspension(person.role))?;
    if !person.suspended {
        return Ok(());
    }
    let sql = "update user set suspended_at = null where id = ?1";
    batch.connection.prepare_cached(sql)?.execute([whom.0])?;
    batch.forget_person(whom);
    acts::write(batch, by, &Act::on("lift_suspension", &person.name).note(note), now)
}

/// Somebody is something else in the house from here on, and closed rooms they alone looked after may need another.
fn hand_on(batch: &mut Batch<'_>, whom: UserId, now: Timestamp) -> Result<(), StoreError> {
    batch.forget_person(whom);
    let managed = closed_rooms_managed_by(batch, whom)?;
    managed.into_iter().try_for_each(|room| keep_a_manager(batch, room, now))
}

fn refuse_without_an_owner(batch: &Batch<'_>, without: UserId) -> Result<(), StoreError> {
    let sql = "select 1 from user where role = 'owner' and id <> ?1 and suspended_at is null and released_at is null";
    if batch.connection.prepare_cached(sql)?.exists([without.0])? {
        return Ok(());
    }
    Err(StoreError::Refused(Refusal::new(ErrorCode::Forbidden, "The house keeps an owner: make another one first.")))
}

/// An office held by a name alone would end with a session, and the last owner with it.
fn refuse_without_an_account(batch: &Batch<'_>, whom: UserId) -> Result<(), StoreError> {
    let sql = "select 1 from user where id = ?1 and handle is not null";
    if batch.connection.prepare_cached(sql)?.exists([whom.0])? {
        return Ok(());
    }
    let words = "They came with a name alone: let them make an account first.";
    Err(StoreError::Refused(Refusal::new(ErrorCode::Forbidden, words)))
}

fn report(
    batch: &mut Batch<'_>,
    room: RoomId,
    seq: Seq,
    (by, note): (&User, &str),
    now: Timestamp,
) -> Result<(), StoreError> {
    batch.may(Action::Report, room, by.id)?;
    let sql = "insert into report (room, seq, author, author_name, body, by, by_name, note, at)
         select e.room, e.seq, e.actor, e.actor_name, coalesce(w.body, e.body), ?3, ?4, ?5, ?6 from event e
         join member m on m.room = e.room and m.user = ?3 and m.until_seq is null and m.since_seq <= e.seq
         left join event w on w.room = e.room and w.seq = e.edited_seq
         where e.room = ?1 and e.seq = ?2 and e.kind in ('message', 'binary') and e.deleted_seq is null
         on conflict do nothing";
    let row = params![room.0, seq.0, by.id.0, by.name, note, now.0];
    let written = batch.connection.prepare_cached(sql)?.execute(row)?;
    let sql = "select 1 from report where room = ?1 and seq = ?2 and by = ?3";
    if written == 0 && !batch.connection.prepare_cached(sql)?.exists(params![room.0, seq.0, by.id.0])? {
        return Err(StoreError::Refused(Refusal::new(ErrorCode::NotFound, "There is no such message in this room.")));
    }
    Ok(())
}

fn settle(batch: &mut Batch<'_>, report: u64, by: &Doer, note: &str, now: Timestamp) -> Result<(), StoreError> {
    may(batch, by, Action::Reports)?;
    let sql = "select author, author_name, room, settled_at is not null from report where id = ?1";
    let found = batch.connection.prepare_cached(sql)?.query_row([report], |row| {
        let author = Author { id: UserId(row.get(0)?), name: row.get(1)? };
        Ok((author, RoomId(row.get(2)?), row.get::<_, bool>(3)?))
    });
    let none = || StoreError::Refused(Refusal::new(ErrorCode::NotFound, "There is no such report."));
    let (author, room, settled) = found.optional()?.ok_or_else(none)?;
    if settled {
        return Ok(());
    }
    // The words of a message that was deleted meanwhile were kept for whoever settles this.
    let sql = "update report set settled_at = ?2, body = iif(exists (select 1 from event e where e.room = report.room
         and e.seq = report.seq and e.deleted_seq is not null), '', body) where id = ?1";
    batch.connection.prepare_cached(sql)?.execute(params![report, now.0])?;
    acts::write(batch, by, &Act::in_room("settle_report", room).whom(&author).note(note), now)
}
