//! Mentions (MEN): whom and what a message names, by whom, and what comes of it.

use parlour_client::Client;
use parlour_protocol::http::MemberList;
use parlour_protocol::push::{Mention, Mentioned};
use parlour_protocol::{Change, Command, Event, Hello, NotifyLevel, Reply, RoomId, Seq, UserId};

use crate::house::House;
use crate::people::{account, connect, create, does, enter, join, promote};
use crate::talk::read;

const LOBBY: RoomId = RoomId::LOBBY;

/// What a message of somebody names, as everybody hears it.
async fn names(client: &mut Client, room: RoomId, text: &str) -> Vec<(String, Mentioned)> {
    let seq = client.post(room, text).await.unwrap();
    let event = heard(client, seq).await;
    let Change::Message { mentions, text: said, .. } = event.change else { panic!("{event:?}") };
    assert_eq!(said, text, "the words stay as they were typed");
    mentions.into_iter().map(|Mention { words, of }| (words, of)).collect()
}

async fn heard(client: &mut Client, seq: Seq) -> Event {
    loop {
        let event = client.next_event().await.unwrap();
        if event.seq == seq {
            return event;
        }
    }
}

fn person(words: &str, user: UserId) -> (String, Mentioned) {
    (words.to_owned(), Mentioned::Person(user))
}

/// How much is unread, and how much of it mentions.
async fn counts(client: &mut Client, room: RoomId) -> (u32, u32) {
    match client.request(Command::Count { room }).await.unwrap() {
        Reply::Read { unread, mentions, .. } => (unread, mentions),
        other => panic!("no standing: {other:?}"),
    }
}

#[tokio::test]
async fn men_1_members_are_named_by_name_and_handle_rooms_by_name_and_anything_else_is_text() {
    let house = House::start();
    let (ada, mut client, _) = enter(&house, "Ada Lovelace").await;
    let (_, mut outsider, _) = enter(&house, "Outsider").await;
    let grace = account(&house, "Grace").await;
    house
        .database()
        .execute("update user set name = 'Amazing G', name_skeleton = 'amazingg' where id = ?1", [grace.you.id.0])
        .unwrap();
    let (mut grace_client, _) = connect(&grace, Hello::default()).await;
    let room = create(&mut client, "tea").await.room.id;
    join(&mut grace_client, room).await;
    let (ada, grace) = (ada.you.id, grace.you.id);
    let tea = ("#tea".to_owned(), Mentioned::Room(room));
    assert_eq!(names(&mut client, room, "so @Ada Lovelace's idea").await, [person("@Ada Lovelace", ada)]);
    assert_eq!(
        names(&mut client, room, "@ADA LOVELACE and @grace, (#tea)").await,
        [person("@ADA LOVELACE", ada), person("@grace", grace), tea]
    );
    assert_eq!(names(&mut client, room, "**@grace** `@grace` @grace").await, [person("@grace", grace)]);
    for nobody in
        ["@nobody", "a@grace.example", "`@grace`", "```\n@grace\n```", "#nowhere", "@", "#", "@@grace", "@Outsider"]
    {
        assert_eq!(names(&mut client, room, nobody).await, [], "{nobody}");
    }
    assert_eq!(names(&mut client, LOBBY, "@Outsider").await, [person("@Outsider", outsider_id(&mut outsider).await)]);
}

async fn outsider_id(client: &mut Client) -> UserId {
    let seq = client.post(LOBBY, "me").await.unwrap();
    heard(client, seq).await.by.id
}

#[tokio::test]
async fn men_1_of_two_members_whose_names_fit_the_one_with_the_longer_name_is_meant() {
    let house = House::start();
    let (short, mut client, _) = enter(&house, "Ada").await;
    let (long, _other, _) = enter(&house, "Ada Lovelace").await;
    let (short, long) = (short.you.id, long.you.id);
    assert_eq!(names(&mut client, LOBBY, "@Ada Lovelace wrote").await, [person("@Ada Lovelace", long)]);
    assert_eq!(names(&mut client, LOBBY, "@Ada loves it").await, [person("@Ada", short)]);
}

