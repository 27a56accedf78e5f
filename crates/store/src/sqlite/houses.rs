//! The house's own settings: what the owner chose, and until then what the program was started with.

use parlour_domain::access::{Action, Who};
use parlour_protocol::user::{Door, HouseLimits, RoomsBy};
use parlour_protocol::{ErrorCode, Refusal, Role, Timestamp, UserId};
use rusqlite::{Connection, params};

use super::acts::{self, Act};
use super::batch::Batch;
use super::{SqliteStore, moderation, rows};
use crate::{Doer, HouseChange, HouseFacts, Houses, Later, StoreError, TokenHash};

const ROW_BYTES: usize = 400;
/// Whether the house is somebody's.
const HAS_OWNER: &str = "select exists (select 1 from user where role = 'owner' and released_at is null)";

impl Houses for SqliteStore {
    fn begin(&self, name: String, door: Door, link_cards: bool, owner_link: TokenHash) -> Later<bool> {
        self.writer.write(ROW_BYTES, move |batch| {
            let free = !has_owner(batch)?;
            let sql = "update house set began_name = ?1, began_door = ?2, owner_link = ?3, began_link_cards = ?4";
            let link = free.then_some(owner_link);
            batch.connection.prepare_cached(sql)?.execute(params![name, rows::door_word(door), link, link_cards])?;
            batch.forget_door();
            Ok(free)
        })
    }

    fn is_owner_link(&self, token: TokenHash) -> Later<bool> {
        self.readers.read(move |connection| is_owner_link(connection, token))
    }

    fn house(&self) -> Later<HouseFacts> {
        self.readers.read(|connection| {
            let sql = format!(
                "select coalesce(name, began_name), coalesce(door, began_door),
                 (select count(*) from user where guest = 0 and released_at is null), ({HAS_OWNER}),
                 posts_per_second, rooms_by, coalesce(link_cards, began_link_cards) from house"
            );
            Ok(connection.prepare_cached(&sql)?.query_row([], |row| {
                let door = rows::door(&row.get::<_, String>(1)?);
                let rooms_by = rows::rooms_by(&row.get::<_, String>(5)?);
                let limits = HouseLimits { posts_per_second: row.get(4)?, rooms_by, link_cards: row.get(6)? };
                Ok(HouseFacts { name: row.get(0)?, door, people: row.get(2)?, has_owner: row.get(3)?, limits })
            })?)
        })
    }

    fn set_house(&self, by: Doer, change: HouseChange, now: Timestamp) -> Later<()> {
        self.writer.write(ROW_BYTES, move |batch| {
            moderation::may(batch, &by, Action::SetHouse)?;
            set_house(batch, &by, &change, now)
        })
    }
}

/// Whether the house is somebody's.
pub(super) fn has_owner(batch: &Batch<'_>) -> Result<bool, StoreError> {
    Ok(batch.connection.prepare_cached(HAS_OWNER)?.query_row([], |row| row.get(0))?)
}

/// Whether this is the link that makes the house somebody's own, and it is nobody's yet.
pub(super) fn is_owner_link(connection: &Connection, token: TokenHash) -> Result<bool, StoreError> {
    let sql = format!("select 1 from house where owner_link = ?1 and not ({HAS_OWNER})");
    Ok(connection.prepare_cached(&sql)?.exists([token])?)
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

/// Refuses who may not make rooms where administrators alone do.
pub(super) fn may_make_rooms(batch: &mut Batch<'_>, user: UserId) -> Result<(), StoreError> {
    let sql = "select rooms_by from house";
    let word: String = batch.connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    let has_office = matches!(batch.who(user)?, Who::Inside(Role::Administrator | Role::Owner));
    if has_office || rows::rooms_by(&word) == RoomsBy::Everyone {
        return Ok(());
    }
    let words = "Here only administrators make rooms. Ask one of them.";
    Err(StoreError::Refused(Refusal::new(ErrorCode::Forbidden, words)))
}

/// What is the same as before, and nothing at all, is no act.
fn set_house(batch: &mut Batch<'_>, by: &Doer, change: &HouseChange, now: Timestamp) -> Result<(), StoreError> {
    let HouseChange { name, door, posts_per_second, rooms_by, link_cards } = change;
    let (door, rooms_by) = (door.map(rows::door_word), rooms_by.map(rows::rooms_by_word));
    let sql = "update house set name = coalesce(?1, name), door = coalesce(?2, door),
             posts_per_second = coalesce(?3, posts_per_second), rooms_by = coalesce(?4, rooms_by),
             link_cards = coalesce(?5, link_cards)
         where coalesce(?1, name) is not name or coalesce(?2, door) is not door
             or coalesce(?3, posts_per_second) <> posts_per_second or coalesce(?4, rooms_by) <> rooms_by
             or coalesce(?5, link_cards) is not link_cards";
    let values = params![name, door, posts_per_second, rooms_by, link_cards];
    if batch.connection.prepare_cached(sql)?.execute(values)? == 0 {
        return Ok(());
    }
    batch.forget_door();
    let said = [
        name.as_ref().map(|name| format!("name: {name}")),
        door.map(|door| format!("door: {door}")),
        posts_per_second.map(|posts| format!("messages a second: {posts}")),
        rooms_by.map(|by| format!("rooms made by: {by}")),
        link_cards.map(|on| format!("link cards: {}", if on { "on" } else { "off" })),
    ];
    let note = said.into_iter().flatten().collect::<Vec<_>>().join(", ");
    acts::write(batch, by, &Act::of_the_house("set_house").note(&note), now)
}
