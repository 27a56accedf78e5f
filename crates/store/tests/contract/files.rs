//! The file and its folder: one owner at a time, damage found early, lives told apart.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parlour_protocol::{RoomId, Seq};
use parlour_store::{OpenError, Options, PageOf, Pipeline, Store, StoreError};

use crate::House;

fn try_open(house: &House) -> Result<Arc<dyn Store>, OpenError> {
    let options = Options { folder: house.folder.path().to_owned() };
    parlour_store::open(&options, Arc::new(|_| ()), Arc::new(|| ()))
}

fn why(result: Result<Arc<dyn Store>, OpenError>) -> OpenError {
    result.map(|_| ()).expect_err("it is refused")
}

#[tokio::test]
async fn a_second_store_on_one_folder_is_refused_until_the_first_is_closed() {
    let house = House::new();
    assert!(matches!(why(try_open(&house)), OpenError::InUse(_)));
    house.store.close();
    assert!(try_open(&house).is_ok());
}

#[tokio::test]
async fn what_is_no_database_or_a_later_one_is_refused_with_what_to_do() {
    let house = House::new();
    house.store.close();
    house.database().pragma_update(None, "user_version", 99).unwrap();
    assert!(matches!(why(try_open(&house)), OpenError::Newer(_, 99, _)));
    for name in ["parlour.db", "parlour.db-wal", "parlour.db-shm"] {
        let _ = std::fs::remove_file(house.folder.path().join(name));
    }
    let database = house.folder.path().join("parlour.db");
    std::fs::write(&database, "not a database, but long enough to be taken for one").unwrap();
    keep_from_others(&database);
    let said = why(try_open(&house)).to_string();
    assert!(said.contains("damaged") && said.contains("backup") && !said.contains('\n'), "{said}");
}

/// Takes a database of today back to the second schema.
const SECOND_SCHEMA: &str = "pragma foreign_keys = off;
     alter table event drop column cards;
     drop table file_gone; drop table file; alter table event drop column files;
     drop table follow; drop table saved; drop table pin; drop table mention; drop table reaction;
     drop index event_said; drop index event_in_thread; drop index event_by_target;
     alter table event drop column quote; alter table event drop column thread;
     alter table event drop column also_in_room; alter table event drop column mentions;
     alter table event drop column edited_seq; alter table event drop column deleted_seq;
     alter table event drop column withheld; alter table member drop column notify;
     create index event_said on event (room, seq, actor) where kind in ('message', 'binary');
     drop table identity; drop table passkey; drop table recovery_code; drop table totp; drop table knock;
     drop table reset_link; drop table invitation_room; drop table invitation; drop table known_device; drop table house;
     drop index user_by_handle; drop index user_by_email; drop index user_by_passkey_owner;
     alter table user drop column passkey_owner;
     alter table user drop column handle; alter table user drop column handle_skeleton;
     alter table user drop column email; alter table user drop column password;
     alter table session drop column device;
     drop table admin_act; drop table report; drop table block;
     alter table user drop column role; alter table user drop column suspended_at;
     alter table member drop column role; alter table member drop column said_at;
     alter table member drop column removed;
     alter table meta drop column errands;
     drop index room_by_name;
     create table old_room (
         id            integer primary key,
         shard         integer not null references shard (id),
         name          text not null,
         name_skeleton text not null unique,
         topic         text not null,
         kind          text not null check (kind in ('lobby', 'open')),
         head          integer not null,
         msgs          integer not null,
         floor         integer not null,
         members       integer not null,
         last_at       integer not null,
         created_by    integer references user (id),
         created_at    integer not null
     ) strict;
     insert into old_room select id, shard, name, name_skeleton, topic, kind, head, msgs, floor, members, last_at,
         created_by, created_at from room;
     drop table room;
     alter table old_room rename to room;
     pragma user_version = 2;";

