//! The house's own settings: what the owner chose, and until then what the program was started with.

use parlour_domain::access::Action;
use parlour_protocol::user::Door;
use parlour_protocol::{ErrorCode, Refusal, Timestamp};
use rusqlite::params;

use super::acts::{self, Act};
use super::batch::Batch;
use super::{SqliteStore, moderation, rows};
use crate::{Doer, HouseFacts, Houses, Later, StoreError, TokenHash};

const ROW_BYTES: usize = 400;
/// Whether the house is somebody's.
const HAS_OWNER: &str = "select exists (select 1 from user where role = 'owner' and released_at is null)";

impl Houses for SqliteStore {
    fn begin(&self, name: String, door: Door, owner_link: TokenHash) -> Later<bool> {
        self.writer.write(ROW_BYTES, move |batch| {
            let free = !has_owner(batch)?;
            let sql = "update house set began_name = ?1, began_door = ?2, owner_link = ?3";
            let link = free.then_some(owner_link);
            batch.connection.prepare_cached(sql)?.execute(params![name, rows::door_word(door), link])?;
            batch.forget_door();
            Ok(free)
        })
    }

    fn house(&self) -> Later<HouseFacts> {
        self.readers.read(|connection| {
            let sql = format!(
                "select coalesce(name, began_name), coalesce(door, began_door),
                 (select count(*) from user where guest = 0 and released_at is null), ({HAS_OWNER}) from house"
            );
            Ok(connection.prepare_cached(&sql)?.query_row([], |row| {
                let door = rows::door(&row.get::<_, String>(1)?);
                Ok(HouseFacts { name: row.get(0)?, door, people: row.get(2)?, has_owner: row.get(3)? })
            })?)
        })
    }

    fn set_house(&self, by: Doer, name: Option<String>, door: Option<Door>, now: Timestamp) -> Later<()> {
        self.writer.write(ROW_BYTES, move |batch| {
            moderation::may(batch, &by, Action::SetHouse)?;
            set_house(batch, &by, name.as_deref(), door, now)
        })
    }
}

/// Whether the house is somebody's.
pub(super) fn has_owner(batch: &Batch<'_>) -> Result<bool, StoreError> {
    Ok(batch.connection.prepare_cached(HAS_OWNER)?.query_row([], |row| row.get(0))?)
}

/// Makes the owner link anew while the house is nobody's.
pub(super) fn renew_owner_link(batch: &Batch<'_>, token: TokenHash, now: Timestamp) -> Result<(), StoreError> {
    if has_owner(batch)? {
        let words = "The house has an owner. For a forgotten password: parlour user reset-link HANDLE";
        return Err(StoreError::Refused(Refusal::new(ErrorCode::Forbidden, words)));
    }
    batch.connection.prepare_cached("update house set owner_link = ?1")?.execute([token])?;
    acts::write(batch, &Doer::CommandLine, &Act::of_the_house("owner_link"), now)
}

/// What is the same as before, and nothing at all, is no act.
fn set_house(
    batch: &mut Batch<'_>,
    by: &Doer,
    name: Option<&str>,
    door: Option<Door>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let door = door.map(rows::door_word);
    let sql = "update house set name = coalesce(?1, name), door = coalesce(?2, door)
         where coalesce(?1, name) is not name or coalesce(?2, door) is not door";
    if batch.connection.prepare_cached(sql)?.execute(params![name, door])? == 0 {
        return Ok(());
    }
    batch.forget_door();
    let said = [name.map(|name| format!("name: {name}")), door.map(|door| format!("door: {door}"))];
    let note = said.into_iter().flatten().collect::<Vec<_>>().join(", ");
    acts::write(batch, by, &Act::of_the_house("set_house").note(&note), now)
}
