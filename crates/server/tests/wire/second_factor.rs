//! Second factors: codes by time and recovery codes, each taken once (ACC-7).

use parlour_client::Session;
use parlour_client::http::Response;
use serde_json::{Value, json};

use crate::house::House;
use crate::people::{PASSWORD, account, ask, begun, no, owner, said_no, session, sign_in};

/// What an app would show at a moment, by the address it was told.
fn code(url: &str, steps_from_now: i64) -> String {
    let totp = totp_rs::Totp::from_url(url).unwrap();
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    totp.generate(since.as_secs().saturating_add_signed(steps_from_now * 30)).to_string()
}

async fn change(who: &Session, path: &str, body: Value) -> Response {
    who.post(&format!("/api/v1/account/second-factor{path}"), &body.to_string()).await.unwrap()
}

async fn begin(who: &Session) -> String {
    let answer = change(who, "", json!({"password": PASSWORD})).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let told: Value = serde_json::from_str(&answer.body).unwrap();
    assert!(told["qr"].as_str().unwrap().starts_with("<svg "));
    assert_eq!(told["secret"].as_str().unwrap().len(), 32);
    told["url"].as_str().unwrap().to_owned()
}

/// A second factor with its address and recovery codes.
async fn second_factor(who: &Session) -> (String, Vec<String>) {
    let url = begin(who).await;
    let answer = change(who, "/confirm", json!({"code": code(&url, 0)})).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let told: Value = serde_json::from_str(&answer.body).unwrap();
    let codes = told["codes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned());
    (url, codes.collect())
}

async fn with_code(house: &House, login: &str, code: &str) -> Response {
    ask(house, "sign-in/password", &json!({"login": login, "password": PASSWORD, "code": code})).await
}

#[tokio::test]
async fn acc_7_a_second_factor_is_asked_for_once_it_is_confirmed_and_no_code_is_taken_twice() {
    let house = House::start();
    let ada = account(&house, "Ada").await;
    assert_eq!(said_no(&change(&ada, "", json!({})).await), no(403, "bad_credentials", "password"));
    let url = begin(&ada).await;
    assert!(url.starts_with("otpauth://totp/"), "{url}");
    begun(&house, &sign_in(&house, "ada", PASSWORD).await);
    assert_eq!(said_no(&change(&ada, "/confirm", json!({"code": "000000"})).await), no(403, "code_needed", "code"));
    let (url, codes) = second_factor(&ada).await;
    assert_eq!(codes.len(), 10);
    let asked = sign_in(&house, "ada", PASSWORD).await;
    assert_eq!(said_no(&asked), no(403, "code_needed", "code"));
    assert!(asked.header("set-cookie").is_none());
    assert_eq!(sign_in(&house, "ada", "wrong horse").await.status, 403);
    for wrong in ["000000", "12345", "", "nothing", &code(&url, -9), &code(&url, 9)] {
        assert_eq!(said_no(&with_code(&house, "ada", wrong).await), no(403, "code_needed", "code"), "{wrong}");
    }
    // The code that confirmed it was taken by that.
    assert_eq!(with_code(&house, "ada", &code(&url, -1)).await.status, 403);
    let now = code(&url, 1);
    begun(&house, &with_code(&house, "ada", &now).await);
    assert_eq!(said_no(&with_code(&house, "ada", &now).await), no(403, "code_needed", "code"), "once");
    assert_eq!(with_code(&house, "ada", &code(&url, 0)).await.status, 403, "nor an earlier one");
    let mine: Value = serde_json::from_str(&ada.get("/api/v1/account").await.unwrap().body).unwrap();
    assert_eq!((&mine["second_factor"], &mine["recovery_codes"]), (&json!(true), &json!(10)));
    assert_eq!(change(&ada, "", json!({"password": PASSWORD})).await.status, 403, "one is enough");
}

#[tokio::test]
async fn acc_7_a_recovery_code_stands_in_once_in_any_dress_and_two_at_a_time_are_one() {
    let house = House::start();
    let ada = account(&house, "Ada").await;
    let (_, codes) = second_factor(&ada).await;
    begun(&house, &with_code(&house, "ada", &codes[0].to_uppercase().replace('-', " ")).await);
    assert_eq!(said_no(&with_code(&house, "ada", &codes[0]).await), no(403, "code_needed", "code"));
    let (one, other) = tokio::join!(with_code(&house, "ada", &codes[1]), with_code(&house, "ada", &codes[1]));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 403]);
    let held: Vec<u8> = house
        .database()
        .query_row("select group_concat(hex(code_hash)) from recovery_code", [], |row| {
            row.get::<_, String>(0).map(String::into_bytes)
        })
        .unwrap();
    assert_eq!(held.len(), 10 * 64 + 9, "hashes alone");
    let renewed = change(&ada, "/recovery-codes", json!({"password": PASSWORD})).await;
    assert_eq!(renewed.status, 200);
    assert_eq!(with_code(&house, "ada", &codes[2]).await.status, 403, "those from before are over");
    let told: Value = serde_json::from_str(&renewed.body).unwrap();
    begun(&house, &with_code(&house, "ada", told["codes"][0].as_str().unwrap()).await);
    assert_eq!(change(&ada, "/remove", json!({"password": "wrong horse"})).await.status, 403);
    assert_eq!(change(&ada, "/remove", json!({"password": PASSWORD})).await.status, 204);
    begun(&house, &sign_in(&house, "ada", PASSWORD).await);
    assert_eq!(change(&ada, "/recovery-codes", json!({"password": PASSWORD})).await.status, 404);
    assert_eq!(change(&ada, "/confirm", json!({"code": "000000"})).await.status, 404);
    let bob = session(&house, "Bob").await;
    assert_eq!(change(&bob, "", json!({})).await.status, 404, "no account");
}

