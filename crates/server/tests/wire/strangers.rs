//! What others' pages, proxies and planted cookies may do: nothing (S07, S08, S16, HTTP-6), and guests who come and go (OLD-3).

use parlour_client::http;
use parlour_protocol::RoomId;
use serde_json::json;

use crate::asking::json_of;
use crate::house::House;
use crate::people::{enter, session};
use crate::raw::Raw;

const PLANTED: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

#[tokio::test]
async fn http_6_a_change_with_a_cookie_says_where_it_comes_from() {
    let house = House::start();
    let own = format!("Origin: http://{}\r\n", house.address);
    let sign_in = async |headers: &str| {
        http::post(house.address, "/api/v1/sign-in", r#"{"name":"Ada"}"#, headers).await.unwrap().status
    };
    let cookie = format!("Cookie: __Host-parlour={PLANTED}\r\n");
    assert_eq!(sign_in(&cookie).await, 403);
    assert_eq!(sign_in(&format!("{cookie}Sec-Fetch-Site: cross-site\r\n")).await, 403);
    assert_eq!(sign_in(&format!("{cookie}{own}")).await, 201);
}

#[tokio::test]
async fn s16_a_cookie_that_any_page_of_this_host_can_plant_opens_nothing() {
    let house = House::start();
    let ada = session(&house, "Ada").await;
    let token = ada.cookie.split_once('=').unwrap().1;
    let boot = async |cookie: String| {
        let answer = http::get(house.address, "/api/v1/boot", &format!("Cookie: {cookie}\r\n")).await.unwrap();
        json_of(&answer.body)["you"]["name"].as_str().map(str::to_owned)
    };
    assert_eq!(boot(ada.cookie.clone()).await.as_deref(), Some("Ada"));
    assert_eq!(boot(format!("parlour={token}")).await, None, "the plain name is not the one this house sets here");
    assert_eq!(boot(format!("parlour={PLANTED}; {}", ada.cookie)).await.as_deref(), Some("Ada"));
}

#[tokio::test]
async fn s16_signing_in_again_ends_the_session_that_was_there() {
    let house = House::start();
    let ada = session(&house, "Ada").await;
    let headers = format!("Cookie: {}\r\nOrigin: http://{}\r\n", ada.cookie, house.address);
    let again = http::post(house.address, "/api/v1/sign-in", r#"{"name":"Ada the second"}"#, &headers).await.unwrap();
    assert_eq!(again.status, 201);
    let before = http::get(house.address, "/api/v1/boot", &format!("Cookie: {}\r\n", ada.cookie)).await.unwrap();
    assert_eq!(json_of(&before.body)["you"], json!(null));
}

#[tokio::test]
async fn s07_what_came_through_a_proxy_is_not_taken_for_this_machine_s_own() {
    let house = House::start();
    let ask = async |headers: &str| {
        let request = format!("GET /api/v1/boot HTTP/1.1\r\nConnection: close\r\n{headers}\r\n");
        http::exchange(house.address, &request).await.unwrap().status
    };
    assert_eq!(ask("Host: localhost\r\n").await, 200);
    assert_eq!(ask("Host: localhost\r\nX-Forwarded-For: 203.0.113.9\r\n").await, 421);
}

#[tokio::test]
async fn s07_behind_a_trusted_proxy_limits_count_by_the_client_s_own_address() {
    let proxy = ["--public-url", "https://chat.example", "--door", "open", "--trusted-proxies", "127.0.0.1"];
    let house = House::start_with(&proxy);
    let ask = async |client: u32| {
        let request = format!(
            "GET /api/v1/boot HTTP/1.1\r\nHost: chat.example\r\nX-Forwarded-For: 203.0.113.{client}\r\nConnection: close\r\n\r\n"
        );
        http::exchange(house.address, &request).await.unwrap()
    };
    let mut refused = 0;
    for _ in 0..600 {
        refused += u32::from(ask(7).await.status == 429);
    }
    assert!(refused > 0, "one client of many is over its limit");
    let other = ask(8).await;
    assert_eq!(other.status, 200, "and nobody else is");
    assert_eq!(other.header("strict-transport-security"), Some("max-age=31536000"), "S08");
}

#[tokio::test]
async fn old_3_a_guest_s_name_is_free_and_the_list_is_without_it_once_it_has_gone() {
    let house = House::start();
    let (ada, mut full, _) = enter(&house, "Ada").await;
    let mut guest = Raw::classic(house.address).await;
    guest.say("hello").await;
    full.next_event().await.unwrap();
    let members = async || {
        let answer = ada.get("/api/v1/rooms/1/members").await.unwrap();
        json_of(&answer.body)["members"].as_array().unwrap().len()
    };
    assert_eq!(members().await, 2);
    drop(guest);
    let released = "select count(*) from user where guest = 1 and released_at is not null";
    let database = house.database();
    for _ in 0..500 {
        if database.query_row(released, [], |row| row.get::<_, u32>(0)).unwrap() == 1 {
            break;
        }
        // One turn of the house: its next answer comes after what it had to do.
        ada.get("/api/v1/boot").await.unwrap();
    }
    assert_eq!(members().await, 1);
    assert_eq!(ada.whole_log(RoomId::LOBBY).await.unwrap().len(), 1, "what it said stays");
}