/// Every row of the tables that the third schema makes anew or adds to, as text.
fn kept(house: &House) -> Vec<String> {
    let tables = [
        "select json_array(id, shard, name, name_skeleton, topic, kind, head, msgs, floor, members, last_at, created_by,
            created_at) from room",
        "select json_array(id, name, name_skeleton, guest, created_at, released_at) from user",
        "select json_array(room, user, since_seq, until_seq, read_seq) from member",
        "select json_array(room, seq, kind, actor, actor_name, hex(nonce), mseq, rev, at, body) from event",
    ];
    let database = house.database();
    let rows = |sql: &str| -> Vec<String> {
        let mut statement = database.prepare(sql).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    tables.iter().flat_map(|sql| rows(sql)).collect()
}

#[tokio::test]
async fn log_9_a_database_of_the_second_schema_is_brought_on_with_every_row_and_roles_beside_them() {
    let house = House::new();
    let (ada, bea) = (house.person("Ada").await, house.person("Bea").await);
    house.store.guest("guest-1".to_owned(), "guest-1".to_owned(), crate::at(0)).await.unwrap();
    let tea = house.room(&ada, "tea").await.room.id;
    let left = house.room(&ada, "cocoa").await.room.id;
    house.store.join_room(left, bea.clone(), crate::at(1)).await.unwrap();
    house.store.leave_room(left, ada.clone(), crate::at(2)).await.unwrap();
    house.says(&ada, tea, "before").await.unwrap();
    house.store.close();
    let epoch = house.store.epoch();
    house.database().execute_batch(SECOND_SCHEMA).unwrap();
    let before = kept(&house);
    let house = house.reopened();
    assert_eq!(house.store.epoch(), epoch, "an upgrade is no other life");
    // The guest of a process that ended is let go at every start.
    let changed: Vec<String> = kept(&house).into_iter().filter(|row| !before.contains(row)).collect();
    assert!(changed.iter().all(|row| row.contains("guest-1") || row.starts_with("[1,")), "{changed:?}");
    let database = house.database();
    let said = |sql: &str| -> String { database.query_row(sql, [], |row| row.get(0)).unwrap() };
    let roles = "select group_concat(name || ' ' || role, ', ') from user where suspended_at is null order by id";
    assert_eq!(said(roles), "Ada member, Bea member, guest-1 guest");
    let managers = "select group_concat(room || ' ' || user || ' ' || role, ', ') from
         (select * from member where room > 1 order by room, user)";
    assert_eq!(said(managers), format!("{tea} 1 manager, {left} 1 member, {left} 2 member"));
    let rooms = "select group_concat(id || ' ' || post_by || ' ' || slow_s || ' ' || history, ', ') from room
         where archived_at is null and direct_key is null";
    assert_eq!(said(rooms), format!("1 everyone 0 all, {tea} everyone 0 all, {left} everyone 0 all"));
    assert_eq!(house.says(&ada, tea, "after").await.unwrap().seq, Seq(3));
    assert_eq!(crate::refused(house.says(&ada, left, "gone").await), parlour_protocol::ErrorCode::NotFound);
}

#[tokio::test]
async fn log_3_a_database_of_the_first_schema_is_brought_on_and_knows_its_messages_again() {
    let house = House::new();
    let ada = house.person("Ada").await;
    let message = crate::message(&ada, RoomId::LOBBY, "before");
    let first = house.store.append(message.clone()).await.unwrap().event;
    house.store.close();
    let first_schema = "drop index event_once;
         create unique index event_once on event (room, actor, nonce) where nonce is not null;
         pragma user_version = 1;";
    house.database().execute_batch(SECOND_SCHEMA).unwrap();
    house.database().execute_batch(first_schema).unwrap();
    let store = try_open(&house).unwrap();
    let again = store.append(message).await.unwrap();
    assert!(again.duplicate && again.event.seq == first.seq);
    let now: (i64, String) = house
        .database()
        .query_row(
            "select (select user_version from pragma_user_version), sql from sqlite_schema where name = 'event_once'",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    assert!(now.0 == 10 && now.1.contains("(nonce, room, actor)"), "{now:?}");
}

#[tokio::test]
async fn damage_in_the_middle_is_found_at_start() {
    let house = House::new();
    let ada = house.person("Ada").await;
    for n in 0..300 {
        house.says(&ada, RoomId::LOBBY, &format!("{n} {}", "x".repeat(400))).await.unwrap();
    }
    house.store.close();
    let file = house.folder.path().join("parlour.db");
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 4096].fill(0xA5);
    std::fs::write(&file, bytes).unwrap();
    assert!(matches!(why(try_open(&house)), OpenError::Damaged(..)));
}

