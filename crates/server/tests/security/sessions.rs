//! What ends a session ends it everywhere, whatever goes on; and where its token counts (S15, S17, S20, S31).

use std::collections::HashSet;
use std::time::{Duration, Instant};

use parlour_client::{Client, ClientError, http};
use parlour_engine::Token;
use parlour_protocol::{Command, Hello, RoomId};

use crate::asking::{ask, boot};
use crate::furnished::{Furnished, read};
use crate::house::{House, library};
use crate::people::{PASSWORD, account, begun, closed, connect, enter, fresh, post, sign_in};
use crate::raw::{CLOSE, Raw, TEXT, handshake, masked};

const LOBBY: RoomId = RoomId::LOBBY;

#[test]
fn s15_ten_thousand_tokens_are_of_256_bits_and_no_two_are_alike() {
    let tokens: Vec<String> = (0..10_000).map(|_| Token::random().to_text()).collect();
    let different: HashSet<&str> = tokens.iter().map(String::as_str).collect();
    assert_eq!(different.len(), tokens.len());
    // 43 signs of 6 bits; the last holds 4 of them.
    assert!(tokens.iter().all(|token| token.len() == 43));
    // A source that is not by chance would show in some place: each of the first 42 takes all 64 signs.
    for place in 0..42 {
        let signs: HashSet<u8> = tokens.iter().map(|token| token.as_bytes()[place]).collect();
        assert_eq!(signs.len(), 64, "place {place}");
    }
}

