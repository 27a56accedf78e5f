//! `parlour demo`: a house to look around in, made once, and never in the place of another.

use parlour_client::Session;
use parlour_protocol::{Hello, RoomKind};
use serde_json::{Value, json};

use crate::house::{House, command};
use crate::people::{ask, begun, connect, session};

/// What the command says, or what it says is wrong.
fn demo(house: &House) -> Result<String, String> {
    let mut command = command(&house.folder(), &house.address.to_string());
    let output = command.args(["demo", "--make-only", "--readings", "300"]).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().trim().to_owned();
    if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
}

async fn read(who: &Session, path: &str) -> Value {
    serde_json::from_str(&who.get(path).await.unwrap().body).unwrap()
}

#[tokio::test]
async fn a_demo_house_is_made_once_and_whoever_types_a_name_finds_a_month_of_talk_in_it() {
    let mut house = House::start();
    house.terminate();
    let refused = demo(&house).unwrap_err();
    assert!(refused.contains("holds a house that is not a demo"), "{refused}");
    std::fs::remove_dir_all(house.folder()).unwrap();
    assert!(demo(&house).unwrap().starts_with("Making the demo house"));
    assert!(demo(&house).unwrap().ends_with("is there already."));
    house.restart();
    assert_eq!(house.owner_link, None);
    let eve = session(&house, "Eve").await;
    let rooms: Value = read(&eve, "/api/v1/rooms").await;
    let listed: Vec<&str> =
        rooms["rooms"].as_array().unwrap().iter().map(|room| room["room"]["name"].as_str().unwrap()).collect();
    assert_eq!(listed, ["lobby", "boat", "charts", "engineering", "help", "readings", "releases", "tides"]);
    let lobby: Value = read(&eve, "/api/v1/rooms/1/history?limit=200").await;
    let times: Vec<i64> =
        lobby["events"].as_array().unwrap().iter().map(|event| event["at"].as_i64().unwrap()).collect();
    assert!(times.is_sorted() && times[times.len() - 2] - times[0] > 25 * 24 * 3_600_000, "{times:?}");
}

#[tokio::test]
async fn the_owner_of_a_demo_house_has_direct_rooms_and_what_was_said_last_is_new_to_her() {
    let mut house = House::start();
    house.terminate();
    std::fs::remove_dir_all(house.folder()).unwrap();
    demo(&house).unwrap();
    house.restart();
    let mut errand = command(&house.folder(), &house.address.to_string());
    let link = String::from_utf8(errand.args(["user", "reset-link", "ada"]).output().unwrap().stdout).unwrap();
    let (_, token) = link.trim().split_once("/reset/").unwrap();
    let body: Value = json!({"token": token, "password": "harbour lights of bergen"});
    let ada = begun(&house, &ask(&house, "reset", &body).await);
    let (_client, welcome) = connect(&ada, Hello::default()).await;
    let unread = |kind| {
        let rooms = welcome.rooms.iter().filter(|state| state.room.kind == kind);
        rooms.map(|state| state.unread).collect::<Vec<_>>()
    };
    assert_eq!(unread(RoomKind::Direct), [2, 0]);
    assert_eq!(unread(RoomKind::Closed), [1]);
}
