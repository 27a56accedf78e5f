//! The cookies of every answer that lets somebody in or out, in each way a house may be served (S14).

use std::collections::BTreeSet;

use parlour_client::http::{self, Response};
use serde_json::{Value, json};

use crate::asking::JSON;
use crate::house::House;
use crate::people::PASSWORD;

/// A cookie as it was set.
#[derive(Debug)]
struct Cookie {
    name: String,
    value: String,
    attributes: BTreeSet<String>,
    age_s: i64,
}

/// Every cookie of an answer.
fn cookies(answer: &Response) -> Vec<Cookie> {
    let lines = answer.headers.lines().filter_map(|line| line.split_once(": "));
    let set = lines.filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
    set.map(|(_, cookie)| {
        let mut parts = cookie.split("; ");
        let (name, value) = parts.next().unwrap().split_once('=').unwrap();
        let mut attributes: BTreeSet<String> = parts.map(str::to_owned).collect();
        let age = attributes.iter().find(|part| part.starts_with("Max-Age=")).unwrap().clone();
        attributes.remove(&age);
        let age_s = age.trim_start_matches("Max-Age=").parse().unwrap();
        Cookie { name: name.to_owned(), value: value.to_owned(), attributes, age_s }
    })
    .collect()
}

struct Way {
    house: House,
    host: String,
    agent: &'static str,
}

impl Way {
    async fn posts(&self, path: &str, body: &Value, session: &str) -> Response {
        let (host, agent, body) = (&self.host, self.agent, body.to_string());
        let scheme = if host == "chat.example" { "https" } else { "http" };
        let cookie = if session.is_empty() { String::new() } else { format!("Cookie: {session}\r\n") };
        let request = format!(
            "POST /api/v1/{path} HTTP/1.1\r\nHost: {host}\r\nOrigin: {scheme}://{host}\r\nUser-Agent: {agent}\r\n{cookie}{JSON}\
             Connection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        http::exchange(self.house.address, &request).await.unwrap()
    }

    /// Everything that sets a cookie: coming in by the owner's link, by name, by an account, by a password, and going out.
    async fn walks(&self) -> Vec<Cookie> {
        let link = self.house.owner_link.clone().unwrap();
        let body =
            json!({"token": link, "house_name": "House", "name": "Olga", "handle": "olga", "password": PASSWORD});
        let owner = self.posts("owner", &body, "").await;
        let by_name = self.posts("sign-in", &json!({"name": "Ada"}), "").await;
        let held = cookies(&by_name).pop().unwrap();
        let session = format!("{}={}", held.name, held.value);
        let account = self.posts("account", &json!({"handle": "ada", "password": PASSWORD}), &session).await;
        let by_password = self.posts("sign-in/password", &json!({"login": "ada", "password": PASSWORD}), "").await;
        for answer in [&owner, &by_name, &account, &by_password] {
            assert_eq!(answer.status, 201, "{answer:?}");
        }
        let out = self.posts("sign-out", &json!({}), &session).await;
        let gone = cookies(&out).pop().unwrap();
        assert_eq!((out.status, gone.name.as_str(), gone.value.as_str(), gone.age_s), (204, held.name.as_str(), "", 0));
        let mut all: Vec<Cookie> = [owner, by_name, account, by_password].iter().flat_map(cookies).collect();
        // Three of them are accounts, which know the browser afterwards.
        assert_eq!(all.len(), 4 + 3);
        assert!(all.iter().all(|cookie| cookie.value.len() == 43 && cookie.age_s > 0), "{all:?}");
        all.push(gone);
        all
    }
}

const CHROME: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
const SAFARI: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_6) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15";

#[tokio::test]
async fn s14_every_cookie_is_locked_to_the_host_wherever_the_browser_keeps_such_and_never_shown_to_scripts() {
    let loopback = || House::start_with(&["--rate-limits", "off"]);
    let tls = ["--public-url", "https://chat.example", "--door", "open", "--trusted-proxies", "127.0.0.1"];
    let ways = [
        (loopback(), "", CHROME, true),
        // It drops what is Secure on loopback, so there the cookie is a plain one.
        (loopback(), "", SAFARI, false),
        (House::start_with(&tls), "chat.example", CHROME, true),
        (House::start_with(&tls), "chat.example", SAFARI, true),
        (House::start_beyond(&["--allow-plain-http", "--door", "open"]), "", CHROME, false),
    ];
    for (house, host, agent, locked) in ways {
        let host = if host.is_empty() { house.address.to_string() } else { host.to_owned() };
        let way = Way { house, host, agent };
        let mut wanted = BTreeSet::from(["Path=/", "HttpOnly", "SameSite=Lax"]);
        wanted.extend(locked.then_some("Secure"));
        for cookie in way.walks().await {
            let found: BTreeSet<&str> = cookie.attributes.iter().map(String::as_str).collect();
            assert_eq!(found, wanted, "{} of {} for {agent}", cookie.name, way.host);
            assert_eq!(
                cookie.name.starts_with("__Host-parlour"),
                locked,
                "{} of {} for {agent}",
                cookie.name,
                way.host
            );
        }
    }
}
