//! Coming back: what was missed follows without a hole, or one `reset` says that it cannot (SYN, LOG-5, LOG-9).

use parlour_client::{Client, Session};
use parlour_protocol::{Command, Epoch, ErrorCode, Event, Hello, Notice, Reply, RoomId, Seq, ServerFrame, Welcome};

use crate::house::House;
use crate::people::{
    connect, create, enter, events, hears, join, notice, refused_code, resume, say_many, session, text_of,
};

const LOBBY: RoomId = RoomId::LOBBY;

#[tokio::test]
async fn syn_1_what_was_missed_in_each_room_follows_in_order_and_live_events_join_on() {
    let house = House::start();
    let (ada, mut first, _) = enter(&house, "Ada").await;
    let (_, mut bob, _) = enter(&house, "Bob").await;
    let tea = create(&mut bob, "tea").await.room.id;
    let soup = create(&mut bob, "soup").await.room.id;
    join(&mut first, tea).await;
    join(&mut first, soup).await;
    drop(first);
    for room in [LOBBY, tea, soup] {
        say_many(&mut bob, room, 1..=20).await;
    }
    // Of the lobby everything was missed, of tea the last seven, of soup nothing.
    let (mut back, welcome) = resume(&ada, &[(LOBBY, Seq(0)), (tea, Seq(15)), (soup, Seq(22))]).await;
    let heads: Vec<_> = welcome.rooms.iter().map(|state| (state.room.id, state.head)).collect();
    assert_eq!(heads, [(LOBBY, Seq(20)), (soup, Seq(22)), (tea, Seq(22))]);
    say_many(&mut bob, tea, 21..=30).await;
    say_many(&mut bob, soup, 21..=21).await;
    let heard = events(&mut back, 20 + 17 + 1).await;
    let of =
        |room: RoomId| heard.iter().filter(|event| event.room == room).map(|event| event.seq.0).collect::<Vec<_>>();
    assert_eq!(of(LOBBY), (1..=20).collect::<Vec<_>>());
    assert_eq!(of(tea), (16..=32).collect::<Vec<_>>());
    assert_eq!(of(soup), [23]);
}

#[tokio::test]
async fn syn_1_there_is_no_seam_while_others_go_on_talking() {
    let house = House::start();
    let ada = session(&house, "Ada").await;
    let epoch = connect(&ada, Hello::default()).await.1.epoch;
    let (_, mut bob, _) = enter(&house, "Bob").await;
    // As many as the ring of a room does not hold, so that the beginning comes from the store.
    const ALL: u64 = 450;
    let talking = tokio::spawn(async move { say_many(&mut bob, LOBBY, 1..=ALL).await });
    let mut log: Vec<Event> = Vec::new();
    let mut visits: u64 = 0;
    while log.len() < ALL as usize {
        let cursor = log.last().map_or(Seq::ZERO, |event| event.seq);
        let hello = Hello { epoch: Some(epoch.clone()), cursors: vec![(LOBBY, cursor)] };
        let (mut client, _) = connect(&ada, hello).await;
        visits += 1;
        // Away again after a few, in the middle of what is being fed.
        for _ in 0..(7 * visits % 60).min(ALL - log.len() as u64) {
            log.push(client.next_event().await.unwrap());
        }
    }
    talking.await.unwrap();
    let said: Vec<_> = log.iter().filter_map(text_of).collect();
    assert_eq!(said, (1..=ALL).map(|number| number.to_string()).collect::<Vec<_>>(), "{visits} visits");
    assert_eq!(ada.whole_log(LOBBY).await.unwrap(), log);
}

#[tokio::test]
async fn syn_1_a_room_that_is_not_named_begins_at_its_head() {
    let house = House::start();
    let (ada, mut first, _) = enter(&house, "Ada").await;
    say_many(&mut first, LOBBY, 1..=5).await;
    let (mut second, welcome) = resume(&ada, &[]).await;
    assert_eq!(welcome.rooms[0].head, Seq(5));
    first.post(LOBBY, "6").await.unwrap();
    assert_eq!(hears(&mut second).await, "6");
}

#[tokio::test]
async fn syn_1_everything_said_before_a_kill_and_after_it_follows_the_old_cursor() {
    let mut house = House::start();
    let (ada, mut client, welcome) = enter(&house, "Ada").await;
    say_many(&mut client, LOBBY, 1..=5).await;
    house.kill();
    house.restart();
    let (mut back, again) = connect(&ada, hello(&welcome.epoch, Seq(3))).await;
    assert_eq!(again.epoch, welcome.epoch, "log_9: only a restore begins another life");
    back.post(LOBBY, "6").await.unwrap();
    assert_eq!([hears(&mut back).await, hears(&mut back).await, hears(&mut back).await], ["4", "5", "6"]);
}

