//! How far somebody has read, on all their devices (READ).

use parlour_client::{Client, ClientError};
use parlour_protocol::{Command, Hello, Notice, Reply, RoomId, Seq};

use crate::house::House;
use crate::people::{connect, create, enter, events, join, notice, resume, say_many, session};

const LOBBY: RoomId = RoomId::LOBBY;

#[tokio::test]
async fn read_1_mark_read_only_raises_and_mark_unread_sets_it_just_before() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let (bob_session, mut bob, _) = enter(&house, "Bob").await;
    let (mut other, _) = connect(&bob_session, Hello::default()).await;
    say_many(&mut ada, LOBBY, 1..=10).await;
    let steps = [
        (read(4), (4, 6)),
        (read(2), (4, 6)),
        (read(10), (10, 0)),
        (unread(8), (7, 3)),
        (read(7), (7, 3)),
        (unread(9), (8, 2)),
        (unread(1), (0, 10)),
        (unread(0), (0, 10)),
    ];
    for (command, (seq, count)) in steps {
        assert_eq!(standing(&mut bob, command.clone()).await, (seq, count, 10), "{command:?}");
        // Every connection of that person hears the same numbers, the asking one too.
        let expected = Notice::Read { room: LOBBY, seq: Seq(seq), unread: count, mentions: 0, head: Seq(10) };
        for client in [&mut bob, &mut other] {
            assert_eq!(notice(client).await, expected);
        }
    }
    let (_, welcome) = connect(&bob_session, Hello::default()).await;
    assert_eq!((welcome.rooms[0].read, welcome.rooms[0].unread), (Seq(0), 10));
    let tokens = ada.request(Command::Ping).await;
    assert_eq!(tokens.unwrap(), Reply::Pong);
    assert!(no_notice(&mut ada).await.is_none(), "it is nobody else's business");
}

#[tokio::test]
async fn read_2_unread_counts_messages_of_others_only_and_stops_at_100() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let (bob_session, mut bob, _) = enter(&house, "Bob").await;
    let room = create(&mut bob, "tea").await.room.id;
    join(&mut ada, room).await;
    // Events that are no messages, and one's own messages, are not counted.
    bob.post(room, "mine").await.unwrap();
    say_many(&mut ada, room, 1..=3).await;
    bob.request(Command::RenameRoom { room, name: "green".to_owned(), topic: String::new() }).await.unwrap();
    let unread_of = async |room: RoomId| {
        let (_, welcome) = resume(&bob_session, &[]).await;
        welcome.rooms.iter().find(|state| state.room.id == room).unwrap().unread
    };
    assert_eq!(unread_of(room).await, 3);
    say_many(&mut ada, room, 4..=99).await;
    assert_eq!(unread_of(room).await, 99);
    say_many(&mut ada, room, 100..=140).await;
    assert_eq!(unread_of(room).await, 100);
    let boot = bob_session.get("/api/v1/boot").await.unwrap();
    let boot: parlour_protocol::http::Boot = serde_json::from_str(&boot.body).unwrap();
    assert_eq!(boot.rooms.iter().find(|state| state.room.id == room).unwrap().unread, 100);
    let columns = "select group_concat(name) from pragma_table_info('member')";
    let columns: String = house.database().query_row(columns, [], |row| row.get(0)).unwrap();
    assert_eq!(
        columns, "room,user,since_seq,until_seq,read_seq,role,said_at,removed,notify",
        "a position is stored, and no count"
    );
}

#[tokio::test]
async fn read_2_the_head_says_under_which_event_it_was_counted() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let (_, mut bob, _) = enter(&house, "Bob").await;
    say_many(&mut ada, LOBBY, 1..=5).await;
    let asked = bob.send(read(3)).await.unwrap();
    say_many(&mut ada, LOBBY, 6..=9).await;
    let Reply::Read { unread, head, .. } = bob.answer(asked).await.unwrap() else { panic!("no standing") };
    assert_eq!(u64::from(unread), head.0 - 3, "counted up to {head}");
    // One's own message does not move the position.
    bob.post(LOBBY, "mine").await.unwrap();
    assert_eq!(standing(&mut bob, read(0)).await, (3, 6, 10));
    assert_eq!(events(&mut bob, 10).await.len(), 10);
}

#[tokio::test]
async fn read_3_a_position_above_the_head_counts_as_the_head() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let bob_session = session(&house, "Bob").await;
    let (mut bob, _) = connect(&bob_session, Hello::default()).await;
    say_many(&mut ada, LOBBY, 1..=3).await;
    assert_eq!(standing(&mut bob, read((1 << 53) - 1)).await, (3, 0, 3));
    ada.post(LOBBY, "4").await.unwrap();
    assert_eq!(standing(&mut bob, read(0)).await, (3, 1, 4), "what came later is unread");
    assert_eq!(standing(&mut bob, unread((1 << 53) - 1)).await, (4, 0, 4));
}

fn read(seq: u64) -> Command {
    Command::MarkRead { room: LOBBY, seq: Seq(seq), thread: None }
}

fn unread(seq: u64) -> Command {
    Command::MarkUnread { room: LOBBY, seq: Seq(seq), thread: None }
}

/// Position, count and head after a command.
async fn standing(client: &mut Client, command: Command) -> (u64, u32, u64) {
    match client.request(command).await.unwrap() {
        Reply::Read { room, seq, unread, head, .. } => {
            assert_eq!(room, LOBBY);
            (seq.0, unread, head.0)
        }
        other => panic!("no standing: {other:?}"),
    }
}

/// The first notice among what has come up to the answer of a ping, if there is one.
async fn no_notice(client: &mut Client) -> Option<Notice> {
    let fence = client.send(Command::Ping).await.unwrap();
    loop {
        match client.next().await {
            Ok(parlour_protocol::ServerFrame::Notice { notice }) => return Some(notice),
            Ok(parlour_protocol::ServerFrame::Reply { r#ref, .. }) if r#ref == fence => return None,
            Ok(_) => {}
            Err(ClientError::Closed(code)) => panic!("closed with {code:?}"),
            Err(error) => panic!("{error}"),
        }
    }
}
