//! Saying something: what is taken, what is answered, in which order it is kept (MSG, LOG-1, LOG-3, LOG-4, S51, S55).

use parlour_client::Client;
use parlour_protocol::{Command, ErrorCode, Hello, Reply, RoomId, Seq, ServerFrame, Timestamp};
use serde_json::json;

use crate::house::House;
use crate::people::{connect, create, enter, events, fresh, hears, post, refused, refused_code, session, text_of};
use crate::raw::Raw;

#[tokio::test]
async fn msg_1_a_message_is_answered_with_its_place_and_everyone_hears_it_as_it_was_said() {
    let house = House::start();
    let (ada_session, mut ada, welcome) = enter(&house, "Ada").await;
    let (_, mut bob, _) = enter(&house, "Bob").await;
    let id = fresh();
    let text = "Grüße 👩‍👩‍👧\n\t\"quoted\" \\ </script> \u{202E}abc \u{FEFF}";
    let command =
        Command::Post { room: RoomId::LOBBY, client_id: id, text: text.to_owned(), answers: None, files: vec![] };
    let Reply::Posted { room, seq, at, client_id, duplicate } = ada.request(command).await.unwrap() else {
        panic!("not posted");
    };
    assert_eq!((room, seq, client_id, duplicate), (RoomId::LOBBY, Seq(1), id, false));
    assert!(at >= welcome.server_time && at < Timestamp(welcome.server_time.0 + 60_000));
    let mut heard = Vec::new();
    for client in [&mut ada, &mut bob] {
        heard.push(serde_json::to_value(client.next_event().await.unwrap()).unwrap());
    }
    let you = &ada_session.you;
    let expected = json!({"room": 1, "seq": 1, "at": at, "by": {"id": you.id, "name": "Ada"}, "kind": "message",
        "client_id": id, "text": text});
    assert_eq!(heard, [expected.clone(), expected.clone()]);
    let page = ada_session.history(RoomId::LOBBY, "").await.unwrap();
    assert_eq!(serde_json::to_value(&page.events).unwrap(), json!([expected]));
    let stored: String =
        house.database().query_row("select body from event where seq = 1", [], |row| row.get(0)).unwrap();
    assert_eq!(stored, text, "log_8: it is a row, as plain text");
}

#[tokio::test]
async fn msg_2_and_s55_line_ends_become_lf_and_every_control_but_newline_and_tab_is_refused() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    ada.post(RoomId::LOBBY, "a\r\nb\rc\td\n\r\n").await.unwrap();
    assert_eq!(hears(&mut ada).await, "a\nb\nc\td\n\n");
    let controls = (0..=0x1F).chain(0x7F..=0x9F).filter_map(char::from_u32).filter(|c| !"\n\r\t".contains(*c));
    let mut refs = Vec::new();
    for control in controls {
        refs.push(ada.send(post(format!("a{control}b"))).await.unwrap());
        // Its neighbours in the same batch are unharmed (S55, H17).
        refs.push(ada.send(post(format!("after {:x}", u32::from(control)))).await.unwrap());
    }
    assert_eq!(refs.len(), 2 * 62);
    for (index, r#ref) in refs.into_iter().enumerate() {
        let code = match ada.answer(r#ref).await {
            Err(parlour_client::ClientError::Refused(refusal)) => Some(refusal.code),
            Ok(_) => None,
            Err(error) => panic!("{error}"),
        };
        assert_eq!(code, (index % 2 == 0).then_some(ErrorCode::BadText), "{index}");
    }
    assert_eq!(ada.post(RoomId::LOBBY, "end").await.unwrap(), Seq(64));
}

#[tokio::test]
async fn msg_3_white_space_is_empty_and_16_kib_and_not_a_byte_more_are_taken() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    for nothing in ["", " ", "\r\n\t\n", "\u{3000}\u{2003}\u{a0}"] {
        assert_eq!(refused_code(&mut ada, post(nothing)).await, ErrorCode::Empty, "{nothing:?}");
    }
    // Counted in bytes of UTF-8, after CRLF became LF.
    let most = ["x".repeat(16_384), "é".repeat(8_192), format!("{}\r\n", "x".repeat(16_383))];
    for text in most {
        ada.post(RoomId::LOBBY, &text).await.unwrap();
        assert_eq!(hears(&mut ada).await, text.replace("\r\n", "\n"));
        assert_eq!(refused_code(&mut ada, post(format!("{text}y"))).await, ErrorCode::TooBig);
    }
}

