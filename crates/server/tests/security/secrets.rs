//! Secrets and what people say: in no log, no page, no answer about a fault of ours, and in no file that others read (S32, S63, S64,
//! S71).

use std::collections::BTreeSet;

use parlour_client::http;
use parlour_protocol::{Command, History, RoomId};
use serde_json::{Value, json};

use crate::asking::{ask, json_of};
use crate::furnished::{CANARY, EMAIL, Furnished};
use crate::house::{House, command, refuses};
use crate::people::{PASSWORD, account, ask as asks, begun, connect, owner, session, sign_in};
use crate::raw::Raw;

#[cfg(unix)]
#[tokio::test]
async fn s32_a_house_whose_database_others_may_read_is_not_opened() {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt;
    let mut house = House::start();
    session(&house, "Ada").await;
    house.terminate();
    let file = house.folder().join("parlour.db");
    for mode in [0o644, 0o640, 0o604, 0o660, 0o620] {
        set_permissions(&file, Permissions::from_mode(mode)).unwrap();
        let (code, said) = refuses(command(&house.folder(), "127.0.0.1:0"));
        assert_eq!((code, said.lines().count()), (Some(1), 1), "{mode:o}: {said}");
        assert!(
            said.contains("chmod 600") && said.contains("parlour.db") && said.contains(&format!("{mode:o}")),
            "{said}"
        );
    }
    set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
    house.restart();
    assert!(parlour_client::Session::sign_in(house.address, "Ada").await.is_err(), "it is the same house");
}

/// The value of `name` in an answer.
fn told(answer: &http::Response, name: &str) -> String {
    assert!(answer.status < 300, "{answer:?}");
    json_of(&answer.body)[name].as_str().unwrap().to_owned()
}

/// Uses everything that has a secret in it; returns all of them.
async fn uses_all_secrets(house: &House) -> Vec<String> {
    let link = house.owner_link.clone().unwrap();
    let olga = owner(house).await;
    let ada = account(house, "Ada").await;
    let mut secrets = vec![link, PASSWORD.to_owned()];
    for who in [&olga, &ada] {
        secrets.extend(who.cookie.split("; ").map(|pair| pair.split_once('=').unwrap().1.to_owned()));
    }
    let wrong = "wrong-secret-horse";
    secrets.push(wrong.to_owned());
    assert_eq!(sign_in(house, "ada", wrong).await.status, 403);
    let body = json!({"old": wrong, "new": "newer-secret-horse"}).to_string();
    assert_eq!(ada.post("/api/v1/account/password", &body).await.unwrap().status, 403);
    secrets.push("newer-secret-horse".to_owned());
    let factor = json!({"password": PASSWORD}).to_string();
    let begun_factor = ada.post("/api/v1/account/second-factor", &factor).await.unwrap();
    secrets.extend([told(&begun_factor, "secret"), told(&begun_factor, "url")]);
    let totp = totp_rs::Totp::from_url(told(&begun_factor, "url")).unwrap();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let code = json!({"code": totp.generate(now).to_string()}).to_string();
    let confirmed = ada.post("/api/v1/account/second-factor/confirm", &code).await.unwrap();
    let codes = json_of(&confirmed.body)["codes"].clone();
    secrets.extend(codes.as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned()));
    let with_code = json!({"login": "ada", "password": PASSWORD, "code": codes[0]});
    begun(house, &asks(house, "sign-in/password", &with_code).await);
    for (path, body) in [("invitations", json!({})), (&format!("people/{}/reset-link", ada.you.id), json!({}))] {
        let made = olga.post(&format!("/api/v1/admin/{path}"), &body.to_string()).await.unwrap();
        let token = told(&made, "url").rsplit('/').next().unwrap().to_owned();
        let page = if path == "invitations" { "join" } else { "reset" };
        ask(house, "GET", &format!("/{page}/{token}"), "").await;
        asks(house, "invitation", &json!({"token": token})).await;
        ask(house, "GET", &format!("/api/v1/boot?token={token}"), &format!("Authorization: Bearer {token}\r\n")).await;
        secrets.push(token);
    }
    olga.post("/api/v1/admin/house", r#"{"door":"approval"}"#).await.unwrap();
    let knocked = asks(house, "knock", &json!({"name": "Canary Nell", "note": "canary of a note"})).await;
    let token = told(&knocked, "token");
    asks(house, "knock/enter", &json!({"token": token})).await;
    secrets.push(token);
    secrets
}

