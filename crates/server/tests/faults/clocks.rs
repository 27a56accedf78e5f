//! G14: the wall clock jumps back an hour, ahead a day, and past 2038. Order, once-only and sessions do not notice.

use std::fs;
use std::path::Path;
use std::time::Duration;

use parlour_client::{Client, Session};
use parlour_protocol::{ClientId, Hello, RoomId, Timestamp};

use crate::house::{House, library};
use crate::load::Load;

/// 19 January 2038, 03:14:08 UTC: one second past what 32 bits hold.
const AFTER_2038: &str = "@2038-01-20 00:00:00";

fn set(clock: &Path, to: &str) {
    fs::write(clock, format!("{to}\n")).unwrap();
}

/// A house with a clock of its own.
fn house_with_clock(faketime: &Path, clock: &Path, without: &str) -> House {
    set(clock, "+0");
    let variables = [
        ("LD_PRELOAD", faketime.to_str().unwrap()),
        ("FAKETIME_TIMESTAMP_FILE", clock.to_str().unwrap()),
        ("FAKETIME_NO_CACHE", "1"),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ("PARLOUR_WITHOUT", without),
    ];
    House::start_among(&["--rate-limits", "off"], &variables, None)
}

async fn keeps(load: &Load, more: usize, jump: &str) {
    let wanted = load.acknowledged() + more;
    let kept = async {
        while load.acknowledged() < wanted {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), kept).await.unwrap_or_else(|_| panic!("nothing is kept at {jump}"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn log_1_g14_no_jump_of_the_clock_turns_order_once_only_or_sessions_around() {
    let faketime = library("faketime/libfaketime.so.1");
    let folder = tempfile::tempdir().unwrap();
    let clock = folder.path().join("clock");
    let mut house = house_with_clock(&faketime, &clock, "");
    let load = Load::new(house.address).await;
    let ada = Session::sign_in(house.address, "Ada").await.unwrap();
    let id = ClientId(uuid::Uuid::now_v7());
    let (mut client, _) = Client::connect(&ada, Hello::default()).await.unwrap();
    let (first, _) = client.post_as(RoomId::LOBBY, id, "once, whatever the time").await.unwrap();
    for jump in ["-3600", "+86400", AFTER_2038, "+0"] {
        let running = load.begin();
        // Everyone is in before the clock jumps: a new connection in 2038 is another matter.
        keeps(&load, 50, jump).await;
        set(&clock, jump);
        keeps(&load, 100, jump).await;
        assert_eq!(client.post_as(RoomId::LOBBY, id, "again").await.unwrap(), (first, true), "{jump}");
        running.end().await;
        if jump != AFTER_2038 {
            // The session is years past its end only in 2038.
            assert_eq!(ada.get("/api/v1/rooms").await.unwrap().status, 200, "{jump}");
        } else {
            assert_eq!(ada.get("/api/v1/rooms").await.unwrap().status, 401, "a session does not live for 11 years");
            set(&clock, "+0");
        }
    }
    house.terminate();
    house.restart();
    let wrongs = load.wrongs().await;
    assert!(wrongs.is_empty(), "{wrongs:#?}");
    let log = load.log().await.unwrap();
    assert!(log.last().unwrap().at > Timestamp(2_147_483_648_000), "the log went past 2038 and stays there");
    println!("G14: {} messages over jumps of -1 h, +1 day, 2038 and back, 0 wrong", log.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn g14_control_without_the_clamp_a_log_runs_backwards() {
    let faketime = library("faketime/libfaketime.so.1");
    let folder = tempfile::tempdir().unwrap();
    let clock = folder.path().join("clock");
    let house = house_with_clock(&faketime, &clock, "clamped_time");
    let load = Load::new(house.address).await;
    let ada = Session::sign_in(house.address, "Ada").await.unwrap();
    let (mut client, _) = Client::connect(&ada, Hello::default()).await.unwrap();
    client.post(RoomId::LOBBY, "now").await.unwrap();
    set(&clock, "-3600");
    client.post(RoomId::LOBBY, "an hour ago").await.unwrap();
    let wrongs = load.wrongs().await;
    assert!(wrongs.iter().any(|wrong| wrong.contains("earlier than the one before")), "control: {wrongs:?}");
}
