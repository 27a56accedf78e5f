//! What is true only now: typing and presence (SIG).

use parlour_client::Client;
use parlour_protocol::http::MemberList;
use parlour_protocol::push::Author;
use parlour_protocol::{Command, ErrorCode, Hello, Reply, RoomId, Seq, ServerFrame, Signal};

use crate::house::House;
use crate::people::{connect, create, enter, hears, join, refused};
use crate::raw::Raw;

const LOBBY: RoomId = RoomId::LOBBY;

#[tokio::test]
async fn sig_1_typing_reaches_everyone_present_in_that_room_and_nobody_else() {
    let house = House::start();
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let (_, mut bob, _) = enter(&house, "Bob").await;
    let (_, mut eve, _) = enter(&house, "Eve").await;
    let room = create(&mut ada, "tea").await.room.id;
    join(&mut bob, room).await;
    ada.send(Command::Typing { room }).await.unwrap();
    let by = Author { id: ada_session.you.id, name: "Ada".to_owned() };
    for client in [&mut ada, &mut bob] {
        assert_eq!(typing(client).await, Some(Signal::Typing { room, by: by.clone() }));
    }
    // The one outside of the room hears the next of the lobby and not this one.
    ada.send(Command::Typing { room: LOBBY }).await.unwrap();
    assert_eq!(typing(&mut eve).await, Some(Signal::Typing { room: LOBBY, by }));
    let refusal = refused(&mut eve, Command::Typing { room }).await;
    assert_eq!(refusal.code, ErrorCode::NotFound);
    assert_eq!(refusal, refused(&mut eve, Command::Typing { room: RoomId(99) }).await);
}

#[tokio::test]
async fn sig_1_and_s94_typing_is_told_once_in_three_seconds_per_person_and_room() {
    let house = House::start_with(&[]);
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let (mut other, _) = connect(&ada_session, Hello::default()).await;
    let room = create(&mut ada, "tea").await.room.id;
    ada.send(Command::Typing { room: LOBBY }).await.unwrap();
    ada.send(Command::Typing { room }).await.unwrap();
    // Over whichever connection.
    let refusal = refused(&mut other, Command::Typing { room: LOBBY }).await;
    assert_eq!(refusal.code, ErrorCode::Rate);
    assert!((1..=3_000).contains(&refusal.retry_after_ms.unwrap()), "{refusal:?}");
}

#[tokio::test]
async fn sig_1_in_a_crowd_of_more_than_200_nobody_is_told_who_types() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let mut crowd = Vec::new();
    for _ in 0..199 {
        crowd.push(Raw::classic(house.address).await);
    }
    ada.send(Command::Typing { room: LOBBY }).await.unwrap();
    assert!(typing(&mut ada).await.is_some(), "200 are no crowd");
    crowd.push(Raw::classic(house.address).await);
    ada.send(Command::Typing { room: LOBBY }).await.unwrap();
    ada.post(LOBBY, "fence").await.unwrap();
    assert_eq!(typing(&mut ada).await, None);
}

#[tokio::test]
async fn sig_2_presence_names_who_came_and_counts_who_is_there_and_a_reload_is_neither() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    assert_eq!(presence(&mut ada, 1).await, (vec!["Ada".to_owned()], vec![]));
    let (bob_session, bob, _) = enter(&house, "Bob").await;
    assert_eq!(presence(&mut ada, 2).await, (vec!["Bob".to_owned()], vec![]));
    // A second device, then both gone and back: nobody came and nobody went.
    let (second, _) = connect(&bob_session, Hello::default()).await;
    drop((bob, second));
    let (_bob, welcome) = connect(&bob_session, Hello::default()).await;
    assert_eq!(welcome.rooms[0].online, 2);
    let (_, _eve, _) = enter(&house, "Eve").await;
    assert_eq!(presence(&mut ada, 3).await, (vec!["Eve".to_owned()], vec![]));
    // A guest of the classic wire is there too, under the name it is shown by.
    let _guest = Raw::classic(house.address).await;
    let (joined, left) = presence(&mut ada, 3).await;
    assert!(joined.len() == 1 && joined[0].starts_with("guest-") && left.is_empty(), "{joined:?}");
}

