//! G9: back after any absence, a reader has every event after its cursor, in order, or is told plainly to start over; never a
//! silent hole (LOG-5, SYN-1, SYN-2, LOG-9). After 0 to 100,000 missed events, over a restart, after thirty days, and
//! over a restore from a backup. Its control is the simulation, whose mutants take the remedies for the seam away.

// A panic is how a test reports, also from the functions it calls.
#![allow(clippy::unwrap_used)]

mod house;

use std::time::{Duration, Instant};

use house::{House, library};
use parlour_client::{Client, Session};
use parlour_protocol::{ClientId, Command, Epoch, Event, Hello, Notice, RoomId, Seq, ServerFrame, limits};

/// In a debug build a tenth is enough to find a broken path.
const MOST_MISSED: u64 = if cfg!(debug_assertions) { 10_000 } else { 100_000 };
/// Messages under way at once while the log is filled.
const WAVE: u64 = 60;

/// How a reader with a cursor was received.
#[derive(Debug, PartialEq)]
enum Received {
    /// Every event after the cursor, up to the head.
    All(Vec<Event>),
    /// Told to start over from this head.
    StartOver(Seq),
}

/// Fills the lobby up to this seq.
async fn fill(client: &mut Client, from: u64, to: u64) {
    let mut next = from + 1;
    while next <= to {
        let mut refs = Vec::new();
        for n in next..=to.min(next + WAVE - 1) {
            let client_id = ClientId(uuid::Uuid::now_v7());
            let text = format!("missed {n}");
            refs.push(
                client
                    .send(Command::Post { room: RoomId::LOBBY, client_id, text, answers: None, files: vec![] })
                    .await
                    .unwrap(),
            );
        }
        next += refs.len() as u64;
        for r#ref in refs {
            client.answer(r#ref).await.unwrap();
        }
        // What came as events on this connection is not looked at.
        client.forget_kept();
    }
}

