//! Rooms: made, named, joined, renamed, left, and nothing more for those who left (ROOM, LOG-7, S56, S57, S58).

use parlour_client::Client;
use parlour_protocol::{
    Change, Command, ErrorCode, Event, Hello, History, Notice, NotifyLevel, PostBy, Reply, Room, RoomId, RoomKind,
    RoomRole, RoomState, Seq, ServerFrame,
};

use crate::house::House;
use crate::people::{connect, create, enter, fresh, hears, join, notice, refused, refused_code, resume, session};

const LOBBY: RoomId = RoomId::LOBBY;

#[tokio::test]
async fn room_1_a_new_room_is_open_begins_with_its_making_and_holds_its_maker() {
    let house = House::start();
    let (ada, mut first, _) = enter(&house, "Ada").await;
    let command = Command::CreateRoom {
        name: "#Tea  Time".to_owned(),
        topic: " which \n one? ".to_owned(),
        closed: false,
        history: History::All,
    };
    let Reply::Room { state } = first.request(command).await.unwrap() else { panic!("no room") };
    let room = Room {
        id: RoomId(2),
        name: "tea-time".to_owned(),
        topic: "which one?".to_owned(),
        kind: RoomKind::Open,
        archived: false,
        post_by: PostBy::Everyone,
        slow_s: 0,
        history: History::All,
    };
    let (head, since, read) = (Seq(1), Seq(1), Seq(1));
    let expected = RoomState {
        room,
        head,
        floor: Seq(0),
        since,
        read,
        unread: 0,
        mentions: 0,
        notify: NotifyLevel::All,
        members: 1,
        online: 1,
        role: RoomRole::Manager,
        with: vec![],
    };
    assert_eq!(state, expected);
    let log = ada.whole_log(RoomId(2)).await.unwrap();
    let made = Change::RoomCreated { name: "tea-time".to_owned(), topic: "which one?".to_owned() };
    assert_eq!(
        log.iter().map(|event| (event.seq, &event.by.name, &event.change)).collect::<Vec<_>>(),
        [(Seq(1), &ada.you.name, &made)]
    );
    // Posting right behind the making, before its answer, is posting as a member (S50).
    first
        .send(Command::CreateRoom {
            name: "soup".to_owned(),
            topic: String::new(),
            closed: false,
            history: History::All,
        })
        .await
        .unwrap();
    let post = first
        .send(Command::Post {
            room: RoomId(3),
            client_id: fresh(),
            text: "first".to_owned(),
            answers: None,
            files: vec![],
        })
        .await
        .unwrap();
    assert!(matches!(first.answer(post).await, Ok(Reply::Posted { seq: Seq(2), .. })));
}

#[tokio::test]
async fn room_2_a_name_is_taken_also_by_case_width_and_look_alikes() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    create(&mut ada, "Coffee-Bar").await;
    for alike in ["coffee-bar", "#COFFEE BAR", "coffeebar", "ｃｏｆｆｅｅ-bar", "соffее-bar", "coffee.bar"] {
        assert_eq!(refused_code(&mut ada, make(alike)).await, ErrorCode::NameTaken, "{alike}");
    }
    for also in ["lobby", "LOBBY", "l0bby"] {
        assert_eq!(refused_code(&mut ada, make(also)).await, ErrorCode::NameTaken, "{also}");
    }
    let other = create(&mut ada, "bar").await.room.id;
    let rename = Command::RenameRoom { room: other, name: "Coffee Bar".to_owned(), topic: String::new() };
    assert_eq!(refused_code(&mut ada, rename).await, ErrorCode::NameTaken);
}

#[tokio::test]
async fn room_2_a_name_is_1_to_32_characters_and_a_bad_one_is_refused_with_a_reason() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    create(&mut ada, &"ü".repeat(32)).await;
    let too_long = "ü".repeat(33);
    let (zalgo, most) = (format!("z{}", "\u{301}".repeat(9)), format!("z{}", "\u{301}".repeat(10_000)));
    let bad = ["", " ", "#", "-", "a/b", "a?", "<b>", "a\u{0}b", "a\u{200B}b", "a\tb\u{7}", &too_long, &zalgo, &most];
    for name in bad {
        let refusal = refused(&mut ada, make(name)).await;
        assert_eq!(refusal.code, ErrorCode::BadName, "{name:?}");
        assert!(refusal.message.len() > 10 && refusal.message.ends_with('.'), "{refusal:?}");
    }
    let topic = |topic: String| Command::CreateRoom {
        name: "long-topic".to_owned(),
        topic,
        closed: false,
        history: History::All,
    };
    assert_eq!(refused_code(&mut ada, topic("x".repeat(251))).await, ErrorCode::TooBig);
    assert_eq!(refused_code(&mut ada, topic("a\u{1b}b".to_owned())).await, ErrorCode::BadText);
    assert!(ada.request(topic("x".repeat(250))).await.is_ok());
}