#[tokio::test]
async fn log_9_the_log_and_its_epoch_survive_a_restart_and_another_life_has_another_epoch() {
    let house = House::new();
    let ada = house.person("Ada").await;
    house.says(&ada, RoomId::LOBBY, "before").await.unwrap();
    let epoch = house.store.epoch();
    let house = house.reopened();
    assert_eq!(house.store.epoch(), epoch);
    assert_eq!(house.says(&ada, RoomId::LOBBY, "after").await.unwrap().seq, Seq(2));
    house.store.close();
    house.database().execute("update meta set life = life + 1", []).unwrap();
    let house = house.reopened();
    assert_ne!(house.store.epoch(), epoch);
    let page = house.store.page(RoomId::LOBBY, ada.id, PageOf::Newest, 9).await.unwrap();
    assert_eq!((page.epoch, page.events.len()), (house.store.epoch(), 2));
}

fn put_back(house: &House, file: &str) {
    let database = house.folder.path().join("parlour.db");
    std::fs::copy(house.folder.path().join(file), &database).unwrap();
    keep_from_others(&database);
}

/// As the refusal of a file that others may read says to (S32).
fn keep_from_others(file: &Path) {
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600)).unwrap();
}

/// A whole copy of the running database, as a careful operator makes one.
fn copy_to(house: &House, file: &str) {
    let path = house.folder.path().join(file);
    house.database().execute("vacuum into ?1", [path.to_str()]).unwrap();
}

#[tokio::test]
async fn log_9_a_copy_put_back_by_hand_begins_another_life_and_a_restart_does_not() {
    let house = House::new();
    let ada = house.person("Ada").await;
    house.says(&ada, RoomId::LOBBY, "kept").await.unwrap();
    copy_to(&house, "early.db");
    house.says(&ada, RoomId::LOBBY, "lost").await.unwrap();
    copy_to(&house, "late.db");
    let first = house.store.epoch();
    house.store.close();
    put_back(&house, "early.db");
    let house = house.reopened();
    let second = house.store.epoch();
    assert_ne!(second, first, "of this very run, but with fewer commits than were seen");
    assert_eq!(house.says(&ada, RoomId::LOBBY, "told apart").await.unwrap().seq, Seq(2));
    let house = house.reopened().reopened();
    assert_eq!(house.store.epoch(), second, "a restart is no other life");
    house.store.close();
    put_back(&house, "late.db");
    let house = house.reopened();
    assert!(house.store.epoch() != first && house.store.epoch() != second, "as many commits, but of a run long gone");
}

#[tokio::test]
async fn log_9_a_house_moved_without_its_life_begins_another_and_a_power_cut_at_start_does_not() {
    let house = House::new();
    let run =
        |house: &House| -> String { house.database().query_row("select run from meta", [], |row| row.get(0)).unwrap() };
    let (epoch, before) = (house.store.epoch(), run(&house));
    let house = house.reopened();
    assert_ne!(run(&house), before);
    house.store.close();
    // The power went after `parlour.life` was written and before the database was.
    house.database().execute("update meta set run = ?1", [&before]).unwrap();
    let house = house.reopened();
    assert_eq!(house.store.epoch(), epoch);
    house.store.close();
    std::fs::remove_file(house.folder.path().join("parlour.life")).unwrap();
    let house = house.reopened();
    assert_ne!(house.store.epoch(), epoch);
}

