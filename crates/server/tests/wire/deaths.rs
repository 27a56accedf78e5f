//! The four deaths of the tutorial's server, which this one must not die.

use crate::house::House;
use crate::raw::{Raw, TEXT};

const JOINED: &str = "New User Joined...";
const LEFT: &str = "User Disconnected...";

#[tokio::test]
async fn the_first_death_a_plain_get_on_ws_is_426_and_life_goes_on() {
    let house = House::start();
    let mut classic = Raw::classic(house.address).await;
    for _ in 0..20 {
        let answer = parlour_client::http::get(house.address, "/ws", "").await.unwrap();
        assert_eq!((answer.status, answer.header("upgrade")), (426, Some("websocket")));
    }
    classic.say("alive").await;
    assert_eq!(classic.hears_body().await, "alive");
}

#[tokio::test]
async fn the_second_death_a_reset_during_a_broadcast_ends_that_connection_alone() {
    let house = House::start();
    let mut one = Raw::classic(house.address).await;
    for round in 0..20 {
        let doomed = Raw::classic(house.address).await;
        assert_eq!(one.hears_body().await, JOINED);
        one.say(&format!("{round} begins")).await;
        doomed.reset();
        one.say(&format!("{round} goes on")).await;
        let heard = [one.hears_body().await, one.hears_body().await, one.hears_body().await];
        for wanted in [format!("{round} begins"), format!("{round} goes on"), LEFT.to_owned()] {
            assert!(heard.contains(&wanted), "{heard:?}");
        }
    }
}

#[tokio::test]
async fn the_third_death_a_client_that_stops_reading_holds_up_nobody() {
    let house = House::start();
    let _sleeper = Raw::narrow_classic(house.address).await;
    let mut one = Raw::classic(house.address).await;
    // Far more than both kernels hold for the one who sleeps.
    let long = "z".repeat(16_000);
    for number in 0..1_000 {
        one.say(&format!("{number}{long}")).await;
        assert!(one.hears_body().await.starts_with(&number.to_string()));
    }
}

#[tokio::test]
async fn the_fourth_death_what_the_tutorial_never_limited_is_limited() {
    let house = House::start_with(&[]);
    let mut huge = Raw::classic(house.address).await;
    huge.send_frame(TEXT, &vec![b'x'; 200_000]).await;
    assert_eq!(huge.closed().await, Some(1009));
    let mut evil = Raw::connect(house.address).await;
    assert_eq!(evil.refused("Origin: https://evil.example\r\n").await, 403);
    let mut held = Vec::new();
    let refused = loop {
        let mut raw = Raw::connect(house.address).await;
        if !raw.try_upgrade().await {
            break held.len();
        }
        held.push(raw);
    };
    assert!((32..=64).contains(&refused), "{refused} connections of one address");
}
