//! One file out of a running house, and back as another life of it (S104, LOG-9).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parlour_protocol::{RoomId, Seq};
use parlour_store::{BackupError, OpenError, PageOf, Restored, WaysIn, backup, restore};

use crate::{House, message};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s104_a_backup_under_writes_is_one_moment_of_the_house_and_nobody_else_s_to_read() {
    let house = House::new();
    let (ada, bob) = (house.person("Ada").await, house.person("Bob").await);
    let room = house.room(&bob, "tea").await.room.id;
    for n in 0..200 {
        house.says(&ada, RoomId::LOBBY, &n.to_string()).await.unwrap();
    }
    let stop = Arc::new(AtomicBool::new(false));
    let (begun, has_begun) = tokio::sync::oneshot::channel();
    let writing = {
        let (store, stop, bob) = (Arc::clone(&house.store), Arc::clone(&stop), bob.clone());
        tokio::spawn(async move {
            let mut last = store.append(message(&bob, room, "first")).await.unwrap().event.seq.0;
            begun.send(()).unwrap();
            while !stop.load(Ordering::Acquire) {
                last = store.append(message(&bob, room, "while it is made")).await.unwrap().event.seq.0;
            }
            last
        })
    };
    let (folder, file) = (house.folder.path().to_owned(), house.folder.path().join("backup.db"));
    let to = file.clone();
    has_begun.await.unwrap();
    let contents = tokio::task::spawn_blocking(move || backup(&folder, &to)).await.unwrap().unwrap();
    stop.store(true, Ordering::Release);
    let written = writing.await.unwrap();
    let copy = rusqlite::Connection::open(&file).unwrap();
    // Every log in it is whole up to its head.
    let holes = "select count(*) from room r where r.head <> (select count(*) from event e where e.room = r.id)";
    assert_eq!(copy.query_row(holes, [], |row| row.get::<_, u64>(0)).unwrap(), 0);
    let events: u64 = copy.query_row("select count(*) from event", [], |row| row.get(0)).unwrap();
    assert_eq!((contents.rooms, contents.events), (2, events));
    assert!(events > 201 && events < 200 + written, "{events} of {written}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert!(matches!(backup(house.folder.path(), &file), Err(BackupError::Exists(_))));
    assert!(!house.folder.path().join("backup.db.unfinished").exists());
}

#[tokio::test]
async fn log_9_a_restore_is_another_life_and_keeps_what_was_there() {
    let house = House::new();
    let ada = house.person("Ada").await;
    house.says(&ada, RoomId::LOBBY, "kept").await.unwrap();
    let outside = tempfile::tempdir().unwrap();
    let file = outside.path().join("backup.db");
    backup(house.folder.path(), &file).unwrap();
    house.says(&ada, RoomId::LOBBY, "lost").await.unwrap();
    let epoch = house.store.epoch();
    let running = restore(&file, house.folder.path(), WaysIn::Keep);
    assert!(matches!(running, Err(BackupError::House(OpenError::InUse(_)))), "{running:?}");
    house.store.close();
    let Restored { contents, kept, .. } = restore(&file, house.folder.path(), WaysIn::Keep).unwrap();
    assert_eq!(contents.events, 1);
    let house = house.reopened();
    assert_ne!(house.store.epoch(), epoch);
    assert_eq!(house.says(&ada, RoomId::LOBBY, "after").await.unwrap().seq, Seq(2));
    let page = house.store.page(RoomId::LOBBY, ada.id, PageOf::Newest, 9).await.unwrap();
    assert_eq!(page.events.len(), 2);
    let before = rusqlite::Connection::open(kept.unwrap().join("parlour.db")).unwrap();
    let lost = "select count(*) from event where body = 'lost'";
    assert_eq!(before.query_row(lost, [], |row| row.get::<_, u64>(0)).unwrap(), 1);
    // A second restore of the same file is a third life, not the second again.
    let second = house.store.epoch();
    house.store.close();
    restore(&file, house.folder.path(), WaysIn::Keep).unwrap();
    assert_ne!(house.reopened().store.epoch(), second);
}

#[tokio::test]
async fn a_file_that_is_no_whole_backup_is_refused_and_the_house_stays_as_it_was() {
    let house = House::new();
    let ada = house.person("Ada").await;
    for n in 0..300 {
        house.says(&ada, RoomId::LOBBY, &format!("{n} {}", "x".repeat(400))).await.unwrap();
    }
    let outside = tempfile::tempdir().unwrap();
    let file = outside.path().join("backup.db");
    backup(house.folder.path(), &file).unwrap();
    let whole = std::fs::read(&file).unwrap();
    house.store.close();
    let mut damaged = whole.clone();
    // The head of a page: what is damaged within a text is a text.
    let middle = whole.len() / 2 / 4_096 * 4_096;
    damaged[middle..middle + 2_000].fill(0xA5);
    for bytes in [&b"no database at all"[..], &whole[..whole.len() / 2], &damaged] {
        std::fs::write(&file, bytes).unwrap();
        let refused = restore(&file, house.folder.path(), WaysIn::Keep).unwrap_err();
        assert!(matches!(refused, BackupError::NotWhole(..)), "{refused}");
    }
    std::fs::write(&file, &whole).unwrap();
    rusqlite::Connection::open(&file).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert!(matches!(restore(&file, house.folder.path(), WaysIn::Keep), Err(BackupError::Newer(_, 99, _))));
    let house = house.reopened();
    assert_eq!(house.says(&ada, RoomId::LOBBY, "still here").await.unwrap().seq, Seq(301));
    assert!(matches!(backup(outside.path(), &file), Err(BackupError::NoHouse(_))));
}
