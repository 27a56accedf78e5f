//! The limits of people, connections and addresses, and the switch that turns them off (S93, S94, MSG-5, CON-10).

use std::time::Duration;

use parlour_client::{Client, ClientError, Session, http};
use parlour_protocol::{ClientId, Command, ErrorCode, Hello, History, Refusal, Reply, RoomId, Seq};
use serde_json::json;

use crate::asking::json_of;
use crate::house::House;
use crate::people::{connect, enter, fresh, post, refused, session, text_of};
use crate::raw::{CLOSE, PING, Raw, TEXT, masked};

const LOBBY: RoomId = RoomId::LOBBY;

#[tokio::test]
async fn con_10_and_s94_above_the_burst_commands_are_refused_with_rate_and_when_to_try_again() {
    let house = House::start_with(&[]);
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let mut refs = Vec::new();
    for _ in 0..130 {
        refs.push(ada.send(Command::Ping).await.unwrap());
    }
    let mut answers = Vec::new();
    for r#ref in refs {
        answers.push(ada.answer(r#ref).await);
    }
    // The hello was a frame too.
    let fine = answers.iter().filter(|answer| matches!(answer, Ok(Reply::Pong))).count();
    assert!((99..110).contains(&fine), "{fine} of a burst of 100");
    assert!(answers[..99].iter().all(Result::is_ok));
    let Some(Err(ClientError::Refused(refusal))) = answers.pop() else { panic!("the last was not refused") };
    assert_eq!(refusal.code, ErrorCode::Rate);
    let wait_ms = refusal.retry_after_ms.unwrap();
    assert!((1..=50).contains(&wait_ms), "one more each 50 ms: {wait_ms}");
    tokio::time::sleep(Duration::from_millis(u64::from(wait_ms) + 20)).await;
    assert_eq!(ada.request(Command::Ping).await.unwrap(), Reply::Pong);
}

#[tokio::test]
async fn con_10_and_s94_ten_times_over_the_connection_is_closed_with_4009_and_no_other() {
    let house = House::start_with(&[]);
    let (_, mut bob, _) = enter(&house, "Bob").await;
    let ada = session(&house, "Ada").await;
    let command = masked(TEXT, br#"{"t":"ping","ref":1}"#);
    let junk = masked(TEXT, b"{}");
    for frame in [command, junk, masked(PING, b"")] {
        let mut raw = Raw::greeted(&ada).await;
        // 2,000 a second, as a program in a loop with a small pause sends them: a hundred times the rate.
        let mut told = None;
        for _ in 0..50 {
            if !raw.try_send(&frame.repeat(200)).await {
                break;
            }
            if let Some(code) = raw.close_within(Duration::from_millis(100)).await {
                told = Some(code);
                break;
            }
        }
        assert_eq!(told, Some(4009));
    }
    assert_eq!(bob.request(Command::Ping).await.unwrap(), Reply::Pong);
}

#[tokio::test]
async fn msg_5_and_s94_above_the_burst_messages_are_refused_with_rate_over_all_connections_of_a_person() {
    let house = House::start_with(&[]);
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let (mut other, _) = connect(&ada_session, Hello::default()).await;
    let (_, mut bob, _) = enter(&house, "Bob").await;
    let began = std::time::Instant::now();
    for number in 1..=20 {
        ada.post(LOBBY, &number.to_string()).await.unwrap();
    }
    let mut earned: u64 = 0;
    let refusal = loop {
        match other.request(post("too fast")).await {
            Ok(_) => earned += 1,
            Err(ClientError::Refused(refusal)) => break refusal,
            Err(error) => panic!("{error}"),
        }
    };
    // A few more may have been earned on the way, at five a second.
    let most = began.elapsed().as_secs() * 5 + 6;
    assert!(earned <= most, "{earned} after a burst of 20, {most} at most");
    assert_eq!(refusal.code, ErrorCode::Rate);
    let wait_ms = refusal.retry_after_ms.unwrap();
    assert!((1..=200).contains(&wait_ms), "one more each 200 ms: {wait_ms}");
    bob.post(LOBBY, "not my fault").await.unwrap();
    // All connections draw from one bucket: together they are refused, however slow this machine is.
    let refused = async {
        loop {
            if let Err(ClientError::Refused(Refusal { code, .. })) = ada.request(post("also too fast")).await {
                return code;
            }
        }
    };
    assert_eq!(refused.await, ErrorCode::Rate);
}

#[tokio::test]
async fn log_4_those_behind_a_refused_message_are_refused_too_and_the_order_is_kept() {
    let house = House::start_with(&[]);
    let (session, mut ada, _) = enter(&house, "Ada").await;
    let mut waiting: Vec<(ClientId, String)> = (1..=32).map(|number| (fresh(), number.to_string())).collect();
    while !waiting.is_empty() {
        let mut refs = Vec::new();
        for (client_id, text) in &waiting {
            let command =
                Command::Post { room: LOBBY, client_id: *client_id, text: text.clone(), answers: None, files: vec![] };
            refs.push(ada.send(command).await.unwrap());
            // So slowly that one more is earned in the middle of the queue.
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
        let mut wait_ms = 0;
        let mut taken = Vec::new();
        for r#ref in refs {
            match ada.answer(r#ref).await {
                Ok(_) => taken.push(true),
                Err(ClientError::Refused(refusal)) => {
                    taken.push(false);
                    wait_ms = wait_ms.max(refusal.retry_after_ms.unwrap());
                }
                Err(error) => panic!("{error}"),
            }
        }
        let first_refused = taken.iter().position(|taken| !taken).unwrap_or(taken.len());
        assert!(taken[first_refused..].iter().all(|taken| !taken), "one overtook another: {taken:?}");
        waiting.drain(..first_refused);
        tokio::time::sleep(Duration::from_millis(u64::from(wait_ms))).await;
    }
    let log = session.whole_log(LOBBY).await.unwrap();
    let expected: Vec<String> = (1..=32).map(|number| number.to_string()).collect();
    assert_eq!(log.iter().filter_map(text_of).collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn s94_a_person_makes_ten_rooms_at_once_and_then_one_in_ten_seconds() {
    let house = House::start_with(&[]);
    let (_, mut ada, _) = enter(&house, "Ada").await;
    for number in 0..10 {
        crate::people::create(&mut ada, &format!("room-{number}")).await;
    }
    let one_more =
        Command::CreateRoom { name: "one-more".to_owned(), topic: String::new(), closed: false, history: History::All };
    let refusal = refused(&mut ada, one_more).await;
    assert_eq!(refusal.code, ErrorCode::Rate);
    assert!((1..=10_000).contains(&refusal.retry_after_ms.unwrap()), "{refusal:?}");
}

#[tokio::test]
async fn s94_an_address_tries_100_names_at_once_and_then_one_a_second() {
    let house = House::start_with(&[]);
    let mut statuses = Vec::new();
    let mut last = None;
    for number in 0..110 {
        let body = json!({ "name": format!("name {number}") }).to_string();
        let answer = http::post(house.address, "/api/v1/sign-in", &body, "").await.unwrap();
        statuses.push(answer.status);
        last = Some(answer);
    }
    assert!(statuses[..100].iter().all(|status| *status == 201), "{statuses:?}");
    assert!(statuses[100..].iter().filter(|status| **status == 429).count() >= 5, "{statuses:?}");
    let last = last.unwrap();
    assert_eq!((last.status, json_of(&last.body)["code"].as_str()), (429, Some("rate")));
    assert_eq!(last.header("retry-after"), Some("1"));
}

#[tokio::test]
async fn s94_an_address_asks_500_times_at_once_and_is_then_told_to_wait() {
    let house = House::start_with(&[]);
    let statuses = ask_many(&house, 600).await;
    assert!(statuses[..500].iter().all(|status| *status == 204), "{statuses:?}");
    assert!(statuses[500..].contains(&429), "{statuses:?}");
}

#[tokio::test]
async fn s93_an_address_holds_64_connections_without_a_session_and_more_with_one() {
    let house = House::start_with(&[]);
    let people = [session(&house, "Ada").await, session(&house, "Bob").await];
    let mut inside = Vec::new();
    for person in &people {
        for _ in 0..10 {
            inside.push(Raw::greeted(person).await);
        }
    }
    let mut strangers = Vec::new();
    for _ in 0..64 {
        strangers.push(Raw::connect(house.address).await);
    }
    // Connections are counted in the order they come, so the next is there only for who shows a session.
    let refused = http::get(house.address, "/", "").await.unwrap();
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("5")));
    let forged =
        http::get(house.address, "/", "Cookie: __Host-parlour=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n");
    assert_eq!(forged.await.unwrap().status, 503);
    assert_eq!(people[0].get("/api/v1/rooms").await.unwrap().status, 200, "a session is let in all the same");
    drop(Raw::greeted(&people[1]).await);
    for raw in &mut inside {
        raw.say(r#"{"t":"ping","ref":2}"#).await;
        assert_eq!(raw.answer().await["reply"]["is"], "pong", "those inside are fine");
    }
    // Who goes makes room, as soon as the server has noticed.
    strangers.pop();
    while http::get(house.address, "/healthz", "").await.map(|answer| answer.status).unwrap_or(503) != 204 {}
}

#[tokio::test]
async fn s93_a_person_has_20_connections_and_the_next_is_closed_with_1013() {
    let house = House::start_with(&[]);
    let ada = session(&house, "Ada").await;
    let mut held: Vec<Client> = Vec::new();
    for _ in 0..20 {
        held.push(connect(&ada, Hello::default()).await.0);
    }
    assert_eq!(Raw::full(&ada).await.closed().await, Some(1013));
    assert_eq!(held[0].request(Command::Ping).await.unwrap(), Reply::Pong);
    let (_, _bob, _) = enter(&house, "Bob").await;
}

#[tokio::test]
async fn rate_limits_off_switches_every_one_of_them_off_and_says_so() {
    let house = House::start();
    assert!(house.log().contains("rate limits and caps are off"), "{}", house.log());
    let (ada, mut client, _) = enter(&house, "Ada").await;
    let mut refs = Vec::new();
    for number in 0..1_500 {
        let command = match number % 50 {
            0 => post(number.to_string()),
            1 => Command::Typing { room: LOBBY },
            _ => Command::Ping,
        };
        let answered = !matches!(command, Command::Typing { .. });
        let r#ref = client.send(command).await.unwrap();
        refs.extend(answered.then_some(r#ref));
        if refs.len() == 50 {
            for r#ref in refs.drain(..) {
                client.answer(r#ref).await.unwrap();
            }
        }
    }
    for number in 0..12 {
        crate::people::create(&mut client, &format!("room-{number}")).await;
    }
    assert_eq!(client.post(LOBBY, "last").await.unwrap(), Seq(31));
    let mut held = Vec::new();
    for _ in 0..100 {
        held.push(Raw::classic(house.address).await);
    }
    for _ in 0..25 {
        held.push(Raw::greeted(&ada).await);
    }
    for number in 0..110 {
        Session::sign_in(house.address, &format!("name {number}")).await.unwrap();
    }
    assert!(ask_many(&house, 600).await.iter().all(|status| *status == 204));
    held[0].send_frame(CLOSE, &[]).await;
    assert_eq!(held[0].closed().await, None);
}

/// Asks so many times over one connection, as fast as it goes.
async fn ask_many(house: &House, count: usize) -> Vec<u16> {
    let mut raw = Raw::connect(house.address).await;
    let request = format!("GET /healthz HTTP/1.1\r\nHost: {}\r\n\r\n", house.address);
    raw.send(request.repeat(count).as_bytes()).await;
    let mut statuses = Vec::new();
    for _ in 0..count {
        statuses.push(raw.response().await.unwrap().status);
    }
    statuses
}

#[tokio::test]
async fn s94_acts_on_rooms_are_slowed_over_all_connections_of_a_person_renaming_joining_and_leaving_too() {
    let house = House::start_with(&[]);
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let room = crate::people::create(&mut ada, "tea").await.room.id;
    let rename = |topic: usize| Command::RenameRoom { room, name: "tea".to_owned(), topic: topic.to_string() };
    let others = [rename(0), Command::JoinRoom { room }, Command::LeaveRoom { room }];
    // Each connection may send a hundred frames at once, one person may do a hundred such things.
    let (mut other, _) = connect(&ada_session, Hello::default()).await;
    let mut done = 0;
    let refusal = 'acts: loop {
        for client in [&mut ada, &mut other] {
            match client.request(rename(done + 1)).await {
                Ok(_) => done += 1,
                Err(ClientError::Refused(refusal)) => break 'acts refusal,
                Err(error) => panic!("{error}"),
            }
        }
    };
    assert_eq!(refusal.code, ErrorCode::Rate);
    assert!((100..180).contains(&done), "{done} of a burst of 100, and what was earned on the way");
    for command in others {
        loop {
            // What is earned meanwhile is spent.
            match other.request(command.clone()).await {
                Err(ClientError::Refused(refusal)) => break assert_eq!(refusal.code, ErrorCode::Rate),
                Ok(_) => {}
                Err(error) => panic!("{error}"),
            }
        }
    }
}

#[tokio::test]
async fn s94_what_is_unread_is_counted_no_more_than_a_hundred_times_at_once_for_a_person() {
    let house = House::start_with(&[]);
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let (mut other, _) = connect(&ada_session, Hello::default()).await;
    let commands = [
        Command::MarkUnread { room: LOBBY, seq: Seq(1), thread: None },
        Command::MarkRead { room: LOBBY, seq: Seq(1), thread: None },
        Command::Count { room: LOBBY },
    ];
    let mut done = 0;
    let refusal = 'counts: loop {
        for client in [&mut ada, &mut other] {
            match client.request(commands[done % 3].clone()).await {
                Ok(_) => done += 1,
                Err(ClientError::Refused(refusal)) => break 'counts refusal,
                Err(error) => panic!("{error}"),
            }
        }
    };
    let wait_ms = refusal.retry_after_ms.unwrap();
    assert!(refusal.code == ErrorCode::Rate && (1..=100).contains(&wait_ms), "one more each 100 ms: {refusal:?}");
    assert!((100..180).contains(&done), "{done} of a burst of 100, and what was earned on the way");
}
