//! Hostile traffic by the hundred thousand (S51 to S54, S61, S64, S67, G25): a seeded generator of frames and of HTTP requests
//! against the real binary without rate limits. Nothing panics, nothing is answered with 5xx or 1011, memory stays bounded, and
//! one who means well is served beside it all along.
//!
//! A debug build does a little of it and a release build (`cargo test --release -p parlour --test hostile_traffic`) what takes about
//! half a minute. PARLOUR_TEST_HOSTILE=full does all of it: 1,000,000 frames and 200,000 requests, a few minutes.
//! PARLOUR_TEST_SEED=N makes other traffic. The control: the judge is shown runs that went wrong.

// A panic is how a test reports, also from the functions it calls.
#![allow(clippy::unwrap_used)]

#[path = "../house/mod.rs"]
mod house;
#[path = "../wire/raw.rs"]
#[allow(dead_code)]
mod raw;

mod dice;
mod frames;
mod judge;
mod requests;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use dice::Dice;
use house::House;
use judge::{Answers, Run};
use parlour_client::{Client, Session};
use parlour_protocol::{ClientId, Command, Hello, RoomId, ServerFrame};
use raw::{Raw, masked};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

/// Connections at work at once, of each kind.
const HANDS: u64 = 12;
/// Frames or requests of one connection before the one that ends it.
const FRAMES_PER_CONNECTION: usize = 80;
const REQUESTS_PER_CONNECTION: usize = 24;
/// A connection that is not hung up on by then is waiting for more, which is its right: the attacker leaves.
const WAITING: Duration = Duration::from_millis(40);
/// People the attackers speak for.
const ATTACKERS: usize = 8;

