//! The tutorial's wire (OLD).

use std::time::Duration;

use parlour_client::{ClassicClient, ClientError};
use parlour_protocol::{Answers, Command, Hello, PostBy, RoomId, Seq};
use serde_json::json;

use crate::house::House;
use crate::people::{connect, does, enter, hears, promote, session, text_of};
use crate::raw::{BINARY, PING, PONG, Raw, TEXT};
use crate::talk::answer;

const JOINED: &str = "New User Joined...";
const LEFT: &str = "User Disconnected...";

#[tokio::test]
async fn old_1_each_frame_is_a_message_of_the_lobby_to_everyone_the_sender_too() {
    let house = House::start();
    let mut one = Raw::classic(house.address).await;
    let mut two = Raw::classic(house.address).await;
    assert_eq!(one.hears_body().await, JOINED);
    let (ada, mut full, _) = enter(&house, "Ada").await;
    for client in [&mut one, &mut two] {
        assert_eq!(client.hears_body().await, JOINED);
    }
    // Taken as it is and not parsed; what HTML escapes, JSON does not care about.
    for text in ["hello", r#"{"type":1,"body":"json in"}"#, "<b>&\u{2028}</b>", "日本語 🎈"] {
        one.say(text).await;
        for client in [&mut one, &mut two] {
            assert_eq!(client.hears().await, json!({"type": 1, "body": text}));
        }
        assert_eq!(hears(&mut full).await, text);
    }
    two.send_frame(BINARY, b"bytes").await;
    for client in [&mut one, &mut two] {
        assert_eq!(client.hears().await, json!({"type": 2, "body": "bytes"}));
    }
    full.post(RoomId::LOBBY, "from the full client").await.unwrap();
    for client in [&mut one, &mut two] {
        assert_eq!(client.hears_body().await, "from the full client");
    }
    assert_eq!(ada.whole_log(RoomId::LOBBY).await.unwrap().len(), 6);
}

#[tokio::test]
async fn old_1_only_the_lobby_and_only_messages_are_heard() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let mut classic = Raw::classic(house.address).await;
    let room = crate::people::create(&mut ada, "tea").await.room.id;
    ada.post(room, "canary").await.unwrap();
    ada.send(parlour_protocol::Command::Typing { room: RoomId::LOBBY }).await.unwrap();
    ada.post(RoomId::LOBBY, "fence").await.unwrap();
    assert_eq!(classic.hears_body().await, "fence");
}

#[tokio::test]
async fn old_1_what_stands_in_a_thread_alone_is_not_heard_and_what_comes_of_a_message_neither() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let mut classic = Raw::classic(house.address).await;
    let root = ada.post(RoomId::LOBBY, "tea?").await.unwrap();
    assert_eq!(classic.hears_body().await, "tea?");
    let in_thread = Answers { thread: Some(root), ..Answers::default() };
    answer(&mut ada, RoomId::LOBBY, "canary", in_thread).await;
    does(&mut ada, Command::Edit { room: RoomId::LOBBY, seq: root, text: "canary".to_owned() }).await;
    does(&mut ada, Command::React { room: RoomId::LOBBY, seq: root, emoji: "👏".to_owned() }).await;
    does(&mut ada, Command::Delete { room: RoomId::LOBBY, seq: root }).await;
    answer(&mut ada, RoomId::LOBBY, "to everyone", Answers { also_in_room: true, ..in_thread }).await;
    assert_eq!(classic.hears_body().await, "to everyone");
}

#[tokio::test]
async fn old_2_the_tutorial_s_two_notices_go_to_everyone_in_one_order() {
    let house = House::start();
    let mut first = inside(&house).await;
    let mut others = Vec::new();
    for _ in 0..3 {
        others.push(inside(&house).await);
    }
    for _ in 0..3 {
        assert_eq!(first.hears().await.unwrap(), (1, JOINED.to_owned()));
    }
    for (index, other) in others.iter_mut().enumerate() {
        for _ in index + 1..3 {
            assert_eq!(other.hears().await.unwrap(), (1, JOINED.to_owned()), "those who came after it");
        }
    }
    // One leaves politely, one is cut; those left hear both, between the messages, all in the same order.
    others.remove(0).leaves().await.unwrap();
    assert_eq!(first.hears().await.unwrap().1, LEFT);
    first.says("between").await.unwrap();
    assert_eq!(first.hears().await.unwrap().1, "between");
    drop(others.remove(0));
    assert_eq!(first.hears().await.unwrap().1, LEFT);
    let mut last = others.remove(0);
    assert_eq!(
        [last.hears().await.unwrap().1, last.hears().await.unwrap().1, last.hears().await.unwrap().1],
        [LEFT, "between", LEFT]
    );
}

