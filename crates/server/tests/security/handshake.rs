//! What a request must be before anything of the house is touched, on every route there is (S01 to S10).

use std::collections::BTreeMap;

use parlour_client::http;
use parlour_server::ROUTES;

use crate::asking::{JSON, ask, ask_with_body};
use crate::furnished::{Furnished, Numbers};
use crate::house::House;
use crate::people::session;
use crate::raw::{Raw, handshake};

/// A house behind a proxy that speaks TLS.
const BEHIND_TLS: [&str; 8] = [
    "--public-url",
    "https://chat.example",
    "--door",
    "open",
    "--trusted-proxies",
    "127.0.0.1",
    "--rate-limits",
    "off",
];

/// Asks as the proxy of `chat.example` does, for a client with this address.
async fn through_proxy(house: &House, client: &str, lines: &str) -> http::Response {
    let request = format!("GET {lines}Host: chat.example\r\nX-Forwarded-For: {client}\r\nConnection: close\r\n\r\n");
    http::exchange(house.address, &request).await.unwrap()
}

#[tokio::test]
async fn s01_behind_tls_pages_of_every_other_origin_are_403_and_touch_no_session() {
    let house = House::start_with(&BEHIND_TLS);
    let post =
        "POST /api/v1/sign-in HTTP/1.1\r\nHost: chat.example\r\nX-Forwarded-For: 203.0.113.7\r\nConnection: close\r\n";
    let body = r#"{"name":"Ada"}"#;
    let request = format!("{post}{JSON}Content-Length: {}\r\n\r\n{body}", body.len());
    let came = http::exchange(house.address, &request).await.unwrap();
    assert_eq!(came.status, 201, "{}", came.body);
    let cookie = came.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    // A session that was used a day ago is noted as used when somebody looks at it.
    house.database().execute("update session set last_used_at = last_used_at - 86400000", []).unwrap();
    let used =
        || -> i64 { house.database().query_row("select last_used_at from session", [], |row| row.get(0)).unwrap() };
    let before = used();
    let upgrade = async |origins: &str| {
        let lines = handshake(house.address, "").replace(&format!("Host: {}\r\n", house.address), "");
        let lines = lines.trim_start_matches("GET ").trim_end().to_owned();
        let full = format!("{lines}\r\n{origins}Cookie: {cookie}\r\nSec-WebSocket-Protocol: parlour.v1\r\n");
        through_proxy(&house, "203.0.113.7", &full.replace("Connection: Upgrade", "Connection: Upgrade, close")).await
    };
    for origin in [
        "https://evil.example",
        "null",
        "",
        "https://chat.example.evil",
        "https://evil.chat.example",
        "https://chat.example:444",
        "https://chat.example:443",
        "http://chat.example",
        "https://Chat.example",
        "HTTPS://chat.example",
        "https://chat.example/",
        "https://chat.example.",
        "https://chat.example https://chat.example",
        "http://127.0.0.1:3000",
    ] {
        assert_eq!(upgrade(&format!("Origin: {origin}\r\n")).await.status, 403, "{origin:?}");
    }
    let own = "Origin: https://chat.example\r\n";
    assert_eq!(upgrade(&format!("{own}{own}")).await.status, 403, "twice");
    assert_eq!(upgrade(&format!("{own}Origin: https://evil.example\r\n")).await.status, 403);
    assert_eq!(used(), before, "no session was looked at");
    let request = handshake(house.address, &format!("{own}Cookie: {cookie}\r\nSec-WebSocket-Protocol: parlour.v1\r\n"));
    let request = request.replace(&house.address.to_string(), "chat.example");
    let request = request.replace("\r\n\r\n", "\r\nX-Forwarded-For: 203.0.113.7\r\n\r\n");
    // The first takes what is remembered of who has just come in; for another one the session is looked at.
    while used() == before {
        let mut raw = Raw::connect(house.address).await;
        raw.send(request.as_bytes()).await;
        assert_eq!(raw.response().await.unwrap().status, 101, "and the house's own page is let through");
    }
}

#[tokio::test]
async fn s03_nothing_on_any_route_is_changed_from_another_site() {
    let furnished = Furnished::start().await;
    let (house, olga) = (&furnished.house, &furnished.olga);
    let own = format!("Origin: http://{}\r\n", house.address);
    let before = furnished.dump();
    let elsewhere = [
        "Sec-Fetch-Site: cross-site\r\n".to_owned(),
        "Sec-Fetch-Site: same-site\r\n".to_owned(),
        "Sec-Fetch-Site: none\r\n".to_owned(),
        "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: cross-site\r\n".to_owned(),
        format!("{own}Sec-Fetch-Site: cross-site\r\n"),
        format!("{own}Sec-Fetch-Site: same-site\r\n"),
        "Origin: https://evil.example\r\n".to_owned(),
        "Origin: https://evil.example\r\nSec-Fetch-Site: same-origin\r\n".to_owned(),
        "Origin: null\r\n".to_owned(),
        "Origin: http://localhost:3000\r\n".to_owned(),
        format!("{own}{own}"),
        // A browser always says where a change comes from.
        String::new(),
    ];
    for path in furnished.paths("post") {
        for headers in &elsewhere {
            let headers = format!("Cookie: {}\r\n{JSON}{headers}", olga.cookie);
            let answer = ask_with_body(house, "POST", &path, &headers, "{}").await;
            assert!(
                answer.status == 403 && answer.body.contains("from the house's own page"),
                "{path} with {headers:?}: {answer:?}"
            );
        }
        // The house's own page comes as far as the type of its body.
        let headers = format!("Cookie: {}\r\n{own}Content-Type: text/plain\r\n", olga.cookie);
        assert_eq!(ask_with_body(house, "POST", &path, &headers, "{}").await.status, 415, "{path}");
    }
    assert_eq!(furnished.dump(), before);
}