/// How many frames and requests.
fn amounts() -> (i64, i64) {
    match std::env::var("PARLOUR_TEST_HOSTILE").as_deref() {
        Ok("full") => (1_000_000, 200_000),
        _ if cfg!(debug_assertions) => (5_000, 1_500),
        _ => (400_000, 80_000),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s51_s53_s54_s61_s64_s67_hostile_traffic_harms_nobody() {
    let seed = std::env::var("PARLOUR_TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(7);
    let (frames, requests) = amounts();
    println!("seed {seed}: {frames} frames, {requests} requests");
    let house = House::start();
    let ada = Session::sign_in(house.address, "Ada").await.unwrap();
    let mut attackers = Vec::new();
    for number in 0..ATTACKERS {
        attackers.push(Session::sign_in(house.address, &format!("Attacker {number}")).await.unwrap());
    }
    let before_kib = house.memory_kib();
    let began = Instant::now();
    let (frames_left, requests_left) = (Arc::new(AtomicI64::new(frames)), Arc::new(AtomicI64::new(requests)));
    let mut hands: Vec<JoinHandle<Answers>> = Vec::new();
    for hand in 0..HANDS {
        let session = attackers[usize::try_from(hand).unwrap() % ATTACKERS].clone();
        hands.push(tokio::spawn(throw_frames(session, Dice::new(seed, hand), Arc::clone(&frames_left))));
        let dice = Dice::new(seed, HANDS + hand);
        hands.push(tokio::spawn(throw_requests(house.address, dice, Arc::clone(&requests_left))));
    }
    let (waits, peak_kib) = stay_well(&house, &ada, &hands).await;
    let mut answers = Answers::default();
    for hand in hands {
        answers.add(hand.await.unwrap());
    }
    let alive = Client::connect(&ada, Hello::default()).await.is_ok();
    let run = Run {
        log: house.log(),
        alive,
        answers,
        waits,
        grown_kib: peak_kib.zip(before_kib).map(|(peak, before)| peak.saturating_sub(before)),
    };
    println!("{:.1} s. {}", began.elapsed().as_secs_f64(), run.report());
    assert_eq!(run.faults(), Vec::<String>::new());
    assert!(run.answers.frames >= frames && run.answers.requests >= requests, "the load was no load");
}

/// The one who means well: posts and hears until the attackers are done. How long each took, and the most memory seen.
async fn stay_well(house: &House, ada: &Session, hands: &[JoinHandle<Answers>]) -> (Vec<Duration>, Option<u64>) {
    let (mut client, _) = Client::connect(ada, Hello::default()).await.unwrap();
    let (mut waits, mut peak_kib) = (Vec::new(), house.memory_kib());
    let mut tick = tokio::time::interval(Duration::from_millis(20));
    while !hands.iter().all(JoinHandle::is_finished) {
        tick.tick().await;
        let asked = Instant::now();
        let post = Command::Post {
            room: RoomId::LOBBY,
            client_id: ClientId(uuid::Uuid::now_v7()),
            text: "well".to_owned(),
            files: vec![],
            answers: None,
        };
        let mine = client.send(post).await.unwrap();
        loop {
            match client.next().await.unwrap() {
                ServerFrame::Reply { r#ref, .. } if r#ref == mine => break,
                ServerFrame::Refusal { refusal, .. } => panic!("refused: {refusal:?}"),
                _ => {}
            }
        }
        waits.push(asked.elapsed());
        peak_kib = peak_kib.max(house.memory_kib());
    }
    (waits, peak_kib)
}

/// Opens connection after connection and throws frames until there are none left to throw.
async fn throw_frames(session: Session, mut dice: Dice, left: Arc<AtomicI64>) -> Answers {
    let mut answers = Answers::default();
    while left.load(Ordering::Relaxed) > 0 {
        let classic = dice.below(8) == 0;
        let greeted = dice.below(6) > 0;
        let mut raw = match (classic, greeted) {
            (true, _) => Raw::classic(session.house).await,
            (false, true) => Raw::greeted(&session).await,
            (false, false) => Raw::full(&session).await,
        };
        // One who has not been greeted is sent away for the first frame, so what followed would be thrown at nobody.
        let bearable = if classic || greeted { dice.below(FRAMES_PER_CONNECTION) } else { 0 };
        let mut bytes: Vec<u8> = (0..bearable).flat_map(|_| frames::bearable(&mut dice, classic)).collect();
        bytes.extend(frames::fatal(&mut dice));
        // In two pieces, as a network cuts them.
        let (first, second) = bytes.split_at(dice.below(bytes.len()));
        let taken = raw.try_send(first).await && raw.try_send(second).await;
        let thrown = if taken { 1 + bearable } else { 1 };
        // Of the whole: one who is not hung up on hears the lobby for as long as anybody posts there.
        let until = tokio::time::Instant::now() + WAITING;
        while let Ok(Some(frame)) = tokio::time::timeout_at(until, raw.frame()).await {
            answers.hear(&frame);
            if frame.first == raw::CLOSE {
                raw.try_send(&masked(raw::CLOSE, &frame.payload)).await;
            }
        }
        raw.reset();
        let thrown = i64::try_from(thrown).unwrap();
        answers.frames += thrown;
        left.fetch_sub(thrown, Ordering::Relaxed);
    }
    answers
}

/// The same with requests.
async fn throw_requests(house: SocketAddr, mut dice: Dice, left: Arc<AtomicI64>) -> Answers {
    let mut answers = Answers::default();
    let host = house.to_string();
    while left.load(Ordering::Relaxed) > 0 {
        let mut bytes: Vec<u8> =
            (0..dice.below(REQUESTS_PER_CONNECTION)).flat_map(|_| requests::bearable(&mut dice, &host)).collect();
        bytes.extend(requests::fatal(&mut dice, &host));
        let mut stream = TcpStream::connect(house).await.unwrap();
        let (mut read, mut write) = stream.split();
        let mut said = Vec::new();
        let hear = async {
            let mut some = [0; 16 * 1024];
            while let Ok(Ok(length @ 1..)) = tokio::time::timeout(WAITING, read.read(&mut some)).await {
                said.extend_from_slice(&some[..length]);
            }
        };
        // Its end, or an error where it has hung up, is what is wanted.
        let throw = async { write.write_all(&bytes).await.is_ok() };
        tokio::join!(hear, throw);
        stream.set_zero_linger().unwrap();
        let answered = answers.hear_http(&said);
        // Each answer, and one that was not answered but hung up on.
        let thrown = i64::try_from(answered).unwrap().max(1);
        answers.requests += thrown;
        left.fetch_sub(thrown, Ordering::Relaxed);
    }
    answers
}