#[tokio::test]
async fn room_3_anyone_inside_joins_renames_as_a_member_and_leaves() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let (bob_session, mut bob, _) = enter(&house, "Bob").await;
    let room = create(&mut ada, "tea").await.room.id;
    let state = join(&mut bob, room).await;
    assert_eq!((state.head, state.read, state.unread, state.members), (Seq(2), Seq(2), 0, 2));
    assert_eq!(ada.next_event().await.unwrap().change, Change::MemberJoined);
    // Joining twice is answered like the first time, and is one event.
    let again = join(&mut bob, room).await;
    assert_eq!(again, RoomState { online: again.online, ..state });
    let rename = |name: &str| Command::RenameRoom { room, name: name.to_owned(), topic: "hot".to_owned() };
    assert_eq!(bob.request(rename("Green Tea")).await.unwrap(), Reply::Done);
    let renamed = ada.next_event().await.unwrap();
    let expected = Change::RoomRenamed { name: "green-tea".to_owned(), topic: "hot".to_owned() };
    assert_eq!((renamed.seq, renamed.by.name.as_str(), renamed.change), (Seq(3), "Bob", expected));
    assert_eq!(bob.request(rename("green-tea")).await.unwrap(), Reply::Done, "nothing changed, and no event");
    assert_eq!(bob.request(Command::LeaveRoom { room }).await.unwrap(), Reply::Done);
    let left = ada.next_event().await.unwrap();
    assert_eq!((left.seq, left.by.name.as_str(), left.change), (Seq(4), "Bob", Change::MemberLeft));
    for command in [rename("mine"), Command::LeaveRoom { room }] {
        assert_eq!(refused_code(&mut bob, command).await, ErrorCode::NotFound);
    }
    // Coming back shows what was said meanwhile, unread by none of it.
    ada.post(room, "while away").await.unwrap();
    let back = join(&mut bob, room).await;
    assert_eq!((back.head, back.since, back.unread, back.members), (Seq(6), Seq(1), 0, 2));
    assert_eq!(bob_session.whole_log(room).await.unwrap().len(), 6);
    assert_eq!(refused_code(&mut bob, Command::JoinRoom { room: RoomId(99) }).await, ErrorCode::NotFound);
}

#[tokio::test]
async fn room_3_the_lobby_cannot_be_left_or_renamed() {
    let house = House::start();
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let rename = Command::RenameRoom { room: LOBBY, name: "hall".to_owned(), topic: String::new() };
    for command in [rename, Command::LeaveRoom { room: LOBBY }] {
        assert_eq!(refused_code(&mut ada, command).await, ErrorCode::Forbidden);
    }
    assert_eq!(join(&mut ada, LOBBY).await.head, Seq(0), "joined already, so no event");
    assert_eq!(ada_session.whole_log(LOBBY).await.unwrap(), []);
}

#[tokio::test]
async fn room_4_every_connection_of_the_person_hears_of_a_membership() {
    let house = House::start();
    let (ada, mut here, _) = enter(&house, "Ada").await;
    let (mut there, _) = connect(&ada, Hello::default()).await;
    let (_, mut bob, _) = enter(&house, "Bob").await;
    let made = create(&mut bob, "tea").await.room.id;
    let state = join(&mut here, made).await;
    for client in [&mut here, &mut there] {
        assert_eq!(notice(client).await, Notice::RoomAdded { state: state.clone() });
    }
    bob.post(made, "welcome").await.unwrap();
    assert_eq!(until_message(&mut there).await, "welcome", "its events follow on the other connection too");
    there.request(Command::LeaveRoom { room: made }).await.unwrap();
    for client in [&mut here, &mut there] {
        assert_eq!(notice(client).await, Notice::RoomRemoved { room: made });
    }
}

#[tokio::test]
async fn log_7_nothing_above_the_leaving_reaches_the_one_who_left_on_any_path() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let (bob_session, mut bob, welcome) = enter(&house, "Bob").await;
    let room = create(&mut ada, "tea").await.room.id;
    join(&mut bob, room).await;
    let (mut other, _) = resume(&bob_session, &[]).await;
    ada.post(room, "before").await.unwrap();
    bob.request(Command::LeaveRoom { room }).await.unwrap();
    ada.post(room, "canary").await.unwrap();
    // Live, on both connections: the last of the room is the leaving itself, if anything.
    ada.post(LOBBY, "fence").await.unwrap();
    for client in [&mut bob, &mut other] {
        let mut last = Seq(0);
        loop {
            let event = client.next_event().await.unwrap();
            if event.room == LOBBY {
                break;
            }
            last = event.seq;
        }
        assert!(last <= Seq(4), "seq {last} of a room that was left with seq 4");
    }
    // By catching up, by coming back with a cursor, by history and by the list of members.
    let catch_up = Command::CatchUp { room, after: Seq(0) };
    assert_eq!(refused_code(&mut bob, catch_up).await, ErrorCode::NotFound);
    let hello = Hello { epoch: Some(welcome.epoch), cursors: vec![(room, Seq(1))] };
    let (mut back, again) = connect(&bob_session, hello).await;
    assert_eq!((again.rooms.len(), notice(&mut back).await), (1, Notice::RoomRemoved { room }));
    ada.post(room, "another canary").await.unwrap();
    ada.post(LOBBY, "another fence").await.unwrap();
    assert_eq!(hears(&mut back).await, "another fence");
    for path in ["history", "history?after=0", "history?around=3", "members"] {
        let answer = bob_session.get(&format!("/api/v1/rooms/{room}/{path}")).await.unwrap();
        assert_eq!((answer.status, answer.body.contains("canary")), (404, false), "{path}");
    }
    let page = bob_session.get(&format!("/r/{room}")).await.unwrap();
    assert!(page.status == 200 && !page.body.contains("canary"));
}