#[tokio::test]
async fn s51_a_frame_of_64_kib_is_read_and_one_byte_more_closes_with_1009() {
    let house = House::start();
    let ada = session(&house, "Ada").await;
    let mut raw = Raw::greeted(&ada).await;
    let frame = |bytes: usize| {
        let start = format!(r#"{{"t":"post","ref":2,"room":1,"client_id":"{}","text":""#, fresh().0);
        let fill = "x".repeat(bytes - start.len() - 2);
        format!("{start}{fill}\"}}")
    };
    raw.say(&frame(65_536)).await;
    let refusal = raw.answer().await;
    assert_eq!((&refusal["ref"], &refusal["refusal"]["code"]), (&json!(2), &json!("too_big")));
    raw.say(&frame(65_537)).await;
    assert_eq!(raw.closed().await, Some(1009));
    assert_eq!(ada.history(RoomId::LOBBY, "").await.unwrap().events, []);
}

#[tokio::test]
async fn msg_4_a_room_of_others_and_a_room_that_is_not_there_are_the_same_not_found() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let (_, mut bob, _) = enter(&house, "Bob").await;
    let room = create(&mut ada, "tea").await.room.id;
    let mut answers = Vec::new();
    for to in [room, RoomId(room.0 + 1), RoomId(0), RoomId((1 << 53) - 1)] {
        let command =
            Command::Post { room: to, client_id: fresh(), text: "let me in".to_owned(), answers: None, files: vec![] };
        answers.push(refused(&mut bob, command).await);
    }
    assert_eq!(answers[0].code, ErrorCode::NotFound);
    assert_eq!(answers, vec![answers[0].clone(); 4]);
    assert_eq!(ada.post(room, "just us").await.unwrap(), Seq(2));
}

