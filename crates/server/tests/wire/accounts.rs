//! Accounts: made, entered, guessed at (ACC-1 to ACC-6, S14 to S16, S19, S21 to S25).

use std::time::{Duration, Instant};

use parlour_client::{Client, Session, http};
use parlour_protocol::{ErrorCode, Hello, Role, RoomId};
use serde_json::{Value, json};

use crate::house::House;
use crate::people::{
    PASSWORD, account, ask, begun, closed, enter, no, owner, post, promote, refused, said_no, session, sign_in,
};

/// Signs in with further header lines.
async fn sign_in_with(house: &House, login: &str, password: &str, headers: &str) -> http::Response {
    let body = json!({"login": login, "password": password}).to_string();
    http::post(house.address, "/api/v1/sign-in/password", &body, headers).await.unwrap()
}

/// What a browser that holds cookies sends with a change.
fn from_page(house: &House, cookie: &str) -> String {
    format!("Cookie: {cookie}\r\nOrigin: http://{}\r\n", house.address)
}

#[tokio::test]
async fn acc_1_an_account_has_a_handle_nobody_else_has_and_every_field_says_what_is_wrong_with_it() {
    let house = House::start();
    let ada = account(&house, "Ada").await;
    assert_eq!((ada.you.name.as_str(), ada.you.role), ("Ada", Role::Member));
    let ask = async |name: &str, handle: &str, password: &str, email: &str| {
        let body = json!({"name": name, "handle": handle, "password": password, "email": email});
        said_no(&ask(&house, "account", &body).await)
    };
    assert_eq!(ask("Bob", "ADA", PASSWORD, "").await, no(409, "handle_taken", "handle"));
    assert_eq!(ask("Bob", "аdа", PASSWORD, "").await, no(409, "handle_taken", "handle"), "Cyrillic");
    assert_eq!(ask("Ada", "bob", PASSWORD, "").await, no(409, "name_taken", "name"));
    assert_eq!(ask("Bob", "b b", PASSWORD, "").await, no(400, "bad_handle", "handle"));
    assert_eq!(ask("", "bob", PASSWORD, "").await, no(400, "bad_name", "name"));
    assert_eq!(ask("Bob", "bob", PASSWORD, "bob").await, no(400, "bad_email", "email"));
    assert_eq!(ask("Bob", "bob", "bobbobb", "").await, no(400, "bad_password", "password"));
    let suggestion = json!({"name": "Ada", "handle": "bob", "password": PASSWORD});
    let taken = crate::people::ask(&house, "account", &suggestion).await;
    assert!(taken.body.contains(r#""suggestion":"Ada L.""#), "{}", taken.body);
    let people: u32 = house.database().query_row("select count(*) from user", [], |row| row.get(0)).unwrap();
    assert_eq!(people, 1, "who was refused left nothing behind");
    let body = json!({"name": "Bob", "handle": "bob", "password": PASSWORD, "email": "ada@example.org"});
    begun(&house, &crate::people::ask(&house, "account", &body).await);
    assert_eq!(ask("Eve", "eve", PASSWORD, "Ada@EXAMPLE.org").await, no(400, "bad_email", "email"));
}

#[tokio::test]
async fn s57_nobody_goes_by_a_name_that_another_signs_in_with_nor_signs_in_with_another_s_name() {
    let house = House::start();
    let body = json!({"name": "Olga Owner", "handle": "boss", "password": PASSWORD});
    let olga = begun(&house, &ask(&house, "account", &body).await);
    let named = ask(&house, "sign-in", &json!({"name": "B\u{43e}ss"})).await;
    assert_eq!(said_no(&named), no(409, "name_taken", "name"), "with a Cyrillic letter");
    begun(&house, &ask(&house, "account", &json!({"name": "Zoe", "handle": "boss.l", "password": PASSWORD})).await);
    let named = ask(&house, "sign-in", &json!({"name": "Boss"})).await;
    assert!(named.body.contains(r#""suggestion":"Boss M.""#), "{}", named.body);
    let body = json!({"name": "Eve", "handle": "olga.owner", "password": PASSWORD});
    assert_eq!(said_no(&ask(&house, "account", &body).await), no(409, "handle_taken", "handle"));
    // One's own are no others', and a name that nobody holds any more is free.
    let ada = session(&house, "Ada").await;
    let taken = json!({"name": "Eve", "handle": "ada", "password": PASSWORD});
    assert_eq!(said_no(&ask(&house, "account", &taken).await), no(409, "handle_taken", "handle"));
    begun(&house, &ada.post("/api/v1/account", r#"{"handle":"ada","password":"correct horse"}"#).await.unwrap());
    let gone = session(&house, "Gone").await;
    assert_eq!(gone.post("/api/v1/sign-out", "{}").await.unwrap().status, 204);
    begun(&house, &ask(&house, "account", &json!({"name": "Eve", "handle": "gone", "password": PASSWORD})).await);
    assert_eq!(olga.you.name, "Olga Owner");
}

#[tokio::test]
async fn s28_the_session_of_somebody_suspended_makes_no_account_of_them() {
    let house = House::start();
    let olga = owner(&house).await;
    let bob = session(&house, "Bob").await;
    let suspend = format!("/api/v1/admin/people/{}/suspend", bob.you.id);
    assert_eq!(olga.post(&suspend, "{}").await.unwrap().status, 204);
    let account = json!({"handle": "bob", "password": PASSWORD});
    let refused = bob.post("/api/v1/account", &account.to_string()).await.unwrap();
    assert_eq!(refused.status, 400, "a stranger who says no name: {}", refused.body);
    let other = json!({"name": "Bobby", "handle": "bobby", "password": PASSWORD}).to_string();
    let made = begun(&house, &bob.post("/api/v1/account", &other).await.unwrap());
    assert_ne!(made.you.id, bob.you.id, "somebody new, as any stranger at an open door is");
    let kept: Option<String> =
        house.database().query_row("select handle from user where id = ?1", [bob.you.id.0], |row| row.get(0)).unwrap();
    assert_eq!(kept, None);
}

#[tokio::test]
async fn acc_2_somebody_of_the_open_door_makes_an_account_of_themselves_and_keeps_what_they_said() {
    let house = House::start();
    let (before, mut client, _) = enter(&house, "Ada").await;
    client.request(post("hello")).await.unwrap();
    let body = json!({"handle": "ada", "password": PASSWORD}).to_string();
    let ada = begun(&house, &before.post("/api/v1/account", &body).await.unwrap());
    assert_eq!(ada.you, before.you, "the same person");
    assert_eq!(closed(&mut client).await, Some(4001), "the session of before is no more (S16)");
    assert_eq!(before.get("/api/v1/rooms").await.unwrap().status, 401);
    let log = ada.whole_log(RoomId::LOBBY).await.unwrap();
    assert!(log.iter().any(|event| event.by.id == ada.you.id));
    assert_eq!(said_no(&ada.post("/api/v1/account", &body).await.unwrap()).0, 403, "one account is enough");
    // The name stays theirs when nobody is signed in as them.
    assert_eq!(ada.post("/api/v1/sign-out", "{}").await.unwrap().status, 204);
    assert!(Session::sign_in(house.address, "Ada").await.unwrap_err().to_string().starts_with("409"));
    let again = begun(&house, &sign_in(&house, "Ada", PASSWORD).await);
    assert_eq!(again.you.id, ada.you.id);
    let (_, welcome) = Client::connect(&again, Hello::default()).await.unwrap();
    assert_eq!(welcome.rooms.len(), 1);
}

#[tokio::test]
async fn acc_3_one_signs_in_with_the_handle_in_any_dress_or_with_the_address() {
    let house = House::start();
    let body = json!({"name": "Ada Lovelace", "handle": "Ada.L", "password": PASSWORD, "email": "ada@example.org"});
    let ada = begun(&house, &ask(&house, "account", &body).await);
    for login in ["ada.l", " @ADA.L ", "ａｄａ.ｌ", "ADA@example.org"] {
        let answer = sign_in(&house, login, PASSWORD).await;
        assert_eq!(begun(&house, &answer).you.id, ada.you.id, "{login}");
        for cookie in answer.headers.lines().filter(|line| line.to_lowercase().starts_with("set-cookie")) {
            for part in ["__Host-parlour", "Path=/;", "HttpOnly", "SameSite=Lax", "Secure"] {
                assert!(cookie.contains(part), "S14: {cookie}");
            }
        }
    }
    for (login, password) in [("ada.l", "correct horse batterY"), ("ada.l", ""), ("nobody", PASSWORD), ("", "")] {
        assert_eq!(said_no(&sign_in(&house, login, password).await), no(403, "bad_credentials", "password"), "{login}");
    }
    let long = "x".repeat(20_000);
    assert_eq!(said_no(&sign_in(&house, &long, &long).await), no(403, "bad_credentials", "password"));
}

#[tokio::test]
async fn s15_and_s21_the_file_holds_no_password_and_no_token_only_what_comes_of_them() {
    let house = House::start();
    let ada = account(&house, "Ada").await;
    let kept: String = house.database().query_row("select password from user", [], |row| row.get(0)).unwrap();
    assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
    let bob = account(&house, "Bob").await;
    let other: String =
        house.database().query_row("select password from user where handle = 'bob'", [], |row| row.get(0)).unwrap();
    assert_ne!(kept, other, "a salt each");
    let mut file = Vec::new();
    for part in ["parlour.db", "parlour.db-wal"] {
        file.extend(std::fs::read(house.folder().join(part)).unwrap());
    }
    let holds = |text: &str| file.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("$argon2id$") && !holds(PASSWORD));
    for cookie in [&ada.cookie, &bob.cookie] {
        for pair in cookie.split("; ") {
            assert!(!holds(pair.split_once('=').unwrap().1), "{pair}");
        }
    }
    assert!(!house.log().contains(PASSWORD));
}

#[tokio::test]
async fn s21_a_hash_of_another_cost_is_made_anew_at_the_next_sign_in() {
    let house = House::start();
    account(&house, "Ada").await;
    let kept = || -> String { house.database().query_row("select password from user", [], |row| row.get(0)).unwrap() };
    let before = kept();
    let cheap = cheap_hash(PASSWORD);
    house.database().execute("update user set password = ?1", [&cheap]).unwrap();
    assert_eq!(sign_in(&house, "ada", "wrong horse").await.status, 403);
    assert_eq!(kept(), cheap, "a wrong password changes nothing");
    begun(&house, &sign_in(&house, "ada", PASSWORD).await);
    let after = kept();
    assert!(after.starts_with("$argon2id$v=19$m=19456,t=2,p=1$") && after != before, "{after}");
    begun(&house, &sign_in(&house, "ada", PASSWORD).await);
    assert_eq!(kept(), after);
}

#[tokio::test]
async fn s16_a_token_planted_before_signing_in_is_worth_nothing_afterwards() {
    let house = House::start();
    account(&house, "Ada").await;
    let planted = session(&house, "Eve").await;
    let (mut listening, _) = Client::connect(&planted, Hello::default()).await.unwrap();
    let answer = sign_in_with(&house, "ada", PASSWORD, &from_page(&house, &planted.cookie)).await;
    let ada = begun(&house, &answer);
    assert!(!ada.cookie.contains(planted.cookie.split_once('=').unwrap().1));
    assert_eq!(planted.get("/api/v1/rooms").await.unwrap().status, 401);
    assert_eq!(closed(&mut listening).await, Some(4001));
    // Nor is one that its planter keeps while the victim makes an account of it.
    let (mallory, mut open, _) = enter(&house, "Victim").await;
    let body = json!({"handle": "victim", "password": PASSWORD}).to_string();
    begun(&house, &mallory.post("/api/v1/account", &body).await.unwrap());
    assert_eq!(mallory.get("/api/v1/account").await.unwrap().status, 401);
    assert_eq!(closed(&mut open).await, Some(4001));
}

#[tokio::test]
async fn s24_no_such_account_a_wrong_password_and_a_suspended_one_are_one_answer_after_one_time() {
    let house = House::start();
    let olga = owner(&house).await;
    account(&house, "Ada").await;
    let rests = account(&house, "Rests").await;
    let suspend = format!("/api/v1/admin/people/{}/suspend", rests.you.id);
    assert_eq!(olga.post(&suspend, "{}").await.unwrap().status, 204);
    let asked = [("nobody", "wrong horse battery"), ("ada", "wrong horse battery"), ("rests", PASSWORD)];
    let mut times: [Vec<Duration>; 3] = Default::default();
    let mut answers = Vec::new();
    // In turn, so that whatever else the machine does falls on all three alike.
    for _ in 0..15 {
        for ((login, password), times) in asked.iter().zip(&mut times) {
            let began = Instant::now();
            let answer = sign_in(&house, login, password).await;
            times.push(began.elapsed());
            answers.push((answer.status, answer.body));
        }
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    let medians = times.map(|mut times| {
        times.sort();
        times[times.len() / 2].as_secs_f64()
    });
    let (least, most) = (medians.iter().copied().fold(f64::MAX, f64::min), medians.iter().copied().fold(0.0, f64::max));
    // A missing hash would be a difference of ten times; the machine's own noise is less than this.
    assert!(most / least < 1.5, "medians of {medians:?} s");
}

#[tokio::test]
async fn s23_guesses_are_stopped_and_the_owner_comes_in_from_where_they_were_before() {
    let house = House::start_with(&[]);
    let olga = owner(&house).await;
    let (mut live, _) = Client::connect(&olga, Hello::default()).await.unwrap();
    let known = from_page(&house, &olga.cookie);
    let mut statuses = Vec::new();
    for _ in 0..20 {
        statuses.push(sign_in(&house, "olga", "wrong horse battery").await.status);
    }
    assert_eq!(statuses.iter().filter(|status| **status == 403).count(), 10, "{statuses:?}");
    let refused = sign_in(&house, "olga", PASSWORD).await;
    assert_eq!(said_no(&refused), no(429, "rate", "password"));
    assert!(refused.header("retry-after").is_some());
    live.request(post("I am still here")).await.unwrap();
    // From the browser that was signed in before: no other's guesses count.
    let back = begun(&house, &sign_in_with(&house, "olga", PASSWORD, &known).await);
    assert_eq!(back.you, olga.you);
    // Another account's browser is no known one.
    let device = back.cookie.split("; ").find(|pair| pair.contains("device")).unwrap().to_owned();
    assert_eq!(sign_in_with(&house, "ada", PASSWORD, &from_page(&house, &device)).await.status, 429);
    // And the known browser guesses no more often than any.
    let mut statuses = Vec::new();
    for _ in 0..15 {
        statuses.push(sign_in_with(&house, "olga", "wrong horse", &from_page(&house, &device)).await.status);
    }
    assert_eq!(statuses.iter().filter(|status| **status == 403).count(), 10, "{statuses:?}");
}

#[tokio::test]
async fn s23_a_browser_is_known_by_a_token_that_nobody_else_could_have_put_there() {
    let house = House::start_with(&[]);
    let (ada, eve) = (account(&house, "Ada").await, account(&house, "Eve").await);
    let device = |who: &Session| who.cookie.split("; ").find(|pair| pair.contains("device")).unwrap().to_owned();
    // Eve plants the token of her own browser in Ada's, who signs in by it.
    let planted = device(&eve);
    let known = begun(&house, &sign_in_with(&house, "ada", PASSWORD, &from_page(&house, &planted)).await);
    assert_ne!(device(&known), planted);
    for _ in 0..12 {
        sign_in(&house, "ada", "wrong horse battery").await;
    }
    let guess = sign_in_with(&house, "ada", PASSWORD, &from_page(&house, &planted)).await;
    assert_eq!(said_no(&guess), no(429, "rate", "password"), "Eve guesses no further by it");
    // The browser that was known stays known, by the same token.
    let again = begun(&house, &sign_in_with(&house, "ada", PASSWORD, &from_page(&house, &device(&ada))).await);
    assert_eq!(device(&again), device(&ada));
}

#[tokio::test]
async fn s23_guesses_over_many_accounts_from_one_address_are_stopped_too_and_right_ones_cost_nothing() {
    let house = House::start_with(&[]);
    account(&house, "Ada").await;
    for _ in 0..12 {
        begun(&house, &sign_in(&house, "ada", PASSWORD).await);
    }
    let mut statuses = Vec::new();
    for number in 0..15 {
        statuses.push(sign_in(&house, &format!("somebody{number}"), "wrong horse battery").await.status);
    }
    assert_eq!(statuses.iter().filter(|status| **status == 403).count(), 10, "{statuses:?}");
    assert_eq!(statuses.last(), Some(&429));
}

#[tokio::test]
async fn s22_two_hundred_who_sign_in_at_once_cost_bounded_memory_and_nobody_s_talk() {
    let house = House::start();
    account(&house, "Ada").await;
    let (_, mut bob, _) = enter(&house, "Bob").await;
    // The first password is hashed: the threads and their memory are there.
    sign_in(&house, "ada", PASSWORD).await;
    let before = house.memory_kib();
    let storm: Vec<_> = (0..200)
        .map(|_| {
            let address = house.address;
            let body = json!({"login": "ada", "password": PASSWORD}).to_string();
            tokio::spawn(async move {
                http::post(address, "/api/v1/sign-in/password", &body, "").await.map_or(0, |answer| answer.status)
            })
        })
        .collect();
    let (mut slowest, mut most) = (Duration::ZERO, 0);
    while !storm.iter().all(tokio::task::JoinHandle::is_finished) {
        let began = Instant::now();
        bob.request(post("hello")).await.unwrap();
        slowest = slowest.max(began.elapsed());
        most = most.max(house.memory_kib().unwrap_or(0));
    }
    let mut statuses = Vec::new();
    for asked in storm {
        statuses.push(asked.await.unwrap());
    }
    assert!(statuses.contains(&201) && statuses.contains(&503), "some wait, and some are told to: {statuses:?}");
    assert!(statuses.iter().all(|status| [201, 503].contains(status)), "{statuses:?}");
    let cores = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    if let Some(before) = before {
        // 19 MiB a thread, and what two hundred connections take.
        assert!(most < before + cores * 19 * 1024 + 32 * 1024, "{before} KiB before, {most} KiB meanwhile");
    }
    assert!(slowest < Duration::from_millis(500), "a message took {slowest:?}");
}

#[tokio::test]
async fn s19_and_acc_6_a_new_password_needs_the_old_one_and_ends_every_other_session() {
    let house = House::start();
    let here = account(&house, "Ada").await;
    let there = begun(&house, &sign_in(&house, "ada", PASSWORD).await);
    let (mut open_here, _) = Client::connect(&here, Hello::default()).await.unwrap();
    let (mut open_there, _) = Client::connect(&there, Hello::default()).await.unwrap();
    let change = async |body: Value| here.post("/api/v1/account/password", &body.to_string()).await.unwrap();
    let new = "another horse";
    assert_eq!(said_no(&change(json!({"new": new})).await), no(403, "bad_credentials", "old"));
    assert_eq!(said_no(&change(json!({"old": "wrong", "new": new})).await), no(403, "bad_credentials", "old"));
    assert_eq!(said_no(&change(json!({"old": PASSWORD, "new": "short"})).await), no(400, "bad_password", "new"));
    assert_eq!(there.get("/api/v1/account").await.unwrap().status, 200, "nothing was done");
    assert_eq!(change(json!({"old": PASSWORD, "new": new})).await.status, 204);
    assert_eq!(closed(&mut open_there).await, Some(4001));
    assert_eq!(there.get("/api/v1/account").await.unwrap().status, 401);
    open_here.request(post("still here")).await.unwrap();
    assert_eq!(sign_in(&house, "ada", PASSWORD).await.status, 403);
    begun(&house, &sign_in(&house, "ada", new).await);
    let nobody = session(&house, "Bob").await;
    let body = json!({"new": new}).to_string();
    assert_eq!(nobody.post("/api/v1/account/password", &body).await.unwrap().status, 404, "no account");
}

#[tokio::test]
async fn s25_passwords_of_every_kind_and_length_are_taken_whole() {
    let house = House::start();
    for (number, password) in ["x y z a b c", "пароль☃☃", &"ab ".repeat(43), &"é!".repeat(300)].iter().enumerate()
    {
        let handle = format!("user{number}");
        let body = json!({"name": handle, "handle": handle, "password": password});
        begun(&house, &ask(&house, "account", &body).await);
        begun(&house, &sign_in(&house, &handle, password).await);
        let cut: String = password.chars().take(password.chars().count() - 1).collect();
        assert_eq!(sign_in(&house, &handle, &cut).await.status, 403, "every character counts");
        assert_eq!(sign_in(&house, &handle, &format!("{password}x")).await.status, 403);
    }
    for password in ["password123", "12345678", "qwertyuiop", "zzzzzzzzzzzz", &"x1".repeat(600)] {
        let body = json!({"name": "Eve", "handle": "eve", "password": password});
        assert_eq!(said_no(&ask(&house, "account", &body).await), no(400, "bad_password", "password"), "{password}");
    }
}

#[tokio::test]
async fn s18_a_role_that_is_taken_away_holds_no_longer_on_a_socket_that_was_open() {
    let house = House::start();
    let olga = owner(&house).await;
    let ann = account(&house, "Ann").await;
    promote(&house, &ann, "administrator");
    let (mut client, _) = Client::connect(&ann, Hello::default()).await.unwrap();
    let hold = parlour_protocol::Command::SetPosting {
        room: RoomId::LOBBY,
        post_by: parlour_protocol::PostBy::Everyone,
        slow_s: 1,
    };
    client.request(hold.clone()).await.unwrap();
    let path = format!("/api/v1/admin/people/{}/role", ann.you.id);
    assert_eq!(olga.post(&path, r#"{"role":"member"}"#).await.unwrap().status, 204);
    assert_eq!(refused(&mut client, hold).await.code, ErrorCode::Forbidden);
}

/// A hash at a small cost, for what was kept by an older Parlour.
fn cheap_hash(password: &str) -> String {
    use argon2::password_hash::PasswordHasher as _;
    let params = argon2::Params::new(64, 1, 1, None).unwrap();
    let small = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
    small.hash_password(password.as_bytes()).unwrap().to_string()
}