#[tokio::test]
async fn syn_2_500_missed_events_are_replayed_and_501_are_one_reset() {
    let house = House::start();
    let (ada, mut writer, _) = enter(&house, "Ada").await;
    say_many(&mut writer, LOBBY, 1..=501).await;
    let (mut near, _) = resume(&ada, &[(LOBBY, Seq(1))]).await;
    let seqs: Vec<u64> = events(&mut near, 500).await.iter().map(|event| event.seq.0).collect();
    assert_eq!(seqs, (2..=501).collect::<Vec<_>>());
    let (mut far, _) = resume(&ada, &[(LOBBY, Seq(0))]).await;
    assert_eq!(reset(&mut far).await, (LOBBY, Seq(501), Seq(0)));
    writer.post(LOBBY, "502").await.unwrap();
    assert_eq!(hears(&mut far).await, "502");
    let page = ada.history(LOBBY, "after=0&limit=200").await.unwrap();
    assert_eq!((page.events.len(), page.head), (200, Seq(502)));
}

#[tokio::test]
async fn syn_2_a_cursor_of_another_epoch_or_from_the_future_is_reset() {
    let house = House::start();
    let (ada, mut writer, welcome) = enter(&house, "Ada").await;
    say_many(&mut writer, LOBBY, 1..=3).await;
    let other = Epoch(format!("{}0", welcome.epoch.0));
    let future = Seq((1 << 53) - 1);
    let nameless = Hello { epoch: None, cursors: vec![(LOBBY, Seq(2))] };
    for bad in [hello(&other, Seq(2)), nameless, hello(&welcome.epoch, Seq(4)), hello(&welcome.epoch, future)] {
        let (mut client, _) = connect(&ada, bad.clone()).await;
        assert_eq!(reset(&mut client).await, (LOBBY, Seq(3), Seq(0)), "{bad:?}");
    }
    let (mut client, _) = connect(&ada, hello(&welcome.epoch, Seq(3))).await;
    writer.post(LOBBY, "4").await.unwrap();
    assert_eq!(hears(&mut client).await, "4", "the head itself is no future");
}

#[tokio::test]
async fn syn_2_a_cursor_below_the_floor_is_reset_and_the_floor_is_told() {
    let mut house = House::start();
    let (ada, mut writer, welcome) = enter(&house, "Ada").await;
    say_many(&mut writer, LOBBY, 1..=10).await;
    house.terminate();
    house.database().execute_batch("delete from event where seq <= 4; update room set floor = 4 where id = 1").unwrap();
    house.restart();
    let (mut below, _) = connect(&ada, hello(&welcome.epoch, Seq(3))).await;
    assert_eq!(reset(&mut below).await, (LOBBY, Seq(10), Seq(4)));
    let (mut above, _) = connect(&ada, hello(&welcome.epoch, Seq(4))).await;
    let seqs: Vec<u64> = events(&mut above, 6).await.iter().map(|event| event.seq.0).collect();
    assert_eq!(seqs, [5, 6, 7, 8, 9, 10]);
    let page = ada.history(LOBBY, "after=0").await.unwrap();
    assert_eq!((page.first, page.events[0].seq), (Seq(5), Seq(5)));
}

#[tokio::test]
async fn syn_3_a_room_one_is_not_in_is_answered_with_room_removed() {
    let house = House::start();
    let (ada, mut first, welcome) = enter(&house, "Ada").await;
    let (_, mut bob, _) = enter(&house, "Bob").await;
    let theirs = create(&mut bob, "theirs").await.room.id;
    let left = create(&mut first, "left").await.room.id;
    first.request(Command::LeaveRoom { room: left }).await.unwrap();
    let cursors = vec![(theirs, Seq(0)), (LOBBY, Seq(0)), (left, Seq(1)), (RoomId(99), Seq(0))];
    let (mut client, again) = connect(&ada, Hello { epoch: Some(welcome.epoch), cursors }).await;
    assert_eq!(again.rooms.len(), 1);
    for room in [theirs, left, RoomId(99)] {
        assert_eq!(notice(&mut client).await, Notice::RoomRemoved { room });
    }
    bob.post(theirs, "canary").await.unwrap();
    bob.post(LOBBY, "fence").await.unwrap();
    assert_eq!(hears(&mut client).await, "fence");
}