#[tokio::test]
async fn old_2_all_clients_see_all_frames_in_one_order() {
    let house = House::start();
    let mut clients = Vec::new();
    for _ in 0..4 {
        clients.push(inside(&house).await);
    }
    let mut tasks = Vec::new();
    for (index, mut client) in clients.into_iter().enumerate() {
        tasks.push(tokio::spawn(async move {
            for number in 0..50 {
                client.says(&format!("{index} {number}")).await.unwrap();
            }
            let mut heard = Vec::new();
            while heard.len() < 200 {
                let (_, body) = client.hears().await.unwrap();
                if body != JOINED {
                    heard.push(body);
                }
            }
            (client, heard)
        }));
    }
    let mut all = Vec::new();
    for task in tasks {
        all.push(task.await.unwrap());
    }
    for (_, heard) in &all {
        assert_eq!(heard, &all[0].1);
    }
}

#[tokio::test]
async fn old_3_a_classic_client_is_a_guest_with_a_name_and_its_messages_are_events() {
    let house = House::start();
    let (ada, mut full, _) = enter(&house, "Ada").await;
    let mut one = Raw::classic(house.address).await;
    let mut two = Raw::classic(house.address).await;
    one.say("from one").await;
    let first = full.next_event().await.unwrap();
    two.say("from two").await;
    let second = full.next_event().await.unwrap();
    one.say("from one again").await;
    let third = full.next_event().await.unwrap();
    assert_eq!(
        [&first, &second, &third].map(|event| (event.seq, text_of(event).unwrap())),
        [(Seq(1), "from one"), (Seq(2), "from two"), (Seq(3), "from one again")]
    );
    assert!(first.by.name.strip_prefix("guest-").is_some_and(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit())));
    assert_eq!(first.by, third.by);
    assert_ne!(first.by, second.by);
    assert_eq!(ada.whole_log(RoomId::LOBBY).await.unwrap(), [first.clone(), second, third]);
    // A guest gets a row when it first speaks; the name is its own from then on.
    let guests = "select count(*) from user where guest = 1 and name = ?1";
    let rows: u64 = house.database().query_row(guests, [&first.by.name], |row| row.get(0)).unwrap();
    assert_eq!(rows, 1);
    let taken = parlour_client::Session::sign_in(house.address, &first.by.name).await.unwrap_err();
    assert!(taken.to_string().contains("bad_name"), "nobody can be called like a guest: {taken}");
}

#[tokio::test]
async fn old_4_controls_become_replacements_crlf_becomes_lf_and_the_empty_frame_is_a_message() {
    let house = House::start();
    let (ada, mut full, _) = enter(&house, "Ada").await;
    let mut classic = Raw::classic(house.address).await;
    let controls: String = (0..=0x1F).chain(0x7F..=0x9F).filter_map(char::from_u32).collect();
    let seen: String = controls
        .chars()
        .map(|c| {
            if "\n\t".contains(c) {
                c
            } else if c == '\r' {
                '\n'
            } else {
                '\u{FFFD}'
            }
        })
        .collect();
    let cases = [
        (TEXT, controls.into_bytes(), 1, seen),
        (TEXT, b"a\r\nb\rc".to_vec(), 1, "a\nb\nc".to_owned()),
        (TEXT, Vec::new(), 1, String::new()),
        (BINARY, Vec::new(), 2, String::new()),
        (BINARY, vec![b'a', 0xFF, 0xFE, 0, b'b'], 2, "a\u{FFFD}\u{FFFD}\u{FFFD}b".to_owned()),
        (BINARY, vec![0xE2, 0x82, 0xC3, 0xA9], 2, "\u{FFFD}\u{FFFD}é".to_owned()),
        (TEXT, vec![b'x'; 16_384], 1, "x".repeat(16_384)),
        (BINARY, vec![0xFF; 16_384], 2, "\u{FFFD}".repeat(16_384)),
    ];
    for (first, payload, kind, body) in cases {
        classic.send_frame(first, &payload).await;
        assert_eq!(classic.hears().await, json!({"type": kind, "body": body}));
        assert_eq!(hears(&mut full).await, body);
    }
    assert_eq!(ada.whole_log(RoomId::LOBBY).await.unwrap().len(), 8);
    for (first, code) in [(TEXT, 1009), (BINARY, 1009)] {
        let mut too_big = Raw::classic(house.address).await;
        too_big.send_frame(first, &[b'x'; 16_385]).await;
        assert_eq!(too_big.closed().await, Some(code));
    }
    let mut bad = Raw::classic(house.address).await;
    bad.send_frame(TEXT, &[b'a', 0xFF]).await;
    assert_eq!(bad.closed().await, Some(1007), "a text frame is UTF-8 on any wire");
}

