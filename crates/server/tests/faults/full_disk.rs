//! G13: the disk fills up and empties again. Sends are refused with a reason, history is served all along, and sending works
//! within five seconds of the space coming back, without a restart.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use parlour_client::{ClientError, Session};
use parlour_protocol::{ErrorCode, RoomId, Seq};

use crate::house::House;
use crate::load::Load;
use crate::people::{enter, post, refused};
use crate::raw::Raw;

const RECOVERY: Duration = Duration::from_secs(5);
const PATIENCE: Duration = Duration::from_secs(30);

/// Takes all the space that is left but for about `rest` bytes.
fn fill(folder: &Path, rest: u64) {
    let disk = rustix::fs::statvfs(folder).unwrap();
    let free = disk.f_bavail * disk.f_frsize;
    let filler = vec![7; usize::try_from(free.saturating_sub(rest)).unwrap()];
    // The last bytes may not fit, which is the point.
    let _ = fs::write(folder.join("filler"), filler);
}

async fn until(what: &str, limit: Duration, done: impl Fn() -> bool) -> Duration {
    let began = Instant::now();
    while !done() {
        assert!(began.elapsed() < limit, "{what} took longer than {limit:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    began.elapsed()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn msg_6_g13_a_full_disk_refuses_serves_history_and_recovers_without_a_restart() {
    let mut house = House::start_on_disk(32);
    house.may_fail();
    let load = Load::new(house.address).await;
    let reader = Session::sign_in(house.address, "another reader").await.unwrap();
    let running = load.begin();
    until("the first messages", PATIENCE, || load.acknowledged() > 100).await;
    fill(&house.folder(), 200 * 1024);
    until("a refusal", PATIENCE, || load.refused_as_full() > 50).await;
    let page = reader.history(RoomId::LOBBY, "limit=200").await.unwrap();
    assert!(page.events.len() > 100, "history is served while the disk is full");
    let before = load.acknowledged();
    fs::remove_file(house.folder().join("filler")).unwrap();
    let recovery = until("sending again", RECOVERY, || load.acknowledged() > before).await;
    println!("G13: sending works {recovery:?} after the space came back");
    // Full to the last byte, and killed: it starts all the same, since the ballast makes room, and serves what it has.
    fill(&house.folder(), 0);
    let refused = load.refused_as_full();
    until("a refusal", PATIENCE, || load.refused_as_full() > refused).await;
    house.kill();
    running.end().await;
    house.restart();
    let wrongs = load.wrongs().await;
    assert!(wrongs.is_empty(), "{wrongs:#?}");
    fs::remove_file(house.folder().join("filler")).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn g13_control_without_the_margin_nothing_is_refused_before_the_last_byte() {
    let mut house = House::start_on_disk(32);
    house.may_fail();
    house.kill();
    house.set_variable("PARLOUR_WITHOUT", "space_margin");
    house.restart();
    let load = Load::new(house.address).await;
    fill(&house.folder(), 400 * 1024);
    let running = load.begin();
    let before = load.acknowledged();
    until("a message below the margin", PATIENCE, || load.acknowledged() > before + 50).await;
    assert_eq!(load.refused_as_full(), 0, "without the margin the disk is filled by us");
    running.end().await;
}

#[tokio::test]
async fn msg_6_on_a_full_disk_messages_are_refused_as_store_full_and_reading_goes_on() {
    let house = House::start_on_disk(6);
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    assert_eq!(ada.post(RoomId::LOBBY, "before").await.unwrap(), Seq(1));
    let filler = house.folder().join("filler");
    let mut file = fs::File::create(&filler).unwrap();
    while file.write_all(&[0; 4_096]).is_ok() {}
    drop(file);
    let (refused_first, refusal) = loop {
        // A page or two of the log may have been left.
        let said = post("z".repeat(16_000));
        match ada.request(said.clone()).await {
            Ok(_) => {}
            Err(ClientError::Refused(refusal)) => break (said, refusal),
            Err(error) => panic!("{error}"),
        }
    };
    assert_eq!(refusal.code, ErrorCode::StoreFull);
    assert!(refusal.retry_after_ms.is_some());
    let head = ada_session.history(RoomId::LOBBY, "").await.unwrap().head;
    assert_eq!(refused(&mut ada, refused_first.clone()).await.code, ErrorCode::StoreFull);
    assert_eq!(ada_session.history(RoomId::LOBBY, "").await.unwrap().head, head, "nothing was done");
    // A classic client has no refusal: its message waits, and comes when there is room (OLD-5).
    let mut classic = Raw::classic(house.address).await;
    classic.say("patient").await;
    fs::remove_file(&filler).unwrap();
    // Sent again with its id it is taken, once the house has noticed that there is room.
    let taken = async {
        while let Err(error) = ada.request(refused_first.clone()).await {
            assert!(matches!(&error, ClientError::Refused(refusal) if refusal.code == ErrorCode::StoreFull), "{error}");
        }
    };
    tokio::time::timeout(Duration::from_secs(5), taken).await.unwrap();
    ada.post(RoomId::LOBBY, "after").await.unwrap();
    loop {
        if classic.hears_body().await == "patient" {
            break;
        }
    }
    let log = ada_session.whole_log(RoomId::LOBBY).await.unwrap();
    assert!(log.iter().map(|event| event.seq.0).eq(1..=log.len() as u64), "log_1: no seq is skipped");
}
