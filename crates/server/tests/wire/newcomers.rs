//! What of a room's past newcomers see (S44, ROOM-13): everything, or what happens from the moment they are members.

use std::ops::RangeInclusive;

use parlour_client::Client;
use parlour_protocol::account::MadeLink;
use parlour_protocol::http::{Boot, HistoryPage};
use parlour_protocol::{Change, Command, ErrorCode, Hello, History, Reply, RoomId, RoomState, Seq, ServerFrame};
use serde_json::json;

use crate::house::House;
use crate::people::{
    PASSWORD, ask, begun, connect, create, does, enter, join, owner, promote, refused_code, resume, until,
};

const LOBBY: RoomId = RoomId::LOBBY;

/// Makes a closed room that shows newcomers nothing of before, with three messages in it: its head is 4.
async fn cellar(client: &mut Client) -> RoomId {
    let (name, topic) = ("cellar".to_owned(), String::new());
    let made = client.request(Command::CreateRoom { name, topic, closed: true, history: History::SinceJoining }).await;
    let Ok(Reply::Room { state }) = made else { panic!("not a room: {made:?}") };
    assert_eq!(state.room.history, History::SinceJoining);
    for text in ["canary one", "canary two", "canary three"] {
        client.post(state.room.id, text).await.unwrap();
    }
    state.room.id
}

fn seqs(page: &HistoryPage) -> Vec<u64> {
    page.events.iter().map(|event| event.seq.0).collect()
}

fn all(range: RangeInclusive<u64>) -> Vec<u64> {
    range.collect()
}

fn state_of(rooms: &[RoomState], room: RoomId) -> &RoomState {
    rooms.iter().find(|state| state.room.id == room).expect("they are in the room")
}

/// The next frame that is a reset.
async fn reset(client: &mut Client) -> (RoomId, Seq, Seq) {
    loop {
        if let ServerFrame::Reset { room, head, floor } = client.next().await.unwrap() {
            return (room, head, floor);
        }
    }
}

#[tokio::test]
async fn s44_history_the_boot_and_the_page_of_a_newcomer_begin_where_they_came_in() {
    let house = House::start();
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let (bob, _, _) = enter(&house, "Bob").await;
    let room = cellar(&mut ada).await;
    does(&mut ada, Command::AddMember { room, user: bob.you.id }).await;
    for text in ["after one", "after two"] {
        ada.post(room, text).await.unwrap();
    }
    for (query, expected) in [
        ("", all(5..=7)),
        ("before=7", all(5..=6)),
        ("before=5", vec![]),
        ("before=3", vec![]),
        ("after=0", all(5..=7)),
        ("after=0&limit=2", all(5..=6)),
        ("after=2", all(5..=7)),
        ("after=5", all(6..=7)),
        ("around=2", all(5..=7)),
        ("around=5&limit=2", all(5..=6)),
        ("around=6&limit=1", all(6..=6)),
    ] {
        let page = bob.history(room, query).await.unwrap();
        assert_eq!((seqs(&page), page.first, page.head), (expected, Seq(5), Seq(7)), "{query}");
    }
    let page = bob.get(&format!("/r/{room}")).await.unwrap();
    assert!(page.body.contains("after two") && !page.body.contains("canary"), "the page holds the newest of the room");
    assert_eq!(ada_session.whole_log(room).await.unwrap().len(), 7, "who was there keeps all");
}

#[tokio::test]
async fn s44_resuming_and_catching_up_give_nothing_from_before_whatever_cursor_is_claimed() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let (bob_session, mut bob, _) = enter(&house, "Bob").await;
    let room = cellar(&mut ada).await;
    does(&mut ada, Command::AddMember { room, user: bob_session.you.id }).await;
    ada.post(room, "after").await.unwrap();
    until(&mut bob, |event| event.seq == Seq(6)).await;
    for after in [0, 1, 3] {
        bob.send(Command::CatchUp { room, after: Seq(after) }).await.unwrap();
        assert_eq!(reset(&mut bob).await, (room, Seq(6), Seq(4)), "after {after}");
        let (mut again, welcome) = resume(&bob_session, &[(room, Seq(after))]).await;
        assert_eq!(state_of(&welcome.rooms, room).since, Seq(5));
        assert_eq!(reset(&mut again).await, (room, Seq(6), Seq(4)), "after {after}");
    }
    bob.send(Command::CatchUp { room, after: Seq(4) }).await.unwrap();
    let (mut again, _) = resume(&bob_session, &[(room, Seq(4))]).await;
    for client in [&mut bob, &mut again] {
        let heard = [client.next_event().await.unwrap().seq, client.next_event().await.unwrap().seq];
        assert_eq!(heard, [Seq(5), Seq(6)], "from their joining on they miss nothing");
    }
}

#[tokio::test]
async fn s44_and_read_1_what_was_before_is_neither_counted_nor_marked_nor_reported() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let (bob_session, mut bob, _) = enter(&house, "Bob").await;
    let room = cellar(&mut ada).await;
    does(&mut ada, Command::AddMember { room, user: bob_session.you.id }).await;
    ada.post(room, "after").await.unwrap();
    for seq in [1, 4, 5] {
        let read = bob.request(Command::MarkUnread { room, seq: Seq(seq), thread: None }).await.unwrap();
        assert_eq!(read, Reply::Read { room, seq: Seq(4), unread: 1, mentions: 0, head: Seq(6) }, "{seq}");
    }
    let (_, welcome) = connect(&bob_session, Hello::default()).await;
    let state = state_of(&welcome.rooms, room);
    assert_eq!((state.since, state.read, state.unread, state.head), (Seq(5), Seq(4), 1, Seq(6)));
    let report = |seq| Command::Report { room, seq: Seq(seq), note: String::new() };
    assert_eq!(refused_code(&mut bob, report(3)).await, ErrorCode::NotFound, "it would be shown to administrators");
    does(&mut bob, report(6)).await;
}

