//! LOG-1 to LOG-4 and LOG-8 through `kill -9`: writers and readers over the real wire while the process dies again and
//! again at random moments. Nothing acknowledged or seen may be missing, doubled or out of order, ever.

// A panic is how a test reports, also from the functions it calls.
#![allow(clippy::unwrap_used)]

mod house;

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use house::House;
use parlour_client::{Client, ClientError, Session};
use parlour_protocol::{Change, ClientId, Command, Epoch, Event, Hello, Reply, RoomId, Seq, ServerFrame};

/// 50 in a release build, as the README's test command runs it; a few in a debug build, to find a broken path early.
const KILLS: u32 = if cfg!(debug_assertions) { 5 } else { 50 };
const WRITERS: usize = 4;
const READERS: usize = 2;
/// Messages one writer sends before it waits for the first answer.
const IN_FLIGHT: usize = 8;

/// What the outside has been told.
#[derive(Default)]
struct Told {
    acknowledged: Mutex<HashMap<ClientId, Seq>>,
    seen: Mutex<Vec<Vec<Event>>>,
    stop: AtomicBool,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn log_2_nothing_acknowledged_or_seen_is_missing_after_kill_9() {
    let seed = std::env::var("PARLOUR_TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(7);
    println!("seed {seed}");
    let mut house = House::start();
    let told = Arc::new(Told { seen: Mutex::new(vec![Vec::new(); READERS]), ..Told::default() });
    let mut tasks = Vec::new();
    for writer in 0..WRITERS {
        let session = Session::sign_in(house.address, &format!("writer {writer}")).await.unwrap();
        tasks.push(tokio::spawn(write(session, writer, Arc::clone(&told))));
    }
    let first_reader = Session::sign_in(house.address, "reader").await.unwrap();
    for reader in 0..READERS {
        tasks.push(tokio::spawn(read(first_reader.clone(), reader, Arc::clone(&told))));
    }
    let mut dice = seed | 1;
    for _ in 0..KILLS {
        tokio::time::sleep(Duration::from_millis(40 + roll(&mut dice) % 160)).await;
        house.kill();
        check_file(&house, &told);
        house.restart();
    }
    told.stop.store(true, Ordering::Release);
    for task in tasks {
        tokio::time::timeout(Duration::from_secs(30), task).await.expect("everyone stops when told").unwrap();
    }
    check_log(&first_reader.whole_log(RoomId::LOBBY).await.unwrap(), &told);
}

/// Sends numbered messages, several at a time; what was not answered is sent again with its id, in order.
async fn write(session: Session, writer: usize, told: Arc<Told>) {
    let mut unanswered: Vec<(ClientId, String)> = Vec::new();
    let mut number = 0;
    while !told.stop.load(Ordering::Acquire) {
        let Ok((mut client, _)) = Client::connect(&session, Hello::default()).await else {
            tokio::time::sleep(Duration::from_millis(5)).await;
            continue;
        };
        while !told.stop.load(Ordering::Acquire) {
            while unanswered.len() < IN_FLIGHT {
                number += 1;
                let id = serde_json::from_value(serde_json::json!(id(writer, number))).unwrap();
                unanswered.push((id, format!("{writer} {number}")));
            }
            if send_all(&mut client, &mut unanswered, &told).await.is_err() {
                break;
            }
        }
    }
}

async fn send_all(
    client: &mut Client,
    unanswered: &mut Vec<(ClientId, String)>,
    told: &Told,
) -> Result<(), ClientError> {
    let mut refs = Vec::new();
    for (client_id, text) in unanswered.iter() {
        let post = Command::Post {
            room: RoomId::LOBBY,
            client_id: *client_id,
            text: text.clone(),
            answers: None,
            files: vec![],
        };
        refs.push(client.send(post).await?);
    }
    for r#ref in refs {
        match client.answer(r#ref).await? {
            Reply::Posted { client_id, seq, .. } => {
                told.acknowledged.lock().unwrap().insert(client_id, seq);
                unanswered.retain(|(id, _)| *id != client_id);
            }
            other => panic!("not posted: {other:?}"),
        }
    }
    Ok(())
}

/// Follows the lobby through every death by its cursor, and notes each event.
async fn read(session: Session, reader: usize, told: Arc<Told>) {
    // A cursor counts only with the epoch it belongs to, so that is learnt first.
    let epoch: Epoch = Client::connect(&session, Hello::default()).await.unwrap().1.epoch;
    let mut cursor = Seq::ZERO;
    while !told.stop.load(Ordering::Acquire) {
        let hello = Hello { epoch: Some(epoch.clone()), cursors: vec![(RoomId::LOBBY, cursor)] };
        let Ok((mut client, welcome)) = Client::connect(&session, hello).await else {
            tokio::time::sleep(Duration::from_millis(5)).await;
            continue;
        };
        assert_eq!(epoch, welcome.epoch, "the epoch changed");
        while let Ok(Ok(frame)) = tokio::time::timeout(Duration::from_secs(1), client.next()).await {
            match frame {
                ServerFrame::Event(event) => {
                    assert_eq!(event.seq, cursor.next(), "log_1: a reader sees 1, 2, 3 …");
                    cursor = event.seq;
                    told.seen.lock().unwrap()[reader].push(event);
                }
                ServerFrame::Reset { .. } => panic!("log_5: a reset after less than 500 events"),
                _ => {}
            }
            if told.stop.load(Ordering::Acquire) {
                return;
            }
        }
    }
}

/// LOG-8: straight after the kill, before any restart, the file holds what anyone was told, as plain text.
fn check_file(house: &House, told: &Told) {
    // Taken before the file is read: the process is dead, so nobody is told anything new.
    let acknowledged = told.acknowledged.lock().unwrap().clone();
    let seen: Vec<Event> = told.seen.lock().unwrap().iter().flatten().cloned().collect();
    let database = house.database();
    let mut rows = database.prepare("select seq, body from event where room = 1").unwrap();
    let stored: HashMap<u64, String> =
        rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect();
    for seq in acknowledged.values() {
        assert!(stored.contains_key(&seq.0), "acknowledged seq {seq} is not in the file");
    }
    for event in seen {
        let Change::Message { text, .. } = event.change else { continue };
        assert_eq!(stored.get(&event.seq.0), Some(&text), "seen seq {} is not in the file", event.seq);
    }
}

fn check_log(log: &[Event], told: &Told) {
    let mut ids = HashSet::new();
    let mut last_of_writer: HashMap<String, u64> = HashMap::new();
    for (index, event) in log.iter().enumerate() {
        assert_eq!(event.seq, Seq(index as u64 + 1), "log_1: no holes");
        let Change::Message { client_id, text, .. } = &event.change else { panic!("only messages were sent") };
        assert!(ids.insert(*client_id), "log_3: {text} is there twice");
        let (writer, number) = text.split_once(' ').unwrap();
        let last = last_of_writer.insert(writer.to_owned(), number.parse().unwrap());
        assert_eq!(number.parse::<u64>().unwrap(), last.unwrap_or(0) + 1, "log_4: the order of writer {writer}");
    }
    let by_id: HashMap<ClientId, Seq> = log
        .iter()
        .filter_map(|event| match &event.change {
            Change::Message { client_id, .. } => Some((*client_id, event.seq)),
            _ => None,
        })
        .collect();
    let acknowledged = told.acknowledged.lock().unwrap();
    for (id, seq) in acknowledged.iter() {
        assert_eq!(by_id.get(id), Some(seq), "an acknowledged message is elsewhere or gone");
    }
    let mut seen_in_all = 0;
    for seen in told.seen.lock().unwrap().iter() {
        assert_eq!(seen[..], log[..seen.len()], "a reader saw another log");
        seen_in_all += seen.len();
    }
    println!("{} kills, {} in the log, {} acknowledged, {seen_in_all} seen", KILLS, log.len(), acknowledged.len());
    assert!(acknowledged.len() > KILLS as usize && seen_in_all > KILLS as usize, "the load was no load");
}

fn id(writer: usize, number: u64) -> String {
    format!("00000000-0000-7000-8000-{writer:04x}{number:08x}")
}

fn roll(dice: &mut u64) -> u64 {
    *dice ^= *dice << 13;
    *dice ^= *dice >> 7;
    *dice ^= *dice << 17;
    *dice
}
