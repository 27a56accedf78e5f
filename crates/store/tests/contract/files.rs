//! The file and its folder: one owner at a time, damage found early, lives told apart.

use std::sync::Arc;

use parlour_protocol::{RoomId, Seq};
use parlour_store::{OpenError, Options, PageOf, Store};

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
    std::fs::write(house.folder.path().join("parlour.db"), "not a database, but long enough to be taken for one")
        .unwrap();
    let said = why(try_open(&house)).to_string();
    assert!(said.contains("damaged") && said.contains("backup") && !said.contains('\n'), "{said}");
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

#[cfg(unix)]
#[tokio::test]
async fn s109_nobody_but_the_owner_reads_a_house_s_data() {
    use std::os::unix::fs::PermissionsExt;
    let house = House::new();
    let ada = house.person("Ada").await;
    house.says(&ada, RoomId::LOBBY, "hello").await.unwrap();
    let mode = |name: &str| std::fs::metadata(house.folder.path().join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(""), mode("parlour.db"), mode("parlour.db-wal")), (0o700, 0o600, 0o600));
}

#[tokio::test]
async fn msg_6_a_full_queue_refuses_and_writes_nothing() {
    let house = House::new();
    let ada = house.person("Ada").await;
    let big = "x".repeat(16 * 1024);
    let answers: Vec<_> = (0..6_000).map(|_| house.store.append(crate::message(&ada, RoomId::LOBBY, &big))).collect();
    let mut written = 0;
    for answer in answers {
        match answer.await {
            Ok(_) => written += 1,
            Err(error) => assert_eq!(error, parlour_store::StoreError::Busy),
        }
    }
    assert!(written < 6_000, "more was queued than the bound allows");
    assert_eq!(house.store.lobby().await.unwrap().head, Seq(written));
}
