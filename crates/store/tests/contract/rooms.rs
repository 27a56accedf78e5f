//! Rooms: made, named, joined, left.

use parlour_protocol::{ErrorCode, RoomId, Seq};

use crate::{House, at, refused};

#[tokio::test]
async fn room_1_a_room_begins_with_its_making_and_its_maker_in_it() {
    let house = House::new();
    let ada = house.person("Ada").await;
    let state = house.room(&ada, "tea").await;
    assert_eq!((state.head, state.since, state.read, state.unread, state.members), (Seq(1), Seq(1), Seq(1), 0, 1));
    assert_eq!(house.store.rooms_of(ada.id).await.unwrap()[1], state);
    let heads = house.store.heads().await.unwrap();
    assert_eq!(heads, [(RoomId::LOBBY, Seq(0)), (state.room.id, Seq(1))]);
}

#[tokio::test]
async fn room_2_a_name_is_given_once_by_making_or_renaming() {
    let house = House::new();
    let ada = house.person("Ada").await;
    house.room(&ada, "tea").await;
    let cocoa = house.room(&ada, "cocoa").await.room.id;
    let make = |name: &str| house.store.create_room(ada.clone(), crate::new_room(name, false), at(0));
    assert_eq!(refused(make("tea").await), ErrorCode::NameTaken);
    assert_eq!(refused(make("lobby").await), ErrorCode::NameTaken);
    let rename = |name: &str| {
        house.store.rename_room(cocoa, ada.clone(), name.to_owned(), name.to_owned(), String::new(), at(0))
    };
    assert_eq!(refused(rename("tea").await), ErrorCode::NameTaken);
    rename("milk").await.unwrap();
    rename("milk").await.unwrap();
    make("cocoa").await.unwrap();
    // Two at the same moment, in one batch: one of them.
    let (one, two) = (make("soup"), make("soup"));
    let results = [one.await.is_ok(), two.await.is_ok()];
    assert_eq!(results, [true, false]);
}

#[tokio::test]
async fn room_2_two_renames_to_one_name_in_one_batch_make_one_of_them_and_harm_nobody_else() {
    let house = House::new();
    let ada = house.person("Ada").await;
    let (tea, cocoa) = (house.room(&ada, "tea").await.room.id, house.room(&ada, "cocoa").await.room.id);
    let rename = |room| house.store.rename_room(room, ada.clone(), "milk".into(), "milk".into(), String::new(), at(0));
    let (one, between, two) = (rename(tea), house.says(&ada, RoomId::LOBBY, "hello"), rename(cocoa));
    assert!(between.await.is_ok());
    assert!(one.await.is_ok());
    assert_eq!(refused(two.await), ErrorCode::NameTaken);
}

#[tokio::test]
async fn room_3_joining_twice_is_like_once_and_the_lobby_stays_as_it_is() {
    let house = House::new();
    let (ada, bob) = (house.person("Ada").await, house.person("Bob").await);
    let room = house.room(&ada, "tea").await.room.id;
    house.says(&ada, room, "before").await.unwrap();
    let joined = house.store.join_room(room, bob.clone(), at(1)).await.unwrap();
    assert_eq!((joined.head, joined.read, joined.unread, joined.members), (Seq(3), Seq(3), 0, 2));
    assert_eq!(house.store.join_room(room, bob.clone(), at(2)).await.unwrap(), joined);
    let lobby = RoomId::LOBBY;
    assert_eq!(refused(house.store.leave_room(lobby, bob.clone(), at(3)).await), ErrorCode::Forbidden);
    let renamed = house.store.rename_room(lobby, bob.clone(), "x".into(), "x".into(), String::new(), at(3));
    assert_eq!(refused(renamed.await), ErrorCode::Forbidden);
    house.store.leave_room(room, bob.clone(), at(4)).await.unwrap();
    assert_eq!(refused(house.store.leave_room(room, bob.clone(), at(5)).await), ErrorCode::NotFound);
    let listed = house.store.list_rooms(bob.id).await.unwrap();
    let of_tea = listed.iter().find(|listed| listed.room.id == room).unwrap();
    assert_eq!((of_tea.members, of_tea.joined), (1, false));
}

#[tokio::test]
async fn http_4_members_are_those_who_are_in_a_room_by_name() {
    let house = House::new();
    let (bob, ada) = (house.person("Bob").await, house.person("Ada").await);
    let names = |members: Vec<parlour_protocol::http::Member>| -> Vec<String> {
        members.into_iter().map(|member| member.name).collect()
    };
    assert_eq!(names(house.store.members(RoomId::LOBBY, bob.id).await.unwrap()), ["Ada", "Bob"]);
    let room = house.room(&bob, "tea").await.room.id;
    assert_eq!(names(house.store.members(room, bob.id).await.unwrap()), ["Bob"]);
    house.store.join_room(room, ada.clone(), at(1)).await.unwrap();
    house.store.leave_room(room, bob.clone(), at(2)).await.unwrap();
    assert_eq!(names(house.store.members(room, ada.id).await.unwrap()), ["Ada"]);
}

#[tokio::test]
async fn s50_what_another_program_wrote_is_known_to_the_next_write() {
    let house = House::new();
    let ada = house.person("Ada").await;
    house.says(&ada, RoomId::LOBBY, "known to the writer").await.unwrap();
    house.database().execute("update user set suspended_at = 1 where id = ?1", [ada.id.0]).unwrap();
    assert_eq!(refused(house.says(&ada, RoomId::LOBBY, "suspended").await), ErrorCode::SignedOut);
    house.database().execute_batch("update user set suspended_at = null; update room set archived_at = 1").unwrap();
    assert_eq!(refused(house.says(&ada, RoomId::LOBBY, "archived").await), ErrorCode::Forbidden);
}