#[tokio::test]
async fn old_5_over_the_limit_nothing_is_dropped_only_later() {
    let house = House::start_with(&[]);
    let mut classic = inside(&house).await;
    let mut other = inside(&house).await;
    let began = std::time::Instant::now();
    // A burst of 20 and 5 a second: the last of 30 is due after two seconds.
    for number in 0..30 {
        classic.says(&number.to_string()).await.unwrap();
    }
    for client in [&mut classic, &mut other] {
        let mut heard = Vec::new();
        while heard.len() < 30 {
            let (_, body) = client.hears().await.unwrap();
            if body != JOINED {
                heard.push(body);
            }
        }
        assert_eq!(heard, (0..30).map(|number| number.to_string()).collect::<Vec<_>>());
    }
    let took = began.elapsed();
    assert!(took > Duration::from_millis(1_500), "the limit did not hold: {took:?}");
}

#[tokio::test]
async fn old_7_the_door_holds_and_a_foreign_page_of_this_machine_is_a_guest_whatever_its_cookie() {
    let mut house = House::start();
    let ada = session(&house, "Ada").await;
    let (mut full, _) = connect(&ada, Hello::default()).await;
    let tutorial = format!("Origin: http://localhost:3000\r\nCookie: {}\r\n", ada.cookie);
    let mut page = Raw::connect(house.address).await;
    page.upgrade(&tutorial).await;
    page.say("from the tutorial's page").await;
    let event = full.next_event().await.unwrap();
    assert!(event.by.name.starts_with("guest-") && event.by.id != ada.you.id, "{event:?}");
    house.kill();
    house.restart_with(&["--door", "approval"]);
    let mut shut = Raw::connect(house.address).await;
    assert_eq!(shut.refused(&tutorial).await, 403);
    let mut reason = Raw::connect(house.address).await;
    assert_eq!(reason.refused("").await, 403);
}

#[tokio::test]
async fn old_7_and_old_5_a_lobby_that_is_slow_or_its_managers_own_is_so_for_guests_too() {
    let house = House::start();
    let (owner, mut olga, _) = enter(&house, "Olga").await;
    promote(&house, &owner, "owner");
    let posting = |post_by, slow_s| Command::SetPosting { room: RoomId::LOBBY, post_by, slow_s };
    does(&mut olga, posting(PostBy::Everyone, 1)).await;
    let mut guest = inside(&house).await;
    let began = std::time::Instant::now();
    for number in 0..3 {
        guest.says(&number.to_string()).await.unwrap();
    }
    for number in 0..3 {
        assert_eq!(guest.hears().await.unwrap(), (1, number.to_string()), "nothing is dropped, only later");
    }
    let took = began.elapsed();
    assert!(took >= Duration::from_secs(2), "{took:?}");
    does(&mut olga, posting(PostBy::Managers, 0)).await;
    guest.says("canary").await.unwrap();
    assert!(matches!(guest.hears().await, Err(ClientError::Closed(Some(1008)))));
    assert!(!serde_json::to_string(&owner.whole_log(RoomId::LOBBY).await.unwrap()).unwrap().contains("canary"));
}

#[tokio::test]
async fn old_8_a_crowd_hears_ten_notices_a_second_and_each_newcomer_its_own() {
    let house = House::start();
    let mut first = Raw::classic(house.address).await;
    let mut crowd = Vec::new();
    for _ in 0..199 {
        crowd.push(Raw::classic(house.address).await);
    }
    for _ in 0..199 {
        assert_eq!(first.hears_body().await, JOINED, "up to 200 people everyone hears everyone");
    }
    let began = std::time::Instant::now();
    for _ in 0..300 {
        // Each hears its own first of all: `classic` waits for it.
        crowd.push(Raw::classic(house.address).await);
    }
    first.say("fence").await;
    let mut told = 0;
    while first.hears_body().await != "fence" {
        told += 1;
    }
    // Ten in each second that was begun.
    let most = 10 * (began.elapsed().as_secs() + 2);
    assert!((1..=most).contains(&told), "{told} notices, not 1 to {most}");
}

#[tokio::test]
async fn old_6_a_classic_reader_behind_the_ring_is_fed_from_the_store_and_misses_nothing() {
    let house = House::start();
    let mut sleeper = Raw::narrow_classic(house.address).await;
    let mut one = Raw::classic(house.address).await;
    // The ring holds 256 frames and 256 KiB; both are passed many times over.
    let long = "z".repeat(8_000);
    for number in 0..1_200 {
        one.say(&format!("{number} {long}")).await;
        one.hears_body().await;
    }
    assert_eq!(sleeper.hears_body().await, JOINED);
    for number in 0..1_200 {
        assert_eq!(sleeper.hears_body().await.split_once(' ').unwrap().0, number.to_string());
    }
    sleeper.send_frame(PING, b"awake").await;
    assert_eq!(sleeper.frame().await.unwrap().first, PONG);
    one.say("live again").await;
    assert_eq!(sleeper.hears_body().await, "live again");
}

/// A classic client that has heard its own coming, first of all.
async fn inside(house: &House) -> ClassicClient {
    let mut client = ClassicClient::connect(house.address).await.unwrap();
    assert_eq!(client.hears().await.unwrap(), (1, JOINED.to_owned()));
    client
}
