//! What people say to each other while the house is busy with what they look for and what they bring.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use image::ImageFormat;
use parlour_client::Session;
use parlour_protocol::RoomId;
use serde_json::{Value, json};

use crate::files::{announces, part};
use crate::house::House;
use crate::people::{enter, session};
use crate::pictures::picture;

const LOBBY: RoomId = RoomId::LOBBY;
/// Messages that are timed.
const TIMED: usize = 200;
/// What may be waited for a message to be stored: far more than it takes, and far less than one of these searches does in a
/// debug build, or a picture.
const P99_MAX: Duration = Duration::from_millis(250);

/// Looks for something again and again until it is enough. Returns how often.
async fn searches(who: Session, body: Value, expected: u16, enough: Arc<AtomicBool>) -> usize {
    let mut count = 0;
    while !enough.load(Ordering::Relaxed) {
        let answer = who.post("/api/v1/search", &body.to_string()).await.unwrap();
        assert_eq!(answer.status, expected, "{}", answer.body);
        count += 1;
    }
    count
}

/// Brings one picture after the other, each of which is cleaned and made small. Returns how many were.
async fn brings(who: Session, bytes: Vec<u8>, enough: Arc<AtomicBool>, done: Arc<AtomicUsize>) {
    while !enough.load(Ordering::Relaxed) {
        let (status, file) = announces(&who, LOBBY, "large.png", bytes.len() as u64).await;
        assert_eq!(status, 201, "{file}");
        let (status, taken) = part(&who, &file["id"], 0, &bytes).await;
        assert_eq!((status, &taken["file"]["thumb"]), (200, &json!(true)), "{taken}");
        done.fetch_add(1, Ordering::Relaxed);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn srch_5_and_file_8_what_is_said_waits_neither_for_searches_nor_for_pictures_made_small() {
    let house = House::start_with(&["--rate-limits", "off"]);
    let (_, mut ada, _) = enter(&house, "Ada").await;
    for number in 0..2_000 {
        ada.post(LOBBY, &format!("the tide turns at noon, and the pilots wait for berth {number} by the old crane"))
            .await
            .unwrap();
    }
    let (enough, pictures) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let mut hands = Vec::new();
    for (number, (body, expected)) in [
        (json!({"q": "the"}), 200),
        (json!({"q": "t e a", "order": "best"}), 200),
        (json!({"q": "-never-said \"pilots wait\" has:link"}), 200),
        (json!({"q": "from:a ".repeat(10_000)}), 413),
    ]
    .into_iter()
    .enumerate()
    {
        let who = session(&house, &format!("Seeker {number}")).await;
        hands.push(tokio::spawn(searches(who, body, expected, Arc::clone(&enough))));
    }
    let bob = session(&house, "Bob").await;
    let bringing =
        tokio::spawn(brings(bob, picture(1_600, 1_200, ImageFormat::Png), Arc::clone(&enough), Arc::clone(&pictures)));
    let mut waits = Vec::new();
    // Until a picture was made small meanwhile, too.
    while waits.len() < TIMED || pictures.load(Ordering::Relaxed) == 0 {
        let began = Instant::now();
        ada.post(LOBBY, "and so on").await.unwrap();
        waits.push(began.elapsed());
        assert!(!bringing.is_finished(), "no picture was taken");
    }
    enough.store(true, Ordering::Relaxed);
    let mut searched = Vec::new();
    for hand in hands {
        searched.push(hand.await.unwrap());
    }
    bringing.await.unwrap();
    waits.sort_unstable();
    let p99 = waits[waits.len() * 99 / 100];
    println!(
        "{} messages, p99 {p99:?}; searches {searched:?}; pictures {}",
        waits.len(),
        pictures.load(Ordering::Relaxed)
    );
    assert!(searched.iter().all(|count| *count > 0), "{searched:?}");
    assert!(p99 <= P99_MAX, "p99 is {p99:?}");
}