#[tokio::test]
async fn log_7_leaving_in_the_middle_of_a_flood_shows_nothing_after_it() {
    let house = House::start();
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let (bob_session, mut bob, _) = enter(&house, "Bob").await;
    let (mut other, _) = resume(&bob_session, &[]).await;
    for round in 0..20 {
        let room = create(&mut ada, &format!("room-{round}")).await.room.id;
        join(&mut bob, room).await;
        for number in 0..30 {
            ada.send(Command::Post {
                room,
                client_id: fresh(),
                text: number.to_string(),
                answers: None,
                files: vec![],
            })
            .await
            .unwrap();
            if number == round {
                bob.send(Command::LeaveRoom { room }).await.unwrap();
            }
        }
        let last = Command::Post { room, client_id: fresh(), text: "last".to_owned(), answers: None, files: vec![] };
        ada.request(last).await.unwrap();
        ada.post(LOBBY, "fence").await.unwrap();
        let log = ada_session.whole_log(room).await.unwrap();
        let leaving = log.iter().find(|event| event.change == Change::MemberLeft);
        let bound = leaving.map_or(Seq(u64::MAX), |event| event.seq);
        for client in [&mut bob, &mut other] {
            let heard = until_fence(client).await;
            assert!(heard.iter().all(|event| event.seq <= bound), "{bound} in {log:#?}: {heard:#?}");
            let seqs: Vec<u64> = heard.iter().map(|event| event.seq.0).collect();
            let first = seqs.first().copied().unwrap_or_default();
            assert!(seqs.iter().copied().eq(first..first + seqs.len() as u64), "log_1: {seqs:?}");
        }
        // The next round begins when this one's leaving is over.
        while bob_session.get(&format!("/api/v1/rooms/{room}/members")).await.unwrap().status != 404 {}
    }
}

#[tokio::test]
async fn s56_s57_s58_a_person_s_name_cannot_pass_for_another_or_disturb_its_neighbours() {
    let house = House::start();
    session(&house, "admin").await;
    for alike in ["Admin", "аdmin", "ａｄｍｉｎ", "ad-min", "a d m i n", "admın"] {
        let refused = parlour_client::Session::sign_in(house.address, alike).await.unwrap_err().to_string();
        assert!(refused.starts_with("409") && refused.contains("name_taken"), "{alike}: {refused}");
    }
    let (zalgo, most) = (format!("Z{}", "\u{301}".repeat(9)), format!("Z{}", "\u{301}".repeat(10_000)));
    let long = "n".repeat(33);
    for bad in ["", " ", "...", "a\u{0}", "a\nb\u{1b}[31m", "admin\u{200B}", &zalgo, &most, &long, "\u{3164}"] {
        let refused = parlour_client::Session::sign_in(house.address, bad).await.unwrap_err().to_string();
        assert!(refused.starts_with("400") && refused.contains("bad_name"), "{bad:?}: {refused}");
    }
    let turned = session(&house, "\u{202E}nimda\u{2066}").await;
    assert_eq!(turned.you.name, "nimda", "what turns the direction of writing is taken out");
    assert_eq!(session(&house, "  Ada \t Lovelace ").await.you.name, "Ada Lovelace");
    assert_eq!(session(&house, "👩‍👩‍👧").await.you.name, "👩‍👩‍👧");
}

fn make(name: &str) -> Command {
    Command::CreateRoom { name: name.to_owned(), topic: String::new(), closed: false, history: History::All }
}

async fn until_message(client: &mut Client) -> String {
    loop {
        if let Change::Message { text, .. } = client.next_event().await.unwrap().change {
            return text;
        }
    }
}

/// The events of other rooms before the fence in the lobby.
async fn until_fence(client: &mut Client) -> Vec<Event> {
    let mut heard = Vec::new();
    loop {
        match client.next().await.unwrap() {
            ServerFrame::Event(event) if event.room == LOBBY => return heard,
            ServerFrame::Event(event) => heard.push(event),
            _ => {}
        }
    }
}