#[tokio::test]
async fn sig_2_presence_is_told_in_the_rooms_somebody_is_in() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let (bob_session, mut bob, _) = enter(&house, "Bob").await;
    let room = create(&mut ada, "tea").await.room.id;
    join(&mut bob, room).await;
    let seen = until_online(&mut ada, room, 2).await;
    assert_eq!(seen, (vec![], vec![]), "the log tells who joined, so presence only counts");
    bob.request(Command::LeaveRoom { room }).await.unwrap();
    assert_eq!(until_online(&mut ada, room, 1).await, (vec![], vec![]));
    // Coming again elsewhere is no news in a room that was left.
    let (_back, _) = connect(&bob_session, Hello::default()).await;
    ada.post(room, "fence").await.unwrap();
    loop {
        match ada.next().await.unwrap() {
            ServerFrame::Signal { signal: Signal::Presence { room: of, .. } } => assert_ne!(of, room),
            ServerFrame::Event(event) if event.room == room && event.seq == Seq(4) => break,
            _ => {}
        }
    }
}

#[tokio::test]
async fn sig_2_whoever_is_said_to_have_come_is_listed_as_being_here_from_then_on() {
    let house = House::start();
    let (session, mut ada, _) = enter(&house, "Ada").await;
    presence(&mut ada, 1).await;
    let mut others = Vec::new();
    for (count, name) in (2..).zip(["Bob", "Eve", "Grace", "Radia", "Alan", "Edsger"]) {
        others.push(enter(&house, name).await);
        presence(&mut ada, count).await;
        let answer = session.get("/api/v1/rooms/1/members").await.unwrap();
        let list: MemberList = serde_json::from_str(&answer.body).unwrap();
        let listed = list.members.iter().find(|member| member.name == name).unwrap();
        assert!(listed.online, "{name} has come, and the list says otherwise");
    }
}

/// Who went away and who came back in the lobby, by what is told next of either, and how many are there then.
async fn steps(client: &mut Client) -> (Vec<String>, Vec<String>, u32) {
    let names = |people: Vec<Author>| people.into_iter().map(|author| author.name).collect::<Vec<_>>();
    loop {
        if let ServerFrame::Signal { signal: Signal::Presence { room: LOBBY, joined, left, away, back, online, .. } } =
            client.next().await.unwrap()
            && away.len() + back.len() > 0
        {
            assert_eq!((joined, left), (vec![], vec![]), "they came from nowhere and went nowhere");
            return (names(away), names(back), online);
        }
    }
}

#[tokio::test]
async fn sig_4_who_is_away_is_so_for_everybody_and_on_each_device_until_they_do_something() {
    let house = House::start();
    let (session, mut ada, _) = enter(&house, "Ada").await;
    let (bob_session, mut bob, _) = enter(&house, "Bob").await;
    presence(&mut ada, 2).await;
    let (mut second, first_welcome) = connect(&bob_session, Hello::default()).await;
    assert!(!first_welcome.away);
    assert_eq!(bob.request(Command::Away { away: true }).await.unwrap(), Reply::Done);
    let bob_went = (vec!["Bob".to_owned()], vec![], 1);
    assert_eq!((steps(&mut ada).await, steps(&mut second).await), (bob_went.clone(), bob_went.clone()));
    let is_listed_here = async || {
        let answer = session.get("/api/v1/rooms/1/members").await.unwrap();
        let list: MemberList = serde_json::from_str(&answer.body).unwrap();
        list.members.iter().find(|member| member.name == "Bob").unwrap().online
    };
    assert!(!is_listed_here().await);
    // Another device finds it so, and nobody has come by it.
    let (mut third, welcome) = connect(&bob_session, Hello::default()).await;
    assert!(welcome.away);
    assert_eq!(welcome.rooms[0].online, 1);
    // Reading is nothing that anybody sees.
    let seq = ada.post(LOBBY, "are you there?").await.unwrap();
    third.request(Command::MarkRead { room: LOBBY, seq, thread: None }).await.unwrap();
    assert!(!is_listed_here().await);
    third.post(LOBBY, "now I am").await.unwrap();
    let bob_came = (vec![], vec!["Bob".to_owned()], 2);
    assert_eq!((steps(&mut ada).await, steps(&mut second).await), (bob_came.clone(), bob_came.clone()));
    assert!(is_listed_here().await);
    // By a word of theirs as well, and said twice it is told once.
    for away in [true, true] {
        bob.request(Command::Away { away }).await.unwrap();
    }
    assert_eq!(steps(&mut ada).await, bob_went);
    bob.request(Command::Away { away: false }).await.unwrap();
    assert_eq!(steps(&mut ada).await, bob_came);
}

