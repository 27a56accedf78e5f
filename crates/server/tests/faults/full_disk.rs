//! G13: the disk fills up and empties again. Sends are refused with a reason, history is served all along, and sending works
//! within five seconds of the space coming back, without a restart.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use parlour_client::Session;
use parlour_protocol::RoomId;

use crate::house::House;
use crate::load::Load;

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
    let Some(mut house) = House::start_on_disk(32) else {
        return println!("G13 full disk: not run (no tmpfs can be mounted here: be root)");
    };
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
    let Some(mut house) = House::start_on_disk(32) else {
        return println!("G13 control: not run (no tmpfs can be mounted here: be root)");
    };
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
