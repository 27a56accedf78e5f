//! Opening a connection: who may, what is said first, how it ends (CON, S01, S02, S06, S11, S13).

use parlour_client::http;
use parlour_protocol::user::Door;
use parlour_protocol::{
    Command, Hello, History, NotifyLevel, PostBy, Reply, Room, RoomId, RoomKind, RoomRole, RoomState, Seq, Timestamp,
    Welcome,
};
use serde_json::{Value, json};

use crate::house::House;
use crate::people::{closed, connect, create, enter, fresh, hears, post, refused_code, session};
use crate::raw::{PING, PONG, Raw, TEXT, full_headers, handshake, masked};

#[tokio::test]
async fn con_1_the_house_s_own_page_with_a_session_is_let_in_and_told_the_protocol() {
    let house = House::start();
    let ada = session(&house, "Ada").await;
    let answer = Raw::connect(house.address).await.upgrade(&full_headers(&ada)).await;
    assert_eq!(answer.header("sec-websocket-protocol"), Some("parlour.v1"));
    // The example of RFC 6455 §1.3.
    assert_eq!(answer.header("sec-websocket-accept"), Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    assert_eq!(answer.header("upgrade"), Some("websocket"));
}

#[tokio::test]
async fn con_1_a_plain_get_is_426_a_foreign_page_403_and_no_session_401() {
    let house = House::start();
    let ada = session(&house, "Ada").await;
    let own = format!("Origin: http://{}\r\n", house.address);
    let plain = http::get(house.address, "/ws", "").await.unwrap();
    assert_eq!((plain.status, plain.header("upgrade")), (426, Some("websocket")));
    let full = "Sec-WebSocket-Protocol: parlour.v1\r\n";
    let foreign = format!("Origin: https://evil.example\r\nCookie: {}\r\n{full}", ada.cookie);
    assert_eq!(status(&house, &foreign).await, (403, "forbidden".to_owned()));
    assert_eq!(status(&house, &format!("{own}{full}")).await, (401, "signed_out".to_owned()));
    let stale = format!("{own}{full}Cookie: {}x\r\n", ada.cookie);
    assert_eq!(status(&house, &stale).await, (401, "signed_out".to_owned()));
    let other = format!("{own}Cookie: {}\r\nSec-WebSocket-Protocol: parlour.v9\r\n", ada.cookie);
    assert_eq!(status(&house, &other).await, (400, "bad_frame".to_owned()));
}

/// The answer to a request that is sent in these pieces, each on its own way before the next: status, headers and body, but for
/// the time, which an interim answer need not say.
async fn answered(house: &House, pieces: &[&str]) -> (u16, Vec<String>, String) {
    let mut raw = Raw::connect(house.address).await;
    for piece in pieces {
        raw.send(piece.as_bytes()).await;
        // What was sent is read by the house before the next piece is: an answer to another connection lies between.
        assert_eq!(http::get(house.address, "/healthz", "").await.unwrap().status, 204);
    }
    let answer = raw.response().await.unwrap();
    let is_time = |line: &str| line.to_ascii_lowercase().starts_with("date:");
    let mut headers: Vec<String> = answer.headers.lines().filter(|line| !is_time(line)).map(str::to_owned).collect();
    headers.sort();
    (answer.status, headers, answer.body)
}

#[tokio::test]
async fn con_1_a_handshake_in_pieces_or_behind_a_request_is_answered_as_one_that_comes_alone_and_whole() {
    let house = House::start();
    let ada = session(&house, "Ada").await;
    let address = house.address;
    let full = "Sec-WebSocket-Protocol: parlour.v1\r\n";
    let own = format!("Origin: http://{address}\r\n{full}");
    let cases = [
        (String::new(), 101),
        (full_headers(&ada), 101),
        (format!("{}Content-Length: 0\r\n", full_headers(&ada)), 101),
        (full_headers(&ada).replace("Origin: http://", "Origin: https://evil."), 403),
        (own.clone(), 401),
        (format!("{own}Cookie: {}x\r\n", ada.cookie), 401),
        (format!("Cookie: {}\r\n{full}", ada.cookie), 403),
        ("Sec-WebSocket-Protocol: other\r\n".to_owned(), 400),
        (format!("Host: {address}\r\n"), 400),
        ("Content-Length: 0\r\nContent-Length: 0\r\n".to_owned(), 400),
        ("X: y\nZ: w\r\n".to_owned(), 400),
        (format!("X: {}\r\n", "y".repeat(5_000)), 101),
    ];
    for (headers, status) in cases {
        let request = handshake(address, &headers);
        let whole = answered(&house, &[&request]).await;
        assert_eq!(whole.0, status, "{headers:?}");
        for cut in [1, request.len() / 2, request.len() - 1] {
            let (first, rest) = request.split_at(cut);
            assert_eq!(answered(&house, &[first, rest]).await, whole, "{headers:?} cut at {cut}");
        }
        let mut raw = Raw::connect(address).await;
        raw.send(format!("GET /healthz HTTP/1.1\r\nHost: {address}\r\n\r\n").as_bytes()).await;
        assert_eq!(raw.response().await.unwrap().status, 204);
        raw.send(request.as_bytes()).await;
        assert_eq!(raw.response().await.unwrap().status, status, "{headers:?} behind a request");
    }
}

#[tokio::test]
async fn con_2_what_comes_right_behind_a_handshake_is_heard() {
    let house = House::start();
    let ada = session(&house, "Ada").await;
    let hello = masked(TEXT, br#"{"t":"hello","ref":1,"cursors":[]}"#);
    for cut in [0, 3, hello.len()] {
        let mut raw = Raw::connect(house.address).await;
        let mut bytes = handshake(house.address, &full_headers(&ada)).into_bytes();
        bytes.extend_from_slice(&hello[..cut]);
        raw.send(&bytes).await;
        assert_eq!(raw.response().await.unwrap().status, 101);
        raw.send(&hello[cut..]).await;
        assert_eq!(raw.answer().await["reply"]["is"], "welcome", "cut at {cut}");
    }
}

#[tokio::test]
async fn s01_pages_of_other_origins_are_refused_before_their_session_is_looked_at() {
    let house = House::start();
    let ada = session(&house, "Ada").await;
    let address = house.address;
    let port = address.port();
    let evil = [
        "https://evil.example".to_owned(),
        "null".to_owned(),
        String::new(),
        format!("http://{address}.evil.example"),
        format!("http://evil.example:{port}"),
        format!("http://evil.example#{address}"),
        format!("http://{address}@evil.example"),
        format!("HTTP://{address}"),
        format!("ws://{address}"),
        format!("http://{address}/"),
        format!("http://{address}, http://{address}"),
        format!("http://{address}\r\nOrigin: http://{address}"),
    ];
    for origin in &evil {
        let headers = format!("Origin: {origin}\r\nCookie: {}\r\nSec-WebSocket-Protocol: parlour.v1\r\n", ada.cookie);
        assert_eq!(status(&house, &headers).await, (403, "forbidden".to_owned()), "{origin:?}");
        let answer = status(&house, &format!("Origin: {origin}\r\n")).await;
        assert_eq!(answer.0, 403, "also not on the classic wire: {origin:?}");
    }
    // Another page of this very machine speaks the tutorial's wire only (OLD-7).
    for origin in [format!("http://127.0.0.1:{}", port ^ 1), "http://localhost:3000".to_owned()] {
        let headers = format!("Origin: {origin}\r\nCookie: {}\r\nSec-WebSocket-Protocol: parlour.v1\r\n", ada.cookie);
        assert_eq!(status(&house, &headers).await, (403, "forbidden".to_owned()), "{origin:?}");
    }
}

#[tokio::test]
async fn s02_without_an_origin_a_cookie_counts_for_nothing_and_a_token_is_its_actor() {
    let house = House::start();
    let ada = session(&house, "Ada").await;
    let full = "Sec-WebSocket-Protocol: parlour.v1\r\n";
    let cookie = format!("Cookie: {}\r\n{full}", ada.cookie);
    assert_eq!(status(&house, &cookie).await, (403, "forbidden".to_owned()));
    assert_eq!(status(&house, full).await, (401, "signed_out".to_owned()));
    let token = ada.cookie.split_once('=').unwrap().1;
    let mut program = Raw::connect(house.address).await;
    program.upgrade(&format!("Authorization: Bearer {token}\r\n{full}")).await;
    program.say(r#"{"t":"hello","ref":1}"#).await;
    assert_eq!(program.answer().await["reply"]["you"]["name"], "Ada");
    Raw::connect(house.address).await.upgrade("").await;
}

#[tokio::test]
async fn s02_a_shut_door_keeps_guests_and_names_out_and_lets_sessions_in() {
    let mut house = House::start();
    let ada = session(&house, "Ada").await;
    house.kill();
    house.restart_with(&["--rate-limits", "off", "--door", "invitation"]);
    assert_eq!(status(&house, "").await, (403, "forbidden".to_owned()));
    let bob = http::post(house.address, "/api/v1/sign-in", r#"{"name":"Bob"}"#, "").await.unwrap();
    assert_eq!((bob.status, problem(&bob.body)["code"].clone()), (403, json!("forbidden")));
    let (_, welcome) = connect(&ada, Hello::default()).await;
    assert_eq!((welcome.you, welcome.house.door), (ada.you, Door::Invitation));
}

#[tokio::test]
async fn s06_a_name_that_is_not_ours_is_answered_with_421_and_no_name_or_two_with_400() {
    let house = House::start();
    let (address, port) = (house.address, house.address.port());
    let ask = async |line: &str, hosts: &str| {
        let request = format!("GET {line} HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n");
        http::exchange(address, &request).await.unwrap().status
    };
    for ours in [format!("{address}"), "127.0.0.1".to_owned(), format!("LOCALHOST:{port}"), format!("[::1]:{port}")] {
        assert_eq!(ask("/api/v1/boot", &format!("Host: {ours}\r\n")).await, 200, "{ours}");
    }
    let with_port = format!("evil.test:{port}");
    for strange in ["evil.test", &with_port, "127.0.0.1.evil.test", "localhost.evil.test", "", "a b"] {
        assert_eq!(ask("/api/v1/boot", &format!("Host: {strange}\r\n")).await, 421, "{strange:?}");
    }
    assert_eq!(ask("/api/v1/boot", "").await, 400);
    assert_eq!(ask("/api/v1/boot", &format!("Host: {address}\r\nHost: {address}\r\n")).await, 400);
    assert_eq!(ask(&format!("http://{address}/api/v1/boot"), &format!("Host: {address}\r\n")).await, 400);
    let upgrade = handshake(address, "").replace(&format!("Host: {address}"), "Host: evil.test");
    assert_eq!(http::exchange(address, &upgrade).await.unwrap().status, 421);
}

#[tokio::test]
async fn s11_only_the_handshake_of_rfc_6455_version_13_is_taken() {
    let house = House::start();
    let whole = handshake(house.address, "Connection: close\r\n");
    let key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    let version = "Sec-WebSocket-Version: 13";
    let (two_keys, two_versions) = (format!("{key}\r\n{key}"), format!("{version}\r\n{version}"));
    let cases = [
        (key, "X: y", 400),
        (key, "Sec-WebSocket-Key: dGhlIHNhbXBsZQ==", 400),
        (key, "Sec-WebSocket-Key: not base64, at all!!!!!!", 400),
        (key, two_keys.as_str(), 400),
        (version, "X: y", 426),
        (version, "Sec-WebSocket-Version: 12", 426),
        (version, "Sec-WebSocket-Version: 14", 426),
        (version, "Sec-WebSocket-Version: 013", 426),
        (version, two_versions.as_str(), 426),
        ("Upgrade: websocket", "X: y", 426),
        ("Upgrade: websocket", "Upgrade: h2c", 426),
        ("Connection: Upgrade", "X: y", 426),
        ("GET /ws HTTP/1.1", "POST /ws HTTP/1.1", 415),
        ("GET /ws HTTP/1.1", "POST /ws HTTP/1.1\r\nContent-Type: application/json", 405),
    ];
    for (line, instead, status) in cases {
        let answer = http::exchange(house.address, &whole.replace(line, instead)).await.unwrap();
        assert_eq!(answer.status, status, "{instead:?} for {line:?}");
    }
    let other_case = whole.replace("Upgrade: websocket", "uPGRADE: WebSocket").replace("Connection: close\r\n", "");
    let mut raw = Raw::connect(house.address).await;
    raw.send(other_case.replace("Connection: Upgrade", "connection: keep-alive, UPGRADE").as_bytes()).await;
    assert_eq!(raw.response().await.unwrap().status, 101);
}

#[tokio::test]
async fn s13_compression_is_not_negotiated_and_a_frame_that_claims_it_breaks_the_protocol() {
    let house = House::start();
    let mut raw = Raw::connect(house.address).await;
    let answer = raw.upgrade("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n").await;
    assert_eq!(answer.header("sec-websocket-extensions"), None);
    raw.send_frame(TEXT | 0x40, b"\xf2\x48\xcd\xc9\xc9\x07\x00").await;
    assert_eq!(raw.closed().await, Some(1002));
}

#[tokio::test]
async fn con_2_a_first_frame_other_than_hello_closes_with_4002() {
    let house = House::start();
    let ada = session(&house, "Ada").await;
    let say = format!(r#"{{"t":"post","ref":1,"room":1,"client_id":"{}","text":"early"}}"#, fresh().0);
    for first in [r#"{"t":"ping","ref":1}"#, say.as_str(), "hello", "{}", r#"{"t":"hello"}"#] {
        let mut raw = Raw::full(&ada).await;
        raw.say(first).await;
        assert_eq!(raw.closed().await, Some(4002), "{first}");
    }
    assert_eq!(ada.history(RoomId::LOBBY, "").await.unwrap().events, []);
}

#[tokio::test]
async fn con_3_what_is_said_in_one_breath_with_hello_is_answered_after_the_welcome() {
    let house = House::start();
    let ada = session(&house, "Ada").await;
    let mut raw = Raw::connect(house.address).await;
    raw.upgrade(&full_headers(&ada)).await;
    let frame = |text: &str| masked(TEXT, text.as_bytes());
    raw.send(&[frame(r#"{"t":"hello","ref":1}"#), frame(r#"{"t":"ping","ref":2}"#)].concat()).await;
    let answers = [raw.answer().await, raw.answer().await];
    assert_eq!(answers.map(|answer| answer["reply"]["is"].clone()), [json!("welcome"), json!("pong")]);
}

#[tokio::test]
async fn con_3_welcome_says_who_and_where_one_is_and_then_every_room_is_heard() {
    let house = House::start();
    let (ada, mut first, welcome) = enter(&house, "Ada").await;
    let Welcome { epoch, version, server_time, you, house: shown, rooms, limits, away: _ } = welcome;
    assert_eq!((you, version.as_str()), (ada.you.clone(), env!("CARGO_PKG_VERSION")));
    assert!(!epoch.0.is_empty() && server_time > Timestamp(1_700_000_000_000));
    assert_eq!((shown.name.as_str(), shown.door, shown.people), ("Parlour", Door::Open, 1));
    let lobby = Room {
        id: RoomId::LOBBY,
        name: "lobby".to_owned(),
        topic: String::new(),
        kind: RoomKind::Lobby,
        archived: false,
        post_by: PostBy::Everyone,
        slow_s: 0,
        history: History::All,
    };
    let (head, floor, since, read) = (Seq(0), Seq(0), Seq(1), Seq(0));
    assert_eq!(
        rooms,
        [RoomState {
            room: lobby,
            head,
            floor,
            since,
            read,
            unread: 0,
            mentions: 0,
            notify: NotifyLevel::All,
            members: 1,
            online: 1,
            role: RoomRole::Member,
            with: vec![]
        }]
    );
    let told = (limits.body_bytes_max, limits.name_graphemes_max, limits.replay_events_max, limits.heartbeat_ms);
    assert_eq!(told, (16_384, 32, 500, 20_000));
    let room = create(&mut first, "tea").await.room.id;
    let (mut second, welcome) = connect(&ada, Hello::default()).await;
    let heads: Vec<(RoomId, Seq)> = welcome.rooms.iter().map(|state| (state.room.id, state.head)).collect();
    assert_eq!(heads, [(RoomId::LOBBY, Seq(0)), (room, Seq(1))]);
    first.post(room, "in the room").await.unwrap();
    first.post(RoomId::LOBBY, "in the lobby").await.unwrap();
    let mut heard = [hears(&mut second).await, hears(&mut second).await];
    heard.sort();
    assert_eq!(heard, ["in the lobby", "in the room"]);
}

#[tokio::test]
async fn con_5_unknown_fields_are_ignored_and_a_field_twice_is_a_bad_frame() {
    let house = House::start();
    let ada = session(&house, "Ada").await;
    let mut raw = Raw::greeted(&ada).await;
    raw.say(r#"{"t":"ping","ref":7,"colour":"red","deep":{"er":[1,{}]}}"#).await;
    assert_eq!(raw.answer().await, json!({"t":"reply","ref":7,"reply":{"is":"pong"}}));
    let id = fresh().0;
    raw.say(&format!(r#"{{"t":"post","ref":8,"room":1,"room":2,"client_id":"{id}","text":"which?"}}"#)).await;
    let refusal = raw.answer().await;
    assert_eq!(
        (&refusal["t"], &refusal["ref"], &refusal["refusal"]["code"]),
        (&json!("refusal"), &json!(8), &json!("bad_frame"))
    );
    // What is the server's to say is not taken from a client (S49).
    let text =
        format!(r#"{{"t":"post","ref":9,"room":1,"client_id":"{id}","text":"mine","seq":99,"at":1,"by":{{"id":7}}}}"#);
    raw.say(&text).await;
    let event = said(&mut raw).await;
    assert_eq!((&event["seq"], &event["by"]["id"]), (&json!(1), &json!(ada.you.id)));
}

#[tokio::test]
async fn con_6_a_ping_of_the_client_is_answered_with_its_own_words() {
    let house = House::start();
    let mut raw = Raw::classic(house.address).await;
    for payload in [&b""[..], b"?", &[0xFF; 125]] {
        raw.send_frame(PING, payload).await;
        let pong = raw.frame().await.unwrap();
        assert_eq!((pong.first, pong.payload.as_slice()), (PONG, payload));
    }
    raw.send_frame(PONG, b"unasked").await;
    raw.say("still here").await;
    assert_eq!(raw.hears_body().await, "still here");
}

#[tokio::test]
async fn con_7_the_end_of_a_session_closes_its_sockets_within_a_second_and_no_other() {
    let house = House::start();
    let (ada, mut first, _) = enter(&house, "Ada").await;
    let (mut second, _) = connect(&ada, Hello::default()).await;
    let (_, mut bob, _) = enter(&house, "Bob").await;
    let cookie = format!("Cookie: {}\r\nOrigin: http://{}\r\n", ada.cookie, house.address);
    let out = http::post(house.address, "/api/v1/sign-out", "", &cookie).await.unwrap();
    assert_eq!(out.status, 204);
    let both = async { (closed(&mut first).await, closed(&mut second).await) };
    let within = tokio::time::timeout(std::time::Duration::from_secs(1), both).await.expect("within a second");
    assert_eq!(within, (Some(4001), Some(4001)));
    assert_eq!(bob.request(Command::Ping).await.unwrap(), Reply::Pong);
    assert_eq!(Raw::connect(house.address).await.refused(&full_headers(&ada)).await, 401);
}

#[tokio::test]
async fn con_9_each_command_is_answered_exactly_once_and_typing_only_when_refused() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let nowhere = RoomId(77);
    let (lobby, seq) = (RoomId::LOBBY, Seq(1));
    let commands = [
        post("one"),
        post(""),
        Command::CatchUp { room: lobby, after: Seq(0) },
        Command::CatchUp { room: nowhere, after: Seq(0) },
        Command::MarkRead { room: lobby, seq, thread: None },
        Command::MarkRead { room: nowhere, seq, thread: None },
        Command::MarkUnread { room: lobby, seq, thread: None },
        Command::MarkUnread { room: nowhere, seq, thread: None },
        Command::Typing { room: lobby },
        Command::Typing { room: nowhere },
        Command::CreateRoom { name: "tea".to_owned(), topic: String::new(), closed: false, history: History::All },
        Command::CreateRoom { name: String::new(), topic: String::new(), closed: false, history: History::All },
        Command::RenameRoom { room: lobby, name: "hall".to_owned(), topic: String::new() },
        Command::JoinRoom { room: lobby },
        Command::JoinRoom { room: nowhere },
        Command::LeaveRoom { room: lobby },
        Command::LeaveRoom { room: nowhere },
        Command::Hello(Hello::default()),
        Command::Ping,
        Command::Away { away: true },
        Command::Away { away: false },
    ];
    let answered: Vec<bool> = commands.iter().map(|command| *command != Command::Typing { room: lobby }).collect();
    let mut refs = Vec::new();
    for command in commands {
        refs.push(ada.send(command).await.unwrap());
    }
    // The lobby's log shows that the server is through with all of them: this is the last it was asked.
    let last = ada.send(post("last")).await.unwrap();
    let mut answers: Vec<u32> = Vec::new();
    while !answers.contains(&last) || answers.len() < answered.iter().filter(|answered| **answered).count() + 1 {
        let frame = serde_json::to_value(ada.next().await.unwrap()).unwrap();
        if matches!(frame["t"].as_str(), Some("reply" | "refusal")) {
            answers.push(u32::try_from(frame["ref"].as_u64().unwrap()).unwrap());
        }
    }
    answers.retain(|answer| *answer != last);
    answers.sort_unstable();
    let expected: Vec<u32> = refs.iter().zip(answered).filter(|(_, answered)| *answered).map(|(r, _)| *r).collect();
    assert_eq!(answers, expected);
    assert_eq!(refused_code(&mut ada, Command::Typing { room: nowhere }).await, parlour_protocol::ErrorCode::NotFound);
}

#[tokio::test]
async fn con_9_a_ref_may_be_any_number_and_is_echoed_also_where_the_command_is_unknown() {
    let house = House::start();
    let mut raw = Raw::greeted(&session(&house, "Ada").await).await;
    for r#ref in [0, u32::MAX] {
        raw.say(&json!({"t":"ping","ref":r#ref}).to_string()).await;
        assert_eq!(raw.answer().await, json!({"t":"reply","ref":r#ref,"reply":{"is":"pong"}}));
    }
    for (frame, r#ref) in [
        (r#"{"t":"fly","ref":5}"#, 5),
        (r#"{"ref":6}"#, 6),
        (r#"{"t":"ping"}"#, 0),
        (r#"{"t":"ping","ref":-1}"#, 0),
        (r#"{"t":"ping","ref":4294967296}"#, 0),
        ("[]", 0),
        ("null", 0),
        ("", 0),
    ] {
        raw.say(frame).await;
        let refusal = raw.answer().await;
        let expected = (json!("refusal"), json!(r#ref), json!("bad_frame"));
        assert_eq!(
            (refusal["t"].clone(), refusal["ref"].clone(), refusal["refusal"]["code"].clone()),
            expected,
            "{frame}"
        );
    }
}

#[tokio::test]
async fn a_client_that_says_goodbye_hears_it_back_and_bytes_sent_with_the_handshake_count() {
    let house = House::start();
    let ada = session(&house, "Ada").await;
    let mut raw = Raw::connect(house.address).await;
    let mut all = handshake(house.address, &full_headers(&ada)).into_bytes();
    all.extend(masked(TEXT, br#"{"t":"hello","ref":1}"#));
    all.extend(masked(0x88, &1000u16.to_be_bytes()));
    raw.send(&all).await;
    assert_eq!(raw.response().await.unwrap().status, 101);
    assert_eq!(raw.closed().await, Some(1000));
}

async fn said(raw: &mut Raw) -> Value {
    loop {
        let frame = raw.hears().await;
        if frame["t"] == "event" {
            return frame;
        }
    }
}

fn problem(body: &str) -> Value {
    serde_json::from_str(body).unwrap()
}

async fn status(house: &House, headers: &str) -> (u16, String) {
    let request = handshake(house.address, &format!("{headers}Connection: close\r\n"));
    let answer = http::exchange(house.address, &request).await.unwrap();
    (answer.status, problem(&answer.body)["code"].as_str().unwrap().to_owned())
}