#[tokio::test]
async fn sig_4_nobody_hears_of_it_but_those_who_share_a_room_and_at_here_calls_nobody_who_is_away() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let (_, mut bob, _) = enter(&house, "Bob").await;
    let (_, mut eve, _) = enter(&house, "Eve").await;
    presence(&mut ada, 3).await;
    let room = create(&mut ada, "tea").await.room.id;
    join(&mut bob, room).await;
    until_online(&mut ada, room, 2).await;
    bob.request(Command::Away { away: true }).await.unwrap();
    assert_eq!(until_online(&mut ada, room, 1).await, (vec![], vec![]));
    let fence = ada.post(LOBBY, "fence").await.unwrap();
    loop {
        match eve.next().await.unwrap() {
            ServerFrame::Signal { signal: Signal::Presence { room: of, .. } } => assert_eq!(of, LOBBY),
            ServerFrame::Event(event) if event.room == LOBBY && event.seq == fence => break,
            _ => {}
        }
    }
    ada.post(room, "@here").await.unwrap();
    let Reply::Read { unread, mentions, .. } = bob.request(Command::Count { room }).await.unwrap() else {
        panic!("no counts")
    };
    assert_eq!((unread, mentions), (1, 0));
}

#[tokio::test]
async fn sig_3_signals_have_no_seq_and_leave_nothing_behind() {
    let house = House::start();
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let (_, mut bob, welcome) = enter(&house, "Bob").await;
    for _ in 0..100 {
        ada.send(Command::Typing { room: LOBBY }).await.unwrap();
    }
    for _ in 0..10 {
        typing(&mut bob).await.unwrap();
    }
    assert_eq!(ada.post(LOBBY, "the first event").await.unwrap(), Seq(1));
    let changes: (u64, u64) = house
        .database()
        .query_row("select (select count(*) from event), (select count(*) from commit_log)", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    assert_eq!(changes, (1, 1));
    // Who comes back is not told of old ones.
    let hello = Hello { epoch: Some(welcome.epoch), cursors: vec![(LOBBY, Seq(0))] };
    let (mut back, _) = connect(&ada_session, hello).await;
    assert_eq!(hears(&mut back).await, "the first event");
    bob.post(LOBBY, "fence").await.unwrap();
    assert_eq!(typing(&mut back).await, None);
}

/// The next typing signal; none when an event comes first.
async fn typing(client: &mut Client) -> Option<Signal> {
    loop {
        match client.next().await.unwrap() {
            ServerFrame::Signal { signal: signal @ Signal::Typing { .. } } => return Some(signal),
            ServerFrame::Event(event) if event.room == LOBBY => return None,
            _ => {}
        }
    }
}

/// Who came and who went in the lobby until so many were there.
async fn presence(client: &mut Client, until: u32) -> (Vec<String>, Vec<String>) {
    until_online(client, LOBBY, until).await
}

async fn until_online(client: &mut Client, wanted: RoomId, until: u32) -> (Vec<String>, Vec<String>) {
    let names = |people: Vec<Author>| people.into_iter().map(|author| author.name).collect::<Vec<_>>();
    let (mut came, mut went) = (Vec::new(), Vec::new());
    loop {
        if let ServerFrame::Signal { signal: Signal::Presence { room, joined, left, online, at, .. } } =
            client.next().await.unwrap()
            && room == wanted
        {
            assert!(at.0 > 1_700_000_000_000);
            came.extend(names(joined));
            went.extend(names(left));
            if online == until {
                return (came, went);
            }
        }
    }
}