#[tokio::test]
async fn s44_and_room_13_the_setting_holds_for_who_comes_from_then_on() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let (bob_session, mut bob, _) = enter(&house, "Bob").await;
    let (carl_session, mut carl, _) = enter(&house, "Carl").await;
    let (dora_session, mut dora, _) = enter(&house, "Dora").await;
    let made = create(&mut ada, "tea").await;
    assert_eq!(made.room.history, History::All, "everything, when nothing was said");
    let room = made.room.id;
    assert_eq!(join(&mut bob, room).await.since, Seq(1));
    let set = |history| Command::SetHistory { room, history };
    assert_eq!(refused_code(&mut bob, set(History::SinceJoining)).await, ErrorCode::Forbidden);
    for _ in 0..2 {
        does(&mut ada, set(History::SinceJoining)).await;
    }
    let event = until(&mut bob, |event| event.seq == Seq(3)).await;
    assert_eq!(event.change, Change::HistoryChanged { history: History::SinceJoining });
    let state = join(&mut carl, room).await;
    assert_eq!((state.since, state.head, state.room.history), (Seq(4), Seq(4), History::SinceJoining), "twice is once");
    does(&mut ada, set(History::All)).await;
    assert_eq!(join(&mut dora, room).await.since, Seq(1));
    for (who, expected) in [(&bob_session, all(1..=6)), (&carl_session, all(4..=6)), (&dora_session, all(1..=6))] {
        assert_eq!(seqs(&who.history(room, "after=0").await.unwrap()), expected, "{}", who.you.name);
    }
}

#[tokio::test]
async fn s44_who_leaves_and_comes_back_sees_no_more_than_any_newcomer() {
    let house = House::start();
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let (bob_session, mut bob, _) = enter(&house, "Bob").await;
    let room = cellar(&mut ada).await;
    for seq in [5, 8] {
        does(&mut ada, Command::AddMember { room, user: bob_session.you.id }).await;
        let page = bob_session.history(room, "after=0").await.unwrap();
        assert_eq!((seqs(&page), page.first), (vec![seq], Seq(seq)));
        does(&mut ada, Command::RemoveMember { room, user: bob_session.you.id }).await;
        ada.post(room, "canary while away").await.unwrap();
    }
    does(&mut ada, Command::AddMember { room, user: bob_session.you.id }).await;
    bob.send(Command::CatchUp { room, after: Seq(5) }).await.unwrap();
    assert_eq!(reset(&mut bob).await, (room, Seq(11), Seq(10)));
    assert_eq!(ada_session.whole_log(room).await.unwrap().len(), 11);
}

#[tokio::test]
async fn s44_in_the_lobby_it_is_for_administrators_to_say_and_holds_for_who_comes_to_the_house() {
    let house = House::start();
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    ada.post(LOBBY, "canary").await.unwrap();
    let set = Command::SetHistory { room: LOBBY, history: History::SinceJoining };
    assert_eq!(refused_code(&mut ada, set.clone()).await, ErrorCode::Forbidden);
    promote(&house, &ada_session, "administrator");
    does(&mut ada, set).await;
    let acts = ada_session.get("/api/v1/admin/acts").await.unwrap().body;
    assert_eq!(acts.matches("\"set_history\"").count(), 1, "{acts}");
    let (bob, mut socket, welcome) = enter(&house, "Bob").await;
    let boot: Boot = serde_json::from_str(&bob.get("/api/v1/boot").await.unwrap().body).unwrap();
    let page = boot.page.unwrap();
    assert_eq!((seqs(&page), page.first, page.head), (vec![], Seq(3), Seq(2)));
    assert_eq!((state_of(&welcome.rooms, LOBBY).since, state_of(&welcome.rooms, LOBBY).unread), (Seq(3), 0));
    assert!(!bob.get("/").await.unwrap().body.contains("canary"));
    socket.send(Command::CatchUp { room: LOBBY, after: Seq(0) }).await.unwrap();
    assert_eq!(reset(&mut socket).await, (LOBBY, Seq(2), Seq(2)));
    ada.post(LOBBY, "after").await.unwrap();
    assert_eq!(seqs(&bob.history(LOBBY, "after=0").await.unwrap()), [3]);
}

#[tokio::test]
async fn s44_and_link_1_an_invitation_gives_a_room_from_then_on() {
    let house = House::start_with(&["--rate-limits", "off", "--door", "invitation"]);
    let olga = owner(&house).await;
    let (mut client, _) = connect(&olga, Hello::default()).await;
    let room = cellar(&mut client).await;
    for role in ["member", "guest"] {
        let made = olga.post("/api/v1/admin/invitations", &json!({"role": role, "rooms": [room]}).to_string()).await;
        let link: MadeLink = serde_json::from_str(&made.unwrap().body).unwrap();
        let token = link.url.0.rsplit('/').next().unwrap();
        let head = olga.history(room, "").await.unwrap().head;
        let mut body = json!({"token": token, "name": format!("New {role}")});
        if role == "member" {
            (body["handle"], body["password"]) = (json!("newcomer"), json!(PASSWORD));
        }
        let newcomer = begun(&house, &ask(&house, "join", &body).await);
        let page = newcomer.history(room, "after=0").await.unwrap();
        assert_eq!((seqs(&page), page.first), (vec![head.0 + 1], head.next()), "{role}");
    }
}
