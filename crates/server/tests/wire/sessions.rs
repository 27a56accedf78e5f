//! Where one is signed in (ACC-5, S17), and being signed out by office (ADM-7).

use std::time::{Duration, Instant};

use parlour_client::{Client, Session, http};
use parlour_protocol::Hello;
use parlour_protocol::account::{OwnSession, Sessions};
use serde_json::json;

use crate::house::House;
use crate::people::{PASSWORD, account, begun, closed, no, owner, post, said_no, session, sign_in};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

async fn listed(who: &Session) -> Vec<OwnSession> {
    let body = who.get("/api/v1/sessions").await.unwrap().body;
    let Sessions { sessions } = serde_json::from_str(&body).unwrap();
    sessions
}

#[tokio::test]
async fn acc_5_sessions_are_listed_with_what_they_run_on_and_end_one_by_one_with_their_sockets() {
    let house = House::start();
    let here = account(&house, "Ada").await;
    let body = json!({"login": "ada", "password": PASSWORD}).to_string();
    let agent = format!("User-Agent: {FIREFOX}\r\n");
    let there = http::post(house.address, "/api/v1/sign-in/password", &body, &agent).await.unwrap();
    let there = begun(&house, &there);
    let (mut open_here, _) = Client::connect(&here, Hello::default()).await.unwrap();
    let (mut open_there, _) = Client::connect(&there, Hello::default()).await.unwrap();
    let sessions = listed(&here).await;
    let seen: Vec<_> = sessions.iter().map(|one| (one.device.as_str(), one.this)).collect();
    assert_eq!(seen, [("Firefox on Linux", false), ("A program", true)]);
    assert!(sessions.iter().all(|one| one.since <= one.last_seen && one.since.0 > 0));
    assert!(!here.cookie.contains(&sessions[1].id), "the id is no token");
    let began = Instant::now();
    let end = format!("/api/v1/sessions/{}/end", sessions[0].id);
    assert_eq!(here.post(&end, "{}").await.unwrap().status, 204);
    assert_eq!(closed(&mut open_there).await, Some(4001));
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    assert_eq!(there.get("/api/v1/account").await.unwrap().status, 401);
    assert!(Client::open(&there).await.is_err());
    open_here.request(post("still here")).await.unwrap();
    assert_eq!(said_no(&here.post(&end, "{}").await.unwrap()), no(404, "not_found", ""), "it has ended already");
    assert_eq!(listed(&here).await.len(), 1);
}

#[tokio::test]
async fn s17_all_other_sessions_end_at_once_and_nobody_ends_anybody_else_s() {
    let house = House::start();
    let here = account(&house, "Ada").await;
    let mut others = Vec::new();
    for _ in 0..3 {
        let other = begun(&house, &sign_in(&house, "ada", PASSWORD).await);
        others.push((Client::connect(&other, Hello::default()).await.unwrap().0, other));
    }
    let bob = account(&house, "Bob").await;
    for one in listed(&here).await {
        let end = format!("/api/v1/sessions/{}/end", one.id);
        assert_eq!(bob.post(&end, "{}").await.unwrap().status, 404);
    }
    assert_eq!(listed(&here).await.len(), 4);
    let began = Instant::now();
    assert_eq!(here.post("/api/v1/sessions/end-others", "{}").await.unwrap().status, 204);
    for (open, other) in &mut others {
        assert_eq!(closed(open).await, Some(4001));
        assert_eq!(other.get("/api/v1/account").await.unwrap().status, 401);
    }
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    assert_eq!(listed(&here).await.len(), 1);
    assert_eq!(listed(&bob).await.len(), 1);
}

#[tokio::test]
async fn acc_5_of_more_than_fifty_sessions_the_least_lately_used_ends() {
    let house = House::start();
    let first = account(&house, "Ada").await;
    let user = first.you.id.0;
    let sql = "insert into session (token_hash, user, created_at, last_used_at, expires_at)
         select randomblob(32), ?1, created_at, last_used_at + 1, expires_at from session where user = ?1 limit 1";
    for _ in 0..49 {
        house.database().execute(sql, [user]).unwrap();
    }
    assert_eq!(listed(&first).await.len(), 50);
    let last = begun(&house, &sign_in(&house, "ada", PASSWORD).await);
    assert_eq!(listed(&last).await.len(), 50);
    assert_eq!(first.get("/api/v1/account").await.unwrap().status, 401, "it was used least lately");
}

#[tokio::test]
async fn acc_5_sessions_that_ended_are_kept_nowhere_when_the_next_begins() {
    let house = House::start();
    account(&house, "Ada").await;
    for _ in 0..5 {
        let one = begun(&house, &sign_in(&house, "ada", PASSWORD).await);
        assert_eq!(one.post("/api/v1/sign-out", "{}").await.unwrap().status, 204);
    }
    begun(&house, &sign_in(&house, "ada", PASSWORD).await);
    let rows: u32 = house.database().query_row("select count(*) from session", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 2, "the first one, which lives, and the last");
}

#[tokio::test]
async fn adm_7_an_administrator_signs_somebody_out_everywhere_and_only_owners_do_so_to_administrators() {
    let house = House::start();
    let olga = owner(&house).await;
    let (ann, ada) = (account(&house, "Ann").await, account(&house, "Ada").await);
    crate::people::promote(&house, &ann, "administrator");
    let (mut open, _) = Client::connect(&ada, Hello::default()).await.unwrap();
    let sign_out = |who: &Session| format!("/api/v1/admin/people/{}/sign-out", who.you.id);
    assert_eq!(ada.post(&sign_out(&ann), "{}").await.unwrap().status, 403);
    assert_eq!(ann.post(&sign_out(&olga), "{}").await.unwrap().status, 403);
    assert_eq!(ann.post(&sign_out(&ada), r#"{"note":"Lost a phone."}"#).await.unwrap().status, 204);
    assert_eq!(closed(&mut open).await, Some(4001));
    assert_eq!(ada.get("/api/v1/account").await.unwrap().status, 401);
    begun(&house, &sign_in(&house, "ada", PASSWORD).await);
    // Somebody who came with a name alone is nobody's any more by it.
    let bob = session(&house, "Bob").await;
    assert_eq!(olga.post(&sign_out(&bob), "{}").await.unwrap().status, 204);
    session(&house, "Bob").await;
    let acts = olga.get("/api/v1/admin/acts").await.unwrap().body;
    assert_eq!(acts.matches("\"sign_out\"").count(), 2, "{acts}");
    assert!(acts.contains("Lost a phone."));
}