#[tokio::test]
async fn s47_men_2_everyone_is_named_by_who_may_and_of_anybody_else_it_is_text() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let (_, mut bob, _) = enter(&house, "Bob").await;
    let (guest, _, _) = enter(&house, "Gus").await;
    let room = create(&mut ada, "tea").await.room.id;
    join(&mut bob, room).await;
    assert_eq!(names(&mut ada, room, "@room tea").await, [("@room".to_owned(), Mentioned::Everyone)]);
    assert_eq!(counts(&mut bob, room).await, (1, 1));
    // In the lobby it is for who looks after it, and guests never may.
    assert_eq!(names(&mut ada, LOBBY, "@room tea").await, []);
    promote(&house, &guest, "guest");
    let (mut gus, _) = connect(&guest, Hello::default()).await;
    assert_eq!(names(&mut gus, LOBBY, "@room @here").await, []);
    assert_eq!(counts(&mut bob, LOBBY).await, (2, 0));
}

#[tokio::test]
async fn men_3_here_names_those_of_the_room_who_are_there() {
    let house = House::start_with(&["--rate-limits", "off"]);
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let (_, mut bob, _) = enter(&house, "Bob").await;
    let (cid, mut cid_client, _) = enter(&house, "Cid").await;
    let (_, _dan, _) = enter(&house, "Dan").await;
    let room = create(&mut ada, "tea").await.room.id;
    for client in [&mut bob, &mut cid_client] {
        join(client, room).await;
    }
    // A member who was never there.
    let database = house.database();
    let absent = "insert into user (name, name_skeleton, guest, created_at) values ('Eve', 'eve', 0, 0)";
    database.execute(absent, []).unwrap();
    let eve = database.last_insert_rowid();
    let row = "insert into member (room, user, since_seq, read_seq) values (?1, ?2, 1, 0)";
    database.execute(row, (room.0, eve)).unwrap();
    // Who is there is known a moment after they came.
    loop {
        let members: MemberList = read(&ada_session, &format!("rooms/{room}/members")).await;
        if members.members.iter().filter(|member| member.online).count() == 3 {
            break;
        }
    }
    let seq = ada.post(room, "@here tea").await.unwrap();
    let mut rows = database.prepare("select user from mention where room = ?1 and message = ?2 order by user").unwrap();
    let here: Vec<i64> = rows.query_map((room.0, seq.0), |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(here.len(), 3, "{here:?}: Ada, Bob and Cid");
    assert!(!here.contains(&eve) && here.contains(&i64::try_from(cid.you.id.0).unwrap()));
    assert_eq!(counts(&mut cid_client, room).await, (1, 1));
    assert!(counts(&mut bob, room).await.1 > 0);
}

#[tokio::test]
async fn men_1_unr_3_t26_a_mention_counts_where_mentions_do_and_never_where_nothing_does() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    let (_, mut bob, _) = enter(&house, "Bob").await;
    let level = |level| Command::SetNotify { room: LOBBY, level };
    let seq = ada.post(LOBBY, "tea").await.unwrap();
    ada.post(LOBBY, "@Bob tea").await.unwrap();
    assert_eq!(counts(&mut bob, LOBBY).await, (2, 1));
    bob.request(level(NotifyLevel::Mentions)).await.unwrap();
    assert_eq!(counts(&mut bob, LOBBY).await, (1, 1));
    bob.request(level(NotifyLevel::Nothing)).await.unwrap();
    assert_eq!(counts(&mut bob, LOBBY).await, (0, 0));
    bob.request(level(NotifyLevel::Mentions)).await.unwrap();
    // An edit names anew whom it names.
    does(&mut ada, Command::Edit { room: LOBBY, seq, text: "@bob coffee".to_owned() }).await;
    assert_eq!(counts(&mut bob, LOBBY).await, (2, 2));
    does(&mut ada, Command::Edit { room: LOBBY, seq, text: "coffee".to_owned() }).await;
    assert_eq!(counts(&mut bob, LOBBY).await, (1, 1));
}

#[tokio::test]
async fn men_1_a_message_names_so_many_and_no_more() {
    let house = House::start();
    let (ada, mut client, _) = enter(&house, "Ada").await;
    let text = "@Ada #lobby ".repeat(400);
    let seq = client.post(LOBBY, &text).await.unwrap();
    let event = heard(&mut client, seq).await;
    let Change::Message { mentions, .. } = event.change else { panic!() };
    assert_eq!(mentions.len(), 2, "each is said once");
    assert_eq!(mentions[0].of, Mentioned::Person(ada.you.id));
}