#[cfg(unix)]
#[tokio::test]
async fn s109_nobody_but_the_owner_reads_what_we_make_and_a_folder_that_was_there_keeps_its_rights() {
    use std::os::unix::fs::PermissionsExt;
    let outside = tempfile::tempdir().unwrap();
    let open = |name: &str| {
        let options = Options { folder: outside.path().join(name) };
        parlour_store::open(&options, Arc::new(|_| ()), Arc::new(|| ())).unwrap()
    };
    let mode = |name: &str| std::fs::metadata(outside.path().join(name)).unwrap().permissions().mode() & 0o777;
    let store = open("made");
    crate::comes(&*store, "Ada", crate::token("Ada"), crate::at(0)).await.unwrap();
    assert_eq!(mode("made"), 0o700);
    for file in ["parlour.db", "parlour.db-wal", "parlour.life", "parlour.lock"] {
        assert_eq!(mode(&format!("made/{file}")) & 0o077, 0, "{file}");
    }
    std::fs::create_dir(outside.path().join("there")).unwrap();
    std::fs::set_permissions(outside.path().join("there"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let other = open("there");
    assert_eq!((mode("there"), mode("there/parlour.db")), (0o755, 0o600));
    drop((store, other));
}

#[tokio::test]
async fn msg_6_and_log_4_a_full_queue_refuses_and_writes_nothing_behind_what_it_refused() {
    let house = House::new();
    let ada = house.person("Ada").await;
    let (big, pipeline) = ("x".repeat(16 * 1024), Pipeline::default());
    let answers: Vec<_> = (0..6_000)
        .map(|place| {
            let mut message = crate::message(&ada, RoomId::LOBBY, &big);
            message.pipeline = pipeline.at(place);
            house.store.append(message)
        })
        .collect();
    let (mut written, mut refused) = (0, 0);
    for answer in answers {
        match answer.await {
            Ok(_) if refused == 0 => written += 1,
            Ok(appended) => panic!("{:?} was written behind a refused one", appended.event.seq),
            Err(error) => {
                // There may be a place in the queue again: then it is refused because of those before it.
                let busy =
                    matches!(&error, StoreError::Refused(refusal) if refusal.code == parlour_protocol::ErrorCode::Busy);
                assert!(busy || error == StoreError::Busy, "{error:?}");
                refused += 1;
            }
        }
    }
    assert!(refused > 0, "more was queued than the bound allows");
    assert!(written >= 500, "what had a place in the queue was written: {written}");
    assert_eq!(house.store.lobby().await.unwrap().head, Seq(written));
}

#[tokio::test]
async fn msg_6_while_another_program_holds_the_file_writes_are_refused_and_nothing_else_happens() {
    let house = House::new();
    let ada = house.person("Ada").await;
    let other = house.database();
    other.execute_batch("begin immediate").unwrap();
    let (one, two) = (house.says(&ada, RoomId::LOBBY, "one"), house.says(&ada, RoomId::LOBBY, "two"));
    let (one, two) = (one.await, two.await);
    assert_eq!((one.unwrap_err(), two.unwrap_err()), (StoreError::Busy, StoreError::Busy));
    assert_eq!(house.store.lobby().await.unwrap().head, Seq::ZERO);
    other.execute_batch("rollback").unwrap();
    assert_eq!(house.says(&ada, RoomId::LOBBY, "three").await.unwrap().seq, Seq(1));
}

#[tokio::test]
async fn s99_a_writer_that_panicked_is_said_to_be_broken_and_acknowledges_nothing_more() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { folder: folder.path().to_owned() };
    let broken = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&broken);
    let on_commit = Arc::new(|_| panic!("on purpose"));
    let store =
        parlour_store::open(&options, on_commit, Arc::new(move || told.store(true, Ordering::Release))).unwrap();
    let ada = crate::comes(&*store, "Ada", crate::token("Ada"), crate::at(0)).await.unwrap();
    for _ in 0..2 {
        let error = store.append(crate::message(&ada, RoomId::LOBBY, "hello")).await.unwrap_err();
        assert_eq!(error, StoreError::Broken);
    }
    assert!(broken.load(Ordering::Acquire));
}