/// Comes back with a cursor and reads until the head of the welcome, or until told to start over.
async fn come_back(session: &Session, epoch: &Epoch, cursor: Seq) -> (Received, Epoch, Duration) {
    let began = Instant::now();
    let hello = Hello { epoch: Some(epoch.clone()), cursors: vec![(RoomId::LOBBY, cursor)] };
    let (mut client, welcome) = Client::connect(session, hello).await.unwrap();
    let head = welcome.rooms[0].head;
    let mut events: Vec<Event> = Vec::new();
    while cursor.0 + (events.len() as u64) < head.0 || welcome.epoch != *epoch {
        match client.next().await.unwrap() {
            ServerFrame::Event(event) => {
                assert_eq!(event.seq.0, cursor.0 + events.len() as u64 + 1, "a hole or a repeat");
                events.push(event);
            }
            ServerFrame::Reset { room, head: told, .. } => {
                assert_eq!((room, events.len()), (RoomId::LOBBY, 0), "a reset comes before any event");
                return (Received::StartOver(told), welcome.epoch, began.elapsed());
            }
            ServerFrame::Notice { notice: Notice::Draining { .. } } => panic!("nobody stops the house"),
            _ => {}
        }
    }
    (Received::All(events), welcome.epoch, began.elapsed())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn log_5_g9_after_any_number_of_missed_events_all_of_them_or_a_plain_reset() {
    let mut house = House::start();
    let reader = Session::sign_in(house.address, "reader").await.unwrap();
    let writer = Session::sign_in(house.address, "writer").await.unwrap();
    let (mut client, welcome) = Client::connect(&writer, Hello::default()).await.unwrap();
    let epoch = welcome.epoch;
    fill(&mut client, 0, MOST_MISSED).await;
    let replayed_max = limits::REPLAY_EVENTS_MAX;
    for missed in [0, 1, 2, 255, 256, 257, 499, replayed_max, replayed_max + 1, 1_000, 5_000, MOST_MISSED] {
        let cursor = Seq(MOST_MISSED - missed);
        let (received, same, took) = come_back(&reader, &epoch, cursor).await;
        assert_eq!(same, epoch);
        match received {
            Received::All(events) => {
                assert!(missed <= replayed_max, "{missed} missed");
                let history = reader.whole_log_after(RoomId::LOBBY, cursor).await.unwrap();
                assert_eq!(events, history, "what is replayed is what is stored");
            }
            Received::StartOver(head) => {
                assert!(missed > replayed_max, "{missed} missed");
                assert_eq!(head, Seq(MOST_MISSED));
            }
        }
        println!("G9: {missed} missed, {took:?}");
    }
    // Over a restart the same cursors hold.
    house.terminate();
    house.restart();
    let (received, same, _) = come_back(&reader, &epoch, Seq(MOST_MISSED - 300)).await;
    assert_eq!(same, epoch);
    assert!(matches!(received, Received::All(events) if events.len() == 300));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn log_9_g9_over_a_restore_every_cursor_is_told_to_start_over_and_ends_equal_to_the_store() {
    let mut house = House::start();
    let (reader, writer) = (
        Session::sign_in(house.address, "reader").await.unwrap(),
        Session::sign_in(house.address, "writer").await.unwrap(),
    );
    let (mut client, welcome) = Client::connect(&writer, Hello::default()).await.unwrap();
    fill(&mut client, 0, 50).await;
    let backup = house.folder().with_file_name("backup.db");
    let run = |command: &str, house: &House| {
        let mut parlour = house::command(&house.folder(), "127.0.0.1:0");
        let status =
            parlour.args(command.split(' ')).arg(&backup).stdout(std::process::Stdio::null()).status().unwrap();
        assert!(status.success(), "parlour {command}");
    };
    run("backup", &house);
    fill(&mut client, 50, 80).await;
    house.terminate();
    // The reader and the writer come back as themselves.
    run("restore --keep-sessions", &house);
    house.restart();
    // Thirty messages are gone and thirty others have their seqs: no old cursor may be believed.
    let writer = Session { house: house.address, ..writer };
    let (mut client, _) = Client::connect(&writer, Hello::default()).await.unwrap();
    fill(&mut client, 50, 80).await;
    for cursor in [0, 49, 50, 79, 80, 81] {
        let (received, epoch, _) = come_back(&reader, &welcome.epoch, Seq(cursor)).await;
        assert_ne!(epoch, welcome.epoch);
        assert_eq!(received, Received::StartOver(Seq(80)), "cursor {cursor}");
    }
    let log = reader.whole_log(RoomId::LOBBY).await.unwrap();
    assert_eq!(log.len(), 80);
}

// A clock of its own comes from the dynamic linker.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn log_5_g9_after_thirty_days_nothing_is_missing() {
    let library = library("faketime/libfaketime.so.1");
    let folder = tempfile::tempdir().unwrap();
    let clock = folder.path().join("clock");
    std::fs::write(&clock, "+0\n").unwrap();
    let variables = [
        ("LD_PRELOAD", library.to_str().unwrap()),
        ("FAKETIME_TIMESTAMP_FILE", clock.to_str().unwrap()),
        ("FAKETIME_NO_CACHE", "1"),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
    ];
    let house = House::start_among(&["--rate-limits", "off"], &variables, None);
    let reader = Session::sign_in(house.address, "reader").await.unwrap();
    let writer = Session::sign_in(house.address, "writer").await.unwrap();
    let (mut client, welcome) = Client::connect(&writer, Hello::default()).await.unwrap();
    fill(&mut client, 0, 100).await;
    // A minute less: at thirty days to the minute an idle session ends.
    std::fs::write(&clock, format!("+{}\n", 30 * 86_400 - 60)).unwrap();
    fill(&mut client, 100, 200).await;
    let (received, epoch, _) = come_back(&reader, &welcome.epoch, Seq(50)).await;
    assert_eq!(epoch, welcome.epoch);
    let Received::All(events) = received else { panic!("{received:?}") };
    assert_eq!(events.len(), 150);
    assert!(events[149].at.0 - events[0].at.0 > 29 * 86_400_000, "the clock went on");
}
