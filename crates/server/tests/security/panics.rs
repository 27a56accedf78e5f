//! A panic ends what it happened in, and nothing else but where nothing can be promised any more (S99). The house under test panics
//! where a message or a path holds a word that its environment names, which only builds for tests do.

use parlour_client::{Client, http};
use parlour_protocol::{Command, Hello, Reply, RoomId};

use crate::asking::ask;
use crate::house::House;
use crate::people::{create, enter, hears, post};

const LOBBY: RoomId = RoomId::LOBBY;

fn house(place: &str) -> House {
    let variable = format!("PARLOUR_PANIC_AT_{place}");
    let mut house = House::start_among(&["--rate-limits", "off"], &[(&variable, "dynamite")], None);
    house.may_fail();
    house
}

#[tokio::test]
async fn s99_a_panic_over_a_frame_ends_that_connection_alone() {
    let house = house("FRAME");
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    let (_, mut bob, _) = enter(&house, "Bob").await;
    let mut classic = parlour_client::ClassicClient::connect(house.address).await.unwrap();
    for _ in 0..3 {
        let (mut doomed, _) = Client::connect(&ada_session, Hello::default()).await.unwrap();
        doomed.post(LOBBY, "before").await.unwrap();
        assert!(doomed.request(post("dynamite")).await.is_err());
        assert_eq!(hears(&mut bob).await, "before");
        assert_eq!(hears(&mut ada).await, "before");
    }
    assert_eq!(ada.request(Command::Ping).await.unwrap(), Reply::Pong);
    let room = create(&mut bob, "tea").await.room.id;
    bob.post(room, "still here").await.unwrap();
    classic.says("still here too").await.unwrap();
    assert_eq!(hears(&mut ada).await, "still here too");
    let log = ada_session.whole_log(LOBBY).await.unwrap();
    assert!(!serde_json::to_string(&log).unwrap().contains("dynamite"));
    assert!(house.log().contains("panicked") && !house.log().contains("dynamite"), "{}", house.log());
}

#[tokio::test]
async fn s99_a_panic_over_a_request_ends_that_connection_alone() {
    let house = house("REQUEST");
    let (_, mut ada, _) = enter(&house, "Ada").await;
    for _ in 0..5 {
        // Whatever comes back, it is no success.
        let answer = http::get(house.address, "/dynamite", "").await;
        assert!(answer.is_err() || answer.unwrap().status == 500);
        assert_eq!(ask(&house, "GET", "/healthz", "").await.status, 204);
    }
    assert_eq!(ada.request(Command::Ping).await.unwrap(), Reply::Pong);
}

#[tokio::test]
async fn s99_a_panic_of_the_writer_ends_the_process_and_its_supervisor_finds_all_that_was_promised() {
    let mut house = house("COMMIT");
    let (ada_session, mut ada, _) = enter(&house, "Ada").await;
    ada.post(LOBBY, "kept").await.unwrap();
    assert!(ada.request(post("dynamite")).await.is_err(), "nothing is promised any more");
    assert_eq!(house.wait(), Some(1), "the process ends, and says that it failed");
    house.restart();
    let log = ada_session.whole_log(LOBBY).await.unwrap();
    assert!(serde_json::to_string(&log).unwrap().contains("\"kept\""));
    let (_, mut again, _) = enter(&house, "Bob").await;
    again.post(LOBBY, "goes on").await.unwrap();
}