#[tokio::test]
async fn s17_a_session_that_is_ended_in_the_middle_of_traffic_hears_and_says_nothing_after_a_second() {
    let house = House::start();
    let here = account(&house, "Ada").await;
    let there = begun(&house, &sign_in(&house, "ada", PASSWORD).await);
    let (_, mut bob, _) = enter(&house, "Bob").await;
    // Somebody talks all the time.
    let talk = tokio::spawn(async move {
        loop {
            bob.request(post("talk")).await.unwrap();
            bob.forget_kept();
        }
    });
    let mut heard = Raw::greeted(&there).await;
    let mut said = Raw::greeted(&there).await;
    let sessions = read(&here, "/api/v1/sessions").await;
    let other = sessions["sessions"].as_array().unwrap().iter().find(|one| one["this"] == false).unwrap();
    let end = format!("/api/v1/sessions/{}/end", other["id"].as_str().unwrap());
    // And so does the one whose session ends, without reading a word.
    let speech = tokio::spawn(async move {
        let mut count = 0;
        loop {
            let id = fresh().0;
            let text = format!(r#"{{"t":"post","ref":1,"room":1,"client_id":"{id}","text":"from there"}}"#);
            if !said.try_send(&masked(TEXT, text.as_bytes())).await {
                return count;
            }
            count += 1;
            tokio::task::yield_now().await;
        }
    });
    for _ in 0..50 {
        heard.hears().await;
    }
    assert_eq!(here.post(&end, "{}").await.unwrap().status, 204);
    let ended = Instant::now();
    assert_eq!(there.get("/api/v1/account").await.unwrap().status, 401, "at once");
    assert!(Client::open(&there).await.is_err());
    let code = loop {
        match heard.frame().await {
            Some(frame) if frame.first == CLOSE => break frame.close_code(),
            Some(_) => assert!(ended.elapsed() < Duration::from_secs(1), "still heard after {:?}", ended.elapsed()),
            None => break None,
        }
    };
    assert_eq!(code, Some(4001));
    assert!(ended.elapsed() < Duration::from_secs(1), "{:?}", ended.elapsed());
    assert_eq!(heard.frame().await, None, "and nothing behind the close");
    let tried = speech.await.unwrap();
    assert!(ended.elapsed() < Duration::from_secs(4), "it could speak for {:?}", ended.elapsed());
    let last_of = |text: &str| -> i64 {
        let sql = "select coalesce(max(seq), 0) from event where room = 1 and body = ?1";
        house.database().query_row(sql, [text], |row| row.get(0)).unwrap()
    };
    let (theirs, now) = (last_of("from there"), last_of("talk"));
    assert!(tried > 0 && theirs > 0, "it said {tried} things before, the last as {theirs}");
    // The talk goes on without them.
    while last_of("talk") < now + 20 {
        here.get("/api/v1/account").await.unwrap();
    }
    assert_eq!(last_of("from there"), theirs);
    talk.abort();
}

#[tokio::test]
async fn s18_who_is_suspended_in_the_middle_of_it_does_nothing_more_on_a_socket_that_was_open() {
    let furnished = Furnished::start().await;
    let mut client = furnished.client;
    client.post(LOBBY, "before").await.unwrap();
    let suspend = format!("/api/v1/admin/people/{}/suspend", furnished.ada.you.id);
    assert_eq!(furnished.olga.post(&suspend, "{}").await.unwrap().status, 204);
    // Whatever is asked from now on is refused or not answered any more.
    let code = match client.post(LOBBY, "after").await {
        Err(ClientError::Closed(code)) => code,
        Err(ClientError::Refused(_)) => closed(&mut client).await,
        other => panic!("{other:?}"),
    };
    assert_eq!(code, Some(4001));
    let log = furnished.olga.whole_log(LOBBY).await.unwrap();
    assert!(!serde_json::to_string(&log).unwrap().contains("\"after\""));
}

#[tokio::test]
async fn s20_after_31_days_without_use_sessions_end_and_their_sockets_are_closed() {
    let faketime = library("faketime/libfaketime.so.1");
    let folder = tempfile::tempdir().unwrap();
    let clock = folder.path().join("clock");
    std::fs::write(&clock, "+0\n").unwrap();
    let variables = [
        ("LD_PRELOAD", faketime.to_str().unwrap()),
        ("FAKETIME_TIMESTAMP_FILE", clock.to_str().unwrap()),
        ("FAKETIME_NO_CACHE", "1"),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
    ];
    let house = House::start_among(&["--rate-limits", "off"], &variables, None);
    let ada = account(&house, "Ada").await;
    let mut open = Raw::greeted(&ada).await;
    std::fs::write(&clock, "+31d\n").unwrap();
    let began = Instant::now();
    assert_eq!(ada.get("/api/v1/account").await.unwrap().status, 401);
    // Live sockets are looked up once a minute; until then it is pinged and answers.
    let code = loop {
        let frame = open.frame().await.unwrap();
        if frame.first == CLOSE {
            break frame.close_code();
        }
        if frame.first == crate::raw::PING {
            open.send_frame(crate::raw::PONG, &frame.payload).await;
        }
    };
    assert_eq!(code, Some(4001));
    assert!(began.elapsed() < Duration::from_secs(65), "{:?}", began.elapsed());
    begun(&house, &sign_in(&house, "ada", PASSWORD).await);
}

#[tokio::test]
async fn s31_a_token_counts_in_its_header_and_cookie_and_nowhere_in_an_address() {
    let furnished = Furnished::start().await;
    let (house, ada) = (&furnished.house, &furnished.ada);
    let token = ada.cookie.split("; ").next().unwrap().split_once('=').unwrap().1.to_owned();
    let bearer = format!("Authorization: Bearer {token}\r\n");
    assert_eq!(boot(house, &bearer).await.you.unwrap().id, ada.you.id);
    // It opens what its person may open, and is listed among where they are signed in.
    assert_eq!(ask(house, "GET", "/api/v1/rooms", &bearer).await.status, 200);
    assert_eq!(ask(house, "GET", "/api/v1/admin/people", &bearer).await.status, 403);
    assert_eq!(read(ada, "/api/v1/sessions").await["sessions"].as_array().unwrap().len(), 1);
    for name in ["token", "access_token", "session", "bearer", "auth", "key", "parlour", "__Host-parlour", "cookie"] {
        assert_eq!(ask(house, "GET", &format!("/api/v1/rooms?{name}={token}"), "").await.status, 401, "{name}");
        assert_eq!(ask(house, "GET", &format!("/api/v1/rooms;{name}={token}"), "").await.status, 404, "{name}");
        let page = ask(house, "GET", &format!("/?{name}={token}"), "").await;
        assert!(page.status == 200 && !page.body.contains("\"you\"") && !page.body.contains(&token), "{name}");
        let request = handshake(house.address, "Sec-WebSocket-Protocol: parlour.v1\r\nConnection: close\r\n");
        let request = request.replace("GET /ws", &format!("GET /ws?{name}={token}"));
        assert_eq!(http::exchange(house.address, &request).await.unwrap().status, 401, "{name}");
    }
    for value in [format!("Bearer {token}x"), format!("Bearer{token}"), format!("Basic {token}"), token.clone()] {
        let answer = ask(house, "GET", "/api/v1/rooms", &format!("Authorization: {value}\r\n")).await;
        assert_eq!(answer.status, 401, "{value}");
    }
    let (mut client, _) = connect(ada, Hello::default()).await;
    client.request(Command::Ping).await.unwrap();
}
