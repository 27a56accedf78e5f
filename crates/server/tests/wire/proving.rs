//! Proving again that it is oneself, before what would outlast a session that was left open (ACC-8).

use parlour_client::Session;
use parlour_client::http::Response;
use serde_json::json;

use crate::house::House;
use crate::people::{PASSWORD, account, begun, no, said_no, sign_in};

/// What is asked only of those who prove again that it is them, by an account without a password.
const ASKED: [(&str, &str); 4] = [
    ("second-factor/remove", "{}"),
    ("second-factor", "{}"),
    ("second-factor/recovery-codes", "{}"),
    ("password", r#"{"new":"another horse"}"#),
];

/// Somebody who comes in by a provider: there is no password.
async fn without_password(house: &House) -> Session {
    let ada = account(house, "Ada").await;
    assert_eq!(house.database().execute("update user set password = null where handle = 'ada'", []).unwrap(), 1);
    ada
}

/// Their session began so long ago.
fn began(house: &House, ms_ago: i64) {
    let changed = house.database().execute("update session set created_at = last_used_at - ?1", [ms_ago]).unwrap();
    assert_eq!(changed, 1);
}

async fn change(who: &Session, path: &str, body: &str) -> Response {
    who.post(&format!("/api/v1/account/{path}"), body).await.unwrap()
}

#[tokio::test]
async fn acc_8_without_a_password_what_outlasts_the_session_is_for_those_alone_who_came_in_lately() {
    let house = House::start();
    let ada = without_password(&house).await;
    for ms_ago in [10 * 60_000 + 1, 86_400_000, -3_600_000] {
        began(&house, ms_ago);
        for (path, body) in ASKED {
            let answer = change(&ada, path, body).await;
            assert_eq!(said_no(&answer), no(403, "prove_again", ""), "{path} {ms_ago}: {}", answer.body);
        }
    }
    assert_eq!(sign_in(&house, "ada", "another horse").await.status, 403, "nothing was done");
    assert_eq!(ada.get("/api/v1/account").await.unwrap().status, 200, "and the session goes on");
    began(&house, 9 * 60_000);
    let statuses = [change(&ada, ASKED[1].0, "{}").await.status, change(&ada, ASKED[3].0, ASKED[3].1).await.status];
    assert_eq!(statuses, [201, 204]);
    begun(&house, &sign_in(&house, "ada", "another horse").await);
}

#[tokio::test]
async fn acc_8_who_has_a_password_says_it_however_lately_they_came_in() {
    let house = House::start();
    let ada = account(&house, "Ada").await;
    for (path, field) in [("second-factor", "password"), ("second-factor/remove", "password")] {
        assert_eq!(said_no(&change(&ada, path, "{}").await), no(403, "bad_credentials", field), "{path}");
    }
    assert_eq!(said_no(&change(&ada, ASKED[3].0, ASKED[3].1).await), no(403, "bad_credentials", "old"));
    began(&house, 86_400_000);
    let said = json!({"old": PASSWORD, "new": "another horse"}).to_string();
    assert_eq!(change(&ada, "password", &said).await.status, 204, "and that is enough at any time");
}
