//! Who a session's socket belongs to is remembered between coming in and `/ws`: never longer than the session lets anybody in.

use parlour_client::Session;
use parlour_protocol::{Hello, Role};

use crate::errands::errand;
use crate::house::House;
use crate::people::{PASSWORD, account, begun, closed, connect, owner, session, sign_in};
use crate::raw::{Raw, TEXT, full_headers, handshake};

/// Looks at the house with a session, as a page does before it opens its socket.
async fn seen(who: &Session) {
    assert_eq!(who.get("/api/v1/boot").await.unwrap().status, 200);
}

async fn refused(who: &Session) -> u16 {
    Raw::connect(who.house).await.refused(&full_headers(who)).await
}

#[tokio::test]
async fn con_1_and_s17_whose_session_ended_a_moment_ago_opens_no_socket() {
    let house = House::start();
    let olga = owner(&house).await;
    let ada = account(&house, "Ada").await;
    let there = begun(&house, &sign_in(&house, "ada", PASSWORD).await);
    seen(&there).await;
    assert_eq!(ada.post("/api/v1/sessions/end-others", "{}").await.unwrap().status, 204);
    assert_eq!(refused(&there).await, 401, "ended elsewhere");
    seen(&ada).await;
    let suspend = |what: &str| format!("/api/v1/admin/people/{}/{what}", ada.you.id);
    assert_eq!(olga.post(&suspend("suspend"), "{}").await.unwrap().status, 204);
    assert_eq!(refused(&ada).await, 401, "suspended");
    assert_eq!(olga.post(&suspend("restore"), "{}").await.unwrap().status, 204);
    seen(&ada).await;
    assert_eq!(olga.post(&suspend("sign-out"), "{}").await.unwrap().status, 204);
    assert_eq!(refused(&ada).await, 401, "signed out by office");
    let bob = session(&house, "Bob").await;
    assert_eq!(bob.post("/api/v1/sign-out", "{}").await.unwrap().status, 204);
    assert_eq!(refused(&bob).await, 401, "signed out");
}

#[tokio::test]
async fn s18_who_was_made_something_else_a_moment_ago_is_welcomed_as_that() {
    let house = House::start();
    let olga = owner(&house).await;
    let ada = account(&house, "Ada").await;
    let role = format!("/api/v1/admin/people/{}/role", ada.you.id);
    for (word, role_now) in [("administrator", Role::Administrator), ("member", Role::Member)] {
        seen(&ada).await;
        assert_eq!(olga.post(&role, &format!(r#"{{"role":"{word}"}}"#)).await.unwrap().status, 204);
        let (_client, welcome) = connect(&ada, Hello::default()).await;
        assert_eq!(welcome.you.role, role_now);
    }
}

#[tokio::test]
async fn con_7_a_session_that_ended_outside_the_house_is_never_welcomed() {
    let house = House::start();
    owner(&house).await;
    let ada = account(&house, "Ada").await;
    let bob = account(&house, "Bob").await;
    let cyd = session(&house, "Cyd").await;
    let end = "update session set expires_at = 1 where user = ?1";
    house.database().execute(end, [cyd.you.id.0]).unwrap();
    errand(&house, &["user", "suspend", "ada"]).unwrap();
    errand(&house, &["user", "sign-out", "bob"]).unwrap();
    for who in [&ada, &bob, &cyd] {
        let mut raw = Raw::connect(house.address).await;
        raw.send(handshake(house.address, &full_headers(who)).as_bytes()).await;
        let status = raw.response().await.unwrap().status;
        if status == 101 {
            // The house has not looked yet for what was done outside; the store knows.
            raw.send_frame(TEXT, br#"{"t":"hello","ref":1,"cursors":[]}"#).await;
            assert_eq!(raw.frame().await.unwrap().close_code(), Some(4001), "{}", who.you.name);
        } else {
            assert_eq!(status, 401, "{}", who.you.name);
        }
    }
}

#[tokio::test]
async fn con_7_once_sockets_were_closed_for_what_was_done_outside_none_opens() {
    let house = House::start();
    owner(&house).await;
    for (name, errand_words) in [("Ada", ["user", "suspend", "ada"]), ("Bob", ["user", "sign-out", "bob"])] {
        let who = account(&house, name).await;
        let (mut open, _) = connect(&who, Hello::default()).await;
        seen(&who).await;
        errand(&house, &errand_words).unwrap();
        assert_eq!(closed(&mut open).await, Some(4001), "{name}");
        assert_eq!(refused(&who).await, 401, "{name}");
    }
}

#[tokio::test]
async fn con_1_a_session_opens_as_many_sockets_as_it_likes() {
    let house = House::start();
    let ada = session(&house, "Ada").await;
    for _ in 0..3 {
        assert_eq!(connect(&ada, Hello::default()).await.1.you, ada.you);
    }
}