#[tokio::test]
async fn syn_4_catch_up_gives_the_same_on_a_living_connection() {
    let house = House::start();
    let (_, mut ada, _) = enter(&house, "Ada").await;
    say_many(&mut ada, LOBBY, 1..=600).await;
    events(&mut ada, 600).await;
    assert_eq!(ada.request(Command::CatchUp { room: LOBBY, after: Seq(100) }).await.unwrap(), Reply::Done);
    let seqs: Vec<u64> = events(&mut ada, 500).await.iter().map(|event| event.seq.0).collect();
    assert_eq!(seqs, (101..=600).collect::<Vec<_>>());
    for after in [Seq(99), Seq(601)] {
        ada.request(Command::CatchUp { room: LOBBY, after }).await.unwrap();
        assert_eq!(reset(&mut ada).await, (LOBBY, Seq(600), Seq(0)));
    }
    ada.post(LOBBY, "601").await.unwrap();
    assert_eq!(hears(&mut ada).await, "601");
    let (_, mut bob, _) = enter(&house, "Bob").await;
    let room = create(&mut bob, "theirs").await.room.id;
    assert_eq!(refused_code(&mut ada, Command::CatchUp { room, after: Seq(0) }).await, ErrorCode::NotFound);
}

#[tokio::test]
async fn log_5_many_absences_leave_either_everything_or_one_reset() {
    let house = House::start();
    let (ada, mut writer, welcome) = enter(&house, "Ada").await;
    let mut cursor = Seq(0);
    for absence in [0, 1, 499, 500, 501, 3, 700] {
        let head = Seq(writer.post(LOBBY, "first").await.unwrap().0 + absence);
        if absence > 0 {
            say_many(&mut writer, LOBBY, 1..=absence).await;
        }
        let (mut client, _) = connect(&ada, hello(&welcome.epoch, cursor)).await;
        if head.0 - cursor.0 > 500 {
            assert_eq!(reset(&mut client).await, (LOBBY, head, Seq(0)));
        } else {
            let heard = events(&mut client, usize::try_from(head.0 - cursor.0).unwrap()).await;
            assert!(heard.iter().map(|event| event.seq.0).eq(cursor.0 + 1..=head.0));
        }
        cursor = head;
    }
}

#[tokio::test]
async fn log_9_after_a_restore_every_old_cursor_is_reset_and_no_seq_means_two_things() {
    let mut house = House::start();
    let (ada, mut writer, welcome) = enter(&house, "Ada").await;
    say_many(&mut writer, LOBBY, 1..=10).await;
    house.terminate();
    // What a restore of the backup made after the fifth message leaves: an older log, and another life.
    let restored = "delete from event where seq > 5; update room set head = 5, msgs = 5 where id = 1;
                    update meta set life = life + 1";
    house.database().execute_batch(restored).unwrap();
    house.restart();
    for cursor in [Seq(3), Seq(5), Seq(10)] {
        let (mut client, again) = connect(&ada, hello(&welcome.epoch, cursor)).await;
        assert_ne!(again.epoch, welcome.epoch);
        assert_eq!(reset(&mut client).await, (LOBBY, Seq(5), Seq(0)));
    }
    let (mut client, again) = connect(&ada, Hello::default()).await;
    assert_eq!(client.post(LOBBY, "another sixth").await.unwrap(), Seq(6));
    let page = ada.history(LOBBY, "").await.unwrap();
    assert_eq!((page.epoch, page.head), (again.epoch, Seq(6)));
    let said: Vec<_> = page.events.iter().filter_map(text_of).collect();
    assert_eq!(said, ["1", "2", "3", "4", "5", "another sixth"]);
}

#[tokio::test]
async fn s95_a_hello_names_2500_rooms_and_not_one_more() {
    let house = House::start();
    let ada: Session = session(&house, "Ada").await;
    let epoch = connect(&ada, Hello::default()).await.1.epoch;
    let cursors = |count: u64| (2..2 + count).map(|room| (RoomId(room), Seq(0))).collect();
    let mut client = Client::open(&ada).await.unwrap();
    let too_many = Command::Hello(Hello { epoch: Some(epoch.clone()), cursors: cursors(2_501) });
    assert_eq!(refused_code(&mut client, too_many).await, ErrorCode::TooMany);
    let all = Command::Hello(Hello { epoch: Some(epoch), cursors: cursors(2_500) });
    let Reply::Welcome(Welcome { rooms, .. }) = client.request(all).await.unwrap() else { panic!("no welcome") };
    assert_eq!(rooms.len(), 1);
    for room in 2..2_502 {
        assert_eq!(notice(&mut client).await, Notice::RoomRemoved { room: RoomId(room) });
    }
}

fn hello(epoch: &Epoch, lobby: Seq) -> Hello {
    Hello { epoch: Some(epoch.clone()), cursors: vec![(LOBBY, lobby)] }
}

/// The next reset; an event before it is an error.
async fn reset(client: &mut Client) -> (RoomId, Seq, Seq) {
    loop {
        match client.next().await.unwrap() {
            ServerFrame::Reset { room, head, floor } => return (room, head, floor),
            ServerFrame::Event(event) => panic!("an event instead of a reset: {event:?}"),
            _ => {}
        }
    }
}
