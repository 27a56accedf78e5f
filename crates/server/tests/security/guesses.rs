//! A thousand guesses, and what the time of an answer tells (S23, S24).

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use parlour_client::{Client, Session, http};
use parlour_protocol::{Hello, Role, User, UserId};
use serde_json::json;
use tokio::sync::Notify;

use crate::asking::JSON;
use crate::house::House;
use crate::people::{PASSWORD, account, owner, post, sign_in};

/// A house behind a proxy, so that guesses come from as many addresses as somebody has.
const BEHIND: [&str; 4] = ["--trusted-proxies", "127.0.0.1", "--public-url", "https://chat.example"];

/// Signs in from an address; the status.
async fn guess(house: &House, login: &str, password: &str, from: &str, cookie: &str) -> http::Response {
    guess_at(house.address, login, password, from, cookie).await
}

async fn guess_at(house: SocketAddr, login: &str, password: &str, from: &str, cookie: &str) -> http::Response {
    let body = json!({"login": login, "password": password}).to_string();
    let request = format!(
        "POST /api/v1/sign-in/password HTTP/1.1\r\nHost: chat.example\r\nX-Forwarded-For: {from}\r\n{cookie}{JSON}\
         Connection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    http::exchange(house, &request).await.unwrap()
}

/// Olga's browser: her session, and the cookie by which her account knows it.
async fn owner_behind(house: &House) -> (Session, String) {
    let body = json!({"token": house.owner_link, "house_name": "House", "name": "Olga", "handle": "olga", "password": PASSWORD});
    let body = body.to_string();
    let request = format!(
        "POST /api/v1/owner HTTP/1.1\r\nHost: chat.example\r\nX-Forwarded-For: 203.0.113.7\r\n{JSON}Connection: close\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let answer = http::exchange(house.address, &request).await.unwrap();
    assert_eq!(answer.status, 201, "{}", answer.body);
    let lines = answer.headers.lines().filter_map(|line| line.strip_prefix("set-cookie: "));
    let cookies: Vec<&str> = lines.filter_map(|line| line.split(';').next()).collect();
    let you = User { id: UserId(1), name: "Olga".to_owned(), guest: false, role: Role::Owner };
    let session = Session { house: house.address, via: house.address, cookie: cookies.join("; "), you };
    let known = format!("Cookie: {}\r\nOrigin: https://chat.example\r\n", session.cookie);
    (session, known)
}

#[tokio::test]
async fn s23_a_thousand_guesses_at_one_account_from_everywhere_get_ten_answers_and_lock_nobody_out() {
    let house = House::start_with(&BEHIND);
    let (_, known) = owner_behind(&house).await;
    let began = Instant::now();
    let mut wrong = 0;
    for number in 0..1_000 {
        let from = format!("198.51.{}.{}", number / 250, number % 250 + 1);
        match guess(&house, "olga", &format!("guess number {number}"), &from, "").await.status {
            403 => wrong += 1,
            429 => {}
            other => panic!("guess {number}: {other}"),
        }
    }
    // One more is earned each half minute.
    let earned = began.elapsed().as_secs() / 30;
    assert!((1..=10 + earned).contains(&wrong), "{wrong} guesses were answered in {:?}", began.elapsed());
    assert_eq!(guess(&house, "olga", PASSWORD, "198.51.100.1", "").await.status, 429, "also with the right one");
    let boot = format!(
        "GET /api/v1/account HTTP/1.1\r\nHost: chat.example\r\nX-Forwarded-For: 203.0.113.7\r\n{known}Connection: close\r\n\r\n"
    );
    assert_eq!(http::exchange(house.address, &boot).await.unwrap().status, 200, "the owner's session lives");
    assert_eq!(guess(&house, "olga", PASSWORD, "203.0.113.7", &known).await.status, 201, "and comes in again");
}

/// The line of strangers is filled from ever other networks, each login and address of which counts for itself; Olga comes from where
/// she was before.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s23_a_flood_from_thousands_of_networks_never_keeps_the_owner_out_where_she_was_before() {
    let house = House::start_with(&BEHIND);
    let (_, known) = owner_behind(&house).await;
    let (full, networks) = (Arc::new(Notify::new()), Arc::new(AtomicU64::new(0)));
    let guessers: Vec<_> = (0..160)
        .map(|_| {
            let (address, full, networks) = (house.address, Arc::clone(&full), Arc::clone(&networks));
            tokio::spawn(async move {
                loop {
                    let network = networks.fetch_add(1, Ordering::Relaxed);
                    let from = format!("2001:db8:{:x}:{:x}::1", network / 0xFFFF, network % 0xFFFF);
                    if guess_at(address, &format!("nobody{network}"), "guess", &from, "").await.status == 503 {
                        full.notify_one();
                    }
                }
            })
        })
        .collect();
    let mut came_in = Vec::new();
    for _ in 0..10 {
        // One may have been told before she came in last.
        full.notified().await;
        full.notified().await;
        let began = Instant::now();
        let status = guess(&house, "olga", PASSWORD, "203.0.113.7", &known).await.status;
        came_in.push((status, began.elapsed()));
    }
    // Being told to come again is no wrong try: one login is looked at ten times, however often it was not looked at at all.
    let mut tries = Vec::new();
    for number in 0..40 {
        tries.push(guess(&house, "somebody", "guess", &format!("2001:db9:0:{number:x}::1"), "").await.status);
    }
    guessers.iter().for_each(tokio::task::JoinHandle::abort);
    let told = |status: u16| tries.iter().filter(|told| **told == status).count();
    assert!(told(503) > 10 && (told(429) == 0 || told(403) >= 10), "{tries:?}");
    assert!(came_in.iter().all(|(status, _)| *status == 201), "{came_in:?}");
    assert!(came_in.iter().all(|(_, took)| *took < Duration::from_secs(3)), "{came_in:?}");
}

#[tokio::test]
async fn s23_a_thousand_accounts_tried_from_one_address_get_ten_answers_and_others_are_unharmed() {
    let house = House::start_with(&[]);
    let olga = owner(&house).await;
    let (mut live, _) = Client::connect(&olga, Hello::default()).await.unwrap();
    let began = Instant::now();
    let mut wrong = 0;
    for number in 0..1_000 {
        match sign_in(&house, &format!("somebody{number}"), PASSWORD).await.status {
            403 => wrong += 1,
            429 => {}
            other => panic!("account {number}: {other}"),
        }
        if number % 100 == 0 {
            live.request(post("still here")).await.unwrap();
        }
    }
    let earned = began.elapsed().as_secs() / 30;
    assert!((1..=10 + earned).contains(&wrong), "{wrong} accounts were looked at in {:?}", began.elapsed());
}

/// Each is asked three hundred times, in turn, so that whatever else the machine does falls on all alike.
#[tokio::test]
async fn s24_three_hundred_answers_each_for_unknown_wrong_and_suspended_are_one_answer_after_one_time() {
    let house = House::start();
    let olga = owner(&house).await;
    account(&house, "Ada").await;
    let rests = account(&house, "Rests").await;
    let suspend = format!("/api/v1/admin/people/{}/suspend", rests.you.id);
    assert_eq!(olga.post(&suspend, "{}").await.unwrap().status, 204);
    let asked = [("nobody", "wrong horse battery"), ("ada", "wrong horse battery"), ("rests", PASSWORD)];
    let mut times: [Vec<Duration>; 3] = Default::default();
    let mut answers = Vec::new();
    for _ in 0..300 {
        for ((login, password), times) in asked.iter().zip(&mut times) {
            let began = Instant::now();
            let answer = sign_in(&house, login, password).await;
            times.push(began.elapsed());
            answers.push((answer.status, answer.body));
        }
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{:?}", answers[0]);
    // The quickest tenth of each: what else the machine does only adds, and more to one than to another.
    let quickest = times.map(|mut times| {
        times.sort();
        times[times.len() / 10].as_secs_f64()
    });
    let least = quickest.iter().copied().fold(f64::MAX, f64::min);
    let most = quickest.iter().copied().fold(0.0, f64::max);
    assert!(most / least < 1.1, "the quickest tenth of each took {quickest:?} s");
}