#[tokio::test]
async fn s63_the_most_talkative_log_of_all_that_can_be_done_holds_no_secret_no_word_and_no_control() {
    let arguments = ["--rate-limits", "off", "--log-format", "json"];
    let mut house = House::start_among(&arguments, &[("PARLOUR_LOG", "trace")], None);
    let mut secrets = uses_all_secrets(&house).await;
    let eve = account_at_approval(&house).await;
    let (mut client, _) = connect(&eve, Default::default()).await;
    client.post(RoomId::LOBBY, "canary of a message").await.unwrap();
    let room = Command::CreateRoom {
        name: "canary".to_owned(),
        topic: "canary of a topic".to_owned(),
        closed: true,
        history: History::All,
    };
    client.request(room).await.unwrap();
    client.send_text("canary of no frame \u{1b}[31m".to_owned()).await.unwrap();
    let red = "GET /\u{1b}[31m%0d%0a[admin] HTTP/1.1\r\nHost: x\r\n\r\n";
    let _ = http::exchange(house.address, red).await;
    asks(&house, "sign-in/password", &json!({"login": "canary\r\n[admin]\u{1b}[31m", "password": "x"})).await;
    let mut raw = Raw::connect(house.address).await;
    raw.try_send(b"GET / HTTP/1.1\r\nHost: canary\x1b\r\nX: canary\r\n\r\n").await;
    raw.ends().await;
    assert_eq!(house.terminate(), Some(0));
    let log = house.log();
    secrets.extend(["canary".to_owned(), EMAIL.to_owned(), "[admin]".to_owned(), "argon2id".to_owned()]);
    assert!(secrets.len() > 25, "{}", secrets.len());
    for secret in secrets {
        let line = log.lines().find(|line| line.to_lowercase().contains(&secret.to_lowercase()));
        assert_eq!(line, None, "{secret}");
    }
    assert!(log.lines().count() > 5, "{log}");
    for line in log.lines() {
        assert!(serde_json::from_str::<Value>(line).is_ok() && !line.contains(char::is_control), "{line}");
    }
}

/// Somebody who came in while the door was by approval.
async fn account_at_approval(house: &House) -> parlour_client::Session {
    let token = told(&asks(house, "knock", &json!({"name": "Canary Eve"})).await, "token");
    house.database().execute("update knock set admitted = 1, settled_at = 1", []).unwrap();
    begun(house, &asks(house, "knock/enter", &json!({"token": token})).await)
}

