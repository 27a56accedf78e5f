//! How far people have read, and what is left.

use parlour_protocol::{ErrorCode, RoomId, Seq};

use crate::{House, at, refused};

#[tokio::test]
async fn read_1_and_read_3_the_position_rises_falls_only_when_told_and_ends_at_the_head() {
    let house = House::new();
    let (ada, bob) = (house.person("Ada").await, house.person("Bob").await);
    for n in 1..=6 {
        house.says(if n == 4 { &bob } else { &ada }, RoomId::LOBBY, &n.to_string()).await.unwrap();
    }
    let read = |seq| house.store.mark_read(RoomId::LOBBY, bob.id, Seq(seq));
    let first = read(2).await.unwrap();
    assert_eq!((first.seq, first.unread, first.head), (Seq(2), 3, Seq(6)), "one's own message is not counted");
    assert_eq!(read(1).await.unwrap().seq, Seq(2), "it only rises");
    assert_eq!(read(99).await.unwrap().seq, Seq(6), "the head is the end");
    let unread = |seq| house.store.mark_unread(RoomId::LOBBY, bob.id, Seq(seq));
    let again = unread(5).await.unwrap();
    assert_eq!((again.seq, again.unread), (Seq(4), 2));
    assert_eq!(unread(0).await.unwrap().seq, Seq(0));
    assert_eq!(house.store.rooms_of(bob.id).await.unwrap()[0].unread, 5);
}

#[tokio::test]
async fn read_2_only_messages_of_others_count_and_the_count_stops_at_100() {
    let house = House::new();
    let (ada, bob) = (house.person("Ada").await, house.person("Bob").await);
    let room = house.room(&ada, "tea").await.room.id;
    house.store.join_room(room, bob.clone(), at(1)).await.unwrap();
    let eve = house.person("Eve").await;
    house.store.join_room(room, eve.clone(), at(1)).await.unwrap();
    let unread = || async { house.store.rooms_of(bob.id).await.unwrap()[1].unread };
    assert_eq!(unread().await, 0, "that somebody joined is no message");
    for n in 0..150 {
        house.says(&ada, room, &n.to_string()).await.unwrap();
    }
    assert_eq!(unread().await, 100);
    assert_eq!(house.store.mark_read(room, bob.id, Seq(150)).await.unwrap().unread, 3);
}

#[tokio::test]
async fn read_1_in_one_batch_with_the_message_that_is_read_the_numbers_agree() {
    let house = House::new();
    let (ada, bob) = (house.person("Ada").await, house.person("Bob").await);
    let said = house.store.append(crate::message(&ada, RoomId::LOBBY, "hello"));
    let read = house.store.mark_read(RoomId::LOBBY, bob.id, Seq(1));
    let (said, read) = (said.await.unwrap(), read.await.unwrap());
    assert_eq!((read.seq, read.unread, read.head), (said.event.seq, 0, said.event.seq));
}

#[tokio::test]
async fn read_1_who_is_no_member_has_no_position() {
    let house = House::new();
    let (ada, eve) = (house.person("Ada").await, house.person("Eve").await);
    let room = house.room(&ada, "tea").await.room.id;
    assert_eq!(refused(house.store.mark_read(room, eve.id, Seq(1)).await), ErrorCode::NotFound);
    assert_eq!(refused(house.store.mark_unread(RoomId(99), eve.id, Seq(1)).await), ErrorCode::NotFound);
}
