//! Bad input: each has its documented refusal or close, nobody else notices, and memory stays flat (CON-4, S51 to S54, S97).

use parlour_client::{Client, http};
use parlour_protocol::{Command, ErrorCode, Hello, History, Reply, RoomId, Seq};
use serde_json::json;

use crate::house::House;
use crate::people::{enter, fresh, post, refused_code, session};
use crate::raw::{BINARY, CLOSE, PING, PONG, Raw, TEXT, handshake, masked};

const LOBBY: RoomId = RoomId::LOBBY;
/// What a house may grow by under an attack: the allocator's slack, not the attack's size.
const SLACK_KIB: u64 = 16 * 1024;

#[tokio::test]
async fn con_4_and_s54_binary_closes_with_1003_and_bytes_that_are_no_utf_8_with_1007() {
    let house = House::start();
    let ada = session(&house, "Ada").await;
    for greeted in [false, true] {
        let mut raw = if greeted { Raw::greeted(&ada).await } else { Raw::full(&ada).await };
        raw.send_frame(BINARY, br#"{"t":"ping","ref":1}"#).await;
        assert_eq!(raw.closed().await, Some(1003));
    }
    let broken: [&[u8]; 6] = [
        b"\xFF",
        b"\xC0\x80",
        b"\xED\xA0\x80",
        b"\xF4\x90\x80\x80",
        b"\xE2\x82",
        b"{\"t\":\"ping\",\"ref\":1,\"x\":\"\xC3\"}",
    ];
    for bytes in broken {
        let mut raw = Raw::greeted(&ada).await;
        raw.send_frame(TEXT, bytes).await;
        assert_eq!(raw.closed().await, Some(1007), "{bytes:02x?}");
    }
}

#[tokio::test]
async fn con_4_and_s53_json_that_is_no_command_is_a_bad_frame_and_the_connection_lives() {
    let house = House::start();
    let (ada, mut client, _) = enter(&house, "Ada").await;
    let deep = |depth: usize| format!(r#"{{"t":"ping","ref":1,"x":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
    let keys = |count: usize| {
        let more: Vec<String> = (2..count).map(|key| format!(r#""k{key}":0"#)).collect();
        format!(r#"{{"t":"ping","ref":1,{}}}"#, more.join(","))
    };
    let say = |text: &str| {
        let id = fresh().0;
        format!(r#"{{"t":"post","ref":1,"room":1,"client_id":"{id}","text":{text}}}"#)
    };
    let mut raw = Raw::greeted(&ada).await;
    // The frame itself is one level deep.
    for fine in [deep(31), keys(64)] {
        raw.say(&fine).await;
        assert_eq!(raw.answer().await["reply"]["is"], "pong", "{fine}");
    }
    let bad = [
        deep(32),
        deep(20_000),
        format!(r#"{{"t":"ping","ref":1,"x":{}"#, "[".repeat(60_000)),
        keys(65),
        keys(5_000),
        say(r#""\ud800""#),
        say(r#""\udc00\ud800""#),
        say("7"),
        say("null"),
        say("\"a\nb\""),
        r#"{"t":"post","ref":1,"room":1,"client_id":"not-a-uuid","text":"x"}"#.to_owned(),
        r#"{"t":"post","ref":1,"room":1,"text":"x"}"#.to_owned(),
        r#"{"t":"no_such_thing","ref":1}"#.to_owned(),
        r#"{"t":"ping","ref":1}{"t":"ping","ref":2}"#.to_owned(),
        r#"{"t":"ping","ref":1,"ref":2}"#.to_owned(),
        r#"{"t":"ping","t":"ping","ref":1}"#.to_owned(),
        r#"{"t":"ping","ref":NaN}"#.to_owned(),
        r#"{"t":"hello","ref":1,"cursors":[[1]]}"#.to_owned(),
        "\u{FEFF}{}".to_owned(),
        "[".repeat(65_536),
        "\"".repeat(65_535),
    ];
    for frame in bad {
        raw.say(&frame).await;
        let shown: String = frame.chars().take(60).collect();
        let refusal = raw.answer().await;
        assert_eq!((&refusal["t"], &refusal["refusal"]["code"]), (&json!("refusal"), &json!("bad_frame")), "{shown}");
        let message = refusal["refusal"]["message"].as_str().unwrap();
        assert!(message.ends_with('.') && message.len() < 300 && !message.contains('\n'), "{message}");
    }
    raw.say(&say(r#""a\u0000b""#)).await;
    assert_eq!(raw.answer().await["refusal"]["code"], "bad_text", "U+0000 is a control, and no end of a string");
    assert_eq!(client.post(LOBBY, "the first").await.unwrap(), Seq(1));
}

#[tokio::test]
async fn con_4_frames_that_break_rfc_6455_close_with_1002() {
    let house = House::start();
    let breaks: [(&str, Vec<u8>); 12] = [
        ("RSV1", masked(0xC1, b"x")),
        ("RSV2", masked(0xA1, b"x")),
        ("RSV3", masked(0x91, b"x")),
        ("opcode 3", masked(0x83, b"x")),
        ("opcode 15", masked(0x8F, b"x")),
        ("unmasked", vec![0x81, 0x01, b'x']),
        ("fragmented ping", masked(0x09, b"x")),
        ("long ping", masked(PING, &[0; 126])),
        ("continuation of nothing", masked(0x80, b"x")),
        ("close of one byte", masked(CLOSE, b"\x03")),
        ("close with 1005", masked(CLOSE, &1005u16.to_be_bytes())),
        ("length not in its shortest form", [&[0x81, 0x80 | 126, 0, 5, 0, 0, 0, 0][..], b"hello"].concat()),
    ];
    for (what, bytes) in breaks {
        let mut raw = Raw::classic(house.address).await;
        raw.send(&bytes).await;
        assert_eq!(raw.closed().await, Some(1002), "{what}");
    }
    let mut interrupted = Raw::classic(house.address).await;
    interrupted.send_frame(0x01, b"begun").await;
    interrupted.send_frame(TEXT, b"another").await;
    assert_eq!(interrupted.closed().await, Some(1002));
}

#[tokio::test]
async fn s51_a_frame_of_a_megabyte_is_refused_by_its_length_and_costs_nothing() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let before = house.memory_kib().unwrap();
    for length in [65_537u64, 1 << 20, 1 << 32, (1 << 63) - 1] {
        let mut head = vec![TEXT, 0x80 | 127];
        head.extend_from_slice(&length.to_be_bytes());
        let mut raw = Raw::classic(house.address).await;
        raw.send(&head).await;
        assert_eq!(raw.closed().await, Some(1009), "{length}: closed before a byte of it came");
    }
    let megabyte = masked(TEXT, &vec![b'x'; 1 << 20]);
    for _ in 0..50 {
        let mut raw = Raw::classic(house.address).await;
        raw.try_send(&megabyte).await;
    }
    assert_eq!(ada.request(Command::Ping).await.unwrap(), Reply::Pong);
    assert_flat(&house, before);
}

#[tokio::test]
async fn s52_fragments_are_put_together_up_to_the_limits_and_floods_are_closed() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let before = house.memory_kib().unwrap();
    let mut patient = Raw::classic(house.address).await;
    // A euro sign cut in the middle, with a ping between.
    patient.send_frame(0x01, b"cost: \xE2").await;
    patient.send_frame(PING, b"?").await;
    patient.send_frame(0x00, b"\x82").await;
    patient.send_frame(0x80, b"\xAC").await;
    assert_eq!(patient.frame().await.unwrap().first, PONG);
    assert_eq!(patient.hears_body().await, "cost: €");
    let flood = [masked(0x01, b"a"), masked(0x00, b"a").repeat(2_000)].concat();
    for _ in 0..20 {
        let mut raw = Raw::classic(house.address).await;
        raw.try_send(&flood).await;
        assert_eq!(raw.closed().await, Some(1008), "more than 1,024 fragments");
        let mut empty = Raw::classic(house.address).await;
        empty.try_send(&[masked(0x01, b""), masked(0x00, b"").repeat(2_000)].concat()).await;
        assert_eq!(empty.closed().await, Some(1008), "also where they are empty");
        let mut large = Raw::classic(house.address).await;
        large.try_send(&[masked(0x01, &[b'a'; 60_000]), masked(0x80, &[b'a'; 6_000])].concat()).await;
        assert_eq!(large.closed().await, Some(1009));
    }
    // Two hundred messages that are begun and never ended hold what they sent and no more.
    let mut begun = Vec::new();
    for _ in 0..100 {
        let mut raw = Raw::classic(house.address).await;
        raw.send_frame(0x01, &[b'a'; 1_000]).await;
        begun.push(raw);
    }
    assert_eq!(ada.request(Command::Ping).await.unwrap(), Reply::Pong);
    assert_flat(&house, before);
}

#[tokio::test]
async fn s97_floods_of_pings_and_pongs_that_nobody_reads_cost_bounded_memory() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let before = house.memory_kib().unwrap();
    let mut flooders = Vec::new();
    for _ in 0..4 {
        flooders.push(Raw::narrow_classic(house.address).await);
    }
    let pings = masked(PING, &[0x55; 125]).repeat(1_000);
    let pongs = masked(PONG, &[0x55; 125]).repeat(1_000);
    for _ in 0..40 {
        for raw in &mut flooders {
            raw.send(&pings).await;
            raw.send(&pongs).await;
        }
    }
    // 160,000 pings; every answer is short of a reader, and the newest are all that is owed.
    assert_eq!(ada.post(LOBBY, "undisturbed").await.unwrap(), Seq(1));
    assert_flat(&house, before);
    for raw in &mut flooders {
        raw.say("through").await;
        loop {
            let frame = raw.frame().await.unwrap();
            if frame.first == TEXT && frame.json()["body"] == "through" {
                break;
            }
        }
    }
}

#[tokio::test]
async fn s97_storms_of_resets_and_of_closes_that_are_never_read_leave_nothing_behind() {
    let house = House::start();
    let (ada, mut client, _) = enter(&house, "Ada").await;
    let (before, sockets) = (house.memory_kib().unwrap(), house.open_sockets());
    for round in 0..150 {
        Raw::connect(house.address).await.reset();
        Raw::classic(house.address).await.reset();
        let mut begun = Raw::greeted(&ada).await;
        begun.send(&masked(TEXT, b"{\"t\":\"post\"")[..5]).await;
        begun.reset();
        let mut closing = Raw::classic(house.address).await;
        closing.send_frame(CLOSE, &1000u16.to_be_bytes()).await;
        drop(closing);
        let mut half = Raw::connect(house.address).await;
        half.send(&handshake(house.address, "").as_bytes()[..40 + round % 60]).await;
        half.reset();
    }
    assert_eq!(client.request(Command::Ping).await.unwrap(), Reply::Pong);
    assert_flat(&house, before);
    // All of them are gone as soon as the server has looked at each.
    let all_gone = async {
        while house.open_sockets() > sockets {
            assert_eq!(client.request(Command::Ping).await.unwrap(), Reply::Pong);
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), all_gone).await.expect("no socket is left behind");
}

#[tokio::test]
async fn random_bytes_at_every_stage_harm_nobody() {
    let seed = std::env::var("PARLOUR_TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(7);
    println!("seed {seed}");
    let mut dice: u64 = seed | 1;
    let mut junk = |length: usize| {
        let mut bytes = Vec::with_capacity(length);
        while bytes.len() < length {
            dice ^= dice << 13;
            dice ^= dice >> 7;
            dice ^= dice << 17;
            bytes.extend_from_slice(&dice.to_ne_bytes());
        }
        bytes
    };
    let house = House::start();
    let (ada, mut client, _) = enter(&house, "Ada").await;
    for round in 0..60usize {
        let bytes = junk(16 << (round % 8));
        Raw::connect(house.address).await.try_send(&bytes).await;
        let mut classic = Raw::classic(house.address).await;
        classic.try_send(&bytes).await;
        let mut full = Raw::full(&ada).await;
        full.try_send(&bytes).await;
        let mut greeted = Raw::greeted(&ada).await;
        greeted.try_send(&masked(TEXT, &bytes)).await;
        assert!([Some(1007), None].contains(&greeted.close_within(std::time::Duration::from_millis(50)).await));
    }
    assert_eq!(client.request(Command::Ping).await.unwrap(), Reply::Pong);
    assert_eq!(http::get(house.address, "/readyz", "").await.unwrap().status, 204);
}

#[tokio::test]
async fn s53_s95_hostile_commands_are_refused_and_the_next_good_one_is_answered() {
    let house = House::start();
    let (ada, mut client, _) = enter(&house, "Ada").await;
    let cases = [
        (Command::Hello(Hello::default()), ErrorCode::BadFrame),
        (Command::JoinRoom { room: RoomId(0) }, ErrorCode::NotFound),
        (Command::JoinRoom { room: RoomId((1 << 53) - 1) }, ErrorCode::NotFound),
        (Command::MarkRead { room: RoomId(9), seq: Seq((1 << 53) - 1), thread: None }, ErrorCode::NotFound),
        (Command::CatchUp { room: RoomId(9), after: Seq((1 << 53) - 1) }, ErrorCode::NotFound),
        (post("x".repeat(16_385)), ErrorCode::TooBig),
        (
            Command::CreateRoom {
                name: "x".repeat(20_000),
                topic: String::new(),
                closed: false,
                history: History::All,
            },
            ErrorCode::BadName,
        ),
        (
            Command::CreateRoom {
                name: "x".to_owned(),
                topic: "x".repeat(20_000),
                closed: false,
                history: History::All,
            },
            ErrorCode::TooBig,
        ),
    ];
    for (command, code) in cases {
        let shown: String = format!("{command:?}").chars().take(60).collect();
        assert_eq!(refused_code(&mut client, command).await, code, "{shown}");
    }
    assert_eq!(client.request(Command::Ping).await.unwrap(), Reply::Pong);
    let (mut other, _) = Client::connect(&ada, Hello::default()).await.unwrap();
    assert_eq!(other.post(LOBBY, "fine").await.unwrap(), Seq(1));
}

fn assert_flat(house: &House, before_kib: u64) {
    let after_kib = house.memory_kib().unwrap();
    assert!(after_kib < before_kib + SLACK_KIB, "grew from {before_kib} to {after_kib} KiB");
}