#[tokio::test]
async fn s23_codes_are_guessed_no_more_often_than_passwords() {
    let house = House::start_with(&[]);
    let ada = account(&house, "Ada").await;
    second_factor(&ada).await;
    let mut statuses = Vec::new();
    for number in 0..15 {
        statuses.push(with_code(&house, "ada", &format!("{number:06}")).await.status);
    }
    assert!(statuses.iter().filter(|status| **status == 403).count() <= 10, "{statuses:?}");
    assert_eq!(statuses.last(), Some(&429));
}

#[tokio::test]
async fn link_5_a_reset_link_leaves_the_second_factor_unless_it_was_made_to_take_it_away() {
    let house = House::start();
    let olga = owner(&house).await;
    let ada = account(&house, "Ada").await;
    let (_, codes) = second_factor(&ada).await;
    let link = async |clears: bool| reset_link(&olga, &ada, clears).await;
    // Connected by whoever knew the old password, for all that anybody knows.
    let sql = "insert into identity (issuer, subject, user, at) values ('https://id.example', 'a thief', ?1, 0)";
    house.database().execute(sql, [ada.you.id.0]).unwrap();
    let identities =
        || -> u32 { house.database().query_row("select count(*) from identity", [], |row| row.get(0)).unwrap() };
    let reset = async |body: Value| ask(&house, "reset", &body).await;
    let token = link(false).await;
    let new = "another horse";
    for code in [None, Some("000000"), Some("abcd-efgh-ijkl-mnop")] {
        let answer = reset(json!({"token": token, "password": new, "code": code})).await;
        assert_eq!(said_no(&answer), no(403, "code_needed", "code"), "a link is one factor: {code:?}");
    }
    assert_eq!(ada.get("/api/v1/account").await.unwrap().status, 200, "nothing was done");
    begun(&house, &reset(json!({"token": token, "password": new, "code": codes[0]})).await);
    assert_eq!(ask(&house, "sign-in/password", &json!({"login": "ada", "password": new})).await.status, 403);
    assert_eq!(identities(), 1);
    let token = link(true).await;
    begun(&house, &reset(json!({"token": token, "password": PASSWORD})).await);
    assert_eq!(identities(), 0);
    assert_eq!(sign_in(&house, "ada", PASSWORD).await.status, 201);
}

#[tokio::test]
async fn s23_codes_are_guessed_by_a_reset_link_no_more_often_than_by_a_password() {
    let house = House::start_with(&[]);
    let (olga, ada) = (owner(&house).await, account(&house, "Ada").await);
    second_factor(&ada).await;
    let token = reset_link(&olga, &ada, false).await;
    let mut statuses = Vec::new();
    for number in 0..15 {
        let body = json!({"token": token, "password": "another horse", "code": format!("{number:06}")});
        statuses.push(ask(&house, "reset", &body).await.status);
    }
    assert!(statuses.iter().filter(|status| **status == 403).count() <= 10, "{statuses:?}");
    assert_eq!(statuses.last(), Some(&429));
}

/// The last part of a reset link for somebody.
async fn reset_link(by: &Session, whom: &Session, clears: bool) -> String {
    let path = format!("/api/v1/admin/people/{}/reset-link", whom.you.id);
    let answer = by.post(&path, &json!({"clears_second_factor": clears}).to_string()).await.unwrap();
    let made: Value = serde_json::from_str(&answer.body).unwrap();
    made["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()
}
