//! Sessions, names and guests.

use parlour_protocol::{ErrorCode, RoomId, limits};

use crate::{House, at, comes, refused, token};

#[tokio::test]
async fn http_1_a_name_is_held_while_a_session_lives_and_free_when_the_last_has_ended() {
    let house = House::new();
    let ada = house.person("Ada").await;
    let again = || comes(&*house.store, "ada", token("second"), at(1));
    assert_eq!(refused(again().await), ErrorCode::NameTaken);
    assert_eq!(house.store.names_taken(vec!["ada".into(), "bob".into()]).await.unwrap(), ["ada"]);
    house.store.sign_out(token("Ada"), at(2)).await.unwrap();
    assert_eq!(house.store.session(token("Ada"), at(2)).await.unwrap(), None);
    let other = again().await.unwrap();
    assert_ne!(other.id, ada.id, "the name is free, what was said under it stays the first one's");
}

#[tokio::test]
async fn s20_a_session_ends_by_age_and_by_idleness_and_its_name_with_it() {
    let house = House::new();
    house.person("Ada").await;
    let alive = |ms| {
        let session = house.store.session(token("Ada"), at(ms));
        async move { session.await.unwrap().is_some() }
    };
    assert!(alive(limits::SESSION_IDLE_MS - 1).await);
    // That use was noted: the idle time begins anew from it.
    house.says(&house.person("Bob").await, RoomId::LOBBY, "a write behind the note").await.unwrap();
    assert!(alive(limits::SESSION_IDLE_MS + 1).await);
    assert!(!alive(limits::SESSION_IDLE_MS * 2 + 5).await);
    let late = at(limits::SESSION_IDLE_MS * 2 + 5);
    assert!(comes(&*house.store, "Ada", token("new"), late).await.is_ok());
    assert!(!alive(limits::SESSION_LIFE_MS + 1).await);
}

#[tokio::test]
async fn s15_the_file_holds_no_token_that_opens_anything() {
    let house = House::new();
    house.person("Ada").await;
    let hash: Vec<u8> = house.database().query_row("select token_hash from session", [], |row| row.get(0)).unwrap();
    assert_eq!(hash, token("Ada"), "what the store was given is a hash, and nothing else of it is kept");
}

#[tokio::test]
async fn who_signed_out_is_in_no_room_any_more_and_counted_in_none() {
    let house = House::new();
    let (ada, bob) = (house.person("Ada").await, house.person("Bob").await);
    let room = house.room(&ada, "tea").await.room.id;
    house.store.join_room(room, bob.clone(), at(1)).await.unwrap();
    house.store.sign_out(token("Bob"), at(2)).await.unwrap();
    assert_eq!(refused(house.says(&bob, room, "still here?").await), ErrorCode::NotFound);
    for state in house.store.rooms_of(ada.id).await.unwrap() {
        assert_eq!(state.members, 1, "{}", state.room.name);
    }
    assert_eq!(house.store.house().await.unwrap().people, 1);
}

#[tokio::test]
async fn old_3_a_guest_s_name_is_its_own_while_it_is_here_and_free_when_it_went() {
    let house = House::new();
    let ada = house.person("Ada").await;
    let guest = || house.store.guest("guest-4f2a".into(), "guest-4f2a".into(), at(1));
    let first = guest().await.unwrap();
    assert!(first.guest);
    assert_eq!(refused(guest().await), ErrorCode::NameTaken);
    house.says(&first, RoomId::LOBBY, "hello").await.unwrap();
    assert_eq!(house.store.members(RoomId::LOBBY, ada.id).await.unwrap().len(), 2);
    house.store.guest_gone(first.id, at(2)).await.unwrap();
    assert_eq!(house.store.members(RoomId::LOBBY, ada.id).await.unwrap().len(), 1);
    let second = guest().await.unwrap();
    assert_ne!(second.id, first.id);
    // Nobody says goodbye for those who were here when the power went.
    let house = house.reopened();
    assert!(house.store.guest("guest-4f2a".into(), "guest-4f2a".into(), at(3)).await.is_ok());
    assert_eq!(house.store.lobby().await.unwrap().members, 2, "Ada and the new guest");
    assert_eq!(house.store.house().await.unwrap().people, 1);
}
