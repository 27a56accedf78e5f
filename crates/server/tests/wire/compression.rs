//! permessage-deflate (RFC 7692): off unless asked for, agreed to in one form, and nothing else is different for it (CON-11,
//! S13). What is agreed to and read by the letter is in tests/conformance.

use parlour_protocol::{Command, Reply, RoomId};
use serde_json::Value;

use crate::house::House;
use crate::packed::{AGREED, OFFER, PACKED, agree, agreed, next_event, packed, stored};
use crate::people::{enter, fresh, hears, say_many, session};
use crate::raw::{Raw, TEXT, full_headers, masked};

const LOBBY: RoomId = RoomId::LOBBY;
/// What a house may grow by under an attack: the allocator's slack, not the attack's size.
const SLACK_KIB: u64 = 4 * 1024;

fn packing_house() -> House {
    House::start_with(&["--rate-limits", "off", "--compression", "on"])
}

#[tokio::test]
async fn con_11_it_is_off_unless_asked_for_and_never_on_the_tutorial_s_wire() {
    let house = House::start();
    let ada = session(&house, "Ada").await;
    let mut raw = Raw::connect(house.address).await;
    let answer = raw.upgrade(&(full_headers(&ada) + OFFER)).await;
    assert_eq!(answer.header("sec-websocket-extensions"), None);
    raw.greet().await;
    raw.send_frame(TEXT | PACKED, &packed(br#"{"t":"ping","ref":1}"#)).await;
    assert_eq!(raw.closed().await, Some(1002), "it was not agreed to");

    let house = packing_house();
    let mut classic = Raw::connect(house.address).await;
    assert_eq!(classic.upgrade(OFFER).await.header("sec-websocket-extensions"), None);
    classic.send_frame(TEXT | PACKED, &packed(b"words")).await;
    assert_eq!(classic.closed().await, Some(1002));
}

#[tokio::test]
async fn con_11_an_offer_is_agreed_to_where_it_is_on_and_a_malformed_one_is_passed_over() {
    let house = House::start_among(&["--rate-limits", "off"], &[("PARLOUR_COMPRESSION", "on")], None);
    let ada = session(&house, "Ada").await;
    for (offer, answer) in [
        ("", None),
        ("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=7\r\n", None),
        ("Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=9\r\n", None),
        ("Sec-WebSocket-Extensions: permessage-deflate\r\n", Some(AGREED)),
        (
            "Sec-WebSocket-Extensions: x-webkit-deflate-frame\r\nSec-WebSocket-Extensions: permessage-deflate\r\n",
            Some(AGREED),
        ),
    ] {
        let mut raw = Raw::connect(house.address).await;
        let response = raw.upgrade(&(full_headers(&ada) + offer)).await;
        assert_eq!(response.header("sec-websocket-extensions"), answer, "{offer}");
        raw.greet().await;
        raw.send_frame(TEXT | PACKED, &packed(br#"{"t":"ping","ref":2}"#)).await;
        if answer.is_some() {
            assert_eq!(raw.answer().await["ref"], 2);
        } else {
            assert_eq!(raw.closed().await, Some(1002), "{offer}");
        }
    }
}

/// The texts of a talk: most are short, some are not, and no two are the same.
fn text(number: u64) -> String {
    let words = if number.is_multiple_of(3) {
        "and as I said a moment ago, ".repeat(number as usize % 40)
    } else {
        String::new()
    };
    format!("{number} {words}")
}

/// The next so many events of the lobby as they came, and how many of them were packed.
async fn talk(mut raw: Raw, count: usize) -> (Vec<Value>, usize) {
    let (mut heard, mut how_many) = (Vec::new(), 0);
    while heard.len() < count {
        let (event, was_packed) = next_event(&mut raw).await;
        how_many += usize::from(was_packed);
        heard.push(event);
    }
    (heard, how_many)
}

#[tokio::test]
async fn con_11_and_log_1_readers_packed_and_plain_hear_the_same_events_in_the_same_order() {
    const SPEAKERS: u64 = 3;
    const EACH: u64 = 100;
    let house = packing_house();
    let listener = session(&house, "Listener").await;
    let mut readers = Vec::new();
    for number in 0..6 {
        let mut raw = if number % 2 == 0 { agreed(&listener).await } else { Raw::full(&listener).await };
        raw.greet().await;
        readers.push(tokio::spawn(talk(raw, (SPEAKERS * EACH) as usize)));
    }
    let mut speakers = Vec::new();
    for speaker in 0..SPEAKERS {
        let (_, mut client, _) = enter(&house, &format!("Speaker {speaker}")).await;
        speakers.push(tokio::spawn(async move {
            for number in 0..EACH {
                client.post(LOBBY, &text(number)).await.unwrap();
            }
        }));
    }
    for speaker in speakers {
        speaker.await.unwrap();
    }
    let mut heard = Vec::new();
    for reader in readers {
        heard.push(reader.await.unwrap());
    }
    let seqs: Vec<u64> = heard[0].0.iter().filter_map(|event| event["seq"].as_u64()).collect();
    assert_eq!(seqs, (1..=SPEAKERS * EACH).collect::<Vec<_>>());
    for (number, (events, how_many)) in heard.iter().enumerate() {
        assert_eq!(events, &heard[0].0, "reader {number}");
        // A third of the texts are long enough for it, but for the first few of each speaker.
        assert_eq!(*how_many > 60, number % 2 == 0, "reader {number}: {how_many} came packed");
        assert!(*how_many < 110, "a short text is sent as it is: {how_many}");
    }
}

#[tokio::test]
async fn con_11_and_syn_1_one_who_comes_back_has_what_was_missed_and_the_live_events_without_a_seam() {
    let house = packing_house();
    let ada = session(&house, "Ada").await;
    let (_, mut ben, welcome) = enter(&house, "Ben").await;
    // As many as the ring of a room does not hold, so that the beginning comes from the store.
    say_many(&mut ben, LOBBY, 1..=400).await;
    let mut others = agreed(&ada).await;
    others.greet().await;
    let long = "a text that is long enough to be packed, ".repeat(10);
    ben.post(LOBBY, &long).await.unwrap();
    let mut raw = agreed(&ada).await;
    let epoch = serde_json::to_string(&welcome.epoch).unwrap();
    raw.say(&format!(r#"{{"t":"hello","ref":1,"epoch":{epoch},"cursors":[[1,3]]}}"#)).await;
    for _ in 0..3 {
        ben.post(LOBBY, &long).await.unwrap();
    }
    let (heard, how_many) = talk(raw, 401).await;
    let seqs: Vec<u64> = heard.iter().filter_map(|event| event["seq"].as_u64()).collect();
    assert_eq!((seqs, how_many), ((4..=404).collect::<Vec<_>>(), 4));
    assert_eq!(talk(others, 4).await.0, heard[397..], "both heard the same");
}

#[tokio::test]
async fn con_11_and_log_6_one_who_sleeps_costs_bounded_memory_and_misses_nothing() {
    const MESSAGES: u64 = 600;
    let house = packing_house();
    let sleeper = session(&house, "Sleeper").await;
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let mut sleepers = Vec::new();
    for _ in 0..5 {
        let mut raw = Raw::connect_narrow(house.address).await;
        agree(&mut raw, &sleeper).await;
        raw.greet().await;
        sleepers.push(raw);
    }
    // Hardly anything that deflate could find again, so that the kernel's buffers are soon full.
    let mut dice: u64 = 1;
    let mut noise = || {
        let mut digit = || {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            char::from(33 + (dice >> 33) as u8 % 90)
        };
        (0..8_000).map(|_| digit()).collect::<String>()
    };
    let before = house.memory_kib().unwrap();
    for number in 1..=MESSAGES {
        ada.post(LOBBY, &format!("{number} {}", noise())).await.unwrap();
        assert!(hears(&mut ada).await.starts_with(&number.to_string()), "the one who reads waits for nobody");
    }
    let after = house.memory_kib().unwrap();
    // What is held is two rings of 256 KiB and the caches of the database and of the search's index.
    assert!(after < before + 4 * SLACK_KIB, "grew from {before} to {after} KiB");
    for raw in sleepers {
        let (heard, _) = talk(raw, MESSAGES as usize).await;
        let seqs: Vec<u64> = heard.iter().filter_map(|event| event["seq"].as_u64()).collect();
        assert_eq!(seqs, (1..=MESSAGES).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn con_11_what_is_said_packed_is_heard_by_everyone() {
    let house = packing_house();
    let (_, mut ben, _) = enter(&house, "Ben").await;
    let mut ada = agreed(&session(&house, "Ada").await).await;
    ada.greet().await;
    let words = "over and over ".repeat(60);
    for message in [packed as fn(&[u8]) -> Vec<u8>, |payload| stored(payload, 100)] {
        let id = fresh().0;
        let post = format!(r#"{{"t":"post","ref":1,"room":1,"client_id":"{id}","text":"{words}"}}"#);
        ada.send_frame(TEXT | PACKED, &message(post.as_bytes())).await;
        assert_eq!(hears(&mut ben).await, words);
        let (event, was_packed) = next_event(&mut ada).await;
        assert_eq!((event["text"].as_str(), was_packed), (Some(words.as_str()), true));
    }
}

#[tokio::test]
async fn s13_a_bomb_is_cut_at_the_limit_and_costs_no_memory() {
    let house = packing_house();
    let ada = session(&house, "Ada").await;
    let (_, mut ben, _) = enter(&house, "Ben").await;
    // As much as there can be in one message: about 60 MB in 64 KiB.
    let bomb = packed(&vec![b' '; 60_000_000]);
    assert!((50_000..65_536).contains(&bomb.len()), "{} bytes", bomb.len());
    let small = packed(&vec![b' '; 65_537]);
    let mut warm = agreed(&ada).await;
    warm.greet().await;
    warm.send_frame(TEXT | PACKED, &packed(br#"{"t":"ping","ref":2}"#)).await;
    assert_eq!(warm.answer().await["ref"], 2);
    let before = house.memory_kib().unwrap();
    for _ in 0..20 {
        for bytes in [&bomb, &small] {
            for greeted in [false, true] {
                let mut raw = agreed(&ada).await;
                if greeted {
                    raw.greet().await;
                }
                let (first, rest) = bytes.split_at(bytes.len() / 2);
                raw.send(&[masked(0x01 | PACKED, first), masked(0x80, rest)].concat()).await;
                assert_eq!(raw.closed().await, Some(1009));
            }
            let mut raw = agreed(&ada).await;
            raw.send_frame(TEXT | PACKED, bytes).await;
            assert_eq!(raw.closed().await, Some(1009));
        }
    }
    let after = house.memory_kib().unwrap();
    assert!(after < before + SLACK_KIB, "grew from {before} to {after} KiB");
    assert_eq!(ben.request(Command::Ping).await.unwrap(), Reply::Pong);
    warm.send_frame(TEXT | PACKED, &packed(br#"{"t":"ping","ref":3}"#)).await;
    assert_eq!(warm.answer().await["ref"], 3, "others are read on");
}
