//! Readers that do not read: they cost bounded memory, slow nobody, and miss nothing when they wake (LOG-6, SIG-3, S96).

use parlour_protocol::{Command, RoomId};

use crate::house::House;
use crate::people::{enter, fresh, hears, session};
use crate::raw::{Raw, full_headers};

const LOBBY: RoomId = RoomId::LOBBY;
const SLEEPERS: usize = 10;
const MESSAGES: usize = 1_500;
const BODY: usize = 8_000;

#[tokio::test]
async fn log_6_and_s96_readers_who_sleep_cost_bounded_memory_and_miss_nothing_when_they_wake() {
    let house = House::start();
    let sleeper_session = session(&house, "Sleeper").await;
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let mut sleepers = Vec::new();
    for _ in 0..SLEEPERS {
        let mut raw = Raw::connect_narrow(house.address).await;
        raw.upgrade(&full_headers(&sleeper_session)).await;
        raw.greet().await;
        sleepers.push(raw);
    }
    let before = house.memory_kib().unwrap();
    let long = "z".repeat(BODY);
    for number in 1..=MESSAGES {
        ada.post(LOBBY, &format!("{number} {long}")).await.unwrap();
        assert!(hears(&mut ada).await.starts_with(&number.to_string()), "the one who reads waits for nobody");
    }
    for _ in 0..200 {
        ada.send(Command::Typing { room: LOBBY }).await.unwrap();
    }
    ada.request(Command::Ping).await.unwrap();
    let after = house.memory_kib().unwrap();
    // 120 MB wait for ten sleepers; what is held is one ring of 256 KiB and the caches of the database and of the search's index.
    assert!(after < before + 16 * 1024, "grew from {before} to {after} KiB");
    ada.post(LOBBY, "the last").await.unwrap();
    let mut tasks = Vec::new();
    for raw in sleepers {
        tasks.push(tokio::spawn(wake(raw)));
    }
    for task in tasks {
        let (numbers, typing) = task.await.unwrap();
        assert_eq!(numbers, (1..=MESSAGES as u64 + 1).collect::<Vec<_>>());
        assert!((1..=32).contains(&typing), "sig_3: {typing} of 200 signals, the older ones missed");
    }
}

/// Reads everything to the last message: the seqs in the order they came, and how many typing signals.
async fn wake(mut raw: Raw) -> (Vec<u64>, usize) {
    let (mut seqs, mut typing) = (Vec::new(), 0);
    loop {
        let Some(frame) = raw.frame().await else { panic!("closed after {} events", seqs.len()) };
        if frame.first != crate::raw::TEXT {
            continue;
        }
        let frame = frame.json();
        match frame["t"].as_str() {
            Some("event") => {
                seqs.push(frame["seq"].as_u64().unwrap());
                if frame["text"] == "the last" {
                    return (seqs, typing);
                }
            }
            Some("signal") if frame["signal"]["kind"] == "typing" => typing += 1,
            Some("reset") => panic!("reset after {} events", seqs.len()),
            _ => {}
        }
    }
}

#[tokio::test]
async fn log_6_and_s96_answers_to_one_who_does_not_read_are_bounded_by_not_reading_it() {
    let house = House::start();
    let ada = session(&house, "Ada").await;
    let mut raw = Raw::connect_narrow(house.address).await;
    raw.upgrade(&full_headers(&ada)).await;
    raw.greet().await;
    let before = house.memory_kib().unwrap();
    // Each asks for an answer that nobody takes; at some point the server no longer takes the questions.
    let asked = crate::raw::masked(crate::raw::TEXT, br#"{"t":"join_room","ref":1,"room":1}"#).repeat(1_000);
    let mut thousands = 0;
    while thousands < 500
        && tokio::time::timeout(std::time::Duration::from_millis(500), raw.try_send(&asked)).await.is_ok()
    {
        thousands += 1;
    }
    assert!(thousands < 500, "half a million questions were taken");
    let after = house.memory_kib().unwrap();
    assert!(after < before + 16 * 1024, "grew from {before} to {after} KiB");
    let (_, mut bob, _) = enter(&house, "Bob").await;
    let said =
        Command::Post { room: LOBBY, client_id: fresh(), text: "undisturbed".to_owned(), answers: None, files: vec![] };
    bob.request(said).await.unwrap();
}