#[tokio::test]
async fn s67_numbers_outside_of_what_a_browser_holds_are_refused_and_wrap_nowhere() {
    let house = House::start();
    let mut raw = Raw::greeted(&session(&house, "Ada").await).await;
    for number in
        ["-1", "9007199254740992", "9223372036854775808", "18446744073709551616", "1e400", "1.0", "\"1\"", "null"]
    {
        for field in ["room", "seq"] {
            let (room, seq) = if field == "room" { (number, "1") } else { ("1", number) };
            raw.say(&format!(r#"{{"t":"mark_read","ref":3,"room":{room},"seq":{seq}}}"#)).await;
            assert_eq!(raw.answer().await["refusal"]["code"], "bad_frame", "{field} {number}");
        }
    }
    raw.say(r#"{"t":"mark_unread","ref":4,"room":1,"seq":0}"#).await;
    let answer = raw.answer().await;
    assert_eq!(answer["reply"], json!({"is":"read","room":1,"seq":0,"unread":0,"mentions":0,"head":0}), "{answer}");
    raw.say(r#"{"t":"mark_unread","ref":5,"room":1,"seq":9007199254740991}"#).await;
    let expected = json!({"is":"read","room":1,"seq":0,"unread":0,"mentions":0,"head":0});
    assert_eq!(raw.answer().await["reply"], expected, "read_3: above the head is the head");
}

#[tokio::test]
async fn log_1_two_writers_make_one_log_without_holes_and_everyone_sees_the_same() {
    let house = House::start();
    let (session, mut reader, _) = enter(&house, "reader").await;
    let (mut slower, _) = connect(&session, Hello::default()).await;
    const EACH: usize = 150;
    let mut writers = Vec::new();
    for name in ["Ada", "Bob"] {
        let (_, mut client, _) = enter(&house, name).await;
        writers.push(tokio::spawn(async move {
            crate::people::say_many(&mut client, RoomId::LOBBY, 1..=EACH as u64).await;
        }));
    }
    let heard = events(&mut reader, 2 * EACH).await;
    for writer in writers {
        writer.await.unwrap();
    }
    let seqs: Vec<u64> = heard.iter().map(|event| event.seq.0).collect();
    assert_eq!(seqs, (1..=2 * EACH as u64).collect::<Vec<_>>());
    for name in ["Ada", "Bob"] {
        let said: Vec<_> = heard.iter().filter(|event| event.by.name == name).filter_map(text_of).collect();
        let expected: Vec<String> = (1..=EACH).map(|number| number.to_string()).collect();
        assert_eq!(said, expected, "log_4: the order of {name}");
    }
    assert_eq!(events(&mut slower, 2 * EACH).await, heard);
    assert_eq!(session.whole_log(RoomId::LOBBY).await.unwrap(), heard);
}

#[tokio::test]
async fn log_3_an_id_is_one_event_for_ever_over_any_connection_and_after_a_restart() {
    let mut house = House::start();
    let (ada, mut first, _) = enter(&house, "Ada").await;
    let id = fresh();
    let (seq, duplicate) = first.post_as(RoomId::LOBBY, id, "once").await.unwrap();
    assert_eq!((seq, duplicate), (Seq(1), false));
    // Other words under the same id are a repeat all the same.
    assert_eq!(first.post_as(RoomId::LOBBY, id, "twice").await.unwrap(), (seq, true));
    let (mut second, _) = connect(&ada, Hello::default()).await;
    assert_eq!(second.post_as(RoomId::LOBBY, id, "once").await.unwrap(), (seq, true));
    // In another room, or of another person, it is another message.
    let room = create(&mut first, "tea").await.room.id;
    assert_eq!(first.post_as(room, id, "once").await.unwrap(), (Seq(2), false));
    let (_, mut bob, _) = enter(&house, "Bob").await;
    assert_eq!(bob.post_as(RoomId::LOBBY, id, "mine").await.unwrap(), (Seq(2), false));
    house.kill();
    house.restart();
    let (mut third, _) = connect(&ada, Hello::default()).await;
    assert_eq!(third.post_as(RoomId::LOBBY, id, "once").await.unwrap(), (seq, true));
    let log = ada.whole_log(RoomId::LOBBY).await.unwrap();
    assert_eq!(log.iter().filter_map(text_of).collect::<Vec<_>>(), ["once", "mine"]);
}

#[tokio::test]
async fn log_3_the_same_id_many_times_at_once_is_one_event() {
    let house = House::start();
    let (ada, mut first, _) = enter(&house, "Ada").await;
    let mut clients: Vec<Client> = Vec::new();
    for _ in 0..8 {
        clients.push(connect(&ada, Hello::default()).await.0);
    }
    let id = fresh();
    let mut tasks = Vec::new();
    for mut client in clients {
        tasks.push(tokio::spawn(async move { client.post_as(RoomId::LOBBY, id, "once").await.unwrap() }));
    }
    let mut fresh_ones = 0;
    for task in tasks {
        let (seq, duplicate) = task.await.unwrap();
        assert_eq!(seq, Seq(1));
        fresh_ones += usize::from(!duplicate);
    }
    assert_eq!(fresh_ones, 1);
    assert_eq!(first.post(RoomId::LOBBY, "next").await.unwrap(), Seq(2));
}

#[tokio::test]
async fn log_2_a_reply_and_its_event_name_the_same_place_in_either_order() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    for number in 1..=20 {
        let r#ref = ada.send(post(number.to_string())).await.unwrap();
        let (mut replied, mut told) = (None, None);
        while replied.is_none() || told.is_none() {
            match ada.next().await.unwrap() {
                ServerFrame::Reply { r#ref: of, reply: Reply::Posted { seq, .. } } if of == r#ref => {
                    replied = Some(seq)
                }
                ServerFrame::Event(event) => told = Some(event.seq),
                _ => continue,
            }
            let database = house.database();
            let stored: u64 = database.query_row("select max(seq) from event", [], |row| row.get(0)).unwrap();
            assert_eq!(stored, number, "what was told is on disk already");
        }
        assert_eq!((replied, told), (Some(Seq(number)), Some(Seq(number))));
    }
}