/// Every table is taken away once, and everything is asked meanwhile.
#[tokio::test]
async fn s64_whatever_is_broken_inside_an_answer_tells_nothing_of_it() {
    let mut furnished = Furnished::start().await;
    furnished.house.may_fail();
    let database = furnished.house.database();
    database.busy_timeout(std::time::Duration::from_secs(10)).unwrap();
    let sql = "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name";
    let tables: Vec<String> =
        database.prepare(sql).unwrap().query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let mut faults = BTreeSet::new();
    for table in &tables {
        database.execute_batch(&format!("alter table \"{table}\" rename to canary_gone")).unwrap();
        for path in furnished.paths("get") {
            let answer = furnished.olga.get(&path).await.unwrap();
            if answer.status >= 500 {
                faults.insert((table.clone(), answer.status, answer.body, answer.headers.to_lowercase()));
            }
        }
        for path in ["sign-in", "sign-in/password", "account", "invitation", "join", "knock/enter", "reset"] {
            let body = json!({"name": "New", "handle": "new", "password": PASSWORD, "login": "ada", "token": furnished.numbers.token});
            let wanted: &[&str] = match path {
                "sign-in" => &["name"],
                "sign-in/password" => &["login", "password"],
                "account" => &["name", "handle", "password"],
                "join" => &["token", "name", "handle", "password"],
                "reset" => &["token", "password"],
                _ => &["token"],
            };
            let body: Value = wanted.iter().map(|name| ((*name).to_owned(), body[*name].clone())).collect();
            let answer = asks(&furnished.house, path, &body).await;
            if answer.status >= 500 {
                faults.insert((table.clone(), answer.status, answer.body, answer.headers.to_lowercase()));
            }
        }
        database.execute_batch(&format!("alter table canary_gone rename to \"{table}\"")).unwrap();
    }
    let broken: BTreeSet<&str> = faults.iter().map(|(table, ..)| table.as_str()).collect();
    assert!(broken.len() >= 10, "{broken:?} of {tables:?}");
    for (table, status, body, headers) in &faults {
        if body.is_empty() {
            continue;
        }
        let problem = json_of(body);
        assert_eq!((&problem["status"], &problem["code"]), (&json!(status), &json!("internal")), "{table}: {body}");
        let words = problem["detail"].as_str().unwrap().to_lowercase();
        for inside in
            ["sql", "table", "column", "canary", "gone", "/", ".rs", ".db", "panic", env!("CARGO_PKG_VERSION")]
        {
            assert!(!words.contains(inside), "{inside} of {table}: {body}");
        }
        assert!(!headers.contains("canary") && !headers.contains("server:"), "{headers}");
    }
    assert!(furnished.house.log().contains("canary_gone") || furnished.house.log().contains("no such table"));
}

#[tokio::test]
async fn s71_no_answer_that_a_browser_may_keep_holds_a_secret_and_the_api_s_are_never_kept() {
    let furnished = Furnished::start().await;
    let olga = &furnished.olga;
    let mut secrets: Vec<&str> = olga.cookie.split("; ").map(|pair| pair.split_once('=').unwrap().1).collect();
    secrets.extend([PASSWORD, EMAIL, CANARY, &furnished.numbers.token, "argon2"]);
    let mut kept = 0;
    for path in furnished.paths("get").into_iter().chain(assets()) {
        let answer = ask(&furnished.house, "GET", &path, &format!("Cookie: {}\r\n", olga.cookie)).await;
        for secret in &secrets {
            assert!(!answer.body.contains(secret) && !answer.headers.contains(secret), "{secret} in {path}");
        }
        let caching = answer.header("cache-control").unwrap().to_owned();
        let may_be_kept = answer.status == 200 && (path.starts_with("/assets/") || path == "/theme.js");
        assert_eq!(caching == "no-store", !may_be_kept, "{path}: {caching}");
        if may_be_kept {
            kept += 1;
            let bare = ask(&furnished.house, "GET", &path, "").await;
            assert_eq!(bare.body, answer.body, "{path} is the same for everybody");
        }
    }
    assert!(kept >= 3, "{kept}");
    // Nor does an answer to a change say back what it was given.
    let body = json!({"login": "ada", "password": "wrong-secret-horse"}).to_string();
    let answer = olga.post("/api/v1/sign-in/password", &body).await.unwrap();
    assert!(!answer.body.contains("wrong-secret-horse") && answer.header("cache-control") == Some("no-store"));
}

/// The files of the build whose names hold their hashes.
fn assets() -> Vec<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/dist/assets");
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let plain = names.filter(|name| !name.ends_with(".br") && !name.ends_with(".gz"));
    plain.map(|name| format!("/assets/{name}")).collect()
}

#[tokio::test]
async fn s15_a_live_token_is_in_no_file_of_the_house_while_it_runs_and_after() {
    let mut house = House::start();
    let mut secrets = uses_all_secrets(&house).await;
    // An app's secret is kept to compare codes with it; what it looks like written out is not.
    secrets.retain(|secret| !secret.starts_with("otpauth:"));
    let look = |house: &House| {
        for entry in std::fs::read_dir(house.folder()).unwrap() {
            let path = entry.unwrap().path();
            let bytes = std::fs::read(&path).unwrap_or_default();
            for secret in &secrets {
                let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
                assert!(!found, "{secret} in {}", path.display());
            }
        }
    };
    look(&house);
    house.terminate();
    look(&house);
}
