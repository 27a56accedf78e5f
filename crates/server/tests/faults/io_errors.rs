//! G12: the disk reports an error at one write or sync after another, and nothing is acknowledged that is not there.

use std::time::Duration;

use crate::house::House;
use crate::load::Load;

/// The n-th call of each kind fails, for n in these steps: opening, the first commits, a checkpoint, later ones.
const CALLS: [(&str, &str); 4] = [("fdatasync", "EIO"), ("fsync", "EIO"), ("pwrite64", "EIO"), ("pwrite64", "ENOSPC")];
const TURNS: [u32; 9] = [1, 2, 3, 5, 8, 13, 21, 34, 55];
/// A house that met an error of the disk has this long to say so and end.
const PATIENCE: Duration = Duration::from_secs(15);

fn strace_is_here() -> bool {
    let tried = std::process::Command::new("strace").args(["-f", "-o", "/dev/null", "true"]).output();
    tried.is_ok_and(|output| output.status.success())
}

/// Lets the `turn`-th such call after the start fail under load; says what is wrong afterwards, and whether the house ended.
async fn fail(call: &str, error: &str, turn: u32, without: &str) -> (Vec<String>, bool, usize) {
    let mut house = House::start();
    house.may_fail();
    if !without.is_empty() {
        house.set_variable("PARLOUR_WITHOUT", without);
    }
    let load = Load::new(house.address).await;
    house.terminate();
    let inject = format!("inject={call}:error={error}:when={turn}");
    house.wrap(&["strace", "-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={call}"), "-e", &inject]);
    let ended = if house.try_restart() {
        let running = load.begin();
        let ended = tokio::time::timeout(PATIENCE, async {
            while !house.has_ended() && load.acknowledged() < 400 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            house.has_ended()
        });
        let ended = ended.await.expect("the house neither ends nor goes on");
        house.kill();
        running.end().await;
        ended
    } else {
        // It did not start, and said why.
        true
    };
    house.wrap(&[]);
    house.restart();
    let wrongs = load.wrongs().await;
    (wrongs, ended, load.acknowledged())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn log_2_g12_an_error_of_the_disk_at_any_moment_acknowledges_nothing_that_is_not_there() {
    assert!(strace_is_here(), "strace is not installed or may not trace: run this test as root, on Linux");
    let (mut ends, mut acknowledged) = (0, 0);
    for (call, error) in CALLS {
        for turn in TURNS {
            let (wrongs, ended, told) = fail(call, error, turn, "").await;
            assert!(wrongs.is_empty(), "{call} {error} at {turn}: {wrongs:#?}");
            (ends, acknowledged) = (ends + u32::from(ended), acknowledged + told);
        }
    }
    let tried = CALLS.len() * TURNS.len();
    println!("G12: {tried} errors of the disk, {ends} ended the house, {acknowledged} acknowledged, 0 lost");
    assert!(ends > 9, "hardly any error was noticed");
    let mut noticed = false;
    for turn in TURNS {
        let (wrongs, ..) = fail("pwrite64", "EIO", turn, "stop_on_io_error").await;
        noticed |= !wrongs.is_empty();
    }
    assert!(noticed, "control: a house that goes on after an error lost nothing: these errors prove nothing");
    println!("G12 control, going on after an error: noticed");
}