#[tokio::test]
async fn s04_no_get_or_head_on_any_route_changes_a_row_of_any_table() {
    let furnished = Furnished::start().await;
    let before = furnished.dump();
    for who in [&furnished.olga, &furnished.ada, &furnished.eve] {
        for path in furnished.paths("get").into_iter().chain(furnished.paths("post")) {
            for method in ["GET", "HEAD"] {
                let answer = ask(&furnished.house, method, &path, &format!("Cookie: {}\r\n", who.cookie)).await;
                assert!(answer.status < 500, "{method} {path}: {answer:?}");
            }
        }
    }
    assert_eq!(furnished.dump(), before);
}

#[tokio::test]
async fn s05_every_route_that_takes_a_body_takes_json_alone() {
    let furnished = Furnished::start().await;
    let before = furnished.dump();
    let own = format!("Origin: http://{}\r\nCookie: {}\r\n", furnished.house.address, furnished.olga.cookie);
    for path in furnished.paths("post") {
        for kind in [
            "",
            "Content-Type: text/plain\r\n",
            "Content-Type: application/x-www-form-urlencoded\r\n",
            "Content-Type: multipart/form-data; boundary=x\r\n",
            "Content-Type: text/html\r\n",
            "Content-Type: application/json, text/plain\r\n",
            "Content-Type: application/json\r\nContent-Type: text/plain\r\n",
        ] {
            let answer = ask_with_body(&furnished.house, "POST", &path, &format!("{own}{kind}"), "{}").await;
            assert_eq!(answer.status, 415, "{path} with {kind:?}");
        }
    }
    assert_eq!(furnished.dump(), before);
}

#[tokio::test]
async fn s06_loopback_names_are_for_this_machine_alone_and_no_other_name_is_answered() {
    let house = House::start_with(&BEHIND_TLS);
    let ask = async |host: &str, from: &str| {
        let request = format!("GET /api/v1/boot HTTP/1.1\r\nHost: {host}\r\n{from}Connection: close\r\n\r\n");
        http::exchange(house.address, &request).await.unwrap().status
    };
    let afar = "X-Forwarded-For: 203.0.113.7\r\n";
    assert_eq!(ask("chat.example", afar).await, 200);
    assert_eq!(ask("127.0.0.1", "").await, 200, "from this machine itself");
    for name in ["127.0.0.1", "localhost", "[::1]", "127.1", "evil.test", "chat.example.evil.test", "chat.example@evil"]
    {
        assert_eq!(ask(name, afar).await, 421, "{name}");
    }
    for target in ["http://chat.example/api/v1/boot", "http://evil.test/api/v1/boot"] {
        let answer = through_proxy(&house, "203.0.113.7", &format!("{target} HTTP/1.1\r\n")).await;
        assert_eq!(answer.status, 400, "{target}");
    }
}

#[tokio::test]
async fn s07_a_client_that_names_other_addresses_is_counted_and_logged_under_its_own() {
    let url = ["--public-url", "https://chat.example", "--door", "open"];
    let house = House::start_among(&url, &[("PARLOUR_LOG", "debug")], None);
    let mut statuses = BTreeMap::new();
    for number in 0..600 {
        let spoofed = format!("203.0.{}.{}", number / 250, number % 250);
        let request = format!(
            "GET /healthz HTTP/1.1\r\nHost: chat.example\r\nX-Forwarded-For: {spoofed}\r\nForwarded: for={spoofed}\r\n\
             X-Real-IP: {spoofed}\r\nConnection: close\r\n\r\n"
        );
        *statuses.entry(http::exchange(house.address, &request).await.unwrap().status).or_insert(0) += 1;
    }
    assert_eq!(statuses.keys().copied().collect::<Vec<_>>(), [204, 429], "{statuses:?}");
    assert!(statuses[&429] >= 10, "one bucket for all of them: {statuses:?}");
    assert!(!house.log().contains("203.0."), "{}", house.log());
}

#[tokio::test]
async fn s08_with_tls_every_answer_keeps_browsers_to_it_for_a_year() {
    let house = House::start_with(&BEHIND_TLS);
    for path in ["/", "/api/v1/boot", "/theme.js", "/nothing", "/ws", "/api/v1/rooms"] {
        let answer = through_proxy(&house, "203.0.113.7", &format!("{path} HTTP/1.1\r\n")).await;
        let told = answer.header("strict-transport-security").unwrap();
        let seconds: u64 = told.strip_prefix("max-age=").unwrap().parse().unwrap();
        assert!(seconds >= 365 * 24 * 3_600, "{path}: {told}");
    }
    let plain = House::start();
    assert_eq!(ask(&plain, "GET", "/", "").await.header("strict-transport-security"), None);
}

#[tokio::test]
async fn s10_every_route_takes_its_own_methods_and_every_other_is_405() {
    let house = House::start();
    let mut routes: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for route in ROUTES {
        let methods: &[&str] = if route.method == "get" { &["GET", "HEAD"] } else { &["POST"] };
        routes.entry(Numbers::nowhere().path(route.path)).or_default().extend(methods);
    }
    assert!(routes.len() > 40, "{}", routes.len());
    let all = [
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "TRACK", "PROPFIND", "MKCOL", "COPY",
        "LOCK", "SEARCH", "BREW", "get",
    ];
    for (path, methods) in routes {
        for method in all {
            let answer = ask(&house, method, &path, JSON).await;
            let status = answer.status;
            assert_eq!(status == 405, !methods.contains(&method), "{method} {path}: {status}");
            assert!(!answer.body.to_lowercase().contains("content-type:"), "{method} {path} says a request back");
        }
    }
    session(&house, "Ada").await;
}
